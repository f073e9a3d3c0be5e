"""Which rules of a policy change a ranking, and which can't or didn't; stand-ins for missing relays and trainers."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final, TypedDict

import numpy as np
import polars as pl

from prai_match import _arguments as given, offers, policy as rules, recommend
from prai_match._executors import side_by_side
from prai_match.errors import ArgumentError
from prai_match.followups import attended
from prai_match.model import Lang, ProgrammeData, RelayPartner, Text, Trainer, substitute
from prai_match.policy import Expression, Policy, Preference, Requirement
from prai_match.text import Document, Items, Section, Shown, Tabular, bar, counted, current_language, day, messages

_PACKAGE: Final = "prai_match.backtest"
_SCHEMA: Final = {
    **dict.fromkeys(("rule", "stage", "verdict", "why", "other"), pl.String),
    **dict.fromkeys(("days", "of_days", "territories", "of_territories"), pl.Int64),
}
_FARTHEST_KM = 20_016  # half the circumference of the Earth
_KEYS = {"partners": "partner", "trainers": "trainer"}  # what columns about them depend on
_Rules = frozenset[str]  # identifiers of rules that are left out together


@dataclass(frozen=True, eq=False, repr=False)
class PolicyCheck(Shown, Tabular):
    """Which rules of a policy change a ranking, and which don't.

    Libraries that read Arrow make a data frame of its rules. Limits, which every policy has, are never left out.

    Attributes:
        programme: Name of the programme.
        policy: The policy.
        days: The days on which rankings were compared.
        rules: One row per rule, in the order of the policy: ``rule``, ``stage``, ``verdict``, ``why`` (it can't change
            a ranking), ``other`` (a rule), the number of ``days`` and ``territories`` with a different ranking without
            the rule (or without both rules), and the totals ``of_days`` and ``of_territories``.

    The verdicts:

    - ``changes``: the rule changes a ranking.
    - ``did_not``: it changes no ranking on these days.
    - ``redundant_with``: leaving out only this rule or only the other changes no ranking, leaving out both does.
    - ``can_not``: it can't change any ranking: it ``always`` holds or gives the same points, it is for a ``kind`` that
      the programme doesn't have, or its ``weight`` is 0.
    - ``orders_territories``: it only adds to the priority of territories, not to the score of offers.

    Example:
        >>> from prai_match import Programme
        >>> policy = Policy.default().require("people >= 0", id="some_people")
        >>> check = Programme.example().check_policy(policy=policy, days=["2007-09-03"])
        >>> check.rules.filter(rule="some_people").row(0)[:4]
        ('some_people', 'session', 'can_not', 'always')
    """

    programme: Text
    policy: Policy
    days: tuple[dt.date, ...]
    rules: pl.DataFrame

    def to_polars(self) -> pl.DataFrame:
        """Return the rules."""
        return self.rules

    def text(self, lang: Lang | None = None) -> str:
        """Return the rules grouped by verdict, as plain text.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return document(self, current_language(lang)).text()

    def __repr__(self) -> str:
        counts = self.rules.group_by("verdict").agg(pl.col("rule").n_unique()).sort("verdict").iter_rows()
        return f"<PolicyCheck: {len(self.days)} days; rules: {', '.join(f'{n} {name}' for name, n in counts)}>"


class CheckOptions(TypedDict, total=False):
    policy: Policy | None
    days: Iterable[dt.date] | None
    extra: Any
    executor: Executor | None


