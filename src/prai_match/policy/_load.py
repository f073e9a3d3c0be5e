"""From a policy as data to rules that can be evaluated, or to the list of everything that is wrong with it."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from prai_match.errors import PolicyError, Problem, did_you_mean
from prai_match.model import Model, SessionKind, Text
from prai_match.policy import _satisfiable, _sentences
from prai_match.policy._expression import Expression, parse
from prai_match.policy._reasons import STAGE_REASONS
from prai_match.policy._rules import GRID, Preference, Requirement
from prai_match.policy._vocabulary import Column, ColumnType, Stage, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_SHORTEST_NAME = 3
_RESERVED = frozenset(
    {"able", "axis", "core", "day", "next", "per_month", "per_year", "postponed", "rank", "reason", "row", "score"}
    | {"session_cost", "served", "step", "stop", "territory_name"}
    | {"p_points", "r_points", "s_points", "s_step", "x_points"}
)
"""What the engine calls its own columns."""

_Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
_Weight = Annotated[float, Field(ge=0, le=1e6)]
_Share = Annotated[float, Field(ge=0, le=1)]


class RequireRow(Model):
    """A ``require`` rule as written."""

    id: _Identifier
    stage: Stage
    kind: SessionKind | None = None
    require: str
    unknown: Literal["accept", "refuse"] = "refuse"
    reason: _Identifier | None = None
    postpones: bool = False
    fr: str
    en: str

    @model_validator(mode="after")
    def _only_sessions_wait(self) -> Self:
        if self.postpones and self.stage != "session":
            msg = "postpones only in a rule of stage 'session'"
            raise ValueError(msg)
        return self


class PreferRow(Model):
    """A ``prefer`` rule as written."""

    id: _Identifier
    stage: Stage
    prefer: str
    weight: _Weight
    unknown: _Share = 0.0
    fr: str
    en: str


class ColumnRow(Model):
    """A column that the user joins by territory, as declared in the policy."""

    name: _Identifier
    type: ColumnType
    fr: str
    en: str
    unit: str = ""


class PolicyRows(Model):
    """A policy as written."""

    id: _Identifier
    name: Text
    column: tuple[ColumnRow, ...] = ()
    rule: tuple[RequireRow | PreferRow, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a policy, each list in the order of the identifiers."""

    requirements: tuple[Requirement, ...]
    preferences: tuple[Preference, ...]


