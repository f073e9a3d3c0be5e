"""The frames on a day: nothing that comes later is seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from prai_match.calendar import open_days
from prai_match.offers._totals import Whole, interest

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
        """What is known of the whole programme."""
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
        return self.frames.needs.filter(pl.col("date") <= self.on)

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
        """Sessions held, or booked, as known on the day."""
        return self.frames.held.filter(pl.col("known") <= self.on)

    @cached_property
    def edges(self) -> pl.DataFrame:
        """Follow-ups by number: ``s`` leads to ``s_next`` with ``probability``."""
        sessions = self.frames.sessions.select("session", "s")
        return (
            self.follow_ups.edges()
            .select("source", "target", "probability")
            .join(sessions, left_on="source", right_on="session")
            .join(sessions.rename({"s": "s_next"}), left_on="target", right_on="session")
            .select("s", "s_next", "probability")
        )

    @cached_property
    def first_day(self) -> dt.date | None:
        """The first working day, after the time to invite people, outside blackouts."""
        days = self.days
        return days["date"][0] if days.height else None

    @cached_property
    def days(self) -> pl.DataFrame:
        """Weekdays outside blackouts, from the first for which people can be invited, over a year."""
        return open_days(self.frames.calendar.blackouts, self.on, self.frames.notice_days)
