"""The frames on a day, and what is known of a whole programme then: nothing that comes later is seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from prai_match.calendar import open_days
from prai_match.model import cancelled_on
from prai_match.needs import states

if TYPE_CHECKING:
    from prai_match.followups import FollowUps
    from prai_match.offers._frames import Frames


_BEGINNING = dt.date(1, 1, 1)


@dataclass(frozen=True, eq=False)
class Day:
    """The history of the frames until the day ``on``, its calendar and the graph held for the computation.

    ``extra`` has the user's columns by territory (``t``). Where the frames hold a part of a programme or several
    worlds, ``wider`` is what is known of the whole and ``around`` who is interested in what on the squares around.
    """

    frames: Frames
    on: dt.date
    follow_ups: FollowUps
    extra: pl.DataFrame | None
    wider: Whole | None = None
    around: pl.DataFrame | None = None

    @cached_property
    def whole(self) -> Whole:
        return self.wider or Whole.of(self)

    @cached_property
    def interest(self) -> pl.DataFrame:
        """Who is interested in what, by square: ``z``, ``s`` and ``people``."""
        return interest(self) if self.around is None else self.around

    @property
    def own_columns(self) -> pl.DataFrame | None:
        """The user's columns by ``territory``, its identifier."""
        codes = self.frames.territories.select("t", "territory")
        return None if self.extra is None else self.extra.join(codes, on="t").drop("t")

    @cached_property
    def needs(self) -> pl.DataFrame:
        """Needs expressed by the day, each with its ``state``; ``x`` is null where no axis was asked for."""
        return states(self.frames.lives, self.on, self.frames.calendar.renewed_before(self.on))

    @cached_property
    def open_needs(self) -> pl.DataFrame:
        return self.needs.filter(state="open")

    @cached_property
    def attendances(self) -> pl.DataFrame:
        return self.frames.attendances.filter(pl.col("date") <= self.on)

    @property
    def renewal(self) -> dt.date:
        """The day of the last election of councils, or the beginning of time."""
        return self.frames.calendar.renewed_before(self.on) or _BEGINNING

    @cached_property
    def recent(self) -> pl.DataFrame:
        """Attendances since the councils were renewed: the others' elected officials have left."""
        return self.attendances.filter(pl.col("date") > self.renewal)

    @cached_property
    def held(self) -> pl.DataFrame:
        """Sessions held, or booked and not cancelled, as known on the day."""
        known = self.frames.held.filter(pl.col("known") <= self.on)
        gone = cancelled_on(self.frames.bookings, self.on)
        return known if gone.is_empty() else known.join(gone, on="id", how="anti")

    @cached_property
    def edges(self) -> pl.DataFrame:
        """Follow-ups by number: ``s`` leads to ``s_next`` with ``probability``, usually after ``lag_days``."""
        sessions = self.frames.sessions.select("session", "s")
        return (
            self.follow_ups.edges()
            .select("source", "target", "probability", "lag_days")
            .join(sessions, left_on="source", right_on="session")
            .join(sessions.rename({"s": "s_next"}), left_on="target", right_on="session")
            .select("s", "s_next", "probability", "lag_days")
        )

    @cached_property
    def first_day(self) -> dt.date | None:
        days = self.days
        return days["date"][0] if days.height else None

    @cached_property
    def days(self) -> pl.DataFrame:
        """Weekdays outside blackouts, from the first for which people can be invited, over a year."""
        return open_days(self.frames.calendar.blackouts, self.on, self.frames.notice_days)


@dataclass(frozen=True, eq=False)
class Whole:
    """Totals, ratings and follow-ups of each world (``w``, the row of ``totals``); a programme is one world, 0.

    Totals are ``people`` (inhabitants), ``served`` (events: a territory at a session on a day) and ``budget_left`` (€;
    null: no limit); ratings, ``w``, ``s`` and ``session_rating``, the mean of a session; edges, ``w``, ``s``,
    ``s_next`` and ``probability``.
    """

    totals: pl.DataFrame
    ratings: pl.DataFrame
    edges: pl.DataFrame

    @classmethod
    def of(cls, snapshot: Day) -> Whole:
        count = int(events(snapshot).select(pl.len()).collect(engine="in-memory").item())
        return cls.from_counts(snapshot, count, rating_counts(snapshot))

    @classmethod
    def from_counts(cls, snapshot: Day, count: int, ratings: pl.DataFrame) -> Whole:
        """Make them from the number of `events` and `rating_counts`, maybe of part by part: attendances aren't read."""
        world = pl.lit(0, pl.UInt32).alias("w")
        totals = {
            "people": [float(snapshot.frames.territories.select(pl.col("population").sum()).item())],
            "served": [float(count)],
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
    """Return each territory at a session on a day, and whether (null: maybe) both sorts of people came together."""
    elected, technicians = (somewhere(pl.col(who).sum() > 0, pl.col(who)) for who in ("elected", "technicians"))
    return snapshot.attendances.lazy().group_by("t", "s", "date").agg(together=elected & technicians)


def somewhere(holds: pl.Expr, values: pl.Expr) -> pl.Expr:
    """Tell whether something holds in a group: where it doesn't and some values are unknown, null."""
    return pl.when(holds).then(pl.lit(value=True)).when(values.null_count() == 0).then(pl.lit(value=False))


def head_count() -> pl.Expr:
    """Return how many people of an attendance are known; null: of none of them."""
    return pl.coalesce(pl.col("elected") + pl.col("technicians"), "elected", "technicians")


def rating_counts(snapshot: Day) -> pl.DataFrame:
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


def interest(snapshot: Day) -> pl.DataFrame:
    """Return how many people of each square ask for each session, or attended what leads to it and not the session.

    One collectivity counts once a session: the most that it announced in an open need, or sent to a session that leads
    there. People of whom the number isn't known don't count.
    Columns: ``z``, ``s`` and ``people``, in the order of ``z`` and ``s``; where nobody is interested, there is no row.
    """
    frames = snapshot.frames
    width = frames.sessions.height
    one = (pl.col("c") * width + pl.col("s")).alias("one")
    came = (
        snapshot.recent.lazy()
        .join(snapshot.edges.lazy(), on="s")
        .with_columns(pl.col("s_next").alias("s"), people=head_count())
        .join(snapshot.recent.lazy().select("c", "s").unique(), on=["c", "s"], how="anti")
    )
    most = (
        pl.concat([part.select("z", "s", "people", one) for part in (snapshot.open_needs.lazy(), came)])
        .group_by("one")
        .agg(pl.col("z").first(), pl.col("s").first(), pl.col("people").max())
        .drop_nulls("people")
    )
    return most.group_by("z", "s").agg(pl.col("people").sum()).sort("z", "s").collect(engine="in-memory")
