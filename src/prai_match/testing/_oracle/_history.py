"""What is known of a programme on a day, row by row: who came, who asks, what follows what, and the calendar."""

import datetime as dt
import math
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from operator import attrgetter
from statistics import fmean, median
from typing import Any, NamedTuple, TypeVar, cast

from prai_match._front import Programme
from prai_match.calendar import EPOCH, public_holidays, school_holidays
from prai_match.model import STRENGTH, Attendance, HeldSession, RelayPartner, Territory, Trainer, Zone
from prai_match.needs import classify

T = TypeVar("T")
DAY = dt.timedelta(days=1)
_EARTH_KM, _SQUARE_DEGREES, _FRIDAY, _ENOUGH_LAGS, _STATED = 6371.0088, 0.09, 4, 5, 100.0
_of = attrgetter("session")
place: Callable[[Territory | Trainer], tuple[float, ...]] = attrgetter("latitude", "longitude")
_EVENTS = ("unanswered", "made", "declined", "accepted", "asked", "confirmed", "cancelled")  # on one day, in this order


class ReadNeed(NamedTuple):
    """A need for a workshop: its ``row`` in the table, from when it counts, its state and ``since`` when."""

    row: int
    collectivity: str
    session: str
    axis: str | None
    score: float
    people: int | None
    start: dt.date
    state: str
    since: dt.date


