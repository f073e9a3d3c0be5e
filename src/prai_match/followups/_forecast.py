"""Forecast of what territories attend within a horizon, given what they attended: learned from a history only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from types import MappingProxyType

import numpy as np
import polars as pl

from prai_match import _arguments as given, calendar, text
from prai_match.followups._landmarks import Asked, Habits, learn_habits, predict, sources, standing
from prai_match.followups._learning import LEAST, History, Ints
from prai_match.model import EXPECTED, HORIZON_DAYS, LONGEST_DAYS, READINGS, Blackout, Reading, Text


@dataclass(frozen=True, eq=False, repr=False)
class Forecast(text.Shown):
    """The probability that territories attend each session within a horizon, learned from a history only.

    No follow-up has to be declared: the history shows what territories attend first, what they attend after what, and
    what they attend again. It has two readings. ``eventually``: what is attended within the horizon, given everything
    attended before. ``next``: what is attended on the next day of attendance, if within the horizon, given what was
    attended on the last such day; if sessions have an order, ``next`` gives the next step, not the final one.

    Attributes:
        sessions: Codes of the sessions, sorted.
        horizon_days: Number of days within which sessions are attended.
        reading: ``next`` or ``eventually``.
        strength: Weight of the overall frequencies, as a number of sessions.
        on: The day until which it was learned.
        names: Names of sessions, by code, for display.

    Example:
        >>> from prai_match import Programme
        >>> each = Programme.example().forecast("2007-09-03").probabilities()
        >>> each = each.filter(pl.col("source") != pl.col("session"), territory="200066231").sort("probability")
        >>> each["session", "source", "days"].row(-1)
        ('dematerialisation', 'buffet_demat', 216)
    """

    sessions: tuple[str, ...]
    horizon_days: int
    reading: Reading
    strength: float
    on: dt.date
    names: Mapping[str, Text]
    _blackouts: tuple[Blackout, ...]
    _came: pl.DataFrame
    _known: tuple[str, ...]
    _habits: Habits

    @classmethod
    @given.takes(
        attended=given.table("territory", "session", "date"),
        territories=given.keys,
        sessions=given.keys,
        horizon_days=given.at_least(1, LONGEST_DAYS),
        reading=given.one_of(READINGS),
        blackouts=given.each(given.a(Blackout)),
    )
    def learned(  # noqa: PLR0913 - all but two by keyword
        cls,
        attended: pl.DataFrame,
        on: dt.date,
        *,
        territories: Iterable[str] = (),
        sessions: Iterable[str] = (),
        horizon_days: int = HORIZON_DAYS,
        reading: Reading = "eventually",
        strength: float = EXPECTED,
        blackouts: Iterable[Blackout] = (),
        names: Mapping[str, Text] = MappingProxyType({}),
    ) -> Forecast:
        """Learn a forecast from the attendances until ``on``.

        Landmarks (Van Houwelingen, Dynamic prediction by landmarking in event history analysis, Scandinavian Journal of
        Statistics 34, 2007) are days one horizon apart, the last of them one horizon before ``on``. What each territory
        had attended by a landmark is compared with what it attended within the horizon after it:

        - A session that it hadn't attended is *expected* as often as others attended it, recent attendances counting
          more (half as much two horizons earlier), times a factor for how often territories that attended as often and
          as long ago attend anything new.
        - After a source, depending on how long ago it was attended, the session is attended ``(strength + observed) /
          (strength + expected)`` times as often: the ratio of observed to expected attendances, shrunk. The ratio for a
          length of time is shrunk to that for all lengths; this one to how many times as often as by chance territories
          attended both, in any order, which is shrunk to 1. If several sources lead to a session, their mean counts.
        - A session that it had attended is attended again as often as by territories that attended it as often and as
          long ago, times similar ratios for the session and for how often the territory attends anything.
        - A territory that had attended nothing is expected to begin like recent newcomers, together with ten more that
          begin as all others go on.

        Args:
            attended: Columns ``territory``, ``session`` and ``date``.
            on: The day; nothing later is used.
            territories: Further territories besides those in ``attended``; they count as newcomers.
            sessions: Further sessions besides those in ``attended``.
            horizon_days: Number of days looked ahead.
            reading: ``next`` or ``eventually``.
            strength: Weight of the overall frequencies, as a number of sessions, at least a billionth.
            blackouts: Periods whose days don't count.
            names: Names of sessions, by code, for display; the code is shown if there is none.

        Raises:
            ValueError: ``reading`` is invalid, ``strength`` isn't above 0, or ``horizon_days`` isn't from 1 to 1,826.
        """
        past, frozen = attended.filter(pl.col("date") <= on), tuple(blackouts)
        known = tuple(sorted({*sessions, *past["session"].unique()}))
        codes, came = _numbered(past, known, territories, frozen)
        asked = Asked(_open_day(on, frozen), horizon_days, len(codes), len(known), reading == "next")
        habits = learn_habits(came, asked, max(strength, LEAST))
        return cls(known, horizon_days, reading, strength, on, names, frozen, past, tuple(codes), habits)

    @given.takes(
        attended=given.optional(given.table("territory", "session", "date")),
        on=given.optional(given.day),
        territories=given.keys,
    )
    def probabilities(
        self, attended: pl.DataFrame | None = None, on: dt.date | None = None, *, territories: Iterable[str] = ()
    ) -> pl.DataFrame:
        """Return the probability that each territory attends each session within the horizon.

        One row per territory and session, sorted: ``territory``, ``session``, ``source`` (the session that leads to it
        most; the session itself if it was attended, null if nothing was), ``days`` (since the territory last attended
        the source, without those of blackouts), ``observed`` (how often the session was attended after the source, at
        any time), ``expected`` (how often it would have been without an effect of the source; both null if ``source``
        is null or the session itself) and ``probability``.

        Args:
            attended: Columns ``territory``, ``session`` and ``date``; None means those that it was learned from.
            on: The day; None means the day until which it was learned.
            territories: Territories to include besides those in ``attended``.

        Raises:
            UnknownCodeError: A session isn't in the forecast.

        Example:
            >>> came = pl.DataFrame({"territory": ["a"], "session": ["x"], "date": [dt.date(2020, 1, 1)]})
            >>> forecast = Forecast.learned(came, "2021-01-01", sessions=["y"])
            >>> forecast.probabilities()["session", "source", "days"].rows()
            [('x', 'x', 366), ('y', 'x', 366)]
        """
        on = self.on if on is None else on
        labels, came = self._own
        if attended is not None or territories or on != self.on:
            rows = (self._came if attended is None else attended).filter(pl.col("date") <= on)
            given.all_known("session", rows["session"].unique().sort().to_list(), self.sessions)
            more = (*self._known, *territories) if attended is None else territories
            labels, came = self._labelled(rows, more)
        day, size = _open_day(on, self._blackouts), len(self.sessions)
        asked = Asked(day, self.horizon_days, len(labels[0]) // max(1, size), size, self.reading == "next")
        now = standing(came, day, asked)
        source, days = (each.ravel() for each in sources(self._habits, now, asked))
        session = np.tile(np.arange(size), asked.territories)
        names, nothing = pl.Series([*self.sessions, None], dtype=pl.String), pl.Series(source < 0)
        columns = dict(zip(("territory", "session"), labels, strict=True))
        columns |= {
            "source": names.gather(np.where(source < 0, size, source)),
            "days": pl.Series(days).set(nothing, None),
        }
        alone = pl.Series((source < 0) | (source == session))
        for name, counts in (("observed", self._habits.observed), ("expected", self._habits.expected)):
            columns[name] = pl.Series(counts.sum(axis=0)[source, session]).set(alone, None)
        return pl.DataFrame({**columns, "probability": predict(self._habits, now, asked).ravel()})

    @cached_property
    def _own(self) -> tuple[tuple[pl.Series, pl.Series], History]:
        return self._labelled(self._came, self._known)

    def _labelled(
        self, attended: pl.DataFrame, territories: Iterable[str]
    ) -> tuple[tuple[pl.Series, pl.Series], History]:
        """Return all pairs of territory and session, sorted, and the attendances by number."""
        codes, came = _numbered(attended, self.sessions, territories, self._blackouts)
        rows = codes.to_frame("t").join(pl.Series("s", self.sessions, pl.String).to_frame(), how="cross")
        return (rows["t"], rows["s"]), came

    def arrows(self) -> pl.DataFrame:
        """Return which sessions are attended after which, as a table sorted by source and target.

        ``source``, ``target``, ``observed`` (how often the target, not attended before, was attended within the
        horizon), ``expected`` (how often it would have been without an effect of the source), and ``ratio`` of both,
        shrunk by the strength, with its 95 % interval, ``low`` to ``high``, computed on the logarithmic scale.
        """
        observed, expected = (each.sum(axis=0) for each in (self._habits.observed, self._habits.expected))
        seen = observed + self.strength
        ratio, width = seen / (expected + self.strength), NormalDist().inv_cdf(0.975) / np.sqrt(seen)
        columns = {"observed": observed.astype(np.int64), "expected": expected, "ratio": ratio}
        columns |= {"low": ratio * np.exp(-width), "high": ratio * np.exp(width)}
        names = pl.Series(self.sessions, dtype=pl.String)
        pairs = names.to_frame("source").join(names.to_frame("target"), how="cross")
        rows = pairs.with_columns(pl.Series(name, values.ravel()) for name, values in columns.items())
        return rows.filter(pl.col("source") != pl.col("target"))

    def repeats(self) -> pl.DataFrame:
        """Return repeated attendances, one row per session: how often, and after how long.

        ``session``, ``territories`` that attended it, ``again`` (those that attended it again on a later day), ``days``
        (median interval, without days of blackouts; null if there are none).

        Example:
            >>> from prai_match import Programme
            >>> Programme.example().forecast("2008-09-01").repeats().filter(pl.col("again") > 3).row(0)
            ('buffet_communication', 53, 4, 397)
        """
        days = pl.Series("day", _open_days(calendar.day_numbers(self._came["date"]), self._blackouts))
        visits = self._came.with_columns(days).unique(["territory", "session", "day"])
        gaps = visits.sort("day").with_columns(gap=pl.col("day").diff().over("territory", "session"))
        came, again = pl.col("territory"), pl.col("gap").is_not_null()
        found = gaps.group_by("session").agg(
            territories=came.n_unique().cast(pl.Int64),
            again=came.filter(again).n_unique().cast(pl.Int64),
            days=pl.col("gap").median().round().cast(pl.Int64),
        )
        every = pl.DataFrame({"session": self.sessions}, {"session": pl.String})
        return every.join(found, on="session", how="left").with_columns(pl.col("territories", "again").fill_null(0))

    def __repr__(self) -> str:
        return f"<Forecast: {len(self.sessions)} sessions, {self.reading}, within {self.horizon_days} days>"


def _numbered(
    attended: pl.DataFrame, sessions: Sequence[str], territories: Iterable[str], blackouts: Sequence[Blackout]
) -> tuple[pl.Series, History]:
    """Return the codes of the territories, sorted, and their attendances, on days counted without blackouts."""
    codes, came = History.of(attended, sessions, territories)
    return codes, came._replace(days=_open_days(came.days, blackouts))


def _open_days(days: Ints, blackouts: Sequence[Blackout]) -> Ints:
    return calendar.days_between(np.zeros_like(days), days, blackouts)


def _open_day(day: dt.date, blackouts: Sequence[Blackout]) -> int:
    return int(_open_days(np.array(calendar.day_number(day)), blackouts))
