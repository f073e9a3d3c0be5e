"""What rows of a file leave open, and whether a column that wasn't read could hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match import register
from prai_match.io import _labels
from prai_match.io._kinds import LIST, TEXT, WORD, as_text
from prai_match.io._outcomes import ROW
from prai_match.io._references import index_of, stands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prai_match.io._labels import Match
    from prai_match.io._outcomes import Read
    from prai_match.io._references import Index
    from prai_match.io._schema import Column

_TRIALS = 200
"""Cells of a column that are tried: what half of them can be, the column can hold."""
_COMPLETE = frozenset({"collectivities", "territories"})
"""Tables of which the register gives what a row leaves empty; of trainers it gives the position."""
_POSITION = frozenset({"latitude", "longitude"})
_MOST: Final[Mapping[str, int]] = {"sessions_a_month": 100, "sessions_a_year": 366, "fee": 100_000, "cost": 100_000}
"""Beyond that a number is a year, a telephone or a SIREN, though the model would take it."""
_FAILING: Final[Mapping[str, frozenset[str]]] = {
    "departement": frozenset({"collectivity", "name"}),
    "code": frozenset({"name"}),
    "latitude": frozenset({"home"}),
    "longitude": frozenset({"home"}),
}
"""For a column, others that can't be read for want of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """What ``count`` of ``rows`` rows of a file leave open, and a column that wasn't read may hold.

    Attributes:
        column: The column of the table.
        label: Label of the column that is read as it; empty: there is none, or nothing in it.
        empty: For each row of the file, whether it doesn't give it.
        count: How many rows leave it open.
        rows: Of how many.
        register: What the register gives instead, for each row that stands; None: nothing.
    """

    column: Column
    label: str
    empty: pl.Series
    count: int
    rows: int
    register: pl.Series | None


def unread(read: Read) -> list[tuple[Match, int]]:
    """The columns that hold something and aren't read, each with in how many cells; but for reasons of rejections."""
    left = [match for match in read.matches if match.column is None and _labels.key(match.label) not in _labels.REASON]
    counts = [(match, int(is_full(read, match).sum())) for match in left]
    return [(match, count) for match, count in counts if count]


def facts(read: Read) -> Iterator[Fact]:
    """What is open in the rows that were rejected for want of it, else in those that stand."""
    height, labels = read.grid.cells.height, {match.column: match for match in read.matches if match.column}
    every = pl.repeat(value=True, n=height, dtype=pl.Boolean, eager=True)
    places = pl.int_range(height, dtype=pl.UInt32, eager=True)
    standing = places.is_in(read.rows[ROW].implode())
    standing = standing if standing.any() else every
    for column in read.table.all_columns:
        if column.required:
            continue
        match = labels.get(column.name)
        empty = every if match is None else ~is_full(read, match)
        label = "" if match is None or empty.all() else match.label
        failing = {read.label(name) for name in (column.name, *_FAILING.get(column.name, ()))}
        lost = {rejection.row for rejection in read.rejections if rejection.label in failing}
        lacking = empty & places.is_in([row for row in lost if row is not None])
        if lacking.any():
            yield Fact(column, label, empty, int(lacking.sum()), height, None)
        # A text is read where there is no workshop, and a need with neither is rejected; a hint is no fact.
        elif column.name != "text" and column not in read.table.hints and (count := int((empty & standing).sum())):
            yield Fact(column, label, empty, count, int(standing.sum()), _of_register(read, column))


def is_full(read: Read, match: Match) -> pl.Series:
    """Which cells of a column hold something."""
    cells = read.grid.cells[str(match.place)]
    return cells.is_not_null() & (cells.str.strip_chars() != "") if cells.dtype == pl.String else cells.is_not_null()


def _of_register(read: Read, column: Column) -> pl.Series | None:
    """What the register gives for a column, for each row that stands."""
    if read.table.name in _COMPLETE:
        values = read.rows[column.name]
    elif column.name in _POSITION:
        places = register.frame().select(column.name, home="code").unique("home", keep="first", maintain_order=True)
        values = read.rows.select("home").join(places, on="home", how="left", maintain_order="left")[column.name]
    else:
        return None
    return values if values.count() else None


def fits(read: Read, fact: Fact, match: Match, indexes: Mapping[str, Index]) -> bool | None:
    """Whether a column holds what the fact could be; None: it can't be read as such."""
    column, cells = fact.column, read.grid.cells[str(match.place)]
    index = index_of(read.table, column, indexes)
    if fact.register is not None and (index is None or column.kind not in {WORD, LIST}):
        return _as_register(column, fact.register, cells[read.rows[ROW].to_list()])
    trials = cells.filter(is_full(read, match)).head(_TRIALS)
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


def _as_register(column: Column, register: pl.Series, cells: pl.Series) -> bool:
    """Whether cells hold about what the register says: the place, numbers half to twice as large, the same words."""
    beside = pl.DataFrame({"register": register, "cell": cells}).drop_nulls().head(_TRIALS)
    values = column.kind.parse(beside["cell"]).values
    if not values.dtype.is_numeric():
        pairs = zip(as_text(beside["register"]).to_list(), as_text(values).to_list(), strict=True)
        return _half(_labels.key(one) == _labels.key(other or "") for one, other in pairs)
    one, other = values.cast(pl.Float64), beside["register"].cast(pl.Float64)
    near = 1.0 if column.name in _POSITION else pl.select(pl.max_horizontal(one.abs(), other.abs())).to_series() / 2
    return _half(((one - other).abs() <= near).fill_null(value=False))


def _half(answers: Iterable[bool]) -> bool:
    """Whether half of the answers are yes; of none, no."""
    votes = list(answers)
    return bool(votes) and 2 * sum(votes) >= len(votes)
