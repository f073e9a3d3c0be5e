"""Rank the sessions of each territory by their points, all at once or département by département, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match._executors import side_by_side
from prai_match.offers import Slicer, Snapshot, sift
from prai_match.policy import GRID, Policy

if TYPE_CHECKING:
    from concurrent.futures import Executor


_SCORES = 2**27
_SESSIONS = 2**11
"""Room for 100 points in multiples of 1/GRID and for the sessions; 24 bits are left for the territories."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The outcome, by number.

    ``offers`` has one row a territory and session that can be offered, best first within the territory: ``t``, ``rank``
    (from 1), ``s``, ``x``, ``p``, ``r``, ``score``, ``postponed`` and ``day`` (first possible); ``stops``, one row a
    territory that has none: ``t`` and ``reason``, the number of a reason of the policy.
    """

    offers: pl.DataFrame
    stops: pl.DataFrame


def rank(snapshot: Snapshot, policy: Policy, top: int, territories: pl.DataFrame) -> Ranking:
    """Rank the sessions of ``territories`` (``t``), ``top`` at most each."""
    stages = sift(snapshot, policy, territories)
    ranking = (
        stages.offers.lazy()
        .select("t", "s", "x", "p", "r", "day", "postponed", "score")
        .sort(_best_first())
        .with_row_index("row")
        .with_columns(rank=pl.col("row") - pl.col("row").filter(_begins()).gather(_begins().cum_sum() - 1) + 1)
        .filter(pl.col("rank") <= top)
        .drop("row")
        .collect(engine="in-memory")
    )
    # A territory's reason is that of the candidate that went furthest.
    stops = stages.stops.join(ranking, on="t", how="anti").group_by("t").agg(reason=pl.col("step").max())
    return Ranking(ranking, stops.sort("t"))


def rank_side_by_side(
    snapshot: Snapshot, policy: Policy, top: int, territories: pl.DataFrame, executor: Executor
) -> Ranking:
    """Rank as `rank` does, to the bit, each département as a task of ``executor``."""
    if territories.is_empty():
        return rank(snapshot, policy, top, territories)
    tasks = ((part.territories, (part.snapshot, policy, top)) for part in Slicer(snapshot).parts(territories))
    parts = [
        [frame.with_columns(t=numbers.gather(frame["t"])) for frame in (ranking.offers, ranking.stops)]
        for numbers, ranking in side_by_side(executor, _rank_all, tasks)
    ]
    offers, stops = (pl.concat(frames) for frames in zip(*parts, strict=True))
    return Ranking(offers.sort("t", "rank"), stops.sort("t"))


def _rank_all(snapshot: Snapshot, policy: Policy, top: int) -> Ranking:
    return rank(snapshot, policy, top, snapshot.frames.territories)


def _best_first() -> pl.Expr:
    """Return one integer in the order of territory, waiting, score and session: sorting by it is quick."""
    lost = ((100 - pl.col("score")) * GRID).cast(pl.Int64)
    order = pl.col("t").cast(pl.Int64) * 2 + pl.col("postponed").cast(pl.Int64)
    return (order * _SCORES + lost) * _SESSIONS + pl.col("s").cast(pl.Int64)


def _begins() -> pl.Expr:
    """Tell the first row of each territory."""
    return pl.col("t").ne_missing(pl.col("t").shift())
