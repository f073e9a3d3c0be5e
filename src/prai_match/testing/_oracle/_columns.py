"""The columns of the vocabulary, by name: the value of each for a candidate, according to its formula."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, NamedTuple, Self

from prai_match.recommend import Offer
from prai_match.testing._attributes import all_of, any_of
from prai_match.testing._oracle._history import DAY, KnownHistory, ReadNeed
from prai_match.testing._oracle._measures import grouped, kilometres, months_after, place

Value = float | bool | str | None
_YEAR, _MONTH, _REPLIES = 365, 30, {"accepted", "declined"}
OF_JOINS: Final = frozenset({"wait_days", "trainer_wait_days", "cost"})  # known whoever leads the joined session


class Candidate(NamedTuple):
    """A session for a territory, where and with whom, and the booked session that it joins, if any: codes.

    Example:
        >>> Candidate("200066231", "sig", None, "200066231", "adm09", "sig_toulouse").session
        'sig'
    """

    territory: str
    session: str
    axis: str | None
    host: str
    partner: str | None = None
    trainer: str | None = None
    joins: str | None = None

    @classmethod
    def of(cls, territory: str, offer: Offer) -> Self:
        """Return an offer as a candidate."""
        return cls(territory, *(getattr(offer, name) for name in cls._fields[1:]))


class Subject:
    """A candidate, and what is known about it on a day."""

    def __init__(self, history: KnownHistory, candidate: Candidate) -> None:
        self.h, self.codes, self.axis, self.on = history, candidate, candidate.axis, history.on
        self.territory, self.host = (history.territories[code] for code in (candidate.territory, candidate.host))
        self.session, self.recent = history.sessions[candidate.session], history.recent(candidate.territory)
        self.came = [row for row in history.came[candidate.territory] if row.session == candidate.session]
        self.sources = [row for row in self.recent if (row.session, self.session.id) in history.edges]
        self.needs = history.needs_of(candidate.territory)
        self.own = [need for need in self.needs if need.session == self.session.id]
        self.after, past = history.after(self.session.id), {row.session for row in self.recent}
        self.new = self.after - past
        # A need that it serves is one for the workshop itself, or for what a buffet leads to.
        self.serves = self.new if self.session.form == "buffet" else {self.session.id}
        follows, strong = {then for code in past for then in history.after(code)}, history.programme.strong_need
        self.opens = [code for code in sorted(self.new - follows) if strongest(self.needs, {code}) < strong]
        self.partner: Any = history.partners.get(candidate.partner or "")
        self.hosted = [each for each in history.held if each.partner == candidate.partner]
        self.trainer: Any = history.trainers.get(candidate.trainer or "")
        skills = self.trainer.expertise if self.trainer else ()
        self.axes = {each.id for each in self.session.axes}
        self.taught = {axis for e in skills if e.session == self.session.id for axis in e.axes or self.axes}
        self.joined = next((each for each in history.joinable if each.id == candidate.joins), None)

    @cached_property
    def release(self) -> dt.date:
        """The first day after the declared lag of what the session follows; a strong need doesn't wait for it."""
        bind = self.sources if self.h.programme.catalogue.follow_ups else []
        lags = [row.date + self.h.edges[row.session, self.session.id][-1] * DAY for row in bind]
        return self.on if strongest(self.own) >= self.h.programme.strong_need else min(lags, default=self.on)

    def days(self, where: str) -> list[dt.date]:
        return [day for day in self.h.open_days(where) if day >= self.release]

    @cached_property
    def day(self) -> dt.date | None:
        """The day of a joined session, or the first day of the host on which the trainer is free."""
        free = (day for day in self.days(self.host.id) if self.h.is_free(self.trainer, day))
        return self.joined.date if self.joined else next(free, None)

    def since(self, days: Iterable[dt.date]) -> int | None:
        return next(((self.on - day).days for day in sorted(days, reverse=True)), None)

    def coming(self, trainer: str | None = None) -> int:
        first = min(self.days(self.host.id), default=self.h.first + len(self.h.ahead) * DAY)
        return self.h.coming(self.h.near(self.host.id), self.codes._replace(trainer=trainer), first)

    def relays(self, *departements: str) -> list[Any]:
        return [e for e in self.h.partners.values() if {*departements} <= {*e.departements}]

    def teachers(self) -> list[Any]:
        return [e for e in self.h.trainers.values() if self.session.id in {skill.session for skill in e.expertise}]


