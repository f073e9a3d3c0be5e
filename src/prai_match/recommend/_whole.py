"""What is known of a whole programme on a day, whichever of its territories are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from prai_match.recommend._history import Snapshot


@dataclass(frozen=True, eq=False)
class Whole:
    """Totals, ratings and follow-ups of each world (``w``, the row of ``totals``); a programme is one world, 0.

    Attributes:
        totals: ``people`` (inhabitants), ``served`` (events: a territory at a session on a day) and ``budget_left``
            (€; null: no limit).
        ratings: ``w``, ``s`` and ``session_rating``, the mean rating of a session.
        edges: ``w``, ``s``, ``s_next`` and ``probability``: what leads to what.
    """

    totals: pl.DataFrame
    ratings: pl.DataFrame
    edges: pl.DataFrame

    @classmethod
    def of(cls, snapshot: Snapshot) -> Whole:
        """Read them from the frames of a programme."""
        world = pl.lit(0, pl.UInt32).alias("w")
        rated = snapshot.attendances.sort("rating").group_by("s", maintain_order=True)
        totals = {
            "people": [float(snapshot.frames.territories.select(pl.col("population").sum()).item())],
            "served": [float(events(snapshot).select(pl.len()).collect().item())],
            "budget_left": [_left(snapshot)],
        }
        return cls(
            pl.DataFrame(totals, schema=dict.fromkeys(totals, pl.Float64)),
            rated.agg(session_rating=pl.col("rating").mean()).select(world, "s", "session_rating"),
            snapshot.edges.select(world, "s", "s_next", "probability"),
        )

    def total(self, name: str) -> pl.Expr:
        """Return a column of ``totals`` by the world ``w`` of each row."""
        return pl.lit(self.totals[name]).gather(pl.col("w")).alias(name)


def events(snapshot: Snapshot) -> pl.LazyFrame:
    """Return each territory at a session on a day, and whether it sent an elected official and a technician."""
    return (
        snapshot.attendances.lazy()
        .group_by("t", "s", "date")
        .agg(together=(pl.col("elected").sum() > 0) & (pl.col("technicians").sum() > 0))
    )


def _left(snapshot: Snapshot) -> float | None:
    budget = snapshot.frames.budget
    if budget is None:
        return None
    # To the cent: a sum of floats depends on the order of its rows.
    return round(float(budget.total - budget.other_spending) - float(snapshot.held["cost"].sum()), 2)
