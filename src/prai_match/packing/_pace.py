"""The pace of a season: how many sessions a day, a week and a month carry, of the team and of a relay."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from prai_match.calendar import EPOCH
from prai_match.model import Pace, TeamPace

_SINCE_MONDAY = 3  # days from a Monday to day 0, a Thursday


class PaceCount:
    """Sessions that are booked or planned, counted where the pace of a programme limits them.

    Days are numbers (`calendar.day_number`), relays those of their table. A session whose relay isn't known (None)
    counts for the team alone. Weeks begin on Monday, months are those of the calendar.
    """

    def __init__(self, pace: Pace, booked: Iterable[tuple[int, int | None]] = ()) -> None:
        """Begin with the day and the relay of each session that is booked: they may be more than the pace allows."""
        self._pace = pace
        self._limits: dict[tuple[str, str, int, int | None], _Limit] = {}
        self._of: dict[tuple[int, int | None], list[_Limit]] = {}  # by day and relay
        for day, relay in booked:
            self.add(day, relay)

    def full(self, day: int, relay: int | None) -> str | None:
        """Return which limit one more session would exceed, as ``team_per_week``; None: the session fits."""
        for limit in self._limits_of(day, relay):
            if limit.sessions >= limit.most:
                return limit.name
        return None

    def allows(self, day: int, relay: int | None) -> bool:
        """Return whether one more session of a relay on a day keeps to the pace."""
        return self.full(day, relay) is None

    def most(self, days: Iterable[int], relay: int | None) -> int | None:
        """Return how many sessions more at most a relay, or the team (None), can have on some days; None: no limit."""
        left: dict[str, dict[int, int]] = {}
        for day in days:
            for limit in self._limits_of(day, relay):
                if limit.name.startswith("team") == (relay is None):
                    left.setdefault(limit.name, {})[id(limit)] = max(0, limit.most - limit.sessions)
        return min((sum(each.values()) for each in left.values()), default=None)

    def add(self, day: int, relay: int | None) -> None:
        """Count a session, whether it fits or not."""
        for limit in self._limits_of(day, relay):
            limit.sessions += 1

    def remove(self, day: int, relay: int | None) -> None:
        """Count a session no longer, which was booked or added before."""
        for limit in self._limits_of(day, relay):
            limit.sessions -= 1

    def _limits_of(self, day: int, relay: int | None) -> list["_Limit"]:
        """Return the limits that a session counts in."""
        if (day, relay) not in self._of:
            date = dt.date.fromordinal(day + EPOCH)
            parts: list[tuple[str, TeamPace, int | None]] = [("team", self._pace.team, None)]
            parts += [] if relay is None else [("relay", self._pace.relay, relay)]
            numbers = (day, (day + _SINCE_MONDAY) // 7, 12 * date.year + date.month)
            self._of[day, relay] = [
                self._limits.setdefault((name, period, number, who), _Limit(f"{name}_{period}", most))
                for name, part, who in parts
                for period, number in zip(TeamPace.model_fields, numbers, strict=True)
                if (most := getattr(part, period)) is not None
            ]
        return self._of[day, relay]


@dataclass(slots=True)
class _Limit:
    """The sessions of one day, week or month, of the team or of one relay, and how many there can be."""

    name: str
    most: int
    sessions: int = 0
