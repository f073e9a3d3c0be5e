"""Columns of a file that weren't read: what isn't known therefore, or that nothing would use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prai_match.errors import suggested
from prai_match.io import _labels
from prai_match.io._facts import facts, fits, given, unread
from prai_match.io._notice import Notice, things_of
from prai_match.io._report_words import COLON, NO_LABEL
from prai_match.text import LANGUAGES, number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from prai_match.io._facts import Fact
    from prai_match.io._labels import Match
    from prai_match.io._reads import Read
    from prai_match.io._references import Index
    from prai_match.io._stacked import Stacked
    from prai_match.model import Lang

_GUESSED = 100
"""Columns of a file whose cells are tried; of a file with more of them, the others are known by their labels alone."""
_SHOWN = 80
"""Characters of a label that are shown."""

_UNKNOWN: Final[Mapping[Lang, str]] = {
    "fr": "« {fact} » inconnu pour {count} des {rows} {things}",
    "en": "{fact} unknown for {count} of {rows} {things}",
}
_OF_REGISTER: Final[Mapping[Lang, str]] = {
    "fr": "« {fact} » pris dans le référentiel pour {count} des {rows} {things}",
    "en": "{fact} taken from the register for {count} of {rows} {things}",
}
_ASSUMED: Final[Mapping[str, Mapping[Lang, str]]] = {
    "carries": {"fr": "toutes supposées", "en": "all assumed"},
    "axes": {"fr": "tous supposés", "en": "all assumed"},
    "hosted": {"fr": "aucune supposée", "en": "none assumed"},
    "brings": {"fr": "élus supposés", "en": "elected assumed"},
    "channel": {"fr": "autre supposé", "en": "other assumed"},
}
"""What stands for a fact that isn't given, where it isn't unknown."""
_UNRECOGNISED: Final[Mapping[Lang, str]] = {
    "fr": "colonne non reconnue, donc {facts}{meant}",
    "en": "column not recognised, therefore {facts}{meant}",
}
_SECOND: Final[Mapping[Lang, str]] = {
    "fr": "colonne non lue, puisque « {label} » est lue comme « {fact} » ; {facts}",
    "en": "column not read, since {label!r} is read as {fact}; {facts}",
}
_TAKEN: Final[Mapping[Lang, str]] = {
    "fr": "colonne non lue, puisque « {label} » est lue comme « {fact} »",
    "en": "column not read, since {label!r} is read as {fact}",
}
_HARMLESS: Final[Mapping[Lang, str]] = {
    "fr": "colonne non lue, rien ne s'en sert",
    "en": "column not read, nothing uses it",
}
_LEFT_OUT: Final[Mapping[Lang, str]] = {
    "fr": "colonne laissée de côté, comme demandé",
    "en": "column left out, as asked",
}
_NAME_IT: Final[Mapping[Lang, str]] = {
    "fr": " ; la nommer {names} si c'est ce qu'elle contient",
    "en": "; name it {names} if that is what it holds",
}
_OR: Final[Mapping[Lang, str]] = {"fr": " ou ", "en": " or "}


def unused(table: Stacked, indexes: Mapping[str, Index], left_out: Collection[str]) -> Iterator[Notice]:
    """Tell each column that holds something and wasn't read, file by file.

    Args:
        table: The files of a table.
        indexes: What their columns may cite, by what they cite.
        left_out: Labels that the caller leaves out.
    """
    out = {_labels.key(label) for label in left_out}
    for read in table.reads:
        columns = unread(read)
        left = list(facts(read)) if columns else []
        for order, (match, count) in enumerate(columns):
            label, guessed = _labels.key(match.label), order < _GUESSED
            if label in out:
                yield _notice(read, match, _LEFT_OUT, count)
            elif meant := _meant(read, match, left, indexes, guessed=guessed):
                yield _unrecognised(read, match, meant)
            elif (column := _labels.named(read.table, match.label)) and not _labels.never(match.label):
                said = {lang: _taken(_TAKEN, read, column, read.label(column), lang) for lang in LANGUAGES}
                yield _notice(read, match, said, count)
            else:
                yield _notice(read, match, _HARMLESS, count)


def _meant(
    read: Read, match: Match, left: Iterable[Fact], indexes: Mapping[str, Index], *, guessed: bool
) -> list[Fact]:
    """The facts that a column may hold: those that its label and its cells speak for, else those that either does."""
    if _labels.never(match.label):
        return []
    near = _labels.near(read.table, match.label)
    kinds = _labels.kinds(match.label)
    both, either = [], []
    for fact in left:
        column = fact.column
        named = column.name in near
        foreign = bool(kinds) and column.kind.id not in kinds
        if not named and (fact.label or foreign or not guessed):
            continue
        if not (fact.empty & given(read, match)).any():
            continue
        could = fits(read, fact, match, indexes)
        if named and could:
            both.append(fact)
        elif could or (named and could is None and fact.known is None):
            either.append(fact)
    return both or either


def _unrecognised(read: Read, match: Match, meant: Sequence[Fact]) -> Notice:
    """Tell a column that may hold facts that aren't known."""
    table = read.table.name
    near = _labels.near(read.table, match.label)
    named = [fact for fact in meant if fact.column.name in near]
    second = next((fact for fact in meant if fact.label), None)
    said: dict[Lang, str] = {}
    for lang in LANGUAGES:
        told = ", ".join(_open(fact, table, lang) for fact in meant)
        if second:
            said[lang] = _taken(_SECOND, read, second.column.name, second.label, lang, facts=told)
            continue
        names = _OR[lang].join(_name(table, fact.column.name, lang) for fact in meant)
        ask = suggested([_name(table, fact.column.name, lang) for fact in named], lang) or _NAME_IT[lang].format(
            names=names
        )
        said[lang] = _UNRECOGNISED[lang].format(facts=told, meant=ask)
    count = max(fact.count for fact in meant)
    return _notice(read, match, said, count, kind="unrecognised", rows=max(fact.rows for fact in meant))


