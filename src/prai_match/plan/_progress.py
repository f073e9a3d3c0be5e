"""A line on the terminal with the best plan so far, where the search lasts and tqdm is installed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from prai_match.text import watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prai_match.plan._solver import Progress

_SECONDS = 2.0
"""After which the line appears."""


@contextmanager
def bar(seconds: float | None) -> Iterator[Callable[[Progress], None] | None]:
    """Return what draws the progress of a search, of ``seconds`` at most, as long as the context lasts."""
    try:
        from tqdm.std import tqdm  # noqa: PLC0415 - an extra
    except ImportError:
        yield None
        return
    with tqdm(total=seconds, desc="prai_match", unit="s", leave=False, delay=_SECONDS, disable=not watched()) as line:

        def told(progress: Progress) -> None:
            line.set_postfix_str(f"{progress.objective:.0f} / {progress.bound:.0f}", refresh=False)
            now = round(progress.seconds if seconds is None else min(progress.seconds, seconds), 1)
            line.update(now - line.n)

        yield told