class CandidateColumns(Subject):
    """The columns that take more than a line."""

    def days_since_renewal(self) -> Value:
        if self.h.renewed is None or self.h.renewed <= self.on:
            return self.since(filter(None, [self.h.renewed]))
        return max(0, (min(self.h.open_days(self.territory.id), default=self.h.first) - self.h.renewed).days)

    def service_gap(self) -> Value:
        everybody = sum(each.population for each in self.h.territories.values())
        share = self.territory.population / everybody * sum(self.h.visits.values()) if everybody else 0
        return min(1.0, max(0.0, 1 - self.h.visits[self.territory.id] / share)) if share else 0.0

    def elected_and_technician(self) -> Value:
        events = grouped(self.recent, lambda row: (row.session, row.date)).values()
        both = [[[row.elected for row in rows], [row.technicians for row in rows]] for rows in events]
        return any_of(all_of(any_of(n and n > 0 for n in who) for who in each) for each in both) if both else None

    def refresher(self) -> Value:
        last, months = max((row.date for row in self.came), default=None), self.session.refresh_after
        return months is not None and last is not None and months_after(last, months) <= self.on

    def booked(self) -> Value:
        registered = {e.session for e in self.h.programme.registrations if e.collectivity in self.territory.members}
        those = [e for e in self.h.held if e.date > self.on and e.session == self.session.id]
        return any(each.host == self.territory.id or each.id in registered for each in those)

    def declined(self) -> Value:
        said = [e for e in self.h.said if (e.territory, e.session) == self.codes[:2]]
        last = [(e.date, e.event, e.partner or "", e.trainer or "") for e in said if e.event in _REPLIES]
        day, event, partner, trainer = max(last, default=(self.on, "", "", ""))
        named = {"relay": self.h.partners.get(partner), "trainer": self.h.trainers.get(trainer)}
        left = [what for what, each in named.items() if each and each.until and each.until < self.on]
        near = self.relays(self.territory.departement)
        changes: dict[str, list[dt.date | None]] = {
            "need": [need.start for need in self.needs if need.session in {self.session.id} | self.after],
            "renewal": [self.h.renewed], "attendance": [row.date for row in self.sources],
            "relay": [e.since for e in filter(self.h.comes, near) if not e.carries or self.session.id in e.carries],
            "trainer": [each.since for each in filter(self.h.comes, self.teachers())],
        }  # fmt: skip
        news = (what for what, days in changes.items() if what in left or any(each and day < each for each in days))
        return next(news, "unchanged") if event == "declined" else "no"

    def partner_room(self) -> Value:
        first = self.joined.date if self.joined else next(iter(self.days(self.host.id)), self.h.last)
        around = sum(abs((first - each.date).days) < _YEAR for each in self.hosted)
        return None if self.partner.sessions_a_year is None else int(self.partner.sessions_a_year) - around

    def partner_hosted(self) -> Value:
        hosts = [self.h.territories[each.host].departement for each in self.hosted if each.date <= self.on]
        before = [each.sessions for each in self.partner.hosted if each.departement == self.host.departement]
        return int(sum(before)) + hosts.count(self.host.departement)

    def distance_km(self) -> float:
        return kilometres(place(self.host), place(self.trainer))

    def trainer_wait_days(self) -> Value:
        first = (self.joined and [self.joined.date]) or self.days(self.host.id)
        return (self.day - first[0]).days if self.day else None

    def trainer_load(self) -> Value:
        most, led, day = self.trainer.sessions_a_month, self.h.led[self.trainer.id], self.day
        around = sum(day is not None and abs((each.date - day).days) <= _MONTH for each in led)
        return None if most is None else around / (2 * most) if most else 1.0

    def cost(self) -> Value:
        if self.joined:
            return 0.0
        fee, room, km = self.trainer.fee, self.session.cost, self.distance_km()
        travel = km * (2 * float(self.h.programme.euros_per_km))
        return None if fee is None or room is None else round(float(fee) + travel + float(room), 2)


def strongest(needs: Iterable[ReadNeed], sessions: Iterable[str] | None = None) -> float:
    return max((need.score for need in needs if sessions is None or need.session in sessions), default=0.0)


def mean(values: Iterable[float | None]) -> float | None:
    known = Counter(value for value in values if value is not None)
    # From the lowest on, each as often as it was given: a sum of floats depends on its order.
    return sum(value * times for value, times in sorted(known.items())) / known.total() if known else None


def any_follows(c: CandidateColumns, *, by_need: bool = False) -> float:
    """Return how probably one of the sessions that it opens follows, each by the strength of the need for it or not."""
    shares = {code: strongest(c.needs, {code}) / 100 if by_need else 1 for code in c.opens}
    return 1 - math.prod(1 - c.h.follows(c.session.id, code, c.on) * share for code, share in shares.items())


def followed(c: CandidateColumns) -> tuple[float, ...]:
    """Return the probability of the most probable follow-up to a session, how many could give it, and did."""
    first = grouped(c.sources, attrgetter("session"), attrgetter("date"))
    ways = (
        (c.h.follows(code, c.session.id, min(days)), *c.h.edges[code, c.session.id][2]) for code, days in first.items()
    )
    return max(ways, default=(0.0, 0, 0))


def next_one(c: CandidateColumns) -> float:
    """Return how probably a session is what the territory attends next, after what it attended on its last day."""
    last = max((row.date for row in c.recent), default=None)
    codes = {row.session for row in c.sources if row.date == last}
    return max((c.h.follows(code, c.session.id, last, is_next=True) for code in codes if last), default=0.0)


Column = Callable[[CandidateColumns], Value]


