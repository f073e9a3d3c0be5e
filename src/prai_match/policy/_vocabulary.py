"""The columns that rules can name: what each means, its type, its unit and what it depends on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, get_args

import polars as pl

from prai_match import _arguments as given
from prai_match._arguments import current_language
from prai_match._words import catalogue
from prai_match.model import Attribute, AttributeType, Bearer, ColumnType, Kind, Lang, Stage, Text

Key = Literal["departement", "territory", "session", "axis", "host_departement", "host", "partner", "trainer"]
PACKAGE = "prai_match.policy"  # whose catalogues have the words
TERRITORY: Stage = "territory"  # whose preferences make the priority
STAGES: tuple[Stage, ...] = tuple(stage for stage in get_args(Stage) if stage != TERRITORY)  # those that sift offers
OF_TERRITORIES: frozenset[Key] = frozenset({"departement", "territory"})
LEAST = -1e12  # the least number of a column of one's own, of which no bound is known
# What the rules of a stage don't see of the stages before: a relay and a trainer come to the host, whoever else comes.
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
        name: As rules write it.
        type: ``number``, ``boolean`` or ``text``.
        stage: The first stage whose rules see it (see `Vocabulary.columns`).
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
        formula: How it is computed, in French and English; None: one of the programme's or the user's own.

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
    def standard(cls) -> "Vocabulary":
        """Return the library's own columns."""
        rows = catalogue(PACKAGE, "vocabulary")
        return cls(
            tuple(Column(name=name, **{key: _frozen(key, row[key]) for key in row}) for name, row in rows.items())
        )

    @given.takes(stage=given.one_of((TERRITORY, *STAGES)))
    def columns(self, stage: Stage) -> tuple[Column, ...]:
        """Return what the rules of ``stage`` see: its own columns and the session's; that of territories, theirs.

        Those of a relay or a trainer see the host's too, and none of the territory that is invited.
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
        """Return the column called ``name``.

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