@given.takes(days=given.optional(given.days))
def check_policy(
    programme: ProgrammeData,
    *,
    policy: Policy | None = None,
    days: Iterable[dt.date] | None = None,
    extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
    executor: Executor | None = None,
) -> PolicyCheck:
    """Return which rules of a policy can't change a ranking, and which didn't (see `Programme.check_policy`)."""
    policy = (policy or rules.policy_of(programme)).checked(programme)
    if not (asked := tuple(sorted(set(_months(programme) if days is None else days)))):
        raise ArgumentError.of(_PACKAGE, "no_day", name="days")
    stages, idle = {row.id: row.stage for row in policy.rows.rule}, dict(_idle(policy, programme))
    tried = [rule for rule, stage in stages.items() if rule not in idle and stage in rules.STAGES]

    def without(groups: Sequence[_Rules]) -> dict[_Rules, tuple[int, int]]:
        """Count the days and territories whose ranking differs without each group of rules."""
        tasks, changed = ((on, (programme, on, policy, groups, extra)) for on in asked if groups), []
        with bar(len(asked)) as advance:
            for _, each in side_by_side(executor, changes, tasks):
                changed.append(each)
                advance(1)
        counts = ((sum(map(np.any, on)), np.any(on, axis=0).sum()) for on in zip(*changed, strict=True))
        return {group: (int(n), int(t)) for group, (n, t) in zip(groups, counts, strict=True)}

    alone = without([_Rules([rule]) for rule in tried])
    still = [rule for group, counts in alone.items() if not any(counts) for rule in group]
    both = without([*map(_Rules, combinations(still, 2))])

    def rows(rule: str) -> Iterator[tuple[str, str | None, str | None, int, int]]:
        counts = alone.get(_Rules([rule]), (0, 0))
        others = {other: both.get(_Rules([rule, other]), (0, 0)) for other in still}
        if rule not in tried:
            yield ("can_not" if rule in idle else "orders_territories"), idle.get(rule), None, *counts
        elif not any(map(any, others.values())):
            yield ("changes" if any(counts) else "did_not"), None, None, *counts
        yield from (("redundant_with", None, other, *each) for other, each in others.items() if any(each))

    of = len(programme.territories)
    table = [
        (rule, stage, verdict, why, other, n, len(asked), t, of)
        for rule, stage in stages.items()
        for verdict, why, other, n, t in rows(rule)
    ]
    return PolicyCheck(programme.name, policy, asked, pl.DataFrame(table, schema=_SCHEMA, orient="row"))


