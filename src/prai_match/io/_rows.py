"""Rows of one table: the header checked, each cell read as what its column holds, problems collected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prai_match.errors import Problem, did_you_mean
from prai_match.io import _csv

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.io._tables import Column, Table

    _Reader = Callable[[list[str], int, dict[str, object], list[Problem]], None]


class _Unreadable:
    """Stands where a value could not be read: the model refuses it, so that the row counts as bad there too."""

    def __repr__(self) -> str:
        return "<unreadable>"


UNREADABLE = _Unreadable()


@dataclass(frozen=True, slots=True)
class Rows:
    """What was read of a table.

    Attributes:
        values: Each row by column; a cell that is wrong is ``UNREADABLE``, an empty one that has a default is left out.
        lines: Line of the file at which each row begins.
        problems: Everything that is wrong in the file itself.
        broken: Rows, or the column that other rows cite, are missing: what cites them can't be checked.
    """

    values: list[dict[str, object]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    broken: bool = False


@dataclass(frozen=True, slots=True)
class _Header:
    places: tuple[tuple[int, Column], ...]
    absent: tuple[str, ...]
    width: int
    problems: tuple[Problem, ...]


def read_rows(table: Table, data: bytes) -> Rows:
    """Read the bytes of a table."""
    text = _csv.decoded(data, table.file)
    if isinstance(text, Problem):
        return Rows(problems=[text], broken=True)
    records = _csv.parsed(text, table.file)
    first = next(records, None)
    if first is None or isinstance(first, Problem):
        names = ";".join(column.name for column in table.columns)
        return Rows(problems=[first or Problem(f"{table.file}:1", "nothing", f"the columns {names}")], broken=True)
    header = _header(table, *first)
    rows = Rows(problems=list(header.problems), broken=table.key in header.absent)
    readers = [_reader(table.file, place, column) for place, column in header.places]
    filler: dict[str, object] = dict.fromkeys(header.absent, UNREADABLE)
    for record in records:
        if isinstance(record, Problem):
            return Rows(rows.values, rows.lines, [*rows.problems, record], broken=True)
        line, cells = record
        if len(cells) != header.width:
            # A spreadsheet leaves out empty cells at the end of a row, and adds some.
            if any(cell.strip() for cell in cells[header.width :]):
                found = f"{len(cells)} cells"
                rows.problems.append(
                    Problem(f"{table.file}:{line}", found, f"at most {header.width}, as in the header")
                )
            cells += [""] * (header.width - len(cells))
        row = filler.copy()
        for read in readers:
            read(cells, line, row, rows.problems)
        rows.values.append(row)
        rows.lines.append(line)
    return rows


def _header(table: Table, line: int, cells: list[str]) -> _Header:
    names = [cell.strip() for cell in cells]
    while not names[-1]:
        names.pop()
    known = {column.name: column for column in table.columns}
    where = f"{table.file}:{line}"
    problems = []
    places = {}
    for place, name in enumerate(names):
        if name not in known:
            problems.append(Problem(where, f"column {name!r}", _known_column(name, known)))
        elif name in places:
            problems.append(Problem(where, f"column {name!r} twice", "each column once"))
        else:
            places[name] = place
    absent = tuple(name for name, column in known.items() if column.required and name not in places)
    if len(names) == 1 and absent and any(mark in names[0] for mark in ",\t"):
        problems = [Problem(where, repr(names[0]), "columns separated by ';'")]
    else:
        problems += [Problem(where, f"no column {name!r}", "a column of that name") for name in absent]
    return _Header(tuple((place, known[name]) for name, place in places.items()), absent, len(names), tuple(problems))


def _known_column(name: str, known: dict[str, Column]) -> str:
    hint = did_you_mean(name, known)
    return f"a known column{hint}" if hint else f"one of the columns {', '.join(known)}"


def _reader(file: str, place: int, column: Column) -> _Reader:
    """The function that reads the cells of one column: built once a table, as it runs once a cell."""
    name, required, kind = column.name, column.required, column.cell
    value_of, verbatim, empty, expected = kind.read, kind.verbatim, kind.empty, kind.expected

    def read(cells: list[str], line: int, row: dict[str, object], problems: list[Problem]) -> None:
        cell = cells[place]
        if not verbatim:
            cell = cell.strip()
        if cell:
            try:
                row[name] = value_of(cell)
            except ValueError:
                row[name] = UNREADABLE
                problems.append(Problem(f"{file}:{line}.{name}", shortened(cell), expected))
        elif required:
            row[name] = UNREADABLE
            problems.append(Problem(f"{file}:{line}.{name}", "nothing", expected))
        elif empty is not None:
            row[name] = empty

    return read


def shortened(text: str, limit: int = 80) -> str:
    """A text as it is shown in a problem."""
    shown = repr(text)
    return shown if len(shown) <= limit else f"{shown[:limit]}…"
