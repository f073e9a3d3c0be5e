"""What was read of the files of a table: the rows that stand, why the others don't, what was mended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from prai_match.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from prai_match.io._grids import Grid
    from prai_match.io._labels import Match
    from prai_match.io._schema import TableColumn, TableSpec

ROW = "_row"
"""Column that holds the place of a row among the cells of its file."""
PART = "_part"
"""Column that holds the number of the file of a row, among those of its table."""

At = tuple[int, int]
"""Where a row stands: the number of its file, and its place in it."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason why a row is rejected: its place among the cells of its file, None where it has none, and its line.

    Without a label of a column it is the whole row; it may be wrong only because another row is: it ``follows``.
    """

    row: int | None
    line: int
    label: str
    problem: Problem
    suggestion: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Mend:
    """Cells of a column that were read though they are not written as they should; without a label: of the file.

    ``how`` is one word, as `date`, `zero`, `label` or `encoding`; ``example`` one of them, and what it was read as.
    """

    label: str
    how: str
    count: int
    example: str = ""


@dataclass(frozen=True, eq=False)
class Read:
    """A table as it was read from one file.

    Its rows are those that stand: their place in ``grid`` (`_row`) and a typed column for each that is there. Names
    that were looked up are ``column``, ``text``, ``status``, ``code``, ``rows``; a table with problems can't be used.
    """

    table: TableSpec
    grid: Grid
    matches: tuple[Match, ...]
    rows: pl.DataFrame
    rejections: tuple[Rejection, ...]
    mends: tuple[Mend, ...] = ()
    names: pl.DataFrame | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def read(self) -> int:
        """Rows that the file has."""
        return self.grid.cells.height + self.grid.faults.height

    @property
    def rejected(self) -> int:
        """Rows that were rejected."""
        return self.read - self.rows.height

    @property
    def repaired(self) -> int:
        """Cells that were mended."""
        return sum(mend.count for mend in self.mends if mend.label)

    def label(self, column: str) -> str:
        """How the file names a column; its own name where the file has none."""
        return next((match.label for match in self.matches if match.column == column), column)

    def place(self, row: int, column: str = "") -> str:
        """File, line and column of a row, as problems name them."""
        return place_of(self.grid, int(self.grid.lines[row]), self.label(column) if column else "")

    def rejection(
        self, row: int, column: str, problem: Problem, suggestion: str = "", *, follows: bool = False
    ) -> Rejection:
        """Say what is wrong in a row, by the name of the column."""
        return replace(rejection(self.grid, row, self.label(column), problem, suggestion), follows=follows)

    def without(self, rejections: Iterable[Rejection]) -> Read:
        """The same without rows that turned out to be wrong."""
        more = tuple(rejections)
        wrong = {rejection.row for rejection in more if rejection.row is not None}
        rows = self.rows.filter(~pl.col(ROW).is_in(wrong)) if wrong else self.rows
        return replace(self, rows=rows, rejections=(*self.rejections, *more))

    def with_all_columns(self) -> Read:
        """The same with a column, of nulls, for each that the file lacks."""
        lacking = [column for column in self.table.columns if column.name not in self.rows.columns]
        rows = self.rows.with_columns(pl.lit(None, column.kind.dtype).alias(column.name) for column in lacking)
        return replace(self, rows=rows)

    def lost(self, column: TableColumn) -> frozenset[str]:
        """Values of a column of texts or lists in the rows that were rejected."""
        place = next((match.place for match in self.matches if match.column == column.name), None)
        rows = sorted({rejection.row for rejection in self.rejections if rejection.row is not None})
        if place is None or not rows:
            return frozenset()
        values = column.kind.parse(self.grid.cells[str(place)][rows]).values
        return frozenset((values.explode() if values.dtype == pl.List else values).drop_nulls())


def wrong(key: str, quote: str | None = None, **values: object) -> Problem:
    """A problem of a row, in the words of a key (see `Problem.of`); where it is, `Read.rejection` tells."""
    return Problem.of("prai_match.io", key, "", quote, **values)


def short(value: object, limit: int = 80) -> str:
    """A value as it is shown in a problem."""
    text = value.isoformat() if isinstance(value, dt.date) else repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"


def place_of(grid: Grid, line: int, label: str) -> str:
    return f"{grid.file}:{line}.{label}" if label else f"{grid.file}:{line}"


def rejection(grid: Grid, row: int, label: str, problem: Problem, suggestion: str = "") -> Rejection:
    line = int(grid.lines[row])
    return Rejection(row, line, label, replace(problem, where=place_of(grid, line, label)), suggestion)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row, by the name of the column; it may only follow from what is wrong in another row."""

    at: At
    column: str
    problem: Problem
    follows: bool = False


