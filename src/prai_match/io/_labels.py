"""Which table a file is and which column a label names: by the words of `data/labels.toml`, typing errors included."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process

from prai_match.io._schema import TABLES
from prai_match.text import without_accents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.io._schema import Table

_ALIKE = 85
"""How much (0-100) a label must be like a known one to be taken for it, misspelt."""

_SHORTEST = 3
"""Characters of a word by which labels are compared word by word: shorter ones stand in too many."""

_LONGEST = 500
"""Characters of a label that are looked at: those that are kept must not fill the memory."""

REASON = frozenset({"reason", "motif", "motif du rejet", "raison"})
"""Labels of the column that rejected rows are saved with: it is passed over when they are loaded again."""


@dataclass(frozen=True, slots=True)
class Match:
    """A column of a file and what it was taken for.

    Attributes:
        label: As it is written in the file.
        column: The column of the table; None: not used.
        how: `name`, `synonym`, `alike`, `chosen` (by the user) or `unused`.
        place: Its place in the file, from 0.
    """

    label: str
    column: str | None
    how: str
    place: int


def key(label: str) -> str:
    """A label in the form in which labels are compared: without case, accents, punctuation and plural ``s``."""
    return _key(label[:_LONGEST])


@lru_cache(maxsize=65_536)
def _key(label: str) -> str:
    plain = without_accents(label).lower().replace("œ", "oe")
    words = re.sub(r"[^a-z0-9€°]+", " ", plain).split()
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)  # noqa: PLR2004


@cache
def _data() -> dict[str, Any]:
    text = files("prai_match.io").joinpath("data", "labels.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def table_names() -> dict[str, str]:
    """The table that each name of a file or sheet stands for."""
    names = _data()["tables"]
    return {key(word): table.name for table in TABLES for word in (table.name, *names[table.name])}


@cache
def _synonyms(table: str) -> dict[str, dict[str, str]]:
    """For each column of a table how its labels are found: by their key, `name` and `synonym` apart."""
    columns = next((*other.columns, *other.hints) for other in TABLES if other.name == table)
    words = _data()["columns"]
    own, shared = words.get(table, {}), words["any"]
    synonyms = {
        key(word): column.name for source in (shared, own) for column in columns for word in source.get(column.name, ())
    }
    return {"name": {key(column.name): column.name for column in columns}, "synonym": synonyms}


def known(table: Table, label: str) -> bool:
    """Whether a label names a column of the table beyond doubt."""
    return key(label) in _known(table.name)


@cache
def _known(table: str) -> frozenset[str]:
    return frozenset(word for names in _synonyms(table).values() for word in names)


def named(table: Table, label: str) -> str:
    """The column of the table that a label names beyond doubt; empty where it names none."""
    words = _synonyms(table.name)
    return words["name"].get(key(label)) or words["synonym"].get(key(label), "")


def near(table: Table, label: str) -> tuple[str, ...]:
    """The columns of the table of which a usual word shares its words with a label, the nearest first."""
    words, long = _long_words(table.name), _long(key(label))
    found = process.extract(long, list(words), scorer=fuzz.token_set_ratio, score_cutoff=_ALIKE, limit=None)
    return tuple(dict.fromkeys(column for word, _, _ in found for column in words[word])) if long else ()


@cache
def _long_words(table: str) -> dict[str, list[str]]:
    """The columns of a table by each label of them, without short words."""
    words: dict[str, list[str]] = {}
    for names in _synonyms(table).values():
        for word, column in names.items():
            words.setdefault(_long(word), []).append(column)
    return {word: columns for word, columns in words.items() if word}


def _long(word: str) -> str:
    return " ".join(part for part in word.split() if len(part) >= _SHORTEST)


def never(label: str) -> bool:
    """Whether a label is taken for nothing, whatever it looks like."""
    return label.strip().lower() in _data()["never"]


def kinds(label: str) -> frozenset[str]:
    """The kinds of the columns that a label names beyond doubt, in any table."""
    return _kinds().get(key(label), frozenset())


@cache
def _kinds() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for table in TABLES:
        kind = {column.name: column.kind.id for column in (*table.columns, *table.hints)}
        for names in _synonyms(table.name).values():
            for word, column in names.items():
                kinds.setdefault(word, set()).add(kind[column])
    return {word: frozenset(found) for word, found in kinds.items()}


def usual_label(table: str, column: str) -> str:
    """The French label that offices use for a column first; its own name where there is none."""
    words = _data()["columns"]
    found = words.get(table, {}).get(column) or words["any"].get(column) or [column]
    return str(found[0])


def usual(table: str, column: str) -> list[str]:
    """For each code of a column, the French word that offices use for it first."""
    words: Mapping[str, Sequence[str]] = _data()["values"][table][column]
    return [others[0] for others in words.values()]


@cache
def values(table: str, column: str) -> dict[str, str]:
    """The code that each usual word of a column stands for; empty where its values are no list of codes."""
    words: Mapping[str, Sequence[str]] = _data()["values"].get(table, {}).get(column, {})
    return {key(word): code for code, others in words.items() for word in (code, *others)}


def matched(table: Table, header: Sequence[str], chosen: Mapping[str, str]) -> tuple[Match, ...]:
    """What each label of a header stands for.

    A column that two labels could name is that of the surer one: chosen by the user, then the field's own name, then a
    usual word, then a label alike; of two as sure as each other, the first.

    Args:
        table: The table.
        header: Its labels.
        chosen: Columns by label, as the user says; an empty column: not used.
    """
    wanted = {key(label): column for label, column in chosen.items()}
    passed = {place for place, label in enumerate(header) if never(label)}
    found: dict[int, tuple[str, str]] = {}
    free = {column.name for column in (*table.columns, *table.hints)}

    def take(how: str, columns: Mapping[str, str]) -> None:
        for place, label in enumerate(header):
            column = columns.get(key(label))
            if column in free and place not in found and not (place in passed and how != "chosen"):
                found[place] = column, how
                free.discard(column)

    names = {label: column for label, column in _synonyms(table.name)["name"].items() if label not in wanted}
    synonyms = {label: column for label, column in _synonyms(table.name)["synonym"].items() if label not in wanted}
    take("chosen", wanted)
    take("name", names)
    take("synonym", synonyms)
    left = [key(label) for place, label in enumerate(header) if place not in found]
    take("alike", _alike([label for label in left if label not in wanted], {**synonyms, **names}, free))
    return tuple(_match(label, place, found.get(place)) for place, label in enumerate(header))


def _match(label: str, place: int, found: tuple[str, str] | None) -> Match:
    column, how = found or (None, "unused")
    return Match(label, column, how, place)


def _alike(labels: Iterable[str], words: Mapping[str, str], free: set[str]) -> dict[str, str]:
    """Columns of the labels that look like one of the words, and like those of no other column as much."""
    near: dict[str, str] = {}
    for label in labels:
        scored = process.extract(label, list(words), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None)
        best = max((score for _, score, _ in scored), default=0)
        columns = {words[word] for word, score, _ in scored if score == best}
        if len(columns) == 1 and columns <= free and label not in REASON:
            near[label] = columns.pop()
    return near
