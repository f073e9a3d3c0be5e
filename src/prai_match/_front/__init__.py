"""What tools and notebooks hold: a programme, its recommendations, and what is kept of them."""

from prai_match._front import _display, _display_kept, _display_programme  # noqa: F401 - they register what notebooks show
