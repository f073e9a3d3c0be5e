"""What rows of a file leave open, and whether a column that wasn't read could hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match import register
from prai_match.io import _labels
from prai_match.io._kinds import LIST, TEXT, WORD, as_text
from prai_match.io._outcomes import ROW
from prai_match.io._references import Index, stands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prai_match.io._labels import Match
    from prai_match.io._outcomes import Read
    from prai_match.io._schema import Column

_TRIED = 200
"""Cells of a column that are tried: what half of them can be, the column can hold."""
_COMPLETED = frozenset({"collectivities", "territories"})
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
    """What rows of a file leave open, and a column that wasn't read may hold.

    Attributes:
        column: The column of the table.
        label: Label of the column that is read as it; empty: there is none, or nothing in it.
        empty: For each row of the file, whether it doesn't give it.
        count: How many rows leave it open.
        rows: Of how many.
        known: What the register gives instead, for each row that stands; None: nothing.
    """

    column: Column
    label: str
    empty: pl.Series
    count: int
    rows: int
    known: pl.Series | None


def unread(read: Read) -> list[tuple[Match, int]]:
    """The columns that hold something and aren't read, each with in how many cells; but for reasons of rejections."""
    cells, dtypes = read.grid.cells, read.grid.cells.dtypes
    left = [match for match in read.matches if match.column is None and _labels.key(match.label) not in _labels.REASON]
    held = cells.select((~_blank(pl.col(str(match.place)), dtypes[match.place])).sum() for match in left)
    counts = held.row(0) if left else ()
    return [(match, count) for match, count in zip(left, counts, strict=True) if count]


def facts(read: Read) -> Iterator[Fact]:
    """What is open in the rows that were rejected for want of it, else in those that stand."""
    height, labels = read.grid.cells.height, {match.column: match for match in read.matches if match.column}
    every = pl.repeat(value=True, n=height, dtype=pl.Boolean, eager=True)
    places = pl.int_range(height, dtype=pl.UInt32, eager=True)
    standing = places.is_in(read.rows[ROW].implode())
    standing = standing if standing.any() else every
    for column in (*read.table.columns, *read.table.hints):
        if column.required:
            continue
        match = labels.get(column.name)
        empty = every if match is None else ~given(read, match)
        label = "" if match is None or empty.all() else match.label
        failing = {read.label(name) for name in (column.name, *_FAILING.get(column.name, ()))}
        lost = {rejection.row for rejection in read.rejections if rejection.label in failing}
        lacking = empty & places.is_in([row for row in lost if row is not None])
        if lacking.any():
            yield Fact(column, label, empty, int(lacking.sum()), height, None)
        # A text is read where there is no workshop, and a need with neither is rejected; a hint is no fact.
        elif column.name != "text" and column not in read.table.hints and (count := int((empty & standing).sum())):
            yield Fact(column, label, empty, count, int(standing.sum()), _known(read, column))


def given(read: Read, match: Match) -> pl.Series:
    """Which cells of a column hold something."""
    cells = read.grid.cells[str(match.place)]
    return cells.to_frame("cells").select(~_blank(pl.col("cells"), cells.dtype)).to_series()


def _blank(cells: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    return cells.is_null() | (cells.str.strip_chars() == "") if dtype == pl.String else cells.is_null()


def _known(read: Read, column: Column) -> pl.Series | None:
    """What the register gives for a column, for each row that stands."""
    if read.table.name in _COMPLETED:
        known = read.rows[column.name]
    elif column.name in _POSITION:
        places = register.frame().select(column.name, home="code").unique("home", keep="first", maintain_order=True)
        known = read.rows.select("home").join(places, on="home", how="left", maintain_order="left")[column.name]
    else:
        return None
    return known if known.count() else None


def fits(read: Read, fact: Fact, match: Match, indexes: Mapping[str, Index]) -> bool | None:
    """Whether a column holds what the fact could be; None: it can't be read as such."""
    column, cells = fact.column, read.grid.cells[str(match.place)]
    words = _labels.values(read.table.name, column.name)
    index = Index(tuple((code, word) for word, code in words.items())) if words else indexes.get(column.cites or "")
    if fact.known is not None and (index is None or column.kind not in {WORD, LIST}):
        return _as_known(column, fact.known, cells[read.rows[ROW].to_list()])
    tried = cells.filter(given(read, match)).head(_TRIED)
    values = column.kind.parse(tried).values
    if column.kind in {WORD, LIST}:
        cited = (values.explode() if values.dtype == pl.List else values).drop_nulls().to_list()
        return (index is not None and _half(stands(value, index) for value in cited)) or None
    if column.kind is TEXT:
        return _half(as_text(tried).str.contains(r"\p{L}{2}")) or None
    if not _half(values.is_not_null()):
        return None
    if not values.dtype.is_numeric():
        return True
    most = min(limit for limit in (column.most, _MOST.get(column.name), float("inf")) if limit is not None)
    within = values.cast(pl.Float64).is_between(float("-inf") if column.least is None else column.least, most)
    return _half(within.fill_null(value=False))


def _as_known(column: Column, known: pl.Series, cells: pl.Series) -> bool:
    """Whether cells hold about what the register says: the place, numbers half to twice as large, the same words."""
    beside = pl.DataFrame({"known": known, "cell": cells}).drop_nulls().head(_TRIED)
    values = column.kind.parse(beside["cell"]).values
    if not values.dtype.is_numeric():
        pairs = zip(as_text(beside["known"]).to_list(), as_text(values).to_list(), strict=True)
        return _half(_labels.key(known) == _labels.key(value or "") for known, value in pairs)
    one, other = values.cast(pl.Float64), beside["known"].cast(pl.Float64)
    near = 1.0 if column.name in _POSITION else pl.select(pl.max_horizontal(one.abs(), other.abs())).to_series() / 2
    return _half(((one - other).abs() <= near).fill_null(value=False))


def _half(answers: Iterable[bool]) -> bool:
    """Whether half of the answers are yes; of none, no."""
    given = list(answers)
    return bool(given) and 2 * sum(given) >= len(given)
