"""From the rows of a policy to rules that can be evaluated, or to the list of everything that is wrong with it."""

from __future__ import annotations

import math
from itertools import combinations, compress
from operator import attrgetter
from typing import TYPE_CHECKING

from prai_match.errors import PolicyError, Problem
from prai_match.model import Text
from prai_match.policy import _feasibility, _sentences
from prai_match.policy._expression import Expression, parse
from prai_match.policy._rows import PreferRow, RequireRow
from prai_match.policy._rules import GRID, STAGE_REASONS, Preference, Requirement
from prai_match.policy._tokens import KEYWORDS, PACKAGE
from prai_match.policy._vocabulary import Column, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from prai_match.policy._rows import PolicyRows

_MOST_STEPS = 2_000  # of all expressions together
_SHORTEST_NAME = 3
_RESERVED = frozenset(
    {"able", "axis", "core", "day", "next", "per_month", "per_year", "postponed", "rank", "reason", "row", "score"}
    | {"session_cost", "served", "step", "stop", "territory_name"}
    | {"p_points", "r_points", "s_points", "s_step", "x_points"}
)
"""What the engine calls its own columns."""


def compile_rules(
    rows: PolicyRows, vocabulary: Vocabulary, source: str, place: Callable[[str, int], str]
) -> tuple[tuple[Requirement, ...], tuple[Preference, ...]]:
    """Parse and check every rule against the vocabulary; return both sorts in the order of the identifiers."""
    problems = list(_twice([row.id for row in rows.rule], lambda index: place("rule", index), "rule_again"))
    standard = [column.name for column in Vocabulary.standard().all]
    names = [*standard, *(column.name for column in rows.column)]
    problems += _twice(names, lambda index: place("column", index - len(standard)), "column_again")
    problems += [
        Problem.of(PACKAGE, "reserved", place("column", index), name=row.name)
        for index, row in enumerate(rows.column)
        if len(row.name) < _SHORTEST_NAME or row.name in _RESERVED or row.name.upper() in KEYWORDS
    ]
    points = _points({row.id: row.weight for row in rows.rule if isinstance(row, PreferRow)})
    requirements: list[tuple[str, Requirement]] = []
    preferences: list[Preference] = []
    alone: list[tuple[str, Expression]] = []
    for index, row in enumerate(rows.rule):
        where = f"{place('rule', index)} ({row.id})"
        columns = {column.name: column for column in vocabulary.columns(row.stage)}
        problems += (problem for text in (row.fr, row.en) for problem in _sentences.faults(text, columns, where))
        sql = row.require if isinstance(row, RequireRow) else row.prefer
        expression = parse(sql, columns, where, boolean=isinstance(row, RequireRow))
        if not isinstance(expression, Expression):
            problems += expression
            continue
        if not expression.columns:
            problems.append(Problem.of(PACKAGE, "decides_nothing", where, repr(expression.sql)))
            continue
        alone.append((where, expression))
        sentence = Text(fr=row.fr, en=row.en)
        if isinstance(row, PreferRow):
            share = points[row.id]
            preferences.append(Preference(row.id, row.stage, expression, row.weight, share, row.unknown, sentence))
            continue
        # Sessions of another kind always meet it.
        sql = f"kind <> '{row.kind}' OR ({row.require})"
        whole = expression if row.kind is None else parse(sql, columns, where, boolean=True)
        if not isinstance(whole, Expression):
            problems += whole
            continue
        reason = row.reason or STAGE_REASONS[row.stage]
        requirement = Requirement(row.id, row.stage, row.kind, whole, row.unknown, reason, row.postpones, sentence)
        requirements.append((where, requirement))
    steps = sum(expression.steps for _, expression in alone)
    if steps > _MOST_STEPS:
        problems.append(Problem.of(PACKAGE, "all_steps", source, count=steps, most=_MOST_STEPS))
        raise PolicyError(source, problems)
    columns = {column.name: column for column in vocabulary.all}
    never = _feasibility.impossible([[expression] for _, expression in alone], columns)
    senseless = {where: expression.sql for (where, expression), sure in zip(alone, never, strict=True) if sure}
    problems += [Problem.of(PACKAGE, "never_holds", where, repr(sql)) for where, sql in senseless.items()]
    problems += _contradictions([rule for where, rule in requirements if where not in senseless], columns, source)
    if problems:
        raise PolicyError(source, problems)
    by_id = attrgetter("id")
    return tuple(sorted((rule for _, rule in requirements), key=by_id)), tuple(sorted(preferences, key=by_id))


def _points(weights: Mapping[str, float]) -> dict[str, float]:
    """Bring the weights to a total of exactly 100, in whole multiples of 1/GRID; the heaviest takes what is left."""
    total = sum(sorted(weights.values()))
    if not total:
        return dict.fromkeys(weights, 0.0)
    units = {rule: math.floor(100 * weight / total * GRID) for rule, weight in weights.items()}
    heaviest = min(weights, key=lambda rule: (-weights[rule], rule))
    units[heaviest] += round(100 * GRID) - sum(units.values())
    return {rule: unit / GRID for rule, unit in units.items()}


def _twice(names: Sequence[str], place: Callable[[int], str], key: str) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Problem.of(PACKAGE, key, place(index), name=name)


def _contradictions(requirements: Sequence[Requirement], columns: dict[str, Column], source: str) -> Iterator[Problem]:
    pairs = [
        (first, second)
        for first, second in combinations(requirements, 2)
        if set(first.condition.columns) & set(second.condition.columns)
    ]
    never = _feasibility.impossible([(first.condition, second.condition) for first, second in pairs], columns)
    for first, second in compress(pairs, never):
        one, other = (f"{rule.id} ({rule.condition.sql})" for rule in (first, second))
        yield Problem.of(PACKAGE, "contradiction", source, one=one, other=other)
