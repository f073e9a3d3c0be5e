"""What is known of a whole programme on a day, whichever of its territories are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from prai_match.offers._day import Day


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
    def of(cls, snapshot: Day) -> Whole:
        """Read them from the frames of a programme."""
        served = int(events(snapshot).select(pl.len()).collect(engine="in-memory").item())
        return cls.counted(snapshot, served, rated(snapshot))

    @classmethod
    def counted(cls, snapshot: Day, served: int, ratings: pl.DataFrame) -> Whole:
        """Make them from what was counted, maybe part by part.

        Args:
            snapshot: The day; its attendances aren't read.
            served: How many `events`.
            ratings: How often each rating was given (see `rated`).
        """
        world = pl.lit(0, pl.UInt32).alias("w")
        totals = {
            "people": [float(snapshot.frames.territories.select(pl.col("population").sum()).item())],
            "served": [float(served)],
            "budget_left": [_left(snapshot)],
        }
        # One sum a session in the order of the ratings: a sum of floats depends on its order.
        mean = (
            ratings.group_by("s", "rating")
            .agg(pl.sum("times"))
            .sort("s", "rating")
            .group_by("s", maintain_order=True)
            .agg(session_rating=(pl.col("rating") * pl.col("times")).sum() / pl.sum("times"))
        )
        return cls(
            pl.DataFrame(totals, schema=dict.fromkeys(totals, pl.Float64)),
            mean.select(world, "s", "session_rating"),
            snapshot.edges.select(world, "s", "s_next", "probability"),
        )

    def total(self, name: str) -> pl.Expr:
        """Return a column of ``totals`` by the world ``w`` of each row."""
        return pl.lit(self.totals[name]).gather(pl.col("w")).alias(name)


def events(snapshot: Day) -> pl.LazyFrame:
    """Return each territory at a session on a day, and whether it sent an elected official and a technician.

    Null: it may have, of some of them the number isn't known.
    """
    return snapshot.attendances.lazy().group_by("t", "s", "date").agg(together=_some("elected") & _some("technicians"))


def _some(who: str) -> pl.Expr:
    return somewhere(pl.col(who).sum() > 0, pl.col(who))


def somewhere(found: pl.Expr, values: pl.Expr) -> pl.Expr:
    """Tell whether something was found in a group: where it wasn't and some values are unknown, null."""
    return pl.when(found).then(pl.lit(value=True)).when(values.null_count() == 0).then(pl.lit(value=False))


def people_known() -> pl.Expr:
    """Return how many people of an attendance are known; null: of none of them."""
    return pl.coalesce(pl.col("elected") + pl.col("technicians"), "elected", "technicians")


def rated(snapshot: Day) -> pl.DataFrame:
    """Return how often each rating was given to each session: ``s``, ``rating`` and ``times``."""
    return (
        snapshot.attendances.lazy()
        .drop_nulls("rating")
        .group_by("s", "rating")
        .agg(times=pl.len().cast(pl.Int64))
        .collect(engine="in-memory")
    )


def _left(snapshot: Day) -> float | None:
    budget = snapshot.frames.budget
    if budget is None:
        return None
    # To the cent: a sum of floats depends on the order of its rows.
    return round(float(budget.total - budget.other_spending) - float(snapshot.held["cost"].sum()), 2)
