"""The days on which sessions can be held, and what closes the others: the only source for all choices of days."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match import _arguments as given
from prai_match.calendar._holidays import are_public_holidays, group_of, groups_of, name_of, school_holidays
from prai_match.calendar._numbers import EPOCH, day_number
from prai_match.model import Calendar, Lang, Period, ProgrammeData
from prai_match.text import counted, current_language, day as day_text, messages

Closure = Literal["period", "blackout", "notice", "weekend", "holiday", "school_holiday"]
"""What closes a day."""

CLOSURES: Final[tuple[Closure, ...]] = ("period", "blackout", "notice", "weekend", "holiday", "school_holiday")
"""What can close a day; if several do, the first is named."""

_FRIDAY, _THURSDAY, _WEEK = 4, 3, 7  # weekdays counted from Monday; Thursday is that of day 0


@dataclass(frozen=True)
class SessionDays:
    """What closes days in a programme, independently of host and day of decision."""

    period: Period
    calendar: Calendar
    groups: tuple[str | None, ...] = (None,)  # those of the départements of its territories

    @classmethod
    def of(cls, programme: ProgrammeData) -> Self:
        return cls(programme.period, programme.calendar, groups_of(each.departement for each in programme.territories))

    def closures(
        self, first: int, last: int, groups: Iterable[str | None] | None = None, invited: int | None = None
    ) -> NDArray[np.int8]:
        """Return the index in `CLOSURES` of what closes each day from ``first`` to ``last``, by number; -1 if open.

        Public holidays are those of ``groups`` of départements (see `group_of`), by default of all that take part.
        ``invited`` is the first day for which people can be invited.

        Raises:
            PraiError: Holidays of a day aren't known, or the package for school holidays is missing.
        """
        every = np.arange(first, last + 1)
        closed = np.full(len(every), CLOSURES.index("period"), np.int8)
        begin, end = (day_number(day) for day in (self.period.start, self.period.end))
        here = slice(max(0, begin - first), max(0, end + 1 - first))
        if not len(days := every[here]):
            return closed
        first_day, last_day, zones = int(days[0]), int(days[-1]), self.groups if groups is None else groups
        years = (dt.date.fromordinal(day + EPOCH).year for day in (first_day, last_day))
        zone = self.calendar.school_holidays
        closes: dict[Closure, Any] = {
            "blackout": [(days >= day_number(b.start)) & (days <= day_number(b.end)) for b in self.calendar.blackouts],
            "notice": [] if invited is None else [days < invited],
            "weekend": [(days + _THURSDAY) % _WEEK > _FRIDAY],
            "holiday": [are_public_holidays(first_day, last_day, group) for group in zones],
            "school_holiday": [] if zone is None else [np.isin(days, school_holidays(*years, zone))],
        }
        cause = np.full(len(days), -1, np.int8)
        for name, flags in reversed(closes.items()):
            for flag in flags:
                cause[flag] = CLOSURES.index(name)
        closed[here] = cause
        return closed

    def first(self, first: int, last: int, groups: Iterable[str | None] | None = None) -> int | None:
        """Return the first open day from ``first`` to ``last``, by number; None if there is none."""
        places = np.flatnonzero(self.closures(first, last, groups) < 0)
        return first + int(places[0]) if len(places) else None

    def table(
        self, start: dt.date, end: dt.date, invited: dt.date, groups: Iterable[str | None] | None = None
    ) -> pl.DataFrame:
        """Return all days (``date``) from ``start`` to ``end`` with what closes each (``closed``; null if open)."""
        closed = self.closures(day_number(start), day_number(end), groups, day_number(invited))
        labels = pl.Series("closed", [*CLOSURES, None], dtype=pl.String)
        return pl.DataFrame(
            {"date": pl.date_range(start, end, eager=True), "closed": labels.gather(closed % len(labels))}
        )


class OpenDays:
    """The days on which sessions can be held, as known on a day.

    Attributes:
        on: The day of the decision.

    Example:
        >>> from prai_match import Programme
        >>> days = Programme.example().open_days("2007-09-03")
        >>> days.first(), days.open("2007-11-01")
        (datetime.date(2007, 9, 24), False)
        >>> days.why_closed("2007-11-01", "200066231", lang="en")
        "public holiday: All Saints' Day"
    """

    @given.takes(programme=given.a(ProgrammeData))
    def __init__(self, programme: ProgrammeData, on: dt.date) -> None:
        """Read the calendar of a programme on a day (see `Programme.open_days`)."""
        self.on: dt.date = on
        self._programme = programme
        self._days = SessionDays.of(programme)
        self._hosts = {each.id: each.departement for each in programme.territories}

    @given.takes()
    def open(self, day: dt.date, host: str | None = None) -> bool:
        """Return whether a session can be held on a day.

        Args:
            day: The day.
            host: Identifier of the host territory; None means one with only the national public holidays.

        Raises:
            UnknownCodeError: The territory isn't in the programme.
            PraiError: The holidays of the year aren't known.

        Example:
            >>> from prai_match import Programme
            >>> Programme.example().open_days("2007-09-03").open("2007-10-02")
            True
        """
        return self._closure(day, host) is None

    @given.takes()
    def why_closed(self, day: dt.date, host: str | None = None, lang: Lang | None = None) -> str | None:
        """Return what closes a day, in words; None if it is open.

        Args:
            day: The day.
            host: Identifier of the host territory; None means one with only the national public holidays.
            lang: Language; None means the current one.

        Raises:
            UnknownCodeError: The territory isn't in the programme.
            PraiError: The holidays of the year aren't known.

        Example:
            >>> from prai_match import Programme
            >>> Programme.example().open_days("2008-03-03").why_closed("2008-04-01", lang="fr")
            'période de gel : Élections municipales des 9 et 16 mars 2008'
        """
        cause, lang = self._closure(day, host), current_language(lang)
        if cause is None:
            return None
        period, calendar, day = self._days.period, self._days.calendar, given.day(day, "day")
        values: dict[str, object] = {name: day_text(getattr(period, name), lang) for name in ("start", "end")}
        texts = messages("prai_match.calendar", "closures", lang)
        values |= {"days": counted(self._programme.notice_days, texts["days"], lang), "zone": calendar.school_holidays}
        if cause == "blackout":
            values["reason"] = next(b.reason.get(lang) for b in calendar.blackouts if b.start <= day <= b.end)
        if cause == "holiday":
            values["name"] = name_of(day, self._group(host), lang)
        return str(texts[cause].format(**values))

    def first(self, host: str | None = None) -> dt.date | None:
        """Return the first open day of the programme; None if there is none left.

        Args:
            host: Identifier of the host territory; None means one with only the national public holidays.

        Raises:
            UnknownCodeError: The territory isn't in the programme.
            PraiError: The holidays of a year aren't known.
        """
        begin, end = max(self._invited, self._days.period.start), self._days.period.end
        number = self._days.first(day_number(begin), day_number(end), [self._group(host)])
        return None if number is None else dt.date.fromordinal(number + EPOCH)

    @property
    def _invited(self) -> dt.date:
        return given.later(self.on, self._programme.notice_days)

    def _group(self, host: str | None) -> str | None:
        return None if host is None else group_of(self._hosts[given.code(host, self._hosts, "territory", "host")])

    def _closure(self, day: dt.date, host: str | None) -> Closure | None:
        number = day_number(given.day(day, "day"))
        place = self._days.closures(number, number, [self._group(host)], day_number(self._invited))[0]
        return None if place < 0 else CLOSURES[place]
