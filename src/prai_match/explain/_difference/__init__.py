"""What changed from one answer to another, and why."""

from prai_match.explain._difference import _display  # noqa: F401 - it registers what notebooks show
