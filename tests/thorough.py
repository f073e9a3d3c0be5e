"""How many examples a law is tried on: a part of what it asks for while one works, all of them before a release."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

MOST = 60
"""Examples of a law that asks for no number, in the profile ``thorough``."""
LEAST = 3


def examples(number: int, **others: Any) -> settings:
    """Return settings with ``number`` examples in the profile ``thorough``, and in any other in proportion to its own.

    >>> examples(MOST).max_examples == settings().max_examples
    True
    """
    part = number * settings().max_examples // MOST
    return settings(max_examples=max(part, min(number, LEAST)), **others)
