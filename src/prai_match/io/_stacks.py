"""The files of a table as one: their rows one below the other, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match.io._outcomes import ROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from prai_match.errors import Problem
    from prai_match.io._outcomes import Read, Rejection
    from prai_match.io._schema import Table

PART = "_part"
"""Column that holds the number of the file of a row, among those of its table."""

At = tuple[int, int]
"""Where a row stands: the number of its file, and its place in it."""


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

    table: Table
    reads: tuple[Read, ...]
    rows: pl.DataFrame

    @classmethod
    def of(cls, table: Table, reads: Iterable[Read]) -> Stack:
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


def _defaults(table: Table, rows: pl.DataFrame, names: AbstractSet[str]) -> Iterator[pl.Series]:
    """The columns that only other files of the table have, with what they stand for where they aren't there."""
    for column in table.columns:
        if column.name in names and column.name not in rows.columns:
            default = list(column.default) if isinstance(column.default, tuple) else column.default
            yield pl.Series(column.name, [default], column.kind.dtype).new_from_index(0, rows.height)
