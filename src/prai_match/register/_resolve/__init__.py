"""Typed names turned into official codes."""

from prai_match.register._resolve._resolve import resolve
from prai_match.register._resolve._results import Resolution, Resolutions, Status

__all__ = ["Resolution", "Resolutions", "Status", "resolve"]
