"""What was read of one table: the rows that stand, why the others don't, what was mended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from prai_match.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prai_match.io._grids import Grid
    from prai_match.io._labels import Match
    from prai_match.io._schema import Column, Table

ROW = "_row"
"""Column that holds the place of a row among the cells of its file."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One reason why a row is rejected.

    Attributes:
        row: Its place among the cells of its file; None: it could not be parted into cells.
        line: Line of the file.
        label: Label of the column, as it is in the file; empty: the whole row.
        problem: What is wrong.
        suggestion: What could be written instead.
        follows: It is wrong only because another row is.
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
    """A table as it was read.

    Attributes:
        table: Which table it is.
        grid: Its cells.
        matches: What its labels were taken for.
        rows: The rows that stand: their place in ``grid`` (`_row`) and a typed column for each that is there.
        rejections: Why the others don't.
        mends: What was mended.
        names: Names that were looked up: ``column``, ``text``, ``status``, ``code``, ``rows``.
        problems: What is wrong with the table itself: it can't be used.
    """

    table: Table
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
        problem = replace(problem, where=self.place(row, column))
        return Rejection(row, int(self.grid.lines[row]), self.label(column), problem, suggestion, follows)

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

    def lost(self, column: Column) -> frozenset[str]:
        """Values of a column of texts or lists in the rows that were rejected."""
        place = next((match.place for match in self.matches if match.column == column.name), None)
        rows = sorted({rejection.row for rejection in self.rejections if rejection.row is not None})
        if place is None or not rows:
            return frozenset()
        values = column.kind.parse(self.grid.cells[str(place)][rows]).values
        return frozenset((values.explode() if values.dtype == pl.List else values).drop_nulls())


def wrong(key: str, found: str | None = None, **values: object) -> Problem:
    """A problem of a row, in the words of a key (see `Problem.of`); where it is, `Read.rejection` tells."""
    return Problem.of("prai_match.io", key, "", found, **values)


def short(value: object, limit: int = 80) -> str:
    """A value as it is shown in a problem."""
    text = value.isoformat() if isinstance(value, dt.date) else repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"


def place_of(grid: Grid, line: int, label: str) -> str:
    return f"{grid.file}:{line}.{label}" if label else f"{grid.file}:{line}"
