"""The columns that rules can name: what each means, its type, its unit and what it depends on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, get_args

import polars as pl

from prai_match import _arguments as given
from prai_match._arguments import current_language
from prai_match._words import catalogue
from prai_match.model import Attribute, AttributeType, Bearer, ColumnType, Kind, Lang, Stage

PACKAGE = "prai_match.policy"  # whose catalogues have the words
STAGES: tuple[Stage, ...] = get_args(Stage)
LEAST = -1e12  # the least number of a column of one's own, of which no bound is known
Key = Literal["departement", "territory", "session", "axis", "partner", "trainer"]
# Numbers are 64-bit floats throughout, so that no expression is ever computed in decimals or integers.
DTYPES: dict[ColumnType, pl.DataType] = {"number": pl.Float64(), "boolean": pl.Boolean(), "text": pl.String()}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the vocabulary.

    Attributes:
        name: As rules write it.
        type: ``number``, ``boolean`` or ``text``.
        stage: The first stage whose rules see it. Those of the session are seen by every stage.
        keys: What its value depends on; none: the programme and the date only.
        en: Meaning in English.
        fr: Meaning in French.
        unit: Unit of a number (``km``, ``€``, ``days``, ``people``…).
        low: Least possible number.
        high: Greatest possible number; None: no bound.
        values: Every possible text, where they are few and known.
        states: States of the needs that it counts (see `Programme.needs_on`); none: it counts no needs.
        nullable: Whether the value can be unknown.
        decimals: Digits shown after the decimal mark.
        limit: Whether a limit that every policy has reads it, so that no condition of a policy may.

    Example:
        >>> people = Vocabulary.standard().column("people")
        >>> people.type, people.stage, people.unit
        ('number', 'session', 'people')
    """

    name: str
    type: ColumnType
    stage: Stage
    keys: frozenset[Key]
    en: str
    fr: str
    unit: str = ""
    low: float = 0.0
    high: float | None = None
    values: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    nullable: bool = False
    decimals: int = 0
    limit: bool = False

    def meaning(self, lang: Lang) -> str:
        """Return the meaning in ``lang``."""
        return self.fr if current_language(lang) == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The columns that a policy may use: the library's own and those that the user joins by territory.

    Example:
        >>> [column.name for column in Vocabulary.standard().columns("partner")][-2:]
        ['partner_bookings', 'partner_cancellation']
    """

    all: tuple[Column, ...]

    @classmethod
    @cache
    def standard(cls) -> Vocabulary:
        """Return the library's own columns."""
        rows = catalogue(PACKAGE, "vocabulary")
        return cls(
            tuple(Column(name=name, **{key: _frozen(key, row[key]) for key in row}) for name, row in rows.items())
        )

    def columns(self, stage: Stage) -> tuple[Column, ...]:
        """Return what the rules of ``stage`` see: the session's columns and the stage's own."""
        return tuple(column for column in self.all if column.stage in {"session", stage})

    def column(self, name: str) -> Column:
        """Return the column called ``name``.

        Raises:
            UnknownCodeError: There is none.
        """
        columns = {column.name: column for column in self.all}
        return columns[given.known_among("column", name, columns)]


def _frozen(key: str, value: Any) -> Any:  # noqa: ANN401 - whatever TOML has
    return frozenset(value) if key == "keys" else tuple(value) if isinstance(value, list) else value


_BEARERS: Mapping[Bearer, tuple[Stage, Key]] = {
    "territories": ("session", "territory"),
    "collectivities": ("session", "territory"),
    "sessions": ("session", "session"),
    "partners": ("partner", "partner"),
    "trainers": ("trainer", "trainer"),
}
_TYPES: Mapping[AttributeType, ColumnType] = {
    "boolean": "boolean",
    "integer": "number",
    "decimal": "number",
    "text": "text",
    "date": "number",
}


def column_of(attribute: Attribute) -> Column:
    """Return the column by which rules read an attribute; a date is read as the days since it."""
    stage, key = _BEARERS[attribute.of]
    unit, decimals = "days" if attribute.type == "date" else attribute.unit, 2 if attribute.type == "decimal" else 0
    about = attribute.name, _TYPES[attribute.type], stage, frozenset({key}), attribute.en, attribute.fr, unit
    return Column(*about, low=LEAST, nullable=True, decimals=decimals)


def with_kinds(columns: Iterable[Column], kinds: Collection[Kind]) -> Iterable[Column]:
    """Add a programme's own kinds to those that sessions and relay partners can be of."""
    of = {"kind": {"buffets", "workshops"}, "partner_kind": {"partners"}}
    for column in columns:
        own = [kind.id for kind in kinds if kind.of in of.get(column.name, ())]
        yield replace(column, values=(*column.values, *own)) if own else column