def _taken(  # noqa: PLR0913 - what is read, as what, from where
    words: Mapping[Lang, str], read: Read, column: str, label: str, lang: Lang, *, facts: str = ""
) -> str:
    return words[lang].format(label=_short(label), fact=_name(read.table.name, column, lang), facts=facts)


def _notice(  # noqa: PLR0913 - what a notice tells
    read: Read,
    match: Match,
    why: Mapping[Lang, str],
    count: int,
    *,
    kind: str = "unused",
    rows: int | None = None,
) -> Notice:
    said: dict[Lang, str] = {}
    for lang in LANGUAGES:
        label = _short(match.label) or NO_LABEL[lang].format(place=match.place + 1)
        said[lang] = f"{label}{COLON[lang]}{why[lang]}"
    return Notice(read.grid.file, kind, count, read.grid.cells.height if rows is None else rows, said)


def _short(label: str) -> str:
    """A label on one line, and no longer than a line."""
    label = " ".join(label[: 2 * _SHOWN].split())
    return label if len(label) <= _SHOWN else f"{label[:_SHOWN]}…"


def _name(table: str, column: str, lang: Lang) -> str:
    """How offices call a column."""
    return column if lang == "en" else _labels.usual_label(table, column)


def _open(fact: Fact, table: str, lang: Lang) -> str:
    """That it isn't known, and for how many."""
    told = (_UNKNOWN if fact.known is None else _OF_REGISTER)[lang].format(
        fact=_name(table, fact.column.name, lang),
        count=number(fact.count, 0, lang),
        rows=number(fact.rows, 0, lang),
        things=things_of(table, lang),
    )
    assumed = None if fact.known is not None else _ASSUMED.get(fact.column.name)
    return f"{told} ({assumed[lang]})" if assumed else told
