"""Recognition of tables by file names and of columns by labels, with the words of `data/labels.toml`, despite typos."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import NamedTuple

from rapidfuzz import fuzz, process

from prai_match._words import catalogue
from prai_match.io._schema import TABLES, TableSpec
from prai_match.text import without_accents

ALIKE = 85  # similarity (0-100) from which a label counts as a misspelt known one
_SHORTEST = 3  # minimum length of words that are compared: shorter ones occur in too many labels
_LONGEST = 500  # maximum number of characters of a label that are read, so that stored labels don't fill the memory
_data = partial(catalogue, "prai_match.io", "labels")
# Labels of the column of reasons in saved rejected rows: it is ignored when they are loaded again.
REASON = frozenset({"reason", "motif", "motif du rejet", "raison"})


class Match(NamedTuple):
    """A label, its position from 0 and its column; ``how``: `name`, `synonym`, `alike`, `chosen` or `unused`."""

    label: str
    column: str | None
    how: str
    place: int


def key(label: str) -> str:
    """Return a label in the form used for comparison: without case, accents, punctuation and plural ``s``."""
    return _key(label[:_LONGEST])


@lru_cache(maxsize=65_536)
def _key(label: str) -> str:
    words = re.sub(r"[^a-z0-9€°]+", " ", without_accents(label).lower().replace("œ", "oe")).split()
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)  # noqa: PLR2004


@cache
def table_names() -> dict[str, str]:
    return {key(word): table.name for table in TABLES for word in (table.name, *_data()["tables"][table.name])}


@cache
def _words(table: str) -> dict[str, tuple[str, str]]:
    """Return the column that each word names unambiguously, by key, and how: by its `name` or a `synonym`."""
    columns = next(other.all_columns for other in TABLES if other.name == table)
    names = {key(column.name): (column.name, "name") for column in columns}
    sources = (_data()["columns"]["any"], _data()["columns"].get(table, {}))
    synonyms = [(key(word), each.name) for source in sources for each in columns for word in source.get(each.name, ())]
    return names | {word: (column, "synonym") for word, column in synonyms if word not in names}


def column(table: TableSpec, label: str) -> str:
    """Return the column of the table that a label names unambiguously; empty if none."""
    return _words(table.name).get(key(label), ("", ""))[0]


def known(tables: Iterable[TableSpec]) -> Callable[[str], bool]:
    """Return a function that checks whether a label unambiguously names a column of any of the tables."""
    words = frozenset[str]().union(*(_words(table.name) for table in tables))
    return lambda label: key(label) in words


def near(table: TableSpec, label: str) -> tuple[str, ...]:
    """Return the columns of the table with a known label that shares words with the given one, the nearest first."""
    words, long = _long_words(table.name), _long(key(label))
    alike = process.extract(long, list(words), scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=None)
    return tuple(dict.fromkeys(column for word, _, _ in alike for column in words[word]))


@cache
def _long_words(table: str) -> dict[str, list[str]]:
    """Return the columns of a table by label, without short words."""
    words: dict[str, list[str]] = {}
    for word, (column, _) in _words(table).items():
        words.setdefault(_long(word), []).append(column)
    return {word: columns for word, columns in words.items() if word}


def _long(word: str) -> str:
    return " ".join(part for part in word.split() if len(part) >= _SHORTEST)


def never(label: str) -> bool:
    return label.strip().lower() in _data()["never"]


def kinds(label: str) -> frozenset[str]:
    return frozenset(one.kind.id for table in TABLES for one in table.all_columns if one.name == column(table, label))


def usual_label(table: str, column: str) -> str:
    """Return the most usual French label of a column; its own name if there is none."""
    words = _data()["columns"]
    return str((words.get(table, {}).get(column) or words["any"].get(column) or [column])[0])


def usual(table: str, column: str) -> list[str]:
    """Return the most usual French word for each code of a column."""
    return [others[0] for others in _data()["values"][table][column].values()]


@cache
def values(table: str, column: str) -> dict[str, str]:
    """Return the code for each usual word of a column; empty if its values aren't codes of a list."""
    words: Mapping[str, Sequence[str]] = _data()["values"].get(table, {}).get(column, {})
    return {key(word): code for code, others in words.items() for word in (code, *others)}


def matched(table: TableSpec, header: Sequence[str], chosen: Mapping[str, str]) -> tuple[Match, ...]:
    """Return the column of each label of a header; ``chosen`` maps labels to the user's columns (empty if not used)."""
    choice = {key(label): column for label, column in chosen.items()}
    own = {key(label): (each.name, "name") for each in table.attributes for label in (each.name, *each.labels)}
    words = {word: name for word, name in (_words(table.name) | own).items() if word not in choice}
    keys = [key(label) for label in header]
    matches = [Match(label, None, "unused", place) for place, label in enumerate(header)]
    free = {column.name for column in table.all_columns}

    def take(how: str, columns: Mapping[str, str]) -> None:
        for place, match in enumerate(matches):
            column = columns.get(keys[place])
            if column in free and match.column is None and (how == "chosen" or not never(match.label)):
                matches[place] = match._replace(column=column, how=how)
                free.discard(column)

    take("chosen", choice)
    for how in ("name", "synonym"):
        take(how, {word: column for word, (column, of) in words.items() if of == how})
    left = [keys[match.place] for match in matches if match.column is None]
    columns = {word: column for word, (column, _) in words.items()}
    take("alike", _alike([label for label in left if label not in choice], columns, free))
    return tuple(matches)


def _alike(labels: Iterable[str], words: Mapping[str, str], free: set[str]) -> dict[str, str]:
    """Return the columns of labels that are similar to one of the words, and less similar to those of others."""
    near: dict[str, str] = {}
    for label in labels:
        scores = process.extract(label, list(words), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
        best = max((score for _, score, _ in scores), default=0)
        columns = {words[word] for word, score, _ in scores if score == best}
        if len(columns) == 1 and columns <= free and label not in REASON:
            near[label] = columns.pop()
    return near
