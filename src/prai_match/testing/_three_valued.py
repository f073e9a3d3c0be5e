"""Whether any or all of some facts hold, where some may be unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def any_of(known: Iterable[bool | None]) -> bool | None:
    """Tell whether any is true; None: only unknown ones may be."""
    found = list(known)
    return True if True in found else None if None in found else False


def all_of(known: Iterable[bool | None]) -> bool | None:
    """Tell whether all are true; None: only unknown ones may not be."""
    found = list(known)
    return False if False in found else None if None in found else True
