"""When sessions can be held, read a second time: the calendar, who takes part, and which days trainers have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache, cached_property
from typing import TYPE_CHECKING

from prai_match.calendar import public_holidays
from prai_match.testing._read_life import known, renewal

if TYPE_CHECKING:
    from prai_match._front import Programme
    from prai_match.model import HeldSession, RelayPartner, Trainer

_FRIDAY = 4


@cache
def _holidays() -> set[tuple[dt.date, str | None]]:
    return set(public_holidays()["date", "departement"].rows())


class ReadDays:
    """The days of a programme as decided on a day, with the council that was elected on ``renewed``."""

    programme: Programme
    on: dt.date
    renewed: dt.date | None

    def closed(self, day: dt.date, departement: str | None = None) -> bool:
        """Whether a day is outside the period, in a blackout, on a weekend or a public holiday of a département."""
        period = self.programme.period
        frozen = any(blackout.start <= day <= blackout.end for blackout in self.programme.calendar.blackouts)
        return (
            frozen
            or not period.start <= day <= period.end
            or day.weekday() > _FRIDAY
            or not _holidays().isdisjoint({(day, None), (day, departement)})
        )

    @cached_property
    def open_days(self) -> list[dt.date]:
        """The open days on which its council sits, from the first for which people can be invited to the horizon."""
        every = [day for day in self._ahead if not self.closed(day)]
        return [day for day in every if renewal(self.programme, day) == self.renewed]

    @property
    def _ahead(self) -> list[dt.date]:
        ahead = range(self.programme.notice_days, self.programme.offer_horizon_days + 1)
        return [self.on + dt.timedelta(days=after) for after in ahead]

    def takes_part(self, actor: RelayPartner | Trainer) -> bool:
        """Whether a relay or trainer has come and not left by the day."""
        return not (actor.since and self.on < actor.since) and not (actor.until and actor.until < self.on)

    def first_free_day(self, trainer: Trainer, days: Iterable[dt.date]) -> dt.date | None:
        """Return the first of some open days on which a trainer is free."""
        busy = [each.date for each in self.known if each.trainer == trainer.id]
        for day in days:
            month = sum((date.year, date.month) == (day.year, day.month) for date in busy)
            if (
                day not in {*trainer.taken, *busy}
                and (trainer.sessions_a_month is None or month < trainer.sessions_a_month)
                and (not trainer.free or any(period.start <= day <= period.end for period in trainer.free))
            ):
                return day
        return None

    def load(self, trainer: Trainer, day: dt.date | None) -> float | None:
        """Return the share of two months' sessions taken in the sixty days around a day; None: unknown of how many."""
        if trainer.sessions_a_month is None:
            return None
        if not trainer.sessions_a_month:
            return 1.0
        dates = (each.date for each in self.known if each.trainer == trainer.id and day is not None)
        around = sum(abs((date - day).days) <= 30 for date in dates if day is not None)  # noqa: PLR2004 - a month
        return around / (2 * trainer.sessions_a_month)

    @cached_property
    def known(self) -> list[HeldSession]:
        return list(known(self.programme, self.on))
