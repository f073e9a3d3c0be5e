"""Rank the sessions of each territory by their points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match.offers import PASSES, sift
from prai_match.policy import GRID

if TYPE_CHECKING:
    from prai_match.offers import Snapshot
    from prai_match.policy import Policy

_SCORES = 2**27
_SESSIONS = 2**11
"""Room for 100 points in multiples of 1/GRID and for the sessions; 24 bits are left for the territories."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The outcome, by number.

    Attributes:
        ranked: One row a territory and session that can be offered, best first within the territory: ``t``, ``rank``
            (from 1), ``s``, ``x``, ``p``, ``r``, ``score``, ``postponed`` and ``day`` (first possible).
        stopped: One row a territory that has none: ``t`` and ``reason``, the number of a reason of the policy.
    """

    ranked: pl.DataFrame
    stopped: pl.DataFrame


def rank(snapshot: Snapshot, policy: Policy, top: int, chosen: pl.DataFrame) -> Ranking:
    """Rank the sessions of the ``chosen`` territories (``t``), ``top`` at most each."""
    stages = sift(snapshot, policy, chosen)
    ranked = (
        stages.trainer.lazy()
        .filter(step=PASSES)
        .select(
            *("t", "s", "x", "p", "r", "day", "postponed"),
            score=pl.sum_horizontal("s_points", "p_points", "r_points"),
        )
        .sort(_best_first())
        .with_row_index("row")
        .with_columns(rank=pl.col("row") - pl.col("row").filter(_begins()).gather(_begins().cum_sum() - 1) + 1)
        .filter(pl.col("rank") <= top)
        .drop("row")
        .collect(engine="in-memory")
    )
    stops = pl.concat(
        frame.filter(pl.col("step") != PASSES).select("t", "step")
        for frame in (stages.session, stages.partner, stages.trainer)
    )
    # A territory's reason is that of the candidate that went furthest.
    stopped = (
        stops.join(ranked.select("t").unique(), on="t", how="anti")
        .group_by("t")
        .agg(reason=pl.col("step").max())
        .sort("t")
    )
    return Ranking(ranked, stopped)


def _best_first() -> pl.Expr:
    """Return one integer in the order of territory, waiting, score and session: sorting by it is quick."""
    lost = ((100 - pl.col("score")) * GRID).cast(pl.Int64)
    order = pl.col("t").cast(pl.Int64) * 2 + pl.col("postponed").cast(pl.Int64)
    return (order * _SCORES + lost) * _SESSIONS + pl.col("s").cast(pl.Int64)


def _begins() -> pl.Expr:
    """Tell the first row of each territory."""
    return pl.col("t").ne_missing(pl.col("t").shift())
