"""What changed about days since the reference: one calendar closes them, a session follows after its lag, limits are settings.

The reference had no horizon, no holidays and no end: the first day was the first weekday after the notice outside freezes,
and a trainer's the first from there on, within a year, on which they were free. All of it is read from the files.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from reference.distances import comers
from reference.formats import rows, settings
from reference.policies import frozen_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reference.formats import Row

FREEZE: Final = "freeze"
ELECTION: Final = "election ahead"
FIRST_DAY: Final = "closed first day"
TRAINER: Final = "closed day of a trainer"
LAG: Final = "lag under way"
LIMIT: Final = "limit changed"
BOOKED: Final = "booked"
RELAY: Final = "year of a relay"
NAMED: Final = "own relay named"
DAYS: Final[Sequence[str]] = (FREEZE, FIRST_DAY, ELECTION, BOOKED, LAG, TRAINER, LIMIT, RELAY, NAMED)
"""A lag, or a session that it hosts later, touches a territory alone, a trainer those around, a relay that is named a
département, the others a programme."""

LIMITS: Final = frozenset(
    {"no_blackout", "partner_has_room", "trainer_free", "trainer_not_overloaded", "within_budget"}
)
"""Rules of the frozen policy that are limits of every policy now."""

HORIZON_DAYS: Final = 120
_NOTICE_DAYS: Final = 21
_LAG_DAYS: Final = 90
_ENOUGH_LAGS: Final = 5  # territories that followed, from which on the usual lag is theirs
_YEAR_DAYS: Final = 366
_RELAY_DAYS: Final = 365  # less than so many before or after a day are a relay's year
_FRIDAY: Final = 4
_FIXED: Final = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_FROM_EASTER: Final = (1, 39)
_WHITSUN: Final = 50
_SOLIDARITY: Final = (2005, 2006, 2007)
"""In these years Whit Monday was the day of solidarity, on which people work."""


def changes(files: Mapping[str, bytes], day: dt.date) -> dict[str, frozenset[str]]:
    """Return which of `DAYS` hold for each territory, where any does.

    >>> from reference.programmes import drawn
    >>> made = drawn(3)
    >>> [sorted(changes(made.files, day)["T1"]) for day in made.days]
    [['freeze'], ['closed day of a trainer', 'freeze', 'lag under way']]
    """
    asked = _Asked(files, day)
    whole = {*asked.of_the_day(), *asked.of_the_policy()}
    found = {row["id"]: whole | set(asked.of(row)) for row in asked.tables["territories"]}
    return {territory: frozenset(names) for territory, names in found.items() if names}


def is_holiday(day: dt.date) -> bool:
    """Tell whether a day is one of the eleven public holidays of all France.

    >>> [is_holiday(dt.date(2008, *day)) for day in ((3, 24), (5, 1), (5, 12), (7, 14), (7, 15))]
    [True, True, True, True, False]
    """
    after = (day - easter(day.year)).days
    is_whitsun = after == _WHITSUN and day.year not in _SOLIDARITY
    return (day.month, day.day) in _FIXED or after in _FROM_EASTER or is_whitsun


def easter(year: int) -> dt.date:
    """Return Easter Sunday, as Meeus reckons it.

    >>> easter(2007), easter(2024), easter(2027)
    (datetime.date(2007, 4, 8), datetime.date(2024, 3, 31), datetime.date(2027, 3, 28))
    """
    century, of_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


@dataclass(frozen=True)
class _Asked:
    """A folder on a day."""

    files: Mapping[str, bytes]
    day: dt.date

    @cached_property
    def programme(self) -> Mapping[str, Any]:
        return settings(self.files["programme.toml"])

    @cached_property
    def tables(self) -> dict[str, list[Row]]:
        names = ("territories", "partners", "trainers", "trainer_days", "sessions", "attendances")
        return {name: rows(self.files.get(f"{name}.csv", b"")) for name in names}

    @cached_property
    def freezes(self) -> list[tuple[dt.date, dt.date]]:
        return [(each["start"], each["end"]) for each in self.programme["calendar"].get("blackouts", ())]

    @cached_property
    def elections(self) -> list[dt.date]:
        return [each["date"] for each in self.programme["calendar"].get("elections", ())]

    @cached_property
    def rules(self) -> dict[str, dict[str, Any]]:
        return {rule["id"]: rule for rule in settings(self.files["politique.toml"])["rule"]}

    @property
    def last(self) -> dt.date:
        """The last day of the horizon."""
        return self.day + dt.timedelta(days=HORIZON_DAYS)

    @cached_property
    def first(self) -> dt.date:
        """The first day, as the reference had it."""
        return next(self.from_notice())

    def from_notice(self) -> Iterator[dt.date]:
        """Return the weekdays outside freezes after the notice."""
        day = self.day + dt.timedelta(days=self.programme.get("notice_days", _NOTICE_DAYS))
        while True:
            if day.weekday() <= _FRIDAY and not self.is_frozen(day):
                yield day
            day += dt.timedelta(days=1)

    def is_frozen(self, day: dt.date) -> bool:
        return any(start <= day <= end for start, end in self.freezes)

    def is_closed(self, day: dt.date) -> bool:
        """Tell whether a day on which the reference held a session is closed now."""
        period = self.programme["period"]
        return is_holiday(day) or not period["start"] <= day <= min(period["end"], self.last)

    def of_the_day(self) -> Iterator[str]:
        if self.is_frozen(self.day) and "no_blackout" in self.rules:
            yield FREEZE
        if any(self.day <= election < self.last for election in self.elections):
            yield ELECTION
        if self.is_closed(self.first):
            yield FIRST_DAY
        if any(map(self.changes_room, self.tables["partners"])):
            yield RELAY

    def changes_room(self, relay: Row) -> bool:
        """Tell whether a relay is full in the year around the day and not around one of its offers, or the other way round."""
        known = (row for row in self.tables["sessions"] if row["partner"] == relay["id"])
        dates = [row["date"] for row in known if (row["booked_on"] or row["date"]) <= self.day.isoformat()]
        ahead = range(self.programme.get("notice_days", _NOTICE_DAYS), HORIZON_DAYS + 1)
        days, held = [self.day + dt.timedelta(days=each) for each in (0, *ahead)], map(dt.date.fromisoformat, dates)
        counts = Counter(day for each in held for day in days if abs((day - each).days) < _RELAY_DAYS)
        return bool(relay["sessions_a_year"]) and len({counts[day] < int(relay["sessions_a_year"]) for day in days}) > 1

    def of_the_policy(self) -> Iterator[str]:
        """A limit is left out or has another threshold; without the rule on freezes days in them were open to all."""
        frozen = {rule["id"]: rule for rule in frozen_rules() if rule["id"] in LIMITS - {"no_blackout"}}
        own = (self.rules.get(name, {}) for name in frozen)
        names = ("require", "unknown")
        if any(one.get(name) != rule[name] for one, rule in zip(own, frozen.values(), strict=True) for name in names):
            yield LIMIT

    def of(self, territory: Row) -> Iterator[str]:
        if territory["id"] in self.hosts:
            yield BOOKED
        if any(release > self.first for release in self.releases(territory).values()):
            yield LAG
        if self.moved & {row["id"] for row in comers(self.tables, territory)}:
            yield TRAINER
        if territory["departement"] in self.lacking:
            yield NAMED

    @cached_property
    def lacking(self) -> set[str]:
        """The départements that relays cover of which none carries some session: one of these is named, not another's."""
        catalogue, carried = self.programme["catalogue"], defaultdict[str, set[str]](set)
        sessions = {each["id"] for form in ("buffets", "workshops") for each in catalogue.get(form, ())}
        for relay in self.tables["partners"]:
            for departement in relay["departements"].split():
                carried[departement] |= set(relay["carries"].split()) or sessions
        return {departement for departement, own in carried.items() if sessions - own}

    @cached_property
    def hosts(self) -> set[str]:
        """The territories that host a session of a later day, as far as it is booked: they aren't offered it."""
        day = self.day.isoformat()
        return {
            row["host"] for row in self.tables["sessions"] if row["booked_on"] and row["booked_on"] <= day < row["date"]
        }

    @cached_property
    def moved(self) -> set[str]:
        """The trainers whose first free day, as the reference had it, is closed now."""
        first = {row["id"]: self.first_free(row) for row in self.tables["trainers"]}
        return {trainer for trainer, day in first.items() if day is not None and self.is_closed(day)}

    def first_free(self, trainer: Row) -> dt.date | None:
        """Return the first day on which a trainer is free, as the reference had it; None: there is none in a year."""
        own = [row for row in self.tables["trainer_days"] if row["trainer"] == trainer["id"]]
        known = (row for row in self.tables["sessions"] if row["trainer"] == trainer["id"])
        led = [row["date"] for row in known if (row["booked_on"] or row["date"]) <= self.day.isoformat()]
        months, most = Counter(date[:7] for date in led), trainer["sessions_a_month"]
        free = [row for row in own if row["free"] == "yes"]
        for day in self.from_notice():
            text = day.isoformat()
            if (day - self.first).days > _YEAR_DAYS:
                return None
            if text in led or any(_holds(row, text) for row in own if row["free"] == "no"):
                continue
            if (most and months[text[:7]] < int(most)) and (not free or any(_holds(row, text) for row in free)):
                return day
        return None

    def releases(self, territory: Row) -> dict[str, dt.date]:
        """Return the day after the lag of each session that follows what a territory attended since the renewal."""
        renewal = max((date for date in self.elections if date < self.day), default=dt.date.min)
        first: dict[str, dt.date] = {}
        for session, date in self.came[territory["id"]]:
            if date > renewal:
                first.setdefault(session, date)
        found: dict[str, dt.date] = {}
        for (source, target), lag in self.lags.items():
            if source in first:
                found[target] = min(found.get(target, dt.date.max), first[source] + dt.timedelta(days=lag))
        return found

    @cached_property
    def came(self) -> dict[str, list[tuple[str, dt.date]]]:
        """What each territory attended, in the order of the days."""
        home = {code: row["id"] for row in self.tables["territories"] for code in row["members"].split()}
        found: dict[str, list[tuple[str, dt.date]]] = defaultdict(list)
        for row in sorted(self.tables["attendances"], key=lambda row: row["date"]):
            if row["date"] <= self.day.isoformat() and row["collectivity"] in home:
                found[home[row["collectivity"]]].append((row["session"], dt.date.fromisoformat(row["date"])))
        return found

    @cached_property
    def lags(self) -> dict[tuple[str, str], int]:
        """The usual lag of each follow-up: as it is declared or, once enough territories followed, their median."""
        found = {}
        for edge in self.programme["catalogue"]["follow_ups"]:
            source, target = edge["source"], edge["target"]
            each = [lag for came in self.came.values() if (lag := _lag(came, source, target))]
            usual = round(median(each)) if len(each) >= _ENOUGH_LAGS else edge.get("lag_days", _LAG_DAYS)
            found[source, target] = usual
        return found


def _lag(came: Sequence[tuple[str, dt.date]], source: str, target: str) -> int | None:
    """Return after how many days a territory followed."""
    first = next((date for session, date in came if session == source), None)
    after = [(date - first).days for session, date in came if session == target and first and date > first]
    return min(after, default=None)


def _holds(row: Row, day: str) -> bool:
    return row["start"] <= day <= row["end"]