def rates(of: str) -> dict[str, Column]:
    """Return the columns of what became of the offers and of the bookings of a kind, relay or trainer."""

    def ends(c: CandidateColumns, what: str) -> list[str | None]:
        code = c.session.kind if of == "kind" else getattr(c.codes, of)
        return [each.get("event") for each in c.h.outcomes[what] if each.get(of) == code]

    return {
        f"{of}_answers": lambda c: len(ends(c, "offers")), f"{of}_bookings": lambda c: len(ends(c, "bookings")),
        f"{of}_acceptance": lambda c: mean(each == "accepted" for each in ends(c, "offers")),
        f"{of}_no_answer": lambda c: mean(each == "unanswered" for each in ends(c, "offers")),
        f"{of}_cancellation": lambda c: mean(each == "cancelled" for each in ends(c, "bookings")),
    }  # fmt: skip


_STORED = """territory.departement territory.population session.kind session.form session.min_seats session.max_seats
h.programme.strong_need h.programme.trainer_wait_limit h.programme.trainer_load_limit h.programme.travel_km
h.budget_left trainer.reach_km codes.territory codes.session codes.host codes.partner codes.trainer"""
COLUMNS: Final[dict[str, Column]] = {
    **{path.split(".")[-1]: attrgetter(path) for path in _STORED.split()},
    **{name: method for name, method in vars(CandidateColumns).items() if not name.startswith("_")},
    **rates("kind"), **rates("partner"), **rates("trainer"),
    "began_with": lambda c: len([code for code, s in c.h.began if s == c.session.id]),
    "began": lambda c: len({code for code, _ in c.h.began}),
    "session_rating": lambda c: mean(row.rating for row in c.h.attended if row.session == c.session.id),
    "sessions_attended": lambda c: len({(row.session, row.date) for row in c.recent}),
    "sessions_received": lambda c: c.h.visits[c.territory.id], "needs_waiting": lambda c: len(c.needs),
    "longest_wait_days": lambda c: max(((c.on - need.start).days for need in c.needs), default=None),
    "needs_since_renewal": lambda c: sum(c.h.renewed is None or need.start > c.h.renewed for need in c.needs),
    "need_score": lambda c: strongest(c.own), "need_served": lambda c: strongest(c.needs, c.serves),
    "need_to_confirm": lambda c: strongest(c.h.needs_of(c.territory.id, "to_confirm"), c.serves),
    "need_age_days": lambda c: c.since(need.start for need in c.own), "needs": lambda c: len(c.own),
    "leads_to_need": lambda c: strongest(c.needs, c.new), "leads_to_new": lambda c: len(c.new),
    "opens_probability": any_follows, "opens_need": lambda c: any_follows(c, by_need=True),
    "interested": lambda c: c.h.around(c.territory.id, c.session.id),
    "opens_people": lambda c: max((c.h.around(c.territory.id, code) for code in c.opens), default=0),
    "attended": lambda c: any(row in c.recent for row in c.came),
    "attended_before": lambda c: any(row not in c.recent for row in c.came), "follows": lambda c: bool(c.sources),
    "follow_probability": lambda c: followed(c)[0], "follow_support": lambda c: followed(c)[1],
    "follow_count": lambda c: followed(c)[2], "next_probability": next_one,
    "days_since_source": lambda c: c.since(row.date for row in c.sources),
    "lag_days": lambda c: max(0, (c.release - c.on).days), "open_days": lambda c: len(c.h.open_days(c.territory.id)),
    "open_days_left": lambda c: len(c.days(c.territory.id)),
    "host_departement": lambda c: c.host.departement, "own_place": lambda c: c.host is c.territory,
    "host_km": lambda c: round(kilometres(place(c.territory), place(c.host)), 3),
    "relay_covers_both": lambda c: bool(c.relays(c.territory.departement, c.host.departement)),
    "joins_booked": lambda c: c.joined is not None,
    "seats_left": lambda c: c.h.rooms.get(c.joined.id) if c.joined else None, "partner_kind": lambda c: c.partner.kind,
    "partner_present": lambda c: c.h.comes(c.partner),
    "partner_covers": lambda c: c.host.departement in c.partner.departements,
    "partner_carries": lambda c: not c.partner.carries or c.session.id in c.partner.carries,
    "partner_brings_both": lambda c: len({*c.partner.brings}) > 1, "trainer_present": lambda c: c.h.comes(c.trainer),
    "trainer_knows_session": lambda c: c.trainer in c.teachers(), "trainer_rating": lambda c: c.trainer.rating,
    "people": lambda c: c.coming(), "trainer_people": lambda c: c.coming(c.trainer.id),
    "trainer_knows_axis": lambda c: not c.axis or c.axis in c.taught,
    "trainer_fits_axis": lambda c: c.axis in c.taught if c.axis else c.trainer in c.teachers() and c.taught == c.axes,
    "wait_days": lambda c: (c.day - c.on).days if c.day else None,
    "fee": lambda c: None if c.trainer.fee is None else float(c.trainer.fee),
}  # fmt: skip
"""The function that computes each column of the vocabulary for a candidate."""
