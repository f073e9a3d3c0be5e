"""The result of reading a table: accepted rows, rejections (also by the model), and repairs."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from prai_match.errors import Problem, excerpt
from prai_match.io import _grids, _labels, _sources
from prai_match.io._schema import FIELDS, PROGRAMME, TableColumn, TableSpec

if TYPE_CHECKING:
    from prai_match.io._completion import Trainers

ROW = "_row"  # column with the position of a row in its file
PART = "_part"  # column with the number of a row's file among those of its table
At = tuple[int, int]  # the place of a row: the number of its file, and its position there


class Rejection(NamedTuple):
    """Why a row is rejected, with its place in its file (or None); maybe only as a consequence of another rejection."""

    row: int | None
    line: int
    label: str
    problem: Problem
    suggestion: str = ""
    follows: bool = False


@dataclass(frozen=True, eq=False)
class Read:
    """A table as read from one file; accepted rows have their place in ``grid`` (`_row`) and typed columns."""

    table: TableSpec
    grid: _grids.Grid
    matches: tuple[_labels.Match, ...]
    rows: pl.DataFrame
    rejections: tuple[Rejection, ...]
    repairs: tuple[_grids.Repair, ...] = ()
    names: pl.DataFrame | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def read(self) -> int:
        return self.grid.cells.height + self.grid.faults.height

    @property
    def rejected(self) -> int:
        return self.read - self.rows.height

    @property
    def repaired(self) -> int:
        return sum(repair.count for repair in self.repairs if repair.label)

    def label(self, column: str) -> str:
        """Return the label of a column in the file; its own name if the file has none."""
        return next((match.label for match in self.matches if match.column == column), column)

    def place(self, row: int, column: str = "") -> str:
        return self.grid.place(int(self.grid.lines[row]), self.label(column) if column else "")

    def rejection(self, row: int, column: str, problem: Problem, suggestion: str = "") -> Rejection:
        line, label = int(self.grid.lines[row]), self.label(column)
        return Rejection(row, line, label, replace(problem, where=self.grid.place(line, label)), suggestion)

    def without(self, rejections: Iterable[Rejection]) -> Read:
        more = tuple(rejections)
        wrong = {rejection.row for rejection in more if rejection.row is not None}
        rows = self.rows.filter(~pl.col(ROW).is_in(wrong)) if wrong else self.rows
        return replace(self, rows=rows, rejections=(*self.rejections, *more))

    def with_all_columns(self) -> Read:
        """Return the same with a column of nulls for each column that the file lacks."""
        lacking = [column for column in self.table.columns if column.name not in self.rows.columns]
        rows = self.rows.with_columns(pl.lit(None, column.kind.dtype).alias(column.name) for column in lacking)
        return replace(self, rows=rows)

    def lost(self, column: TableColumn) -> frozenset[str]:
        """Return the values of a column of texts or lists in rejected rows."""
        place = next((match.place for match in self.matches if match.column == column.name), None)
        rows = sorted({rejection.row for rejection in self.rejections if rejection.row is not None})
        if place is None or not rows:
            return frozenset()
        values = column.kind.parse(self.grid.cells[str(place)][rows]).values
        return frozenset((values.explode() if values.dtype == pl.List else values).drop_nulls())


def wrong(key: str, quote: str | None = None, **values: object) -> Problem:
    """Return a problem of a row, with the text of a key (see `Problem.of`); `Read.rejection` adds its place."""
    return Problem.of("prai_match.io", key, "", quote, **values)


def short(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else excerpt(value)


class Fault(NamedTuple):
    """A problem of a row, by column name; it may only be a consequence of a problem in another row."""

    at: At
    column: str
    problem: Problem
    follows: bool = False


@dataclass(frozen=True, eq=False)
class Stack:
    """The files of one table (none if it is missing); accepted rows, with `_part`, `_row` and typed columns."""

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
        return cls(table, parts, pl.concat(frames, how="diagonal") if names > {ROW} else empty)

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def files(self) -> str:
        return ", ".join(dict.fromkeys(read.grid.file for read in self.reads))

    def data(self) -> pl.DataFrame:
        return self.rows.drop(PART, ROW)

    def at(self, index: int) -> At:
        return int(self.rows[PART][index]), int(self.rows[ROW][index])

    def place(self, at: At, column: str = "") -> str:
        return self.reads[at[0]].place(at[1], column)

    def without(self, faults: Iterable[Fault]) -> Stack:
        by_part: dict[int, list[Rejection]] = {}
        for fault in dict.fromkeys(faults):
            part, row = fault.at
            rejection = self.reads[part].rejection(row, fault.column, fault.problem)
            by_part.setdefault(part, []).append(rejection._replace(follows=fault.follows))
        if not by_part:
            return self
        return Stack.of(self.table, (read.without(by_part.get(number, ())) for number, read in enumerate(self.reads)))

    def lost(self, name: str) -> frozenset[str]:
        """Return the values of a column that are only in rejected rows."""
        column = next(column for column in self.table.columns if column.name == name)
        if not (lost := frozenset().union(*(read.lost(column) for read in self.reads))):
            return lost
        values = self.rows[name]
        return lost.difference((values.explode() if values.dtype == pl.List else values).drop_nulls())


def _defaults(table: TableSpec, rows: pl.DataFrame, names: AbstractSet[str]) -> Iterator[pl.Series]:
    """Yield the columns that only other files of the table have, with their default values."""
    for column in table.columns:
        if column.name in names and column.name not in rows.columns:
            default = list(column.default) if isinstance(column.default, tuple) else column.default
            yield pl.Series(column.name, [default], column.kind.dtype).new_from_index(0, rows.height)


_ROW = re.compile(
    rf"(?<![\w.])({'|'.join(table.name for table in FIELDS)})\[(\d+)\](?:\.(\w+))?(?:\[(\d+)\])?(?:\.(\w+))?[\w.\[\]]*"
)
_AMOUNT = re.compile(r"^Decimal\('(.*)'\)$")
_LINE = re.compile(r"(.+):(\d+)(?:\.| \(|$)")
_NESTED = {"expertise": "expertise", "free": "trainer_days", "taken": "trainer_days"}


def faults_of(
    problems: Sequence[Problem], tables: Mapping[str, Stack], trainers: Trainers, settings: _sources.ProgrammeToml
) -> tuple[dict[str, list[Fault]], list[Problem]]:
    """Return the problems of the model by table and row, and those without a row."""

    def place(match: re.Match[str]) -> str:
        table, at, column = _place(match, tables, trainers)
        return tables[table].place(at, column)

    faults: dict[str, list[Fault]] = defaultdict(list)
    others: list[Problem] = []
    for problem in _causes(problems):
        match = _ROW.match(problem.where)
        texts: dict[str, Any] = {name: _AMOUNT.sub(r"\1", getattr(problem, name)) for name in ("found", "found_fr")}
        if match is None:
            others.append(replace(problem, where=settings.place(problem.where), **texts))
            continue
        texts |= {name: _ROW.sub(place, getattr(problem, name)) for name in ("expected", "expected_fr")}
        table, at, column = _place(match, tables, trainers)
        faults[table].append(Fault(at, column, replace(problem, **texts)))
    return faults, others


def in_order(problems: Iterable[Problem], tables: Mapping[str, Stack]) -> list[Problem]:
    """Return problems file by file and line by line, each once."""
    files = [PROGRAMME, *(read.grid.file for table in tables.values() for read in table.reads)]

    def key(problem: Problem) -> tuple[int, int]:
        match = _LINE.match(problem.where)
        file, line = (match[1], int(match[2])) if match else (problem.where, 0)
        return files.index(file) if file in files else len(files), line

    return sorted(dict.fromkeys(problems), key=key)


def _causes(problems: Sequence[Problem]) -> Iterable[Problem]:
    """Return the problems of the model without those that are consequences of another one."""
    above = {problem.where[: mark.start()] for problem in problems for mark in re.finditer(r"\[", problem.where)}
    for problem in problems:
        # The model only counts valid items of a list, so a list with invalid items seems too short.
        if not (problem.expected == "a list that is not empty" and problem.where in above):
            yield problem


def _place(match: re.Match[str], tables: Mapping[str, Stack], trainers: Trainers) -> tuple[str, At, str]:
    table, row, column, item, inner = match.groups()
    index = int(row) - 1
    if column == "attributes":
        column, inner = inner, None
    if table != "trainers":
        return table, tables[table].at(index), column or ""
    items = trainers.items[index]
    if column in _NESTED and item is not None:
        # A day taken is a plain date: its row begins with it.
        return _NESTED[column], items[column][int(item) - 1], inner or ("start" if column == "taken" else "")
    return table, items[""][0], column or ""
