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

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, offers
        >>> prog, on = Programme.example(), dt.date(2007, 9, 3)
        >>> snapshot = offers.Snapshot(offers.prepare(prog, prog.lexicon), on, prog.follow_ups(on), None)
        >>> Whole.of(snapshot).totals.columns
        ['people', 'served', 'budget_left']
    """

    totals: pl.DataFrame
    ratings: pl.DataFrame
    edges: pl.DataFrame

    @classmethod
    def of(cls, snapshot: Day) -> Whole:
        """Read them from the frames of a programme.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme, offers
            >>> prog, on = Programme.example(), dt.date(2007, 9, 3)
            >>> snapshot = offers.Snapshot(offers.prepare(prog, prog.lexicon), on, prog.follow_ups(on), None)
            >>> Whole.of(snapshot).totals["served"].item() > 0
            True
        """
        served = int(events(snapshot).select(pl.len()).collect(engine="in-memory").item())
        return cls.counted(snapshot, served, rated(snapshot))

    @classmethod
    def counted(cls, snapshot: Day, served: int, ratings: pl.DataFrame) -> Whole:
        """Make them from what was counted, maybe part by part.

        Args:
            snapshot: The day; its attendances aren't read.
            served: How many `events`.
            ratings: How often each rating was given (see `rated`).

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme, offers
            >>> prog, on = Programme.example(), dt.date(2007, 9, 3)
            >>> snapshot = offers.Snapshot(offers.prepare(prog, prog.lexicon), on, prog.follow_ups(on), None)
            >>> Whole.counted(snapshot, 3, offers.rated(snapshot)).totals["served"].item()
            3.0
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
        """Return a column of ``totals`` by the world ``w`` of each row.

        Example:
            >>> import datetime as dt
            >>> import polars as pl
            >>> from prai_match import Programme, offers
            >>> prog, on = Programme.example(), dt.date(2007, 9, 3)
            >>> snapshot = offers.Snapshot(offers.prepare(prog, prog.lexicon), on, prog.follow_ups(on), None)
            >>> whole = Whole.of(snapshot)
            >>> pl.select(w=pl.lit(0)).select(whole.total("served")).item() == whole.totals["served"].item()
            True
        """
        return pl.lit(self.totals[name]).gather(pl.col("w")).alias(name)


def events(snapshot: Day) -> pl.LazyFrame:
    """Return each territory at a session on a day, and whether it sent an elected official and a technician.

    Null: it may have, of some of them the number isn't known.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, offers
        >>> prog, on = Programme.example(), dt.date(2007, 9, 3)
        >>> snapshot = offers.Snapshot(offers.prepare(prog, prog.lexicon), on, prog.follow_ups(on), None)
        >>> offers.events(snapshot).collect().columns
        ['t', 's', 'date', 'together']
    """
    return snapshot.attendances.lazy().group_by("t", "s", "date").agg(together=_some("elected") & _some("technicians"))


def _some(who: str) -> pl.Expr:
    return somewhere(pl.col(who).sum() > 0, pl.col(who))


def somewhere(found: pl.Expr, values: pl.Expr) -> pl.Expr:
    """Tell whether something was found in a group: where it wasn't and some values are unknown, null."""
    return pl.when(found).then(pl.lit(value=True)).when(values.null_count() == 0).then(pl.lit(value=False))


def people_known() -> pl.Expr:
    """Return how many people of an attendance are known; null: of none of them.

    Example:
        >>> frame = pl.DataFrame({"elected": [2, 3, None], "technicians": [1, None, None]})
        >>> frame.select(people=people_known())["people"].to_list()
        [3, 3, None]
    """
    return pl.coalesce(pl.col("elected") + pl.col("technicians"), "elected", "technicians")


def rated(snapshot: Day) -> pl.DataFrame:
    """Return how often each rating was given to each session: ``s``, ``rating`` and ``times``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, offers
        >>> prog, on = Programme.example(), dt.date(2007, 9, 3)
        >>> snapshot = offers.Snapshot(offers.prepare(prog, prog.lexicon), on, prog.follow_ups(on), None)
        >>> offers.rated(snapshot)["rating"].max()
        4.0
    """
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
