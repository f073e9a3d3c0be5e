"""What is tried while one works, and what before a release: a part of the examples and of the slow cases, or all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def first(count: int, cases: Iterable[str]) -> list[Any]:
    """Return cases to parametrize with, of which all but the first ones are left to ``make check-all``."""
    known = list(cases)
    return [*known[:count], *(pytest.param(case, marks=pytest.mark.heavy) for case in known[count:])]
