"""A progress bar on work that lasts, where tqdm is installed (with the extras ``io``, ``report`` and ``plan``)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_Item = TypeVar("_Item")

SECONDS = 1.0
"""After which a bar appears."""


def tracked(items: Collection[_Item]) -> Iterable[_Item]:
    """Return the items, with a bar once going through them lasts, where somebody looks on.

    Example:
        >>> list(tracked([1, 2]))
        [1, 2]
    """
    try:
        from tqdm.std import tqdm  # noqa: PLC0415 - an extra; a plain bar, since that of notebooks needs widgets
    except ImportError:
        return items
    bar: Iterable[_Item] = tqdm(items, desc="prai_match", leave=False, delay=SECONDS, disable=not watched())
    return bar


def watched() -> bool:
    """Whether what is written on the standard error is seen at once: on a terminal or in a notebook, not in a file."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules
