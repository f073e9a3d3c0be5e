"""The two sorts of rules, ready to be evaluated: compiled from the rows of a policy, with all problems reported."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations, compress
from operator import attrgetter
from typing import Literal, TypeVar, cast, get_args

import numpy as np
from numpy.typing import NDArray

from prai_match import _arguments as given
from prai_match._words import catalogue
from prai_match.errors import PolicyError, Problem
from prai_match.model import Lang, PolicyRows, PreferRow, RequireRow, SessionForm, Stage, Text
from prai_match.policy import _sentences
from prai_match.policy._expression import Expression, impossible, parse
from prai_match.policy._parser import KEYWORDS
from prai_match.policy._values import Values
from prai_match.policy._vocabulary import OF_TERRITORIES, PACKAGE, TERRITORY, Column, Vocabulary
from prai_match.text import messages

GRID = float(2**20)  # points are whole multiples of 1/GRID, so that sums of points are exact in any order
# The reason of a requirement without one.
STAGE_REASONS: dict[Stage, str] = {
    "session": "no_need_and_no_buffet",
    "place": "no_host",
    "partner": "no_relay",
    "trainer": "no_trainer",
}
_MOST_STEPS = 2_000  # total of all expressions
_SHORTEST_NAME = 3
# Names that the engine uses for its own columns.
_RESERVED = frozenset(
    {"able", "axis", "carried", "core", "day", "next", "per_month", "per_year", "rank", "reason", "row"}
    | {"score", "session_cost", "served", "step", "stop", "territory_name"}
    | {"p_points", "r_points", "s_points", "s_step", "x_points"}
)


def reasons(lang: Lang) -> dict[str, str]:
    """Return the sentences of the library's own reasons by code, in the order in which they are checked."""
    return messages(PACKAGE, "reasons", lang)


@dataclass(frozen=True)
class Requirement:
    """A condition that must hold.

    Attributes:
        id: Identifier of the rule.
        stage: What it judges: the session, the place, the partner or the trainer.
        kind: The kind of session that it applies to, or the form buffet or workshop; None means all kinds.
        condition: The condition: true, false or unknown; true for sessions of other kinds.
        unknown: Whether an unknown condition lets the candidate pass (``accept``) or not (``refuse``).
        reason: Code of the reason given if it leaves a territory without a recommendation.
        sentence: What it requires, with columns in braces.
        limit: Whether it is a limit of the programme, its calendar or its capacities, which every policy has.

    Example:
        >>> from prai_match.policy import Policy, columns_of
        >>> rule = Policy.default().requirement("enough_people")
        >>> rule.kind, rule.unknown, rule.reason
        ('workshop', 'refuse', 'too_few_people')
        >>> import polars as pl
        >>> frame = pl.DataFrame({"form": "workshop", "people": [12, 4, None], "min_seats": 10, "joins_booked": False})
        >>> rule.state(columns_of(frame)).series("state").to_list()
        [True, False, None]
    """

    id: str
    stage: Stage
    kind: str | None
    condition: Expression
    unknown: Literal["accept", "refuse"]
    reason: str
    sentence: Text
    limit: bool = False

    def state(self, columns: Mapping[str, Values]) -> Values:
        """Return whether the condition is true for the candidates of ``columns``, and where this is known."""
        return self.condition.evaluate(columns)

    def holds(self, columns: Mapping[str, Values]) -> NDArray[np.bool_]:
        """Return which candidates of ``columns`` pass."""
        value, known = self.condition.evaluate(columns)
        return value | ~known if known is not None and self.unknown == "accept" else value


