"""Progress bars for long work, if tqdm is installed (with the extras ``io``, ``report`` and ``plan``)."""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_Item = TypeVar("_Item")
_NOTEBOOKS = {"ipykernel", "marimo"}  # whose standard error a notebook shows under its cell
SECONDS = 1.0  # after which a bar appears


def line(**options: Any) -> Any | None:  # noqa: ANN401 - a bar of tqdm, with its options
    """Return a bar that appears if the work takes long; None if nobody sees it, or tqdm isn't installed."""
    # What is written on the standard error is seen at once on a terminal or in a notebook, not in a file.
    if not sys.stderr.isatty() and type(sys.stderr).__module__.partition(".")[0] not in _NOTEBOOKS:
        return None
    try:
        from tqdm.std import tqdm  # noqa: PLC0415 - an extra; a plain bar, since that of notebooks needs widgets
    except ImportError:
        return None
    return tqdm(desc="prai_match", leave=False, **{"delay": SECONDS, **options})


def tracked(items: Collection[_Item]) -> Iterable[_Item]:
    return line(iterable=items) or items


@contextmanager
def bar(total: int) -> Iterator[Callable[[int], object]]:
    """Yield a function to call with the part of ``total`` newly done, which updates a bar."""
    if (one := line(total=total)) is None:
        yield int
        return
    with one:
        yield one.update
