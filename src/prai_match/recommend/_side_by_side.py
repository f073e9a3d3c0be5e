"""Départements ranked side by side, on whatever runs functions, and put together."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from prai_match.errors import PraiError
from prai_match.recommend._engine import Ranking, rank
from prai_match.recommend._slices import Slicer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

    from prai_match.policy import Policy
    from prai_match.recommend._history import Snapshot

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")

IN_FLIGHT = 32
"""Tasks that are sent before one of them has come back: more would hold the whole in memory a second time."""


def rank_side_by_side(
    snapshot: Snapshot, policy: Policy, top: int, chosen: pl.DataFrame, executor: Executor
) -> Ranking:
    """Rank as `rank` does, to the bit, each département as a task of ``executor``.

    Raises:
        PraiError: Workers of the executor ended before their tasks.
    """
    if chosen.is_empty():
        return rank(snapshot, policy, top, chosen)
    tasks = ((part.territories, (part.snapshot, policy, top)) for part in Slicer(snapshot).parts(chosen))
    found = [
        [frame.with_columns(t=territories.gather(frame["t"])) for frame in (ranking.ranked, ranking.stopped)]
        for territories, ranking in side_by_side(executor, _rank, tasks)
    ]
    ranked, stopped = (pl.concat(frames) for frames in zip(*found, strict=True))
    return Ranking(ranked.sort("t", "rank"), stopped.sort("t"))


def _rank(snapshot: Snapshot, policy: Policy, top: int) -> Ranking:
    return rank(snapshot, policy, top, snapshot.frames.territories)


def side_by_side(
    executor: Executor | None, run: Callable[..., _Result], tasks: Iterable[tuple[_Key, tuple[Any, ...]]]
) -> Iterator[tuple[_Key, _Result]]:
    """Run a function on the arguments of each task, and return its results as they come, each with its task's key.

    Tasks are asked for as they can be sent, so that few of them exist at once. Where one fails, or on Ctrl-C, those
    that haven't begun are cancelled.

    Args:
        executor: Where; None: here, one after the other.
        run: The function; other processes must be able to import it.
        tasks: Key and arguments of each.

    Raises:
        PraiError: Workers ended before their tasks: killed, or out of memory.

    Example:
        >>> list(side_by_side(None, max, [("a", (1, 2)), ("b", (3, 4))]))
        [('a', 2), ('b', 4)]
    """
    if executor is None:
        yield from ((key, run(*arguments)) for key, arguments in tasks)
        return
    pending: dict[Future[_Result], _Key] = {}
    left = iter(tasks)
    try:
        while True:
            while len(pending) < IN_FLIGHT and (task := next(left, None)) is not None:
                pending[executor.submit(run, *task[1])] = task[0]
            if not pending:
                return
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                yield pending.pop(future), future.result()
    except BrokenExecutor as error:
        msg = (
            "the executor's workers ended before their work: killed, out of memory, or unable to start; "
            "make a new executor, with fewer workers if memory is short"
        )
        raise PraiError(msg) from error
    finally:
        for future in pending:
            future.cancel()
