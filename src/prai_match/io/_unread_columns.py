"""Columns of a file that weren't read: missing facts that they may hold, or that nothing would use them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from prai_match import errors, model, register
from prai_match.io import _labels
from prai_match.io._kinds import LIST, TEXT, WORD, as_text
from prai_match.io._notices import LoadNotice, things_of, words
from prai_match.io._outcomes import ROW, Read, Stack
from prai_match.io._references import Index, index_of, stands
from prai_match.io._schema import TableColumn
from prai_match.text import LANGUAGES, number

# Number of columns of a file whose cells are tried; further columns are only known by their labels.
_COLUMNS = 100
_LONGEST = 80  # maximum length of a label in a notice
_CELLS = 200  # number of cells of a column that are tried: the column can hold what at least half of them can be
# Tables whose empty cells the register fills; for trainers it gives the position.
_COMPLETE = frozenset({"collectivities", "territories"})
_POSITION = frozenset({"latitude", "longitude"})
# Larger numbers are years, telephone numbers or SIREN codes, though the model would accept them.
_MOST: Final[Mapping[str, int]] = {"sessions_a_month": 100, "sessions_a_year": 366, "fee": 100_000, "cost": 100_000}
# Columns that only the library writes: they are recognised by label only.
_OUR_OWN: Final = frozenset({"score"})
# For a column, others that can't be read without it.
_FAILING: Final[Mapping[str, frozenset[str]]] = {
    "departement": frozenset({"collectivity", "name"}),
    "code": frozenset({"name"}),
    "latitude": frozenset({"home"}),
    "longitude": frozenset({"home"}),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Fact:
    """A fact that ``count`` of ``rows`` rows of a file lack, and that an unread column may hold.

    Its label is that of the column read for it, or empty; ``empty`` marks the rows of the file that lack it;
    ``register`` holds the register's value for each accepted row.
    """

    column: TableColumn
    label: str
    empty: pl.Series
    count: int
    rows: int
    register: pl.Series | None


def unread_columns(
    tables: Mapping[str, Stack], indexes: Mapping[str, Index], choices: Mapping[str, Mapping[str, str]]
) -> Iterator[LoadNotice]:
    """Report each non-empty column that wasn't read; ``choices`` are the user's columns by label."""
    for name, read in [(name, read) for name, table in tables.items() for read in table.reads]:
        out = {_labels.key(label) for label, column in choices.get(name, {}).items() if not column}
        gaps = list(_facts(read)) if (columns := unread(read)) else []
        for order, (match, count) in enumerate(columns):
            if _labels.key(match.label) in out:
                yield _notice(read, match, "left_out", count)
            elif meanings := _meanings(read, match, gaps, indexes, by_cells=order < _COLUMNS):
                second = next(((fact.column.name, fact.label) for fact in meanings if fact.label), None)
                why, most = "second" if second else "unrecognised", max(fact.count for fact in meanings)
                yield _notice(read, match, why, most, rival=second, meanings=meanings)
            elif (column := _labels.column(read.table, match.label)) and not _labels.never(match.label):
                yield _notice(read, match, "taken", count, rival=(column, read.label(column)))
            else:
                yield _notice(read, match, "harmless", count)


def _meanings(
    read: Read, match: _labels.Match, gaps: Iterable[_Fact], indexes: Mapping[str, Index], *, by_cells: bool
) -> list[_Fact]:
    """Return the facts that a column may hold: those that both label and cells suggest, else either of them."""
    if _labels.never(match.label):
        return []
    near, kinds = _labels.near(read.table, match.label), _labels.kinds(match.label)
    both, either = [], []
    for fact in gaps:
        by_label = fact.column.name in near
        others = fact.label or fact.column.name in _OUR_OWN or (bool(kinds) and fact.column.kind.id not in kinds)
        if (not by_label and (others or not by_cells)) or not (fact.empty & _is_full(read, match)).any():
            continue
        could = _fits(read, fact, match, indexes)
        if by_label and could:
            both.append(fact)
        elif could or (by_label and could is None and fact.register is None):
            either.append(fact)
    return both or either


def _notice(  # noqa: PLR0913 - what a notice tells
    read: Read,
    match: _labels.Match,
    why: str,
    count: int,
    *,
    rival: tuple[str, str] | None = None,
    meanings: Sequence[_Fact] = (),
) -> LoadNotice:
    """Report a column: why it wasn't read, which one is read instead, and what it may hold."""
    table, (column, label) = read.table.name, rival or ("", "")
    sentence: dict[model.Lang, str] = {}
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
    rows = max((fact.rows for fact in meanings), default=read.grid.cells.height)
    return LoadNotice(read.grid.file, "unrecognised" if meanings else "unused", count, rows, sentence)


def _ask(read: Read, match: _labels.Match, meanings: Sequence[_Fact], lang: model.Lang) -> str:
    """Ask for the name of a column: the one that its label resembles, or any that it may hold."""
    texts, near = words(lang)["columns"], _labels.near(read.table, match.label)
    names = {fact.column.name: _name(read.table.name, fact.column.name, lang) for fact in meanings}
    every = texts["name_it"].format(names=texts["or"].join(names.values()))
    return errors.suggested([name for column, name in names.items() if column in near], lang) or every


def _short(label: str) -> str:
    label = " ".join(label[: 2 * _LONGEST].split())
    return label if len(label) <= _LONGEST else f"{label[:_LONGEST]}…"