def _months(programme: ProgrammeData) -> list[dt.date]:
    """Return the first day of each month of the history; if there is none, its last day or that of the programme."""
    dates = sorted([*attended(programme)["date"], *programme.needs.to_polars()["date"]]) or [programme.period.start]
    months = (dt.date(n // 12, n % 12 + 1, 1) for n in range(dates[0].year * 12, dates[-1].year * 12 + 12))
    return [month for month in months if dates[0] <= month <= dates[-1]] or [dates[-1]]


def changes(
    programme: ProgrammeData, on: dt.date, policy: Policy, groups: Sequence[_Rules], extra: object
) -> list[offers.Array]:
    """Return which territories' rankings differ without each group of rules; the data of the day are computed once."""
    seen = offers.seen_on(programme, on)
    day, territories = recommend.day_of(seen, on, policy, extra=extra), offers.frames_of(seen).territories

    def ranking(own: Policy) -> offers.Array:
        under = offers.by_council(day, own, territories["t"])
        ranked = recommend.rank(under, own, day.width, territories).ranked
        table = np.full((len(ranked) - 1, territories.height, day.width), -1)
        for column, name in zip(table, [name for name in ranked if name != "score"], strict=True):
            column[ranked["t"], ranked["rank"].astype(int) - 1] = ranked[name]
        return table

    whole = ranking(policy)
    return [np.any(ranking(without(policy, group)) != whole, axis=(0, 2)) for group in groups]


def without(policy: Policy, group: Collection[str]) -> Policy:
    """Return the policy without a group of rules; the points of the others stay the same."""
    requirements = tuple(rule for rule in policy.requirements if rule.id not in group)
    preferences = tuple(rule for rule in policy.preferences if rule.id not in group)
    return replace(policy, requirements=requirements, preferences=preferences)


def _idle(policy: Policy, programme: ProgrammeData) -> Iterator[tuple[str, str]]:
    """Yield each rule that can't change a ranking, and why."""
    every = {column.name: column for column in policy.vocabulary.all}
    catalogue = programme.catalogue.sessions
    there = {name: {getattr(each, name) for each in catalogue} for name in ("kind", "form")}
    there |= {"session": {each.id for each in catalogue}, "partner_kind": {each.kind for each in programme.partners}}
    here = every | {name: replace(every[name], values=tuple(sorted(values))) for name, values in there.items()}
    for rule, expression in rules.expressions(policy):
        if isinstance(rule, Preference) and not rule.points:
            yield rule.id, "weight"
        elif why := next(
            (why for why, columns in (("always", every), ("kind", here)) if _never_differs(rule, expression, columns)),
            None,
        ):
            yield rule.id, why


def _never_differs(rule: Requirement | Preference, value: Expression, columns: Mapping[str, rules.Column]) -> bool:
    """Return whether a rule certainly refuses nothing, or gives the same points, whatever the values of columns."""
    some = {name: rules.points(columns[name], (), ()).take(np.zeros(1, int)) for name in value.columns}

    def differs(values: Mapping[str, rules.Values]) -> rules.Values:
        if isinstance(rule, Requirement):
            return rules.Values(~rule.holds(values))
        return rules.Values(rule.units(values) != rule.units(some))

    return rules.impossible([[replace(value, compute=differs)]], dict(columns))[0]


def with_stand_ins(
    programme: ProgrammeData, policies: Mapping[str, Policy]
) -> tuple[ProgrammeData, dict[str, Policy], dict[str, tuple[str, ...]]]:
    """Add a free stand-in for relays or trainers that a programme lacks, and leave out the rules that read them."""
    stand_ins, left, own = dict[str, Any](), dict[str, tuple[str, ...]](), dict(policies)
    for table, key in _KEYS.items():
        if not getattr(programme, table):
            reading = {name: {*_reading(policy, key)} for name, policy in own.items()}
            own = {name: without(policy, reading[name]) for name, policy in own.items()}
            left[table] = tuple(sorted(set[str]().union(*reading.values())))
            stand_ins[table] = (_MADE[table](programme),)
    return (substitute(programme, **stand_ins) if stand_ins else programme), own, left


def _reading(policy: Policy, key: str) -> Iterator[str]:
    """Yield the rules of a policy that read data of a relay or trainer; limits aren't counted as rules."""
    own = {column.name for column in policy.vocabulary.all if key in column.keys}
    return (
        rule.id
        for rule, value in rules.expressions(policy)
        if not getattr(rule, "limit", False) and not own.isdisjoint(value.columns)
    )


def _relay(programme: ProgrammeData) -> RelayPartner:
    places = sorted({each.departement for each in programme.territories})
    return RelayPartner.model_validate({"id": "relay", "name": "relay", "kind": "other", "departements": places})


def _trainer(programme: ProgrammeData) -> Trainer:
    every, home = [{"session": each.id} for each in programme.catalogue.sessions], programme.territories[0]
    place = {"home": home.members[0], "latitude": home.latitude, "longitude": home.longitude, "reach_km": _FARTHEST_KM}
    who = {"id": "trainer", "organisation": "trainer", "role": "trainer"}
    return Trainer.model_validate({**who, **place, "expertise": every})


_MADE = {"partners": _relay, "trainers": _trainer}


def document(check: PolicyCheck, lang: Lang) -> Document:
    texts, count = messages(_PACKAGE, "check", lang), len(check.days)
    sentences = {row.id: rules.unfilled(getattr(row, lang)) for row in check.policy.rows.rule}

    def line(row: Mapping[str, Any]) -> str:
        own = {"why": texts["why"][row["why"]] if row["why"] else sentences[row["rule"]]}
        own |= {name: counted(row[name], texts["count"][name], lang) for name in ("days", "territories")}
        return str(texts["line"][row["verdict"]].format_map({**row, **own}))

    first, last = (day(each, lang) for each in (check.days[0], check.days[-1]))
    asked = texts["asked"].format(days=counted(count, texts["count"]["days"], lang), first=first, last=last)
    title = texts["title"].format(policy=check.policy.name.get(lang), programme=check.programme.get(lang))
    once = pl.col("other").is_null() | (pl.col("rule") < pl.col("other"))  # each pair of redundant rules once
    sections = (
        Section(heading, (Items(tuple(map(line, rows.iter_rows(named=True)))),))
        for verdict, heading in texts["section"].items()
        if (rows := check.rules.filter(once, verdict=verdict)).height
    )
    return Document(lang, title, (asked,), tuple(sections))
