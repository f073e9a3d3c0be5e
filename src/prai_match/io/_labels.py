"""Which table a file is and which column a label names: by the words of `data/labels.toml`, typing errors included."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import NamedTuple

from rapidfuzz import fuzz, process

from prai_match._words import catalogue
from prai_match.io._schema import TABLES, TableSpec
from prai_match.text import without_accents

ALIKE = 85  # how much (0-100) a label must be like a known one to be taken for it, misspelt
_SHORTEST = 3  # characters of a word by which labels are compared word by word: shorter ones stand in too many
_LONGEST = 500  # characters of a label that are looked at: those that are kept must not fill the memory
_data = partial(catalogue, "prai_match.io", "labels")
# Labels of the column that rejected rows are saved with: it is passed over when they are loaded again.
REASON = frozenset({"reason", "motif", "motif du rejet", "raison"})


class Match(NamedTuple):
    """A label, its place from 0 and its column; ``how``: `name`, `synonym`, `alike`, `chosen` or `unused`."""

    label: str
    column: str | None
    how: str
    place: int


def key(label: str) -> str:
    """A label in the form in which labels are compared: without case, accents, punctuation and plural ``s``."""
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
    """The column of a table that each word names beyond doubt, by its key, and how: by its `name` or a `synonym`."""
    columns = next(other.all_columns for other in TABLES if other.name == table)
    names = {key(column.name): (column.name, "name") for column in columns}
    sources = (_data()["columns"]["any"], _data()["columns"].get(table, {}))
    synonyms = [(key(word), each.name) for source in sources for each in columns for word in source.get(each.name, ())]
    return names | {word: (column, "synonym") for word, column in synonyms if word not in names}


def column(table: TableSpec, label: str) -> str:
    """The column of the table that a label names beyond doubt; empty where it names none."""
    return _words(table.name).get(key(label), ("", ""))[0]


def known(tables: Iterable[TableSpec]) -> Callable[[str], bool]:
    """What tells whether a label names a column of any of the tables beyond doubt."""
    words = frozenset[str]().union(*(_words(table.name) for table in tables))
    return lambda label: key(label) in words


def near(table: TableSpec, label: str) -> tuple[str, ...]:
    """The columns of the table of which a usual word shares its words with a label, the nearest first."""
    words, long = _long_words(table.name), _long(key(label))
    alike = process.extract(long, list(words), scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=None)
    return tuple(dict.fromkeys(column for word, _, _ in alike for column in words[word]))


@cache
def _long_words(table: str) -> dict[str, list[str]]:
    """The columns of a table by each label of them, without short words."""
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
    """The French label that offices use for a column first; its own name where there is none."""
    words = _data()["columns"]
    return str((words.get(table, {}).get(column) or words["any"].get(column) or [column])[0])


def usual(table: str, column: str) -> list[str]:
    """For each code of a column, the French word that offices use for it first."""
    return [others[0] for others in _data()["values"][table][column].values()]


@cache
def values(table: str, column: str) -> dict[str, str]:
    """The code that each usual word of a column stands for; empty where its values are no list of codes."""
    words: Mapping[str, Sequence[str]] = _data()["values"].get(table, {}).get(column, {})
    return {key(word): code for code, others in words.items() for word in (code, *others)}


def matched(table: TableSpec, header: Sequence[str], chosen: Mapping[str, str]) -> tuple[Match, ...]:
    """What each label of a header stands for; ``chosen`` are columns by label, as the user says; empty: not used."""
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
    """Columns of the labels that look like one of the words, and like those of no other column as much."""
    near: dict[str, str] = {}
    for label in labels:
        scores = process.extract(label, list(words), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
        best = max((score for _, score, _ in scores), default=0)
        columns = {words[word] for word, score, _ in scores if score == best}
        if len(columns) == 1 and columns <= free and label not in REASON:
            near[label] = columns.pop()
    return near
