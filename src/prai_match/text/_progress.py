"""A progress bar on work that lasts, where tqdm is installed (with the extras ``io``, ``report`` and ``plan``)."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

_Item = TypeVar("_Item")

_NOTEBOOKS = {"ipykernel", "marimo"}
"""Whose standard error a notebook shows under its cell."""

SECONDS = 1.0
"""After which a bar appears."""


def tracked(items: Collection[_Item]) -> Iterable[_Item]:
    """Return the items, with a bar once going through them lasts, where somebody looks on."""
    try:
        from tqdm.std import tqdm  # noqa: PLC0415 - an extra; a plain bar, since that of notebooks needs widgets
    except ImportError:
        return items
    bar: Iterable[_Item] = tqdm(items, desc="prai_match", leave=False, delay=SECONDS, disable=not watched())
    return bar


@contextmanager
def bar(total: int) -> Iterator[Callable[[int], object]]:
    """Return what says how much more of ``total`` is done; a bar shows it once it lasts, where somebody looks on."""
    try:
        from tqdm.std import tqdm  # noqa: PLC0415 - an extra; a plain bar, since that of notebooks needs widgets
    except ImportError:
        yield int
        return
    with tqdm(total=total, desc="prai_match", leave=False, delay=SECONDS, disable=not watched()) as line:
        yield line.update


def watched() -> bool:
    """Whether what is written on the standard error is seen at once: on a terminal or in a notebook, not in a file."""
    return sys.stderr.isatty() or type(sys.stderr).__module__.partition(".")[0] in _NOTEBOOKS
