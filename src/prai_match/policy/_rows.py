"""A policy as it is written: its rows, read from TOML or data, or all that is wrong with them; and written again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from prai_match._words import hint
from prai_match.errors import PolicyError, Problem, nearest
from prai_match.model import Model, SessionKind, Text, problem
from prai_match.policy._vocabulary import PACKAGE, ColumnType, Stage
from prai_match.text import TomlError, messages, toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from prai_match.model import Lang

LARGEST: Final = 1 << 18
"""The most bytes of a policy file."""
_MOST_ROWS: Final = 100
Call = tuple[str, tuple[str, ...], dict[str, Any]]
"""A method of a policy, with its arguments."""

_Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
_Sentence = Annotated[str, Field(max_length=2_000)]


class RequireRow(Model):
    """A ``require`` rule as written."""

    id: _Identifier
    stage: Stage
    kind: SessionKind | None = None
    require: str
    unknown: Literal["accept", "refuse"] = "refuse"
    reason: _Identifier | None = None
    postpones: bool = False
    fr: _Sentence
    en: _Sentence

    @model_validator(mode="after")
    def _only_sessions_wait(self) -> Self:
        if self.postpones and self.stage != "session":
            raise PydanticCustomError("postpones", "postpones")
        return self


class PreferRow(Model):
    """A ``prefer`` rule as written."""

    id: _Identifier
    stage: Stage
    prefer: str
    weight: Annotated[float, Field(ge=0, le=1e6)]
    unknown: Annotated[float, Field(ge=0, le=1)] = 0.0
    fr: _Sentence
    en: _Sentence


class ColumnRow(Model):
    """A column that the user joins by territory, as declared in the policy."""

    name: _Identifier
    type: ColumnType
    fr: _Sentence
    en: _Sentence
    unit: str = ""


class PolicyRows(Model):
    """A policy as written."""

    id: _Identifier
    name: Text
    column: tuple[ColumnRow, ...] = ()
    rule: tuple[RequireRow | PreferRow, ...]


def rows_from_toml(text: str, source: str) -> tuple[PolicyRows, Callable[[str, int], str]]:
    """Read the rows of a policy file, and the function that tells the place of a row."""
    try:
        data = toml(text, LARGEST)
    except TomlError as error:
        raise PolicyError(source, [error.problem(source)]) from None
    lines: dict[str, list[int]] = {"rule": [], "column": []}
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[\s*(rule|column)\s*\]\]", line):
            lines[header[1]].append(number)

    def place(table: str, index: int) -> str:
        return f"{source}:{lines[table][index]}" if index < len(lines[table]) else f"{source}, {table} {index + 1}"

    return read_rows(data, source, place), place


def read_rows(data: Mapping[str, object], source: str, place: Callable[[str, int], str]) -> PolicyRows:
    """Check the shape of a policy given as data."""
    problems: list[Problem] = []
    for table in ("rule", "column"):
        rows = data.get(table, [])
        if not isinstance(rows, list | tuple) or not all(isinstance(row, dict) for row in rows):
            problems.append(Problem.of(PACKAGE, "tables", f"{source}, {table}", repr(rows)[:80], table=table))
            continue
        if len(rows) > _MOST_ROWS:
            problems.append(Problem.of(PACKAGE, "most", source, f"{len(rows)} [[{table}]]", most=_MOST_ROWS))
            continue
        for index, row in enumerate(rows):
            rule = PreferRow if "prefer" in row and "require" not in row else RequireRow
            problems += _shape(ColumnRow if table == "column" else rule, row, place(table, index))
    head = {key: value for key, value in data.items() if key not in {"rule", "column"}}
    problems += _shape(PolicyRows, {**head, "rule": (), "column": ()}, source)
    if not data.get("rule"):
        problems.append(Problem.of(PACKAGE, "no_rule", source))
    if problems:
        raise PolicyError(source, problems)
    return PolicyRows.model_validate(data)


def _shape(model: type[Model], row: Mapping[str, object], where: str) -> Iterator[Problem]:
    place = f"{where} ({row['id']})" if isinstance(row.get("id"), str) and model is not PolicyRows else where
    try:
        model.model_validate(row)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            yield _problem(details, model, place)


def _problem(details: Mapping[str, Any], model: type[Model], place: str) -> Problem:
    field = ".".join(str(part) for part in details["loc"])
    match details["type"]:
        case "extra_forbidden":
            near = hint(nearest(field, model.model_fields), model.model_fields)
            return Problem.of(PACKAGE, "unknown_field", place, field=field, near=near)
        case "missing":
            return Problem.of(PACKAGE, "no_field", place, field=field)
        case "postpones":
            return Problem.of(PACKAGE, "postpones", f"{place}.postpones", "true")
        case "string_pattern_mismatch":
            return Problem.of(PACKAGE, "identifier", f"{place}.{field}", problem(details).found)
        case _:
            return replace(problem(details), where=f"{place}.{field}")


def code(rows: PolicyRows, source: str, calls: list[Call] | None = None) -> str:
    """Return code that makes an equal policy: what is called on the default one, else the whole as TOML."""
    if calls is not None:
        return "Policy.default()" + "".join(map(_call_code, calls))
    text = _toml(rows)
    literal = repr(text) if "'''" in text else f"r'''\n{text}'''"
    return f"Policy.from_toml({literal}, source={source!r})"


def steps(default: PolicyRows, rows: PolicyRows) -> Iterator[Call]:
    """Give what makes a policy from the default one, if anything does."""
    before = {row.id: row for row in default.rule}
    rules = {row.id: row for row in rows.rule}
    same = {
        name: row
        for name, row in rules.items()
        if name in before and {**dict(row), "weight": 0} == {**dict(before[name]), "weight": 0}
    }
    for name in before:
        if name not in same:
            yield "without", (name,), {}
    weights = {name: row.weight for name, row in same.items() if isinstance(row, PreferRow) and row != before[name]}
    if weights:
        yield "with_weights", (), weights
    for column in rows.column:
        if column not in default.column:
            options = _unusual({"fr": column.name, "en": column.name, "unit": ""}, column)
            yield "with_column", (column.name, column.type), options
    for name, row in rules.items():
        if name not in same:
            yield _addition(row)


def _addition(row: RequireRow | PreferRow) -> Call:
    if isinstance(row, RequireRow):
        method, condition = "require", row.require
        usual: dict[str, Any] = {"stage": "session", "kind": None, "unknown": "refuse", "reason": row.id}
    else:
        method, condition = "prefer", row.prefer
        usual = {"weight": None, "stage": "session", "unknown": 0.0}
    return method, (condition,), {"id": row.id, **_unusual({**usual, "fr": condition, "en": condition}, row)}


def _unusual(usual: dict[str, Any], row: Model) -> dict[str, Any]:
    return {name: value for name in usual if (value := getattr(row, name)) != usual[name]}


def _call_code(call: Call) -> str:
    name, values, options = call
    arguments = [*map(repr, values), *(f"{key}={value!r}" for key, value in options.items())]
    return f".{name}({', '.join(arguments)})"


def file(rows: PolicyRows, lang: Lang) -> str:
    """Return a policy as a TOML file that tells its reader what the fields mean."""
    return f"{messages(PACKAGE, 'describe', lang)['file']}\n{_toml(rows)}"


def _toml(rows: PolicyRows) -> str:
    head = [f"id = {_value(rows.id)}", "", "[name]", *_lines(rows.name)]
    tables = [("column", row) for row in rows.column] + [("rule", row) for row in rows.rule]
    return "\n".join([*head, *(line for name, row in tables for line in ("", f"[[{name}]]", *_lines(row)))]) + "\n"


def _lines(row: Model) -> Iterator[str]:
    for name, value in row.model_dump().items():
        if value is not None:
            yield f"{name} = {_value(value)}"


def _value(value: str | float | bool) -> str:  # noqa: FBT001 - one of the values of a field
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower()
