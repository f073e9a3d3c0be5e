"""Départements ranked side by side, on whatever runs functions, and put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match._executors import side_by_side
from prai_match.offers import Slicer
from prai_match.recommend._rank import Ranking, rank

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from prai_match.offers import Snapshot
    from prai_match.policy import Policy


def rank_side_by_side(
    snapshot: Snapshot, policy: Policy, top: int, chosen: pl.DataFrame, executor: Executor
) -> Ranking:
    """Rank as `rank` does, to the bit, each département as a task of ``executor``."""
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
