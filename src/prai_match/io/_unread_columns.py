"""Columns of a file that weren't read: what isn't known therefore, or that nothing would use them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from prai_match.errors import suggested
from prai_match.io import _labels
from prai_match.io._notice import Notice, things_of, words
from prai_match.io._open_cells import facts, fits, given, unread
from prai_match.text import LANGUAGES, number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from prai_match.io._labels import Match
    from prai_match.io._open_cells import Fact
    from prai_match.io._outcomes import Read
    from prai_match.io._references import Index
    from prai_match.io._stacks import Stacked
    from prai_match.model import Lang

_GUESSED = 100
"""Columns of a file whose cells are tried; of a file with more of them, the others are known by their labels alone."""
_SHOWN = 80
"""Characters of a label that are shown."""


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
                yield _notice(read, match, "left_out", count)
            elif meant := _meant(read, match, left, indexes, guessed=guessed):
                yield _unrecognised(read, match, meant)
            elif (column := _labels.named(read.table, match.label)) and not _labels.never(match.label):
                yield _notice(read, match, "taken", count, taken=(column, read.label(column)))
            else:
                yield _notice(read, match, "harmless", count)


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
    second = next(((fact.column.name, fact.label) for fact in meant if fact.label), None)
    count, rows = max(fact.count for fact in meant), max(fact.rows for fact in meant)
    notice = _notice(read, match, "second" if second else "unrecognised", count, taken=second, meant=meant)
    return replace(notice, kind="unrecognised", rows=rows)


def _notice(  # noqa: PLR0913 - what a notice tells
    read: Read,
    match: Match,
    why: str,
    count: int,
    *,
    taken: tuple[str, str] | None = None,
    meant: Sequence[Fact] = (),
) -> Notice:
    """Tell a column.

    Args:
        read: Its file.
        match: The column.
        why: The key of why it wasn't read.
        count: How many rows it is about.
        taken: The column that another one is read as, and the label of that one.
        meant: What it may hold.
    """
    table, (column, label) = read.table.name, taken or ("", "")
    said: dict[Lang, str] = {}
    for lang in LANGUAGES:
        told = words(lang)
        reason = told["columns"][why].format(
            label=_short(label),
            fact=_name(table, column, lang) if column else "",
            facts=", ".join(_open(fact, table, lang) for fact in meant),
            ask=_ask(read, match, meant, lang),
        )
        title = _short(match.label) or told["no_label"].format(place=match.place + 1)
        said[lang] = f"{title}{told['colon']}{reason}"
    return Notice(read.grid.file, "unused", count, read.grid.cells.height, said)


def _ask(read: Read, match: Match, meant: Sequence[Fact], lang: Lang) -> str:
    """Ask for the name of a column: the one that its label looks like, or any that it may hold."""
    table, near, told = read.table.name, _labels.near(read.table, match.label), words(lang)["columns"]
    named = [_name(table, fact.column.name, lang) for fact in meant if fact.column.name in near]
    every = told["or"].join(_name(table, fact.column.name, lang) for fact in meant)
    return suggested(named, lang) or told["name_it"].format(names=every)


def _short(label: str) -> str:
    """A label on one line, and no longer than a line."""
    label = " ".join(label[: 2 * _SHOWN].split())
    return label if len(label) <= _SHOWN else f"{label[:_SHOWN]}…"


def _name(table: str, column: str, lang: Lang) -> str:
    """How offices call a column."""
    return column if lang == "en" else _labels.usual_label(table, column)


def _open(fact: Fact, table: str, lang: Lang) -> str:
    """That it isn't known, and for how many."""
    said = words(lang)
    told = said["columns"]["unknown" if fact.known is None else "of_register"].format(
        fact=_name(table, fact.column.name, lang),
        count=number(fact.count, 0, lang),
        rows=number(fact.rows, 0, lang),
        things=things_of(table, lang),
    )
    assumed = None if fact.known is not None else said["assumed"].get(fact.column.name)
    return f"{told} ({assumed})" if assumed else told
