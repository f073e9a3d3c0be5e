"""What is known on a day: the past of each territory, each relay and each trainer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from prai_match.recommend._columns import complete, interested
from prai_match.recommend._whole import Whole

if TYPE_CHECKING:
    from prai_match.followups import FollowUps
    from prai_match.recommend._frames import Frames

_BEGINNING = dt.date(1, 1, 1)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The frames as they stand on the day ``on``: nothing that comes later is seen.

    Attributes:
        frames: The prepared tables.
        on: The day.
        follow_ups: The graph held for the computation.
        extra: The user's columns by territory (``t``), or None.
        known: What is known of the whole, where the frames hold a part of it or several worlds; None: it is read from
            them.
        around: Who is interested in what, by square (see `interested`), where the frames hold a part of those around;
            None: it is read from them.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, recommend
        >>> prog, on = Programme.example(), dt.date(2007, 9, 3)
        >>> snapshot = recommend.Snapshot(recommend.prepare(prog, prog.lexicon), on, prog.follow_ups(on), None)
        >>> snapshot.needs.height < snapshot.frames.needs.height, snapshot.first_day
        (True, datetime.date(2007, 9, 24))
    """

    frames: Frames
    on: dt.date
    follow_ups: FollowUps
    extra: pl.DataFrame | None
    known: Whole | None = None
    around: pl.DataFrame | None = None

    @cached_property
    def whole(self) -> Whole:
        """What is known of the whole programme."""
        return self.known or Whole.of(self)

    @cached_property
    def actors(self) -> dict[str, pl.DataFrame]:
        """The tables of relay partners and trainers that are computed already, by name."""
        return {}

    @cached_property
    def session_columns(self) -> pl.DataFrame:
        """Every territory × session with every column: explaining reads it again for each territory."""
        return complete(self, None)

    @cached_property
    def interested(self) -> pl.DataFrame:
        """Who is interested in what, by square: ``z``, ``s`` and ``people``."""
        return interested(self) if self.around is None else self.around

    @cached_property
    def needs(self) -> pl.DataFrame:
        """Needs expressed by the day."""
        return self.frames.needs.filter(pl.col("date") <= self.on)

    @cached_property
    def attendances(self) -> pl.DataFrame:
        """Attendances by the day."""
        return self.frames.attendances.filter(pl.col("date") <= self.on)

    @property
    def renewed(self) -> dt.date:
        """The day of the last election of councils, or the beginning of time."""
        return self.frames.calendar.renewed_before(self.on) or _BEGINNING

    @cached_property
    def recent(self) -> pl.DataFrame:
        """Attendances since the councils were renewed: the others' elected officials have left."""
        return self.attendances.filter(pl.col("date") > self.renewed)

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
        """Working days outside blackouts, from the first for which people can be invited, over a year."""
        start = min(self.on, dt.date.max - dt.timedelta(days=800)) + dt.timedelta(days=self.frames.notice_days)
        # A blackout can last: look for the first open day beyond it before counting a year.
        for blackout in sorted(self.frames.calendar.blackouts, key=lambda blackout: blackout.start):
            if blackout.start <= start <= blackout.end < dt.date.max - dt.timedelta(days=400):
                start = blackout.end + dt.timedelta(days=1)
        days = pl.DataFrame({"date": pl.date_range(start, start + dt.timedelta(days=366), eager=True)})
        open_ = [
            ~pl.col("date").is_between(blackout.start, blackout.end) for blackout in self.frames.calendar.blackouts
        ]
        return days.filter(pl.col("date").dt.weekday() <= 5, *open_)  # noqa: PLR2004 - Friday