@dataclass(frozen=True)
class Preference:
    """A condition, or a number from 0 to 1, that adds to the score of an offer or to the priority of a territory.

    Attributes:
        id: Identifier of the rule.
        stage: What it judges: the territory (it adds to the priority), the session, the place, the partner or the
            trainer.
        kind: Whether it applies only to buffets or only to workshops; None means both.
        value: The number; true counts as 1, values outside 0 to 1 are clipped, and sessions of other kinds have 0.
        weight: Its weight, relative to those of other preferences.
        points: Maximum points: the weights of a score, or of a priority, are scaled to a total of 100.
        unknown: The number that counts if the value is unknown.
        sentence: What it prefers, with columns in braces.

    Example:
        >>> from prai_match import Policy
        >>> rule = Policy.default().preference("equity")
        >>> rule.stage, rule.points, rule.sentence.get("en")
        ('territory', 30.0, 'The territory received less than its share of sessions.')
    """

    id: str
    stage: Stage
    kind: SessionForm | None
    value: Expression
    weight: float
    points: float
    unknown: float
    sentence: Text

    def units(self, columns: Mapping[str, Values]) -> NDArray[np.int64]:
        """Return the points added to the scores of the candidates of ``columns``, in units of 1/GRID."""
        value, known = self.value.evaluate(columns)
        share = value if known is None else np.where(known, value, self.unknown)
        if share.dtype == np.bool_:
            return share * np.int64(self.points * GRID)
        units: NDArray[np.int64] = np.rint(np.maximum(np.minimum(share, 1.0), 0.0) * (self.points * GRID)).astype("i8")
        return units

    def is_known(self, columns: Mapping[str, Values]) -> NDArray[np.bool_]:
        """Return for which candidates of ``columns`` the number is known."""
        value, known = self.value.evaluate(columns)
        return np.ones(value.shape, np.bool_) if known is None else known


@cache
def limits() -> tuple[Requirement, ...]:
    """The conditions that every policy has: the limits of the programme, its calendar and its capacities."""
    every: list[Requirement] = []
    for name, fields in catalogue(PACKAGE, "limits").items():
        row = RequireRow.model_validate({"id": name, **fields})
        columns = {column.name: column for column in Vocabulary.standard().columns(row.stage)}
        condition = cast("Expression", parse(row.require, columns, name, boolean=True))
        sentence, reason = Text(fr=row.fr, en=row.en), str(row.reason)
        every.append(Requirement(row.id, row.stage, None, condition, row.unknown, reason, sentence, limit=True))
    return tuple(every)


def compile_rules(
    rows: PolicyRows,
    vocabulary: Vocabulary,
    source: str,
    place: Callable[[str, int], str],
    attributes: Sequence[str] = (),
) -> tuple[tuple[Requirement, ...], tuple[Preference, ...]]:
    """Parse and check every rule against the vocabulary; return both sorts in the order of the identifiers."""
    own = [rule.id for rule in limits()]
    problems = list(_twice([row.id for row in rows.rule], partial(place, "rule"), "rule_again", own))
    standard = [column.name for column in Vocabulary.standard().all]
    for table, names, before in (
        ("attributes", list(attributes), standard),
        ("column", [row.name for row in rows.column], [*standard, *attributes]),
    ):
        problems += _twice(names, partial(place, table), "column_again", before)
        problems += [
            Problem.of(PACKAGE, "reserved", place(table, index), name=name)
            for index, name in enumerate(names)
            if len(name) < _SHORTEST_NAME or name in _RESERVED or name.upper() in KEYWORDS
        ]
    points = _points([row for row in rows.rule if isinstance(row, PreferRow)])
    requirements: list[tuple[str, Requirement]] = []
    preferences: list[Preference] = []
    alone: list[tuple[str, Expression]] = []
    for index, row in enumerate(rows.rule):
        where = f"{place('rule', index)} ({row.id})"
        stage: Stage = "place" if row.stage == "session" else row.stage  # ``place`` sees columns of sessions too
        columns = {column.name: column for column in vocabulary.columns(stage)}
        problems += (problem for text in (row.fr, row.en) for problem in _sentences.faults(text, columns, where))
        expressions = _expressions(row, columns, where)
        if isinstance(expressions, list):
            problems += expressions
            continue
        expression, whole = expressions
        stage = row.stage if all(columns[name].stage != stage for name in expression.columns) else stage
        alone.append((where, expression))
        sentence = Text(fr=row.fr, en=row.en)
        if isinstance(row, PreferRow):
            worth = row.weight, points[row.id]
            preferences.append(Preference(row.id, stage, row.kind, whole, *worth, row.unknown, sentence))
        else:
            reason = row.reason or STAGE_REASONS[stage]
            requirements.append((where, Requirement(row.id, stage, row.kind, whole, row.unknown, reason, sentence)))
    steps = sum(expression.steps for _, expression in alone)
    if steps > _MOST_STEPS:
        problems.append(Problem.of(PACKAGE, "all_steps", source, count=steps, most=_MOST_STEPS))
        raise PolicyError(source, problems)
    columns = {column.name: column for column in vocabulary.all}
    never = impossible([[expression] for _, expression in alone], columns)
    senseless = {where: expression.sql for (where, expression), sure in zip(alone, never, strict=True) if sure}
    problems += [Problem.of(PACKAGE, "never_holds", where, repr(sql)) for where, sql in senseless.items()]
    problems += _contradictions([rule for where, rule in requirements if where not in senseless], columns, source)
    if problems:
        raise PolicyError(source, problems)
    by_id = attrgetter("id")
    return tuple(sorted((rule for _, rule in requirements), key=by_id)), tuple(sorted(preferences, key=by_id))


