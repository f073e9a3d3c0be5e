"""Judgement by the rules with these columns: every candidate, the ranking, and why nothing is offered."""

import datetime as dt
import math
import operator as op
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from operator import attrgetter
from typing import Any, Final, NamedTuple

from prai_match.policy import GRID, STAGE_REASONS, STAGES, Constant, Name, Node, Policy, Preference, Requirement
from prai_match.testing._attributes import all_of, any_of, attributes_of
from prai_match.testing._oracle._columns import COLUMNS, OF_JOINS, Candidate, CandidateColumns, Value
from prai_match.testing._oracle._history import KnownHistory
from prai_match.testing._oracle._measures import grouped, kilometres, place

_WIDER = 1.25  # beyond so many times their reach, trainers aren't candidates


class CandidateVerdict(NamedTuple):
    """A candidate with its judgement by the rules.

    Attributes:
        candidate: The candidate.
        broken: Requirements that don't hold; if there are none, it can be offered.
        score: Its points, 0 to 100.
        day: The first day on which it can be held; None if there is none within the horizon.

    Example:
        >>> candidate = Candidate("200066231", "sig", None, "200066231", "adm09", "sig_toulouse")
        >>> CandidateVerdict(candidate, broken=("enough_people",), score=0, day=None).broken
        ('enough_people',)
    """

    candidate: Candidate
    broken: tuple[str, ...]
    score: float
    day: dt.date | None


class Best(NamedTuple):
    """The best candidate of a session or, if none, the number of the reason that stops the one that gets furthest."""

    verdict: CandidateVerdict | None
    reason: float = math.inf