@dataclass(eq=False)
class KnownHistory:
    """A programme until the day ``on``, by the council that sits on a ``day``; nothing that comes later is read."""

    programme: Programme
    on: dt.date
    day: dt.date | None = None
    horizon: int | None = None

    def __post_init__(self) -> None:
        made, on = self.programme, self.on
        self.first = on + made.notice_days * DAY
        self.last = on + (made.offer_horizon_days if self.horizon is None else self.horizon) * DAY
        self.ahead = [self.first + after * DAY for after in range((self.last - self.first).days + 1)]
        self.renewed = self.council_of(self.day or self.first)
        self.territories = {each.id: each for each in made.territories}
        self.sessions = {each.id: each for each in made.catalogue.sessions}
        self.home = {code: each.id for each in made.territories for code in each.members}
        self.attended = [row for row in made.attendances if row.date <= on]
        self.came = grouped(self.attended, lambda row: self.home.get(row.collectivity))
        self.visits = {code: len({(row.session, row.date) for row in self.came[code]}) for code in self.territories}
        self.said = [row for row in made.decisions if row.date <= on]
        self.words = grouped(self.said, lambda row: row.collectivity)
        self.booked = [each for each in made.sessions if (each.booked_on or each.date) <= on]
        last = {row.held: row.event for row in sorted(self.said, key=lambda row: (row.date, row.event == "cancelled"))}
        self.held = [each for each in self.booked if last.get(each.id) != "cancelled"]
        self.led = grouped(self.held, lambda each: each.trainer)
        spent, budget = sum(each.cost or 0 for each in self.held), made.budget
        self.budget_left = None if budget is None else float(budget.total - budget.other_spending - spent)
        there = {code for each in self.booked for code in (each.partner, each.trainer)}
        self.partners = {e.id: e for e in made.partners if not e.since or e.since <= on or e.id in there}
        self.trainers = {e.id: e for e in made.trainers if not e.since or e.since <= on or e.id in there}
        rows = {each.id: math.floor(each.latitude / _SQUARE_DEGREES) for each in made.territories}
        wide = {code: math.cos(math.radians(row * _SQUARE_DEGREES)) for code, row in rows.items()}
        columns = {e.id: math.floor(e.longitude * wide[e.id] / _SQUARE_DEGREES) for e in made.territories}
        squares = grouped(made.territories, lambda each: (rows[each.id], columns[each.id])).values()
        means = [tuple(map(fmean, zip(*map(place, some), strict=True))) for some in squares]
        self.points = {each.id: mean for some, mean in zip(squares, means, strict=True) for each in some}
        self._kept: dict[Any, Any] = {}

    def once(self, key: Any, make: Callable[[], T]) -> T:  # noqa: ANN401 - whatever can be a key
        """Return what ``make`` gives for a key, made once."""
        self._kept[key] = made = self._kept[key] if key in self._kept else make()
        return cast("T", made)

    @cached_property
    def rooms(self) -> dict[str, int | None]:
        """The seats left at each booking, where all registrations are known: kept since the first one that has any."""
        who = {code: [row.people for row in rows] for code, rows in grouped(self.programme.registrations, _of).items()}
        booked = {each.id: each.booked_on or each.date for each in self.programme.sessions}
        first = min((booked[code] for code in who), default=dt.date.max)
        known = [e for e in self.held if booked[e.id] >= first and None not in who.get(e.id, [])]
        left = {e.id: self.sessions[e.session].max_seats - sum(filter(None, who.get(e.id, []))) for e in known}
        return {each.id: max(0, left[each.id]) if each.id in left else None for each in self.held}

    @cached_property
    def joinable(self) -> list[HeldSession]:
        """Sessions booked for a later day, for which people can still be invited, that have room or may have."""
        soonest = self.on + max(1, self.programme.join_notice_days) * DAY
        return [e for e in self.held if soonest <= e.date <= self.last and self.rooms[e.id] != 0]

    def recent(self, territory: str) -> list[Attendance]:
        """Return what a territory attended since its council was renewed."""
        return [row for row in self.came[territory] if self.renewed is None or row.date > self.renewed]

    @cached_property
    def outcomes(self) -> list[dict[str, Any]]:
        """Each booking, and each offer as it was last made: its kind, who was named last, and the last answer."""
        kinds = {each.id: each.kind for each in self.sessions.values()}
        last: dict[Any, dict[str, Any]] = {each.id: dict(each, kind=kinds[each.session]) for each in self.booked}
        every = list(last.values())
        said = [row for row in self.said if row.event in _EVENTS and not row.collectivity]
        for row in sorted(said, key=lambda e: (e.date, _EVENTS.index(e.event), e.partner or "", e.trainer or "")):
            about = row.held or (row.territory, row.session)
            if row.event == "made" or about not in last:
                last[about] = {"kind": kinds.get(row.session or "")}
                every.append(last[about])
            named = {"partner": row.partner, "trainer": row.trainer, "answer": row.event}
            last[about].update({name: value for name, value in named.items() if value not in {None, "made"}})
        return every

    @cached_property
    def edges(self) -> dict[tuple[str, str], tuple[float, int]]:
        """How probably each session leads to another, and after how many days usually, as learned until the day."""
        learned, visits = {}, [grouped(self.came[code], lambda row: row.session) for code in self.territories]
        for edge in self.programme.catalogue.follow_ups:
            came = [each for each in visits if each[edge.source]]
            begun = [(min(row.date for row in each[edge.source]), each[edge.target]) for each in came]
            after = [[(row.date - first).days for row in then if row.date > first] for first, then in begun]
            lags, old = [min(each) for each in after if each], self.on - edge.lag_days * DAY
            support = sum(bool(each) or first <= old for each, (first, _) in zip(after, begun, strict=True))
            share = (len(lags) + STRENGTH * edge.prior) / (support + STRENGTH) if begun else edge.prior
            usual = round(median(lags)) if len(lags) >= _ENOUGH_LAGS else edge.lag_days
            learned[edge.source, edge.target] = share, usual
        return learned

    def after(self, session: str) -> set[str]:
        """Return what a session leads to."""
        return {then for source, then in self.edges if source == session}

    @cached_property
    def asked(self) -> list[ReadNeed]:
        """Needs until the day, stated or read from their text."""
        rows, needs = [(row, need) for row, need in enumerate(self.programme.needs) if need.date <= self.on], []
        read = classify([need.text for _, need in rows], self.programme.lexicon)["workshop", "axis", "score"].rows()
        for (row, need), from_text in zip(rows, read, strict=True):
            stated = (need.workshop, need.axis, _STATED if need.score is None else need.score)
            session, axis, score = from_text if need.workshop is None else stated
            if session in self.sessions:
                axis = axis if axis in {each.id for each in self.sessions[session].axes} else None
                life = self._life(need.collectivity, session, axis, need.date)
                needs.append(ReadNeed(row, need.collectivity, session, axis, score, need.people, *life))
        return needs

    def _life(self, who: str, session: str, axis: str | None, date: dt.date) -> tuple[dt.date, str, dt.date]:
        """Return from when a need counts, its state, and since when it is in it."""
        words = [(e.date, e.event) for e in self.words[who] if e.date >= date and e.session in {None, session}]
        start = max([date, *(day for day, event in words if event == "confirmed")])
        lapse = months_after(start, self.programme.needs_lapse_months)
        axes = self.once("axes", lambda: {held.id: held.axis for held in self.programme.sessions})
        came = [row for row in self.came[self.home.get(who)] if row.session == session and row.date > start]
        states = {
            "withdrawn": min((day for day, event in words if event == "withdrawn"), default=None),
            "met": min((e.date for e in came if len({axes.get(e.held or ""), axis} - {None}) <= 1), default=None),
            "lapsed": lapse if lapse <= self.on else None,
            "to_confirm": self.renewed if self.renewed is not None and start <= self.renewed else None,
            "open": start,
        }
        return next((start, state, since) for state, since in states.items() if since is not None)

    @property
    def over(self) -> set[int]:
        """The rows of the needs that are met, lapsed or withdrawn."""
        return {need.row for need in self.asked if need.state in {"met", "lapsed", "withdrawn"}}

    def needs_of(self, territory: str, state: str = "open") -> list[ReadNeed]:
        """Return the needs of a territory that are in a state."""
        by = self.once("by", lambda: grouped(self.asked, lambda need: (self.home.get(need.collectivity), need.state)))
        return by[territory, state]

    def axis(self, territory: str, session: str) -> str | None:
        """Return the axis that is asked for: by an open need, the strongest, then the latest, then the first code."""
        needs = [*self.needs_of(territory), *self.needs_of(territory, "to_confirm")]
        ranks = [(n.state, -n.score, -n.start.toordinal(), n.axis) for n in needs if n.axis and n.session == session]
        return min(ranks)[-1] if ranks else None

    def numbers(self, member: str, session: str) -> list[int | None]:
        """Return how many people a collectivity asks to send to a session, or sent to what leads to it; None: unknown.

        What it sent before counts as long as it hasn't attended the session, since the council was renewed.
        """
        asks = [e.people for e in self.needs_of(self.home[member]) if (e.collectivity, e.session) == (member, session)]
        past = [row for row in self.recent(self.home[member]) if row.collectivity == member]
        known = [[row.elected, row.technicians] for row in past if (row.session, session) in self.edges]
        sent = [None if each == [None, None] else sum(n or 0 for n in each) for each in known]
        return asks if session in {row.session for row in past} else asks + sent

    def interest(self, territory: str, session: str) -> int:
        """Return how many people of a territory are interested: of each member the most that is known."""
        each = (self.numbers(member, session) for member in self.territories[territory].members)
        return self.once(("people", territory, session), lambda: sum(max([0, *filter(None, n)]) for n in each))

    def near(self, territory: str) -> list[str]:
        """Return the territories within travel distance: each travels from the mean point of its square of 10 km."""
        here, most, every = self.points[territory], self.programme.travel_km, self.points.items()
        return self.once(("near", here), lambda: [code for code, there in every if kilometres(here, there) <= most])

    def people(self, territory: str, session: str) -> int:
        """Return how many people around a territory are interested in a session."""
        return sum(self.interest(each, session) for each in self.near(territory))

    def hosts(self, territory: str) -> list[str]:
        """Return the others within travel distance: the nearest, to the metre, then the first code goes first."""
        here, others = place(self.territories[territory]), self.territories.keys() - {territory}
        away = sorted((round(kilometres(here, place(self.territories[code])), 3), code) for code in others)
        return [code for km, code in away if km <= self.programme.travel_km]

    def closed(self, day: dt.date, departement: str | None = None) -> bool:
        """Whether a day is outside the period, in a blackout, on a weekend or in holidays."""
        period, calendar = self.programme.period, self.programme.calendar
        days = {(day, None), (day, departement)} & _holidays(day.year, calendar.school_holidays)
        frozen = any(blackout.start <= day <= blackout.end for blackout in calendar.blackouts)
        return bool(days) or frozen or not period.start <= day <= period.end or day.weekday() > _FRIDAY

    def open_days(self, territory: str) -> list[dt.date]:
        """Return the open days ahead of a host on which its council sits."""
        here = self.territories[territory].departement
        mine = (day for day in self.ahead if self.council_of(day) == self.renewed)
        return self.once(("open days", here), lambda: [day for day in mine if not self.closed(day, here)])

    def council_of(self, day: dt.date) -> dt.date | None:
        """Return when the council was elected that sits on a day."""
        return max((vote.date for vote in self.programme.calendar.elections if vote.date < day), default=None)

    def is_free(self, trainer: Trainer, day: dt.date) -> bool:
        """Whether a trainer is free on a day, in a month that isn't full."""
        busy, most = [each.date for each in self.led[trainer.id]], trainer.sessions_a_month
        inside = not trainer.free or any(period.start <= day <= period.end for period in trainer.free)
        full = most is not None and sum((e.year, e.month) == (day.year, day.month) for e in busy) >= most
        return inside and not full and day not in {*trainer.taken, *busy}

    def comes(self, actor: RelayPartner | Trainer) -> bool:
        """Tell whether a relay or a trainer takes part on the day."""
        return (actor.since or self.on) <= self.on <= (actor.until or self.on)


@cache
def _holidays(year: int, zone: Zone | None) -> set[tuple[dt.date, str | None]]:
    """The public holidays of all départements or of one, and the school holidays of a zone."""
    public = {row for row in public_holidays()["date", "departement"].rows() if row[0].year == year}
    school = [] if zone is None else school_holidays(year, year, zone).tolist()
    return public | {(dt.date.fromordinal(day + EPOCH), None) for day in school}


def grouped(rows: Iterable[T], key: Callable[[T], Any]) -> dict[Any, list[T]]:
    groups: dict[Any, list[T]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def kilometres(here: tuple[float, ...], there: tuple[float, ...]) -> float:
    """Return the great-circle distance of two places, by latitude and longitude."""
    a, b, c, d = map(math.radians, (*here, *there))
    chord = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return math.asin(math.sqrt(min(1.0, chord))) * 2 * _EARTH_KM


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month some months later, or the last of the month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
