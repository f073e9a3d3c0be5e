"""What the rules give by these columns: every candidate, the ranking, and why nothing is offered."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

from prai_match.policy import GRID, STAGE_REASONS, STAGES, Expression, Policy, Preference, Requirement
from prai_match.testing._attributes import attributes_of
from prai_match.testing._expressions import value_of
from prai_match.testing._oracle._columns import COLUMNS, OF_JOINS, Candidate, CandidateColumns, Value
from prai_match.testing._oracle._history import KnownHistory, kilometres, place

_WIDER = 1.25  # beyond so many times their reach, trainers are no candidates


class CandidateVerdict(NamedTuple):
    """A candidate with what the rules say of it.

    Attributes:
        candidate: The candidate.
        broken: Requirements that it breaks; none: it can be offered.
        score: Its points, 0 to 100.
        day: The first day on which it can be held; None: none to the horizon.

    Example:
        >>> candidate = Candidate("200066231", "sig", None, "200066231", "adm09", "sig_toulouse")
        >>> CandidateVerdict(candidate, broken=("enough_people",), score=0, day=None).broken
        ('enough_people',)
    """

    candidate: Candidate
    broken: tuple[str, ...]
    score: float
    day: dt.date | None


@dataclass(eq=False)
class Oracle(KnownHistory):
    """The reference engine: a programme on a day, read and judged by a policy in plain Python.

    Attributes:
        programme: The programme.
        on: The day; nothing that comes later is read.
        day: A day on which the council sits by which it is judged; None: the first for which people can be invited.
        horizon: How many days ahead are looked at; None: as many as the programme says.
        policy: The policy; None: the programme's.
        extra: The columns that the policy asks for, by territory.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> prog, on = Programme.example(), dt.date(2007, 9, 3)
        >>> oracle = Oracle(prog, on)
        >>> first = oracle.ranking("200066231")[0]
        >>> first.candidate.session == prog.recommend(on)["200066231"].session
        True
        >>> oracle.facts(first.candidate)["departement"]
        '09'
    """

    policy: Policy | None = None
    extra: Mapping[str, Mapping[str, Value]] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.rules = (self.policy or self.programme.policy).checked(self.programme)
        self._keys = {each.name: each.keys for each in self.rules.vocabulary.all}

    def facts(self, candidate: Candidate) -> dict[str, Value]:
        """Return every column of a candidate."""
        return {name: self.column(name, candidate) for name in self._keys}

    def column(self, name: str, candidate: Candidate) -> Value:
        """Return a column of a candidate; it depends on what its keys say alone, and is unknown where one lacks."""
        return self._once(name, [name], candidate, lambda: self._column(name, candidate))

    def _column(self, name: str, c: Candidate) -> Value:
        if None in {getattr(c, key) for key in self._keys[name] & {"partner", "trainer"}} and name not in OF_JOINS:
            return None
        if name in COLUMNS:
            return COLUMNS[name](CandidateColumns(self, c))
        own = next((each for each in self.programme.attributes if each.name == name), None)
        if own is None:
            return (self.extra or {}).get(c.territory, {}).get(name)
        members = [each for each in self.programme.collectivities if self.home.get(each.code) == c.territory]
        code = {"territories": c.territory, "sessions": c.session, "partners": c.partner, "trainers": c.trainer}
        rows = members if own.of == "collectivities" else [getattr(self, own.of)[code[own.of]]]
        return attributes_of(self.programme, self.on, own.of, *rows)[name]

    def _once(self, what: str, columns: Iterable[str], c: Candidate, make: Callable[[], Value]) -> Value:
        places = {"departement": c.territory, "host_departement": c.host}
        codes = c._asdict() | {name: self.territories[code].departement for name, code in places.items()}
        keys = sorted({"joins", *(key for name in columns for key in self._keys[name])})
        return self.once((what, *(codes[each] for each in keys)), make)

    def _value(self, rule: str, expression: Expression, c: Candidate) -> Any:  # noqa: ANN401 - a number or a truth
        get = partial(self.column, candidate=c)
        return self._once(f"rule {rule}", expression.columns, c, lambda: value_of(expression.tree, get))

    def holds(self, rule: Requirement, candidate: Candidate) -> bool:
        """Tell whether a candidate passes a requirement: relay and trainer of a session that is joined are booked."""
        if candidate.joins and rule.stage in {"partner", "trainer"}:
            return True
        value = self._value(rule.id, rule.condition, candidate)
        return rule.unknown == "accept" if value is None else bool(value)

    def units(self, rule: Preference, candidate: Candidate) -> int:
        """Return the points that a preference gives, in whole multiples of 1/GRID."""
        value = self._value(rule.id, rule.value, candidate)
        return round(max(min(rule.unknown if value is None else value, 1.0), 0.0) * (rule.points * GRID))

    def verdict(self, candidate: Candidate) -> CandidateVerdict:
        """Return what the rules say of a candidate."""
        broken = tuple(rule.id for rule in self.rules.requirements if not self.holds(rule, candidate))
        score = sum(self.units(rule, candidate) for rule in self.rules.preferences) / GRID
        return CandidateVerdict(candidate, broken, score, CandidateColumns(self, candidate).day)

    def priority(self, territory: str) -> dict[str, float]:
        """Return the points of each rule for the priority of a territory, by the council that sits first."""
        some = Candidate(territory, next(iter(self.sessions)), None, territory, None, None)
        return {rule.id: self.units(rule, some) / GRID for rule in self.rules.priorities}

    @cached_property
    def by_council(self) -> list["Oracle"]:
        """The same for each of the councils that sit on the days of offers, the first one first."""
        days = {self.council_of(day): day for day in self.ahead}
        return [self, *(replace(self, day=day) for council, day in days.items() if council != self.renewed)]

    def under(self, day: dt.date) -> "Oracle":
        """Return the one by the council that sits on a day."""
        return next(each for each in self.by_council if each.renewed == self.council_of(day))

    def could_come(self, offer: Candidate, day: dt.date) -> int:
        """Return how many people could come on a day: interested, near, allowed, after their lag, on a known axis."""
        view, (_, session, _, host, _, trainer, _) = self.under(day), offer
        every = [Candidate(t, session, view.axis(t, session), host, None, trainer) for t in self.territories]
        rules = [e for e in self.rules.requirements if e.stage == "place" and "people" not in e.condition.columns]
        those = [e for e in every if view.interest(e.territory, session) and view.may_come(e.territory, session, day)]
        able = [each for each in those if view.in_time(each, day) and all(view.holds(rule, each) for rule in rules)]
        return sum(view.interest(each.territory, session) for each in able)

    def may_come(self, territory: str, session: str, day: dt.date) -> bool:
        """Tell whether a territory passes the conditions on sessions and its lag is over on a day."""

        def release() -> dt.date | None:
            one = Candidate(territory, session, self.axis(territory, session), territory, None, None)
            rules = [rule for rule in self.rules.requirements if rule.stage == "session"]
            rules = [rule for rule in rules if not (rule.limit and "open_days" in rule.condition.columns)]
            able = all(self.holds(rule, one) for rule in rules)
            return CandidateColumns(self, one).release if able else None

        first = self.once(("release", territory, session), release)
        return first is not None and first <= day

    def in_time(self, c: Candidate, day: dt.date) -> bool:
        """Tell whether the lag of a candidate is over on a day, and its trainer, if any, knows the axis."""
        return CandidateColumns(self, c).release <= day and self.column("trainer_knows_axis", c) is not False

    def judge(self, territory: str) -> "Oracle":
        """Return the one whose council judges a territory: the first with an offer or, of none, that comes furthest."""
        with_days = [each for each in self.by_council if any(map(each.open_days, self.territories))]
        return max(with_days or [self], key=lambda each: max(map(_furthest, each.answers(territory))))

    def answers(self, territory: str) -> list[CandidateVerdict | int]:
        """Return the best candidate of each session by this council or, of none, the number of its reason."""
        return self.once(("answers", territory), lambda: [self.best(territory, code) for code in sorted(self.sessions)])

    def ranking(self, territory: str) -> list[CandidateVerdict]:
        """Return the best candidate of each session that has any: the most points, then the first codes."""
        every = [each for each in self.judge(territory).answers(territory) if not isinstance(each, int)]
        return sorted(every, key=lambda one: (-one.score, one.candidate.session))

    def reason(self, territory: str) -> str | None:
        """Return why nothing is offered: the reason of the session that comes furthest; None: something is."""
        number = max(map(_furthest, self.judge(territory).answers(territory)))
        return None if number == math.inf else self.rules.reasons[int(number)]

    def best(self, territory: str, session: str) -> CandidateVerdict | int:
        """Return the best candidate of a session or, of none, the number of the reason of the furthest at its place.

        It joins the nearest booked session that it can; else it is held at its own place or, if that can't be, at the
        nearest host that can hold it at its own.
        """

        def can(guest: str, host: str) -> bool:
            return not isinstance(self.best_at(guest, session, host), int)

        joined = (each for each in map(self.verdict, self._joins(territory, session)) if not each.broken)
        hosts = [territory] if can(territory, territory) else self.hosts(territory)
        host = next((each for each in hosts if can(territory, each) and can(each, each)), territory)
        return next(joined, None) or self.best_at(territory, session, host)

    def _joins(self, territory: str, session: str) -> list[Candidate]:
        """The booked sessions that may be joined, the nearest first, then the soonest, then the first code."""
        axis, those = self.axis(territory, session), [e for e in self.joinable if e.session == session]
        every = [(e, Candidate(territory, session, axis, e.host, e.partner, e.trainer, e.id)) for e in those]
        able = [(e, one) for e, one in every if self.council_of(e.date) == self.renewed and self.in_time(one, e.date)]
        return [one for *_, one in sorted((self.column("host_km", one) or 0, e.date, e.id, one) for e, one in able)]

    def best_at(self, territory: str, session: str, host: str) -> CandidateVerdict | int:
        """Return the same of a session of its own that is held at a host."""
        return self.once(("at", territory, session, host), lambda: self._best_at(territory, session, host))

    def _best_at(self, territory: str, session: str, host: str) -> CandidateVerdict | int:
        here, number = place(self.territories[host]), self.rules.reasons.index
        near = [code for code, e in self.trainers.items() if kilometres(here, place(e)) <= e.reach_km * _WIDER]
        able = [Candidate(territory, session, self.axis(territory, session), host, None, None)]
        for stage in STAGES:
            actors: Iterable[str] | None = {"partner": [*self.partners], "trainer": near}.get(stage)
            every = able if actors is None else [one._replace(**{stage: code}) for one in able for code in actors]
            rules = [rule for rule in self.rules.requirements if rule.stage == stage]
            stops = {each: [number(rule.reason) for rule in rules if not self.holds(rule, each)] for each in every}
            able = [each for each in every if not stops[each]]
            if not able:
                around = [each for each in every if stage != "partner" or self.column("partner_covers", each)]
                return max((min(stops[each]) for each in around), default=number(STAGE_REASONS[stage]))
        return min(map(self.verdict, able), key=lambda one: (-one.score, one.candidate.partner, one.candidate.trainer))

    def later(self, territory: str) -> CandidateVerdict | None:
        """Return the best candidate beyond the horizon, where there is none within it."""
        end = self.programme.period.end
        far = self.once("far", lambda: replace(self, horizon=(end - self.on).days))
        return None if self.ranking(territory) or end <= self.last else next(iter(far.ranking(territory)), None)


def _furthest(answer: CandidateVerdict | int) -> float:
    return answer if isinstance(answer, int) else math.inf