def _expressions(
    row: RequireRow | PreferRow, columns: dict[str, Column], where: str
) -> tuple[Expression, Expression] | list[Problem]:
    """Return the expression of a rule as written, and for all kinds of session; or its problems."""
    requires = isinstance(row, RequireRow)
    sql = row.require if isinstance(row, RequireRow) else row.prefer
    if row.stage == TERRITORY and (requires or row.kind):
        return [Problem.of(PACKAGE, "of_territories", where)]
    if requires:
        columns = {name: column for name, column in columns.items() if not column.limit}
    own = parse(sql, columns, where, boolean=requires)
    if not isinstance(own, Expression):
        return own
    if not own.columns:
        return [Problem.of(PACKAGE, "decides_nothing", where, repr(sql))]
    is_same = all(columns[name].keys <= OF_TERRITORIES for name in own.columns)  # same for all its offers
    if not requires and not row.kind and row.stage != TERRITORY and is_same:
        return [Problem.of(PACKAGE, "same_for_all", where, ", ".join(own.columns))]
    # Sessions of other kinds always meet a requirement, and get no points from a preference. A bundled kind applies to
    # all sessions of its form.
    column = "form" if row.kind in get_args(SessionForm) else "kind"
    nothing = "FALSE" if own.is_condition else "0"
    if requires:
        sql = f"{column} <> '{row.kind}' OR ({sql})"
    else:
        sql = f"CASE WHEN {column} = '{row.kind}' THEN ({sql}) ELSE {nothing} END"
    whole = parse(sql, columns, where, boolean=requires) if row.kind else own
    return (own, whole) if isinstance(whole, Expression) else whole


def _points(rules: Sequence[PreferRow]) -> dict[str, float]:
    """Scale the weights of priorities, and those of scores, to a total of 100 each.

    A rule for all sessions gives the same points to buffets and to workshops. The rules for buffets together, and those
    for workshops together, both get the points of the heavier group, so that either form can reach 100.
    """
    every = {row.id: row.weight for row in rules}
    of_territories = {row.id: row.weight for row in rules if row.stage == TERRITORY}
    kinds = [
        {row.id: row.weight for row in rules if row.kind == kind and row.stage != TERRITORY}
        for kind in (None, *get_args(SessionForm))
    ]
    most = round(100 * GRID)
    common, *own = kinds
    heaviest = max(sum(sorted(weights.values())) for weights in own)
    shared = _units({**common, "": heaviest}, most)
    left = shared.pop("")
    units = [_units(of_territories, most), shared, *(_units(weights, left) for weights in own)]
    return dict.fromkeys(every, 0.0) | {rule: unit / GRID for part in units for rule, unit in part.items()}


def _units(weights: Mapping[str, float], units: int) -> dict[str, int]:
    """Share units of 1/GRID out by weight; the heaviest takes the remainder."""
    if not (total := sum(sorted(weights.values()))):
        return dict.fromkeys(weights, 0)
    each = {rule: math.floor(units / GRID * weight / total * GRID) for rule, weight in weights.items()}
    each[min(weights, key=lambda rule: (-weights[rule], rule))] += units - sum(each.values())
    return each


def _twice(names: list[str], place: Callable[[int], str], key: str, others: Sequence[str] = ()) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name in names[:index] or name in others:
            yield Problem.of(PACKAGE, key, place(index), name=name)


def _contradictions(requirements: Sequence[Requirement], columns: dict[str, Column], source: str) -> Iterator[Problem]:
    pairs = [
        (first, second)
        for first, second in combinations(requirements, 2)
        if set(first.condition.columns) & set(second.condition.columns)
    ]
    never = impossible([(first.condition, second.condition) for first, second in pairs], columns)
    for first, second in compress(pairs, never):
        one, other = (f"{rule.id} ({rule.condition.sql})" for rule in (first, second))
        yield Problem.of(PACKAGE, "contradiction", source, one=one, other=other)


RuleT = TypeVar("RuleT", Requirement, Preference)


def by_id(name: str, rules: tuple[RuleT, ...]) -> RuleT:
    ids = [rule.id for rule in rules]
    return rules[ids.index(given.known_among("rule", name, ids))]