def rows_from_toml(text: str, source: str) -> tuple[PolicyRows, Callable[[str, int], str]]:
    """Read the rows of a policy file, and the function that tells the place of a row.

    Raises:
        PolicyError: The text is no TOML, or a row has a missing, unknown or ill-typed field.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(source, [Problem(source, str(error), "a TOML file")]) from None
    lines = {
        table: [
            number for number, line in enumerate(text.splitlines(), 1) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)
        ]
        for table in ("rule", "column")
    }

    def place(table: str, index: int) -> str:
        found = lines[table][index : index + 1]
        return f"{source}:{found[0]}" if found else f"{source}, {table} {index + 1}"

    return read_rows(data, source, place), place


def read_rows(data: Mapping[str, object], source: str, place: Callable[[str, int], str]) -> PolicyRows:
    """Check the shape of a policy given as data.

    Raises:
        PolicyError: A row has a missing, unknown or ill-typed field.
    """
    problems: list[Problem] = []
    for table, choose in (("rule", _rule_model), ("column", lambda _: ColumnRow)):
        rows = data.get(table, [])
        if not isinstance(rows, list | tuple) or not all(isinstance(row, dict) for row in rows):
            problems.append(Problem(f"{source}, {table}", repr(rows)[:80], f"[[{table}]] tables"))
            continue
        for index, row in enumerate(rows):
            problems += _shape(choose(row), row, place(table, index))
    head = {key: value for key, value in data.items() if key not in {"rule", "column"}}
    problems += _shape(PolicyRows, {**head, "rule": (), "column": ()}, source)
    if not data.get("rule"):
        problems.append(
            Problem(source, "no rule", "at least one [[rule]]: an empty policy would offer everything to all")
        )
    if problems:
        raise PolicyError(source, problems)
    return PolicyRows.model_validate(data)


def _rule_model(row: Mapping[str, object]) -> type[Model]:
    return PreferRow if "prefer" in row and "require" not in row else RequireRow


def _shape(model: type[Model], row: Mapping[str, object], where: str) -> Iterator[Problem]:
    named = f"{where} ({row['id']})" if isinstance(row.get("id"), str) and model is not PolicyRows else where
    try:
        model.model_validate(row)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            field = ".".join(str(part) for part in details["loc"])
            if details["type"] == "extra_forbidden":
                asked = did_you_mean(field, model.model_fields) or f": one of {', '.join(model.model_fields)}"
                yield Problem(named, f"unknown field {field!r}", f"a known field{asked}")
            elif details["type"] == "missing":
                yield Problem(named, f"no {field!r}", f"a {field!r}")
            else:
                yield Problem(
                    f"{named}.{field}",
                    repr(details["input"])[:80],
                    details["msg"].removeprefix("Input should be "),
                )


def compile_rules(rows: PolicyRows, vocabulary: Vocabulary, source: str, place: Callable[[str, int], str]) -> Rules:
    """Parse and check every rule against the vocabulary.

    Raises:
        PolicyError: A rule names an unknown column or value, stands twice, can never hold, or contradicts another.
    """
    problems = list(_twice([row.id for row in rows.rule], lambda index: place("rule", index), "rule"))
    taken = [column.name for column in Vocabulary.standard().all]
    names = [*taken, *(column.name for column in rows.column)]
    problems += _twice(names, lambda index: place("column", index - len(taken)), "column")
    problems += [
        Problem(place("column", index), f"column {row.name!r}", "another name: the library uses this one itself")
        for index, row in enumerate(rows.column)
        if len(row.name) < _SHORTEST_NAME or row.name in _RESERVED
    ]
    points = _points({row.id: row.weight for row in rows.rule if isinstance(row, PreferRow)})
    requirements: list[Requirement] = []
    preferences: list[Preference] = []
    for index, row in enumerate(rows.rule):
        where = f"{place('rule', index)} ({row.id})"
        columns = {column.name: column for column in vocabulary.columns(row.stage)}
        sentence_problems = [
            problem for text in (row.fr, row.en) for problem in _sentences.faults(text, columns, where)
        ]
        problems += sentence_problems
        required = isinstance(row, RequireRow)
        parsed = parse(row.require if required else row.prefer, columns, where, boolean=required)  # type: ignore[union-attr]
        if not isinstance(parsed, Expression):
            problems += parsed
        elif not parsed.columns:
            problems.append(
                Problem(where, repr(parsed.sql), "a condition on at least one column: this one decides nothing")
            )
        elif not _satisfiable.can_hold([parsed], columns):
            problems.append(Problem(where, repr(parsed.sql), "a condition that can hold: this one never does"))
        elif sentence_problems:
            continue
        elif isinstance(row, RequireRow):
            # Sessions of another kind always meet it.
            sql = f"kind <> '{row.kind}' OR ({row.require})"
            whole = parsed if row.kind is None else parse(sql, columns, where, boolean=True)
            if not isinstance(whole, Expression):
                problems += whole
                continue
            requirements.append(
                Requirement(
                    id=row.id,
                    stage=row.stage,
                    kind=row.kind,
                    condition=whole,
                    unknown=row.unknown,
                    reason=row.reason or STAGE_REASONS[row.stage],
                    postpones=row.postpones,
                    sentence=Text(fr=row.fr, en=row.en),
                )
            )
        else:
            sentence = Text(fr=row.fr, en=row.en)
            preferences.append(Preference(row.id, row.stage, parsed, row.weight, points[row.id], row.unknown, sentence))
    problems += _contradictions(requirements, vocabulary, source)
    if problems:
        raise PolicyError(source, problems)
    return Rules(
        tuple(sorted(requirements, key=lambda rule: rule.id)),
        tuple(sorted(preferences, key=lambda rule: rule.id)),
    )


def _points(weights: Mapping[str, float]) -> dict[str, float]:
    """Bring the weights to a total of exactly 100, in whole multiples of 1/GRID; the heaviest takes what is left."""
    total = sum(sorted(weights.values()))
    if not total:
        return dict.fromkeys(weights, 0.0)
    units = {rule: math.floor(100 * weight / total * GRID) for rule, weight in weights.items()}
    heaviest = min(weights, key=lambda rule: (-weights[rule], rule))
    units[heaviest] += round(100 * GRID) - sum(units.values())
    return {rule: unit / GRID for rule, unit in units.items()}


def _twice(names: Sequence[str], place: Callable[[int], str], what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield Problem(place(index), f"{what} {name!r} again", "an identifier used once")
        seen.add(name)


def _contradictions(requirements: Sequence[Requirement], vocabulary: Vocabulary, source: str) -> Iterator[Problem]:
    columns: dict[str, Column] = {column.name: column for column in vocabulary.all}
    for first, second in combinations(requirements, 2):
        conditions = [first.condition, second.condition]
        shared = set(first.condition.columns) & set(second.condition.columns)
        if shared and not _satisfiable.can_hold(conditions, columns):
            found = f"{first.id} ({first.condition.sql}) and {second.id} ({second.condition.sql})"
            yield Problem(source, found, "rules that can hold together: these never do")
