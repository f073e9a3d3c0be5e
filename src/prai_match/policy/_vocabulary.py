"""The columns that rules can name: meaning, type, unit and dependencies of each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, get_args

import polars as pl

from prai_match import _arguments as given
from prai_match._words import catalogue
from prai_match.model import Attribute, AttributeType, Bearer, ColumnType, Kind, Lang, Stage, Text

Key = Literal["departement", "territory", "session", "axis", "host_departement", "host", "partner", "trainer"]
PACKAGE = "prai_match.policy"  # the package whose catalogues have the texts
TERRITORY: Stage = "territory"  # the stage whose preferences give the priority
STAGES: tuple[Stage, ...] = tuple(stage for stage in get_args(Stage) if stage != TERRITORY)  # these filter offers
OF_TERRITORIES: frozenset[Key] = frozenset({"departement", "territory"})
LEAST = -1e12  # the lowest number of a user's column, for which no bound is known
# What rules of a stage don't see of earlier stages: relay and trainer depend on the host, not on invited territories.
_UNSEEN: Mapping[Stage, frozenset[Key]] = {
    "partner": frozenset({"departement", "territory", "host"}),
    "trainer": frozenset({"departement", "territory"}),
}
# Numbers are 64-bit floats throughout, so that no expression is ever computed in decimals or integers.
DTYPES: dict[ColumnType, pl.DataType] = {"number": pl.Float64(), "boolean": pl.Boolean(), "text": pl.String()}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the vocabulary.

    Attributes:
        name: Its name in rules.
        type: ``number``, ``boolean`` or ``text``.
        stage: The first stage whose rules see it (see `Vocabulary.columns`).
        keys: What its value depends on; if empty, only the programme and the date.
        en: Meaning in English.
        fr: Meaning in French.
        unit: Unit of a number (``km``, ``€``, ``days``, ``people``…).
        low: Lowest possible number.
        high: Highest possible number; None if unbounded.
        values: All possible texts, if they are few and known.
        states: States of the needs that it counts (see `Programme.needs_on`); empty if it counts no needs.
        nullable: Whether the value can be unknown.
        decimals: Digits shown after the decimal mark.
        limit: Whether one of the limits that every policy has reads it; conditions of a policy then may not.
        formula: How it is computed, in French and English; None for a column of the programme or the user.

    Example:
        >>> people = Vocabulary.standard().column("people")
        >>> people.type, people.stage, people.unit
        ('number', 'place', 'people')
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
    formula: Text | None = None

    def meaning(self, lang: Lang) -> str:
        """Return the meaning in ``lang``."""
        return self.fr if given.current_language(lang) == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The columns that a policy may use: the library's own and those that the user provides by territory.

    Example:
        >>> [column.name for column in Vocabulary.standard().columns("partner")][-2:]
        ['partner_bookings', 'partner_cancellation']
    """

    all: tuple[Column, ...]

    @classmethod
    @cache
    def standard(cls) -> "Vocabulary":
        """Return the library's own columns."""
        rows = catalogue(PACKAGE, "vocabulary")
        return cls(
            tuple(Column(name=name, **{key: _frozen(key, row[key]) for key in row}) for name, row in rows.items())
        )

    @given.takes(stage=given.one_of((TERRITORY, *STAGES)))
    def columns(self, stage: Stage) -> tuple[Column, ...]:
        """Return the columns that rules of ``stage`` see: its own and the session's; for ``territory``, only its own.

        Rules on a relay or a trainer also see the host's columns, but none of the invited territory.
        """
        if stage == TERRITORY:
            return tuple(column for column in self.all if column.stage == "session" and column.keys <= OF_TERRITORIES)
        before, unseen = {"session"} | ({"place"} if stage in _UNSEEN else set()), _UNSEEN.get(stage, frozenset())
        return tuple(
            column
            for column in self.all
            if column.stage == stage or (column.stage in before and not column.keys & unseen)
        )

    def column(self, name: str) -> Column:
        """Return the column named ``name``.

        Raises:
            UnknownCodeError: There is none.
        """
        columns = {column.name: column for column in self.all}
        return columns[given.known_among("column", name, columns)]


def _frozen(key: str, value: Any) -> Any:  # noqa: ANN401 - whatever TOML has
    if key == "formula":
        return Text(**value)
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
    """Return the column through which rules read an attribute; a date is read as the number of days since it."""
    stage, key = _BEARERS[attribute.of]
    unit, decimals = "days" if attribute.type == "date" else attribute.unit, 2 if attribute.type == "decimal" else 0
    about = attribute.name, _TYPES[attribute.type], stage, frozenset({key}), attribute.en, attribute.fr, unit
    return Column(*about, low=LEAST, nullable=True, decimals=decimals)


def with_kinds(columns: Iterable[Column], kinds: Collection[Kind]) -> Iterable[Column]:
    """Add a programme's own kinds to the possible kinds of sessions and relay partners."""
    of = {"kind": {"buffets", "workshops"}, "partner_kind": {"partners"}}
    for column in columns:
        own = [kind.id for kind in kinds if kind.of in of.get(column.name, ())]
        yield replace(column, values=(*column.values, *own)) if own else column
