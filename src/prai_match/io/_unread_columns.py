"""Columns of a file that weren't read: what isn't known therefore, or that nothing would use them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from prai_match.errors import suggested
from prai_match.io import _labels
from prai_match.io._notice import LoadNotice, things_of, words
from prai_match.io._open_cells import facts, fits, is_full, unread
from prai_match.text import LANGUAGES, number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from prai_match.io._labels import Match
    from prai_match.io._open_cells import Fact
    from prai_match.io._outcomes import Read
    from prai_match.io._references import Index
    from prai_match.io._stacks import Stack
    from prai_match.model import Lang

_TRIALS = 100
"""Columns of a file whose cells are tried; of a file with more of them, the others are known by their labels alone."""
_LONGEST = 80
"""Characters of a label that a notice has."""


def unread_columns(table: Stack, indexes: Mapping[str, Index], left_out: Collection[str]) -> Iterator[LoadNotice]:
    """Tell each column that holds something and wasn't read, file by file; ``left_out`` are labels."""
    out = {_labels.key(label) for label in left_out}
    for read in table.reads:
        columns = unread(read)
        gaps = list(facts(read)) if columns else []
        for order, (match, count) in enumerate(columns):
            if _labels.key(match.label) in out:
                yield _notice(read, match, "left_out", count)
            elif meanings := _meanings(read, match, gaps, indexes, by_cells=order < _TRIALS):
                yield _unrecognised(read, match, meanings)
            elif (column := _labels.column(read.table, match.label)) and not _labels.never(match.label):
                yield _notice(read, match, "taken", count, rival=(column, read.label(column)))
            else:
                yield _notice(read, match, "harmless", count)


def _meanings(
    read: Read, match: Match, gaps: Iterable[Fact], indexes: Mapping[str, Index], *, by_cells: bool
) -> list[Fact]:
    """The facts that a column may hold: those that its label and its cells speak for, else those that either does."""
    if _labels.never(match.label):
        return []
    near = _labels.near(read.table, match.label)
    kinds = _labels.kinds(match.label)
    both, either = [], []
    for fact in gaps:
        by_label = fact.column.name in near
        foreign = bool(kinds) and fact.column.kind.id not in kinds
        if not by_label and (fact.label or foreign or not by_cells):
            continue
        if not (fact.empty & is_full(read, match)).any():
            continue
        could = fits(read, fact, match, indexes)
        if by_label and could:
            both.append(fact)
        elif could or (by_label and could is None and fact.register is None):
            either.append(fact)
    return both or either


def _unrecognised(read: Read, match: Match, meanings: Sequence[Fact]) -> LoadNotice:
    """Tell a column that may hold facts that aren't known."""
    second = next(((fact.column.name, fact.label) for fact in meanings if fact.label), None)
    count, rows = max(fact.count for fact in meanings), max(fact.rows for fact in meanings)
    notice = _notice(read, match, "second" if second else "unrecognised", count, rival=second, meanings=meanings)
    return replace(notice, kind="unrecognised", rows=rows)


def _notice(  # noqa: PLR0913 - what a notice tells
    read: Read,
    match: Match,
    why: str,
    count: int,
    *,
    rival: tuple[str, str] | None = None,
    meanings: Sequence[Fact] = (),
) -> LoadNotice:
    """Tell a column: why it wasn't read, the name and the label of the one that is read instead, what it may hold."""
    table, (column, label) = read.table.name, rival or ("", "")
    sentence: dict[Lang, str] = {}
    for lang in LANGUAGES:
        texts = words(lang)
        reason = texts["columns"][why].format(
            label=_short(label),
            fact=_name(table, column, lang) if column else "",
            facts=", ".join(_gap(fact, table, lang) for fact in meanings),
            ask=_ask(read, match, meanings, lang),
        )
        title = _short(match.label) or texts["no_label"].format(place=match.place + 1)
        sentence[lang] = f"{title}{texts['colon']}{reason}"
    return LoadNotice(read.grid.file, "unused", count, read.grid.cells.height, sentence)


def _ask(read: Read, match: Match, meanings: Sequence[Fact], lang: Lang) -> str:
    """Ask for the name of a column: the one that its label looks like, or any that it may hold."""
    texts, near = words(lang)["columns"], _labels.near(read.table, match.label)
    names = {fact.column.name: _name(read.table.name, fact.column.name, lang) for fact in meanings}
    every = texts["name_it"].format(names=texts["or"].join(names.values()))
    return suggested([name for column, name in names.items() if column in near], lang) or every


def _short(label: str) -> str:
    """A label on one line, and no longer than a line."""
    label = " ".join(label[: 2 * _LONGEST].split())
    return label if len(label) <= _LONGEST else f"{label[:_LONGEST]}…"


def _name(table: str, column: str, lang: Lang) -> str:
    """How offices call a column."""
    return column if lang == "en" else _labels.usual_label(table, column)


def _gap(fact: Fact, table: str, lang: Lang) -> str:
    """That it isn't known, and for how many."""
    texts = words(lang)
    text = texts["columns"]["unknown" if fact.register is None else "of_register"].format(
        fact=_name(table, fact.column.name, lang),
        count=number(fact.count, 0, lang),
        rows=number(fact.rows, 0, lang),
        things=things_of(table, lang),
    )
    default = None if fact.register is not None else texts["assumed"].get(fact.column.name)
    return f"{text} ({default})" if default else str(text)