@dataclass(eq=False)
class Oracle(KnownHistory):
    """The reference engine: a programme on a day, read and judged by a policy in plain Python.

    Attributes:
        programme: The programme.
        on: The day; nothing later is read.
        day: A day on which the judging council is in office; None means the first for which people can be invited.
        horizon: Number of days looked ahead; None means that of the programme.
        policy: The policy; None means the programme's.
        extra: The columns that the policy declares, by territory.

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
        self.requirements = grouped(self.rules.requirements, attrgetter("stage"))
        self._keys = {each.name: each.keys for each in self.rules.vocabulary.all}

    def facts(self, candidate: Candidate) -> dict[str, Value]:
        """Return every column of a candidate."""
        return {name: self.column(name, candidate) for name in self._keys}

    def column(self, name: str, candidate: Candidate) -> Value:
        """Return a column of a candidate; it depends only on its keys, and is unknown if one is missing."""
        places = {"departement": candidate.territory, "host_departement": candidate.host}
        codes = candidate._asdict() | {name: self.territories[code].departement for name, code in places.items()}
        key = name, candidate.joins, *(codes[each] for each in self._keys[name])
        return self.once(key, lambda: self._column(name, candidate))

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

    def holds(self, rule: Requirement, candidate: Candidate) -> bool:
        """Return whether a candidate passes a requirement: relay and trainer of a joined session are already booked."""
        if candidate.joins and rule.stage in {"partner", "trainer"}:
            return True
        value = value_of(rule.condition.tree, partial(self.column, candidate=candidate))
        return rule.unknown == "accept" if value is None else bool(value)

    def units(self, rule: Preference, candidate: Candidate) -> int:
        """Return the points that a preference gives, in whole multiples of 1/GRID."""
        value = value_of(rule.value.tree, partial(self.column, candidate=candidate))
        return round(max(min(rule.unknown if value is None else value, 1.0), 0.0) * (rule.points * GRID))

    def verdict(self, candidate: Candidate) -> CandidateVerdict:
        """Return the judgement of a candidate by the rules."""
        broken = tuple(rule.id for rule in self.rules.requirements if not self.holds(rule, candidate))
        score = sum(self.units(rule, candidate) for rule in self.rules.preferences) / GRID
        return CandidateVerdict(candidate, broken, score, CandidateColumns(self, candidate).day)

    def priority(self, territory: str) -> dict[str, float]:
        """Return the points of each rule for the priority of a territory, under the first council in office."""
        some = Candidate(territory, next(iter(self.sessions)), None, territory)
        return {rule.id: self.units(rule, some) / GRID for rule in self.rules.priorities}

    @cached_property
    def by_council(self) -> list["Oracle"]:
        """The oracles for each council in office on days of offers, in order of time."""
        days = {self.council_of(day): day for day in self.ahead}
        return [self, *(replace(self, day=day) for council, day in days.items() if council != self.renewed)]

    def under(self, day: dt.date) -> "Oracle":
        """Return the oracle under the council in office on a day."""
        return next(each for each in self.by_council if each.renewed == self.council_of(day))

    def could_come(self, offer: Candidate, day: dt.date) -> int:
        """Return how many people could attend on a day: interested, near, allowed, after their lag, on a known axis."""
        rules = [rule for rule in self.requirements["place"] if "people" not in rule.condition.columns]
        return self.under(day).coming(self.territories, offer, day, rules)

    def coming(self, among: Iterable[str], to: Candidate, day: dt.date, rules: Iterable[Requirement] = ()) -> int:
        """Return how many people of some territories may come to a session on a day, by rules on its place."""
        those = [(code, self.axis(code, to.session)) for code in among if self.interest(code, to.session)]
        every = [Candidate(code, to.session, axis, to.host, None, to.trainer) for code, axis in those]
        able = [one for one in every if self.may_come(one, day) and all(self.holds(rule, one) for rule in rules)]
        return sum(self.interest(one.territory, one.session) for one in able)

    def may_come(self, c: Candidate, day: dt.date) -> bool:
        """Return whether a territory may attend on a day: by conditions on sessions, after its lag, on a known axis."""
        rules = [e for e in self.requirements["session"] if not (e.limit and "open_days" in e.condition.columns)]
        able = self.once(("able", c.territory, c.session), lambda: all(self.holds(rule, c) for rule in rules))
        in_time = float(self.column("lag_days", c) or 0) <= (day - self.on).days
        return able and in_time and self.column("trainer_knows_axis", c) is not False

    def judge(self, territory: str) -> "Oracle":
        """Return the oracle whose council judges a territory: the first with an offer, else the one furthest along."""
        with_days = [each for each in self.by_council if any(map(each.open_days, self.territories))]
        return max(with_days or [self], key=lambda each: max(best.reason for best in each.answers(territory)))

    def answers(self, territory: str) -> list[Best]:
        """Return the answer for each session under this council."""
        return self.once(("answers", territory), lambda: [self.best(territory, code) for code in sorted(self.sessions)])

    def ranking(self, territory: str) -> list[CandidateVerdict]:
        """Return the best candidate of each session that has any: the most points, then the first codes."""
        every = [each.verdict for each in self.judge(territory).answers(territory) if each.verdict]
        return sorted(every, key=lambda one: (-one.score, one.candidate.session))

    def reason(self, territory: str) -> str | None:
        """Return why nothing is offered: the reason of the session that gets furthest; None if there is an offer."""
        furthest = max(each.reason for each in self.judge(territory).answers(territory))
        return None if furthest == math.inf else self.rules.reasons[int(furthest)]

    def best(self, territory: str, session: str) -> Best:
        """Return the best candidate of a session or, if none, the reason at the territory's own place.

        It joins the nearest booked session that it can; otherwise it is held at its own place or, if impossible, at the
        nearest host that can hold it there.
        """
        own = self.best_at(territory, session, territory)
        joined = (Best(each) for each in map(self.verdict, self._joins(territory, session)) if not each.broken)
        hosts = (each for each in self.others(territory) if self.best_at(each, session, each).verdict)
        there = (self.best_at(territory, session, host) for host in hosts)
        first = next(joined, own)
        return first if first.verdict else next((each for each in there if each.verdict), own)

    def _joins(self, territory: str, session: str) -> list[Candidate]:
        """The booked sessions that may be joined, the nearest first, then the soonest, then the first code."""
        axis, those = self.axis(territory, session), [e for e in self.joinable if e.session == session]
        every = [(e, Candidate(territory, session, axis, e.host, e.partner, e.trainer, e.id)) for e in those]
        able = [(e, one) for e, one in every if self.council_of(e.date) == self.renewed and self.may_come(one, e.date)]
        return [one for *_, one in sorted((self.column("host_km", one) or 0, e.date, e.id, one) for e, one in able)]

    def best_at(self, territory: str, session: str, host: str) -> Best:
        """Return the same for a new session that is held at a host."""
        return self.once(("at", territory, session, host), lambda: self._best_at(territory, session, host))

    def _best_at(self, territory: str, session: str, host: str) -> Best:
        here, number = place(self.territories[host]), self.rules.reasons.index
        near = [code for code, e in self.trainers.items() if kilometres(here, place(e)) <= e.reach_km * _WIDER]
        able = [Candidate(territory, session, self.axis(territory, session), host)]
        for stage in STAGES:
            actors: Iterable[str] | None = {"partner": [*self.partners], "trainer": near}.get(stage)
            every = able if actors is None else [one._replace(**{stage: code}) for one in able for code in actors]
            rules = self.requirements[stage]
            stops = {each: [number(rule.reason) for rule in rules if not self.holds(rule, each)] for each in every}
            able = [each for each in every if not stops[each]]
            if not able:
                around = [each for each in every if stage != "partner" or self.column("partner_covers", each)]
                return Best(None, max((min(stops[each]) for each in around), default=number(STAGE_REASONS[stage])))
        return Best(min(map(self.verdict, able), key=lambda e: (-e.score, e.candidate.partner, e.candidate.trainer)))

    def later(self, territory: str) -> CandidateVerdict | None:
        """Return the best candidate beyond the horizon, if there is none within it."""
        end = self.programme.period.end
        far = self.once("far", lambda: replace(self, horizon=(end - self.on).days))
        return None if self.ranking(territory) or end <= self.last else next(iter(far.ranking(territory)), None)


def value_of(node: Node, column: Callable[[str], Any]) -> Any:  # noqa: ANN401 - a number, a truth, a text or None
    """Return the value of a tree, given ``column``, which returns values of columns by name."""
    if isinstance(node, Constant | Name):
        return node.value if isinstance(node, Constant) else column(node.name)
    values = [value_of(part, column) for part in node.parts]
    return _OF_UNKNOWN[node.name](*values) if node.name in _OF_UNKNOWN else _known(node.name, *values)


def _known(name: str, *values: Any) -> Any:  # noqa: ANN401
    try:
        value = None if None in values else _OF_KNOWN[name](*values)
    except (ArithmeticError, ValueError):
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _case(*values: Any, met: Callable[[Any], Any] = bool) -> Any:  # noqa: ANN401
    return next((then for when, then in zip(values[:-1:2], values[1::2], strict=True) if met(when)), values[-1])


_OF_UNKNOWN: Final[dict[str, Callable[..., Any]]] = {
    "AND": lambda *values: all_of(values), "OR": lambda *values: any_of(values), "CASE": _case,
    "IN": lambda value, *listed: any_of(_known("=", value, each) for each in listed),
    "BETWEEN": lambda value, low, high: all_of([_known(">=", value, low), _known("<=", value, high)]),
    "CHOICE": lambda value, *rest: _case(*rest, met=lambda each: _known("=", value, each)),
    "IS NULL": lambda value: value is None, "IS TRUE": lambda value: value is True,
    "IS FALSE": lambda value: value is False,
    "COALESCE": lambda *values: next((value for value in values if value is not None), None),
    "NULLIF": lambda one, other: None if _known("=", one, other) else one,
}  # fmt: skip
_OF_KNOWN: Final[dict[str, Callable[..., Any]]] = {
    "+": op.add, "-": op.sub, "*": op.mul, "/": op.truediv, "NEGATE": op.neg, "ABS": abs, "SQRT": math.sqrt,
    "LN": math.log, "EXP": math.exp, "POW": math.pow, "NOT": op.not_,
    "=": op.eq, "<>": op.ne, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge,
}  # fmt: skip
