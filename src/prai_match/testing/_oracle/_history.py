"""What is known of a programme on a day, row by row: attendances, needs, follow-ups, open days."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from operator import attrgetter, itemgetter
from statistics import fmean, median
from typing import Any, NamedTuple, TypeVar, cast

import polars as pl

from prai_match._front import Programme
from prai_match.model import STRENGTH, Attendance, HeldSession, RelayPartner, Trainer
from prai_match.needs import read_needs
from prai_match.testing._oracle._measures import grouped, kilometres, months_after, place, square

T = TypeVar("T")
DAY = dt.timedelta(days=1)
_ENOUGH_LAGS, _LONGEST, _STATED, _YEAR = 5, 1826, 100.0, 365
_MOST_ASSUMED, _USUAL_LAG, _LEAST = 40, 90, 1e-9
_of, _date = attrgetter("session"), attrgetter("date")
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


class _Assumed(NamedTuple):
    """A follow-up that isn't declared."""

    source: str
    target: str


_Edge = tuple[list[float], list[int], tuple[int, int], int]


@dataclass(eq=False)
class KnownHistory:
    """A programme until the day ``on``, under the council in office on a ``day``; nothing later is read."""

    programme: Programme
    on: dt.date
    day: dt.date | None = None
    horizon: int | None = None

    def __post_init__(self) -> None:
        made, on = self.programme, self.on
        horizon = made.offer_horizon_days if self.horizon is None else self.horizon
        self.first, self.last = on + made.notice_days * DAY, on + horizon * DAY
        self.ahead = [on + after * DAY for after in range(made.notice_days, horizon + 1)]
        self.renewed, self.calendar = self.council_of(self.day or self.first), made.open_days(on)
        self.territories = {each.id: each for each in made.territories}
        self.sessions = {each.id: each for each in made.catalogue.sessions}
        self.home = {code: each.id for each in made.territories for code in each.members}
        self.attended = [row for row in made.attendances if row.date <= on]
        self.came = grouped(self.attended, lambda row: self.home.get(row.collectivity))
        self.visits = {code: len({(row.session, row.date) for row in self.came[code]}) for code in self.territories}
        self.said = [row for row in made.decisions if row.date <= on]
        self.axes: dict[str | None, str | None] = {each.id: each.axis for each in made.sessions}
        self.booked = [each for each in made.sessions if (each.booked_on or each.date) <= on]
        cancelled = {end["id"] for end in self.outcomes["bookings"] if end.get("event") == "cancelled"}
        self.held = [each for each in self.booked if each.id not in cancelled]
        self.led = grouped(self.held, lambda each: each.trainer)
        spent, budget = sum(each.cost or 0 for each in self.held), made.budget
        self.budget_left = None if budget is None else float(budget.total - budget.other_spending - spent)
        there = {code for each in self.booked for code in (each.partner, each.trainer)}
        self.partners = {e.id: e for e in made.partners if not e.since or e.since <= on or e.id in there}
        self.trainers = {e.id: e for e in made.trainers if not e.since or e.since <= on or e.id in there}
        squares = grouped(made.territories, square, place)
        self.points = {e.id: tuple(map(fmean, zip(*squares[square(e)], strict=True))) for e in made.territories}
        self._kept: dict[Any, Any] = {}

    def once(self, key: Any, make: Callable[[], T]) -> T:  # noqa: ANN401 - whatever can be a key
        """Return what ``make`` gives for a key, made once."""
        self._kept[key] = made = self._kept[key] if key in self._kept else make()
        return cast("T", made)

    @cached_property
    def rooms(self) -> dict[str, int]:
        """The seats left at bookings whose registrations are all known: they are kept since the first that has any."""
        who = grouped(self.programme.registrations, _of, attrgetter("people"))
        booked = {each.id: each.booked_on or each.date for each in self.programme.sessions}
        first = min((booked[code] for code in who), default=dt.date.max)
        known = [each for each in self.held if booked[each.id] >= first and None not in who[each.id]]
        return {each.id: max(0, self.sessions[each.session].max_seats - sum(who[each.id])) for each in known}

    @cached_property
    def joinable(self) -> list[HeldSession]:
        """Sessions booked for a later day, for which people can still be invited, that have room or may have."""
        soonest = self.on + max(1, self.programme.join_notice_days) * DAY
        return [e for e in self.held if soonest <= e.date <= self.last and self.rooms.get(e.id) != 0]

    def recent(self, territory: str) -> list[Attendance]:
        """Return what a territory attended since its council was renewed."""
        return [row for row in self.came[territory] if self.renewed is None or row.date > self.renewed]

    @cached_property
    def outcomes(self) -> dict[str, list[dict[str, Any]]]:
        """Outcomes of bookings and of answered offers: the last value of each field."""
        rows = [row for row in self.said if row.event in _EVENTS and not row.collectivity]
        made, words = Counter[Any](), defaultdict[Any, list[Any]](list)
        for row in sorted(rows, key=lambda e: (e.date, _EVENTS.index(e.event), e.partner or "", e.trainer or "")):
            about = row.held or (row.territory, row.session)
            made[about] += row.event == "made"  # opens another offer
            words[about, made[about]].append(row)

        def last(rows: Iterable[Any]) -> dict[str, Any]:
            values = {name: value for row in rows for name, value in row if value is not None}
            return values | {"kind": self.sessions[values["session"]].kind}

        offers = [last(some) for some in words.values() if some[0].territory]
        bookings = [last([each, *words.get((each.id, 0), [])]) for each in self.booked]
        return {
            "offers": [each for each in offers if each["event"] in {"accepted", "declined", "unanswered"}],
            "bookings": bookings,
        }

    @cached_property
    def _frozen(self) -> set[dt.date]:
        spans = self.programme.calendar.blackouts
        return {span.start + after * DAY for span in spans for after in range((span.end - span.start).days + 1)}

    def _days(self, start: dt.date, end: dt.date) -> int:
        """Return the days from one to another, without those of blackouts."""
        return (end - start).days - sum(start < day <= end for day in self._frozen)

    @cached_property
    def began(self) -> set[tuple[str, str]]:
        """What the territories attended on their first day that began in the year before."""
        found = set()
        for code in self.territories:
            first = min((row.date for row in self.came[code]), default=None)
            if first and (self.on - first).days < _YEAR:
                found |= {(code, row.session) for row in self.came[code] if row.date == first}
        return found

    @cached_property
    def edges(self) -> dict[tuple[str, str], _Edge]:
        return {(edge.source, edge.target): self._learned(edge, is_next=False) for edge in self._follow_ups}

    @cached_property
    def next_edges(self) -> dict[tuple[str, str], _Edge]:
        """The same of what is attended the next time that a territory comes."""
        return {(edge.source, edge.target): self._learned(edge, is_next=True) for edge in self._follow_ups}

    @cached_property
    def _follow_ups(self) -> Iterable[Any]:
        """The declared follow-ups; if there are none, each session may lead to every other, unless there are many."""
        declared, pairs = self.programme.catalogue.follow_ups, permutations(sorted(self.sessions), 2)
        return declared or ([_Assumed(*pair) for pair in pairs] if len(self.sessions) <= _MOST_ASSUMED else ())

    def _learned(self, edge: Any, *, is_next: bool) -> _Edge:  # noqa: ANN401 - a follow-up
        """Return how probably a session doesn't follow another yet, so many days after it; how many wait longer.

        And how many could follow, how many did within the horizon, and the usual lag.
        """
        own = self._begun(edge, is_next=is_next)
        if not isinstance(edge, _Assumed):
            return self._corrected(own, self._declared(edge.prior, edge.lag_days), edge.lag_days)
        key = "to", edge.target, is_next
        every = [self._begun(each, is_next=is_next) for each in self._follow_ups if each.target == edge.target]
        usual = self._declared(1 / len(self.sessions), _USUAL_LAG)
        waiting, *_ = self.once(
            key, lambda: self._corrected([row for rows in every for row in rows], usual, _USUAL_LAG)
        )
        return self._corrected(own, [max(each, _LEAST) for each in waiting], _USUAL_LAG)

    def _declared(self, prior: float, lag: int) -> list[float]:
        """Return how probably what is declared doesn't follow yet, so many days after the source."""
        power, half, waiting = 1.0, 0.5 ** (1 / max(1, lag)), [1.0]
        for _ in range(_LONGEST + self.programme.offer_horizon_days):
            power *= half
            waiting.append(1 - prior * (1 - power))
        return waiting

    def _begun(self, edge: Any, *, is_next: bool) -> list[tuple[dt.date, dt.date | None]]:  # noqa: ANN401 - a follow-up
        """Return when territories that could follow attended the source, and then the target."""
        begun = []
        for code in self.territories:
            days = grouped(self.came[code], _of, _date)
            first, then = (min(days[session], default=None) for session in (edge.source, edge.target))
            if first and (then is None or then > first):
                following = min((row.date for row in self.came[code] if row.date > first), default=None)
                begun.append((first, None if is_next and then != following else then))
        return begun

    def _corrected(self, begun: Sequence[tuple[dt.date, dt.date | None]], prior: list[float], lag: int) -> _Edge:
        waited = [max(then is not None, self._days(first, then or self.on)) for first, then in begun]
        lags = [days for days, (_, then) in zip(waited, begun, strict=True) if then and days <= _LONGEST]
        follow, leave = Counter(lags), Counter(min(days, _LONGEST) for days in waited)
        alive, left, waiting = STRENGTH, [len(begun) - leave[0]], [1.0]
        for day in range(1, _LONGEST + self.programme.offer_horizon_days + 1):
            after = STRENGTH * prior[day]
            waiting.append(waiting[-1] * (1 - (alive - after + follow[day]) / (alive + left[-1])))
            alive = after
            left.append(left[-1] - leave[day])
        usual = round(median(lags)) if len(lags) >= _ENOUGH_LAGS else lag
        seen = len(begun), sum(days <= self.programme.offer_horizon_days for days in lags)
        return waiting, left, seen, usual

    def follows(self, source: str, target: str, since: dt.date, *, is_next: bool = False) -> float:
        """Return how probably a session follows within the horizon what was attended on a day."""
        edges, horizon = self.next_edges if is_next else self.edges, self.programme.offer_horizon_days
        waiting, left, *_ = edges[source, target]
        days = min(self._days(since, self.on), _LONGEST)
        first, chance = (1 - waiting[day + horizon] / waiting[day] for day in (0, days))
        return (STRENGTH * first + left[days] * chance) / (STRENGTH + left[days])

    def after(self, session: str) -> set[str]:
        """Return what a session leads to."""
        return {then for source, then in self.edges if source == session}

    @cached_property
    def asked(self) -> list[ReadNeed]:
        """Needs until the day, stated or read from their text."""
        rows, needs = [(row, need) for row, need in enumerate(self.programme.needs) if need.date <= self.on], []
        for row, need in rows:
            stated = (need.workshop, need.axis, _STATED if need.score is None else need.score)
            is_read = need.workshop is None and need.score is None
            for session, axis, score in self._read[need.text] if is_read else [stated]:
                if session not in self.sessions:
                    continue
                own = axis if axis in {each.id for each in self.sessions[session].axes} else None
                life = self._life(need.collectivity, session, own, need.date)
                needs.append(ReadNeed(row, need.collectivity, session, own, score, need.people, *life))
        return needs

    @cached_property
    def _read(self) -> dict[str, list[tuple[str, str | None, float]]]:
        """What each text asks for, in its order."""
        texts = list(dict.fromkeys(need.text for need in self.programme.needs))
        rows = read_needs(texts, self.programme.lexicon).filter(pl.col("polarity").is_in(["wanted", "question"]))
        return grouped(rows.iter_rows(), lambda row: texts[row[0]], itemgetter(3, 4, 7))

    def _life(self, who: str, session: str, axis: str | None, date: dt.date) -> tuple[dt.date, str, dt.date]:
        """Return from when a need counts, its state, and since when it is in it."""
        said = [e for e in self.said if e.collectivity == who and e.date >= date and e.session in {None, session}]
        days = grouped(said, attrgetter("event"), _date)
        start = max([date, *days["confirmed"]])
        lapse = months_after(start, self.programme.needs_lapse_months)
        came = [row for row in self.came[self.home.get(who)] if row.session == session and row.date > start]
        states = {
            "withdrawn": min(days["withdrawn"], default=None),
            "met": min((e.date for e in came if len({self.axes.get(e.held), axis} - {None}) <= 1), default=None),
            "lapsed": lapse if lapse <= self.on else None,
            "to_confirm": self.renewed if self.renewed is not None and start <= self.renewed else None,
            "open": start,
        }
        return next((start, state, since) for state, since in states.items() if since is not None)

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
        """Return how many people a collectivity asks to send to a session, or sent to its sources; None if unknown.

        Earlier numbers count as long as it hasn't attended the session since the council was renewed.
        """
        asks = [e.people for e in self.needs_of(self.home[member]) if (e.collectivity, e.session) == (member, session)]
        past = [row for row in self.recent(self.home[member]) if row.collectivity == member]
        known = [[row.elected, row.technicians] for row in past if (row.session, session) in self.edges]
        sent = [None if each == [None, None] else sum(n or 0 for n in each) for each in known]
        return asks if session in {row.session for row in past} else asks + sent

    def interest(self, territory: str, session: str) -> int:
        """Return how many people of a territory are interested: the sum over members of the largest known number."""
        each = (self.numbers(member, session) for member in self.territories[territory].members)
        return self.once(("people", territory, session), lambda: sum(max([0, *filter(None, n)]) for n in each))

    def near(self, territory: str) -> list[str]:
        """Return the territories within travel distance: each travels from the mean point of its square of 10 km."""
        here, most, every = self.points[territory], self.programme.travel_km, self.points.items()
        return self.once(("near", here), lambda: [code for code, there in every if kilometres(here, there) <= most])

    def around(self, territory: str, session: str) -> int:
        """Return how many people near a territory are interested in a session."""
        return sum(self.interest(each, session) for each in self.near(territory))

    def coming(self, among: Iterable[str], to: Any, day: dt.date) -> int:  # noqa: ANN401 - a candidate
        """Return how many people of some territories may attend a session on a day, by the rules of an oracle."""
        raise NotImplementedError

    def others(self, territory: str) -> list[str]:
        """Return the others within travel distance: the nearest, to the metre, then the first code goes first."""
        here, others = place(self.territories[territory]), self.territories.keys() - {territory}
        away = sorted((round(kilometres(here, place(self.territories[code])), 3), code) for code in others)
        return [code for km, code in away if km <= self.programme.travel_km]

    def open_days(self, territory: str) -> list[dt.date]:
        """Return the coming open days of a host on which its council is in office."""
        mine = (day for day in self.ahead if self.council_of(day) == self.renewed)
        return self.once(("open days", territory), lambda: [day for day in mine if self.calendar.open(day, territory)])

    def council_of(self, day: dt.date) -> dt.date | None:
        """Return when the council in office on a day was elected."""
        return max((vote.date for vote in self.programme.calendar.elections if vote.date < day), default=None)

    def is_free(self, trainer: Trainer, day: dt.date) -> bool:
        """Whether a trainer is free on a day, in a month that isn't full."""
        busy, most = [each.date for each in self.led[trainer.id]], trainer.sessions_a_month
        inside = not trainer.free or any(period.start <= day <= period.end for period in trainer.free)
        full = most is not None and sum((e.year, e.month) == (day.year, day.month) for e in busy) >= most
        return inside and not full and day not in {*trainer.taken, *busy}

    def comes(self, actor: RelayPartner | Trainer) -> bool:
        """Return whether a relay or a trainer takes part on the day."""
        return (actor.since or self.on) <= self.on <= (actor.until or self.on)