@dataclass(frozen=True, eq=False)
class Stack:
    """The files of one table, none where it isn't there.

    Its rows are those that stand, with `_part`, `_row` and a typed column for each that a file has.
    """

    table: TableSpec
    reads: tuple[Read, ...]
    rows: pl.DataFrame

    @classmethod
    def of(cls, table: TableSpec, reads: Iterable[Read]) -> Stack:
        parts = tuple(reads)
        names = {name for part in parts for name in part.rows.columns}
        frames = [
            part.rows.with_columns(pl.lit(number, pl.UInt32).alias(PART), *_defaults(table, part.rows, names))
            for number, part in enumerate(parts)
        ]
        columns = {column.name: column.kind.dtype for column in table.columns}
        empty = pl.DataFrame(schema={PART: pl.UInt32, ROW: pl.UInt32, **columns})
        return cls(table, parts, pl.concat(frames, how="diagonal") if frames else empty)

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def files(self) -> str:
        """Names of its files, each once."""
        return ", ".join(dict.fromkeys(read.grid.file for read in self.reads))

    def values(self, column: str) -> list[str]:
        """Values of a column; none where no file has it."""
        return self.rows[column].drop_nulls().to_list() if column in self.rows.columns else []

    def data(self) -> pl.DataFrame:
        """The rows alone, as the model takes them."""
        return self.rows.drop(PART, ROW)

    def at(self, index: int) -> At:
        """Where a row of the whole stands."""
        return int(self.rows[PART][index]), int(self.rows[ROW][index])

    def place(self, at: At, column: str = "") -> str:
        """File, line and column of a row."""
        return self.reads[at[0]].place(at[1], column)

    def without(self, faults: Iterable[Fault]) -> Stack:
        """The same without the rows that are wrong, each told in its file."""
        by_part: dict[int, list[Rejection]] = {}
        for fault in dict.fromkeys(faults):
            part, row = fault.at
            rejection = self.reads[part].rejection(row, fault.column, fault.problem, follows=fault.follows)
            by_part.setdefault(part, []).append(rejection)
        if not by_part:
            return self
        return Stack.of(self.table, (read.without(by_part.get(number, ())) for number, read in enumerate(self.reads)))

    def lost(self, name: str) -> frozenset[str]:
        """What a column says in rejected rows and in no row that stands."""
        column = next(column for column in self.table.columns if column.name == name)
        lost = frozenset().union(*(read.lost(column) for read in self.reads))
        if not lost:
            return lost
        values = self.rows[name]
        return lost.difference((values.explode() if values.dtype == pl.List else values).drop_nulls())


def _defaults(table: TableSpec, rows: pl.DataFrame, names: AbstractSet[str]) -> Iterator[pl.Series]:
    """The columns that only other files of the table have, with what they stand for where they aren't there."""
    for column in table.columns:
        if column.name in names and column.name not in rows.columns:
            default = list(column.default) if isinstance(column.default, tuple) else column.default
            yield pl.Series(column.name, [default], column.kind.dtype).new_from_index(0, rows.height)
