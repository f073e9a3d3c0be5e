"""A policy as it is written: data that `prai_match.policy` compiles."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from prai_match.model._attributes import NO_VALUES, NamedValues
from prai_match.model._base import Id, Model, Text

ColumnType = Literal["number", "boolean", "text"]
Stage = Literal["session", "partner", "trainer"]

_Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
_Weight = Annotated[float, Field(ge=0, le=1e6)]
_Sentence = Annotated[str, Field(max_length=2_000)]
_Share = Annotated[float, Field(ge=0, le=1)]


class RequireRow(Model):
    """A ``require`` rule as written."""

    id: _Identifier
    stage: Stage
    kind: Id | None = None
    require: str
    unknown: Literal["accept", "refuse"] = "refuse"
    reason: _Identifier | None = None
    fr: _Sentence
    en: _Sentence


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
    """A policy as written: its rules or, with ``extends``, how it differs from the policy that it builds on."""

    id: _Identifier
    extends: Literal["default"] | None = None
    without: tuple[_Identifier, ...] = ()
    name: Text
    weights: NamedValues[_Weight] = NO_VALUES
    column: tuple[ColumnRow, ...] = ()
    rule: tuple[RequireRow | PreferRow, ...] = ()
