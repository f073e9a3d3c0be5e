"""A policy as it is written: its rows, read from TOML or data, or the list of everything that is wrong with them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from prai_match._words import hint
from prai_match.errors import PolicyError, Problem, nearest
from prai_match.model import Model, SessionKind, Text, problem
from prai_match.policy._tokens import PACKAGE
from prai_match.policy._vocabulary import ColumnType, Stage  # noqa: TC001 - fields of models
from prai_match.text import TomlError, toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

LARGEST: Final = 1 << 18
"""The most bytes of a policy file."""
_MOST_ROWS: Final = 100

_Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
_Weight = Annotated[float, Field(ge=0, le=1e6)]
_Sentence = Annotated[str, Field(max_length=2_000)]
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
    weight: _Weight
    unknown: _Share = 0.0
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
    lines = {
        table: [
            number for number, line in enumerate(text.splitlines(), 1) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)
        ]
        for table in ("rule", "column")
    }

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
