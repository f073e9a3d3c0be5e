"""Counts the queries that polars runs: whatever isn't a plain look-up in a frame or a column is one."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from functools import partialmethod
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_COLLECTS = [name for name in ("collect", "_collect_eager") if hasattr(pl.LazyFrame, name)]
"""What runs a query: the second one of these does for operations on frames and columns that aren't lazy."""


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the name of the function that runs each query, as a failing test shows it."""
    found: list[str] = []

    def collect(frame: pl.LazyFrame, run: Callable[..., Any], *args: Any, **options: Any) -> Any:
        found.append(_caller())
        return run(frame, *args, **options)

    with ExitStack() as stack:
        for name in _COLLECTS:
            stack.enter_context(patch.object(pl.LazyFrame, name, partialmethod(collect, getattr(pl.LazyFrame, name))))
        yield found


def _caller() -> str:
    """Return the first function outside polars and this module."""
    frame = sys._getframe(1)  # noqa: SLF001 - nothing else walks the frames without reading sources
    while frame.f_back is not None and frame.f_globals["__name__"].split(".")[0] in {"polars", "functools", __name__}:
        frame = frame.f_back
    return f"{frame.f_globals['__name__']}.{frame.f_code.co_name}"