def _name(table: str, column: str, lang: model.Lang) -> str:
    return column if lang == "en" else _labels.usual_label(table, column)


def _gap(fact: _Fact, table: str, lang: model.Lang) -> str:
    texts = words(lang)
    text = texts["columns"]["unknown" if fact.register is None else "of_register"].format(
        fact=_name(table, fact.column.name, lang),
        count=number(fact.count, 0, lang),
        rows=number(fact.rows, 0, lang),
        things=things_of(table, lang),
    )
    default = None if fact.register is not None else texts["assumed"].get(fact.column.name)
    return f"{text} ({default})" if default else str(text)


def unread(read: Read) -> list[tuple[_labels.Match, int]]:
    """Return non-empty columns that weren't read, with the number of filled cells, except reasons of rejections."""
    left = [
        match
        for match in read.matches
        if match.column is None and match.place != read.grid.key and _labels.key(match.label) not in _labels.REASON
    ]
    return [(match, count) for match in left if (count := int(_is_full(read, match).sum()))]


def _facts(read: Read) -> Iterator[_Fact]:
    """Yield the facts missing in rows rejected for lack of them or, if none, in accepted rows."""
    height, labels = read.grid.cells.height, {match.column: match for match in read.matches if match.column}
    every = pl.repeat(value=True, n=height, dtype=pl.Boolean, eager=True)
    places = pl.int_range(height, dtype=pl.UInt32, eager=True)
    standing = places.is_in(read.rows[ROW].implode()) if read.rows.height else every
    for column in (each for each in read.table.all_columns if not each.required):
        match = labels.get(column.name)
        empty = every if match is None else ~_is_full(read, match)
        label = "" if match is None or empty.all() else match.label
        failing = {read.label(name) for name in (column.name, *_FAILING.get(column.name, ()))}
        lost = {rejection.row for rejection in read.rejections if rejection.label in failing}
        if (lacking := empty & places.is_in([row for row in lost if row is not None])).any():
            yield _Fact(column, label, empty, int(lacking.sum()), height, None)
        # Texts are only read without a workshop, and needs with neither are rejected; hints aren't facts.
        elif column.name != "text" and column not in read.table.hints and (count := int((empty & standing).sum())):
            yield _Fact(column, label, empty, count, int(standing.sum()), _of_register(read, column))


def _is_full(read: Read, match: _labels.Match) -> pl.Series:
    cells = read.grid.cells[str(match.place)]
    return cells.is_not_null() & (cells.str.strip_chars() != "") if cells.dtype == pl.String else cells.is_not_null()


def _of_register(read: Read, column: TableColumn) -> pl.Series | None:
    """Return the register's values for a column, for each accepted row."""
    if read.table.name in _COMPLETE:
        values = read.rows[column.name]
    elif column.name in _POSITION:
        places = register.frame().select(column.name, home="code").unique("home", keep="first", maintain_order=True)
        values = read.rows.select("home").join(places, on="home", how="left", maintain_order="left")[column.name]
    else:
        return None
    return values if values.count() else None


def _fits(read: Read, fact: _Fact, match: _labels.Match, indexes: Mapping[str, Index]) -> bool | None:
    """Return whether a column holds possible values of the fact; None if it can't be read as such."""
    column, cells = fact.column, read.grid.cells[str(match.place)]
    index = index_of(read.table, column, indexes)
    if fact.register is not None and (index is None or column.kind not in {WORD, LIST}):
        return _as_register(column, fact.register, cells[read.rows[ROW].to_list()])
    trials = cells.filter(_is_full(read, match)).head(_CELLS)
    values = column.kind.parse(trials).values
    if column.kind in {WORD, LIST}:
        texts = (values.explode() if values.dtype == pl.List else values).drop_nulls().to_list()
        return (index is not None and _half(stands(text, index) for text in texts)) or None
    if column.kind is TEXT:
        return _half(as_text(trials).str.contains(r"\p{L}{2}")) or None
    if not _half(values.is_not_null()):
        return None
    if not values.dtype.is_numeric():
        return True
    most = min(limit for limit in (column.most, _MOST.get(column.name), float("inf")) if limit is not None)
    within = values.cast(pl.Float64).is_between(float("-inf") if column.least is None else column.least, most)
    return _half(within.fill_null(value=False))


def _as_register(column: TableColumn, register: pl.Series, cells: pl.Series) -> bool:
    """Return whether cells roughly agree with the register: same place or words, numbers half to twice as large."""
    beside = pl.DataFrame({"register": register, "cell": cells}).drop_nulls().head(_CELLS)
    if not (values := column.kind.parse(beside["cell"]).values).dtype.is_numeric():
        pairs = zip(as_text(beside["register"]).to_list(), as_text(values).to_list(), strict=True)
        return _half(_labels.key(one) == _labels.key(other or "") for one, other in pairs)
    one, other = values.cast(pl.Float64), beside["register"].cast(pl.Float64)
    near = 1.0 if column.name in _POSITION else pl.select(pl.max_horizontal(one.abs(), other.abs())).to_series() / 2
    return _half(((one - other).abs() <= near).fill_null(value=False))


def _half(answers: Iterable[bool]) -> bool:
    """Return whether at least half of the answers are yes; without answers, False."""
    votes = list(answers)
    return bool(votes) and 2 * sum(votes) >= len(votes)
