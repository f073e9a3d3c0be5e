"""Grids, which every source becomes: cells with their line, without interpretation; and limits on memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import polars as pl

from prai_match.errors import Problem, ProgrammeError

Format = Literal["csv", "tsv", "xlsx", "ods", "parquet", "json", "frame", "records"]
# Maximum number of rows, columns, and characters of a cell in a spreadsheet.
MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
LONGEST_CELL: Final = 32_767
MOST_EMPTY: Final = 16 << 20  # maximum number of cells that a source may have beyond those it writes
FAULTS: Final = pl.Schema({"line": pl.UInt32, "text": pl.String, "reason": pl.String})
SET_ASIDE: Final = pl.Schema({"line": pl.UInt32, "kind": pl.String, "text": pl.String})
MOST_MEMORY: Final = 1_000_000_000  # default memory limit of a load, in bytes
_ROW: Final = 64
_CELL: Final = 16  # bytes of a cell without its text, in a column of texts


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair of a file, or of a column given by its label: something badly written but read, with an example.

    ``how`` is ``encoding``, ``separator``, ``title_rows``, ``short_rows``, ``not_numbers`` (``NaN``) or, for cells, how
    they were read; ``count`` is the number of rows, lines or cells, 1 for the whole file.
    """

    how: str
    count: int
    example: str = ""
    label: str = ""


class GridOrigin(NamedTuple):
    """The origin of a grid: see the attributes of `Grid` with the same names."""

    name: str
    file: str
    format: Format


@dataclass(frozen=True, eq=False, slots=True)
class Grid:
    """One table as found in a source.

    Attributes:
        name: Stem of the file or name of the sheet, by which the table is recognised.
        file: Its name in problems: ``"besoins.csv"``, ``"saison.xlsx[Besoins]"``.
        header_line: The line of the labels, counted like ``lines``; None if they aren't in a row.
        header: The labels as written; ``""`` for an empty cell; a label may occur twice.
        cells: A column ``"0"``, ``"1"``, … for each label; texts (null if empty) for text files and workbooks, the
            source's types for Parquet, frames and JSON.
        lines: The line (text) or row (other sources) of each row of ``cells``, from 1; UInt32.
        faults: Rows that can't be split into cells: ``line``, ``text`` as written, ``reason``: ``too_many_cells``,
            ``unclosed_quote``, ``stray_quote``, ``huge_cell``, ``invalid_json``, ``not_an_object``, ``duplicate_key``;
            and rows that were mistaken for something else: ``above_header``, ``second_header``, ``swallowed_rows``.
        set_aside: Rows that aren't data: ``line``, ``kind`` (``title``, ``blank`` or ``total``), ``text``.
        extent: Number of lines (text) or rows (other sources), including the header and rows set aside.
        continued: How many lines continue the one above, because a cell contains line ends.
        key: The index of the column that identifies rows for the owner of the table; None if there is none.
    """

    name: str
    file: str
    format: Format
    header_line: int | None
    header: tuple[str, ...]
    cells: pl.DataFrame
    lines: pl.Series
    faults: pl.DataFrame
    repairs: tuple[Repair, ...]
    set_aside: pl.DataFrame
    extent: int
    continued: int = 0
    key: int | None = None

    def place(self, line: int, label: str = "") -> str:
        """Return the place of a row, or of its cell: the line and, if a column identifies rows, its value."""
        row = int(self.lines.search_sorted(line))
        is_named = self.key is not None and row < self.lines.len() and self.lines[row] == line
        name = self.cells[str(self.key)][row] if is_named else None
        own = "" if name is None else f" ({self.header[self.key or 0]} {name})"
        return f"{self.file}:{line}{own}" + (f".{label}" if label else "")


def faults(rows: Iterable[tuple[int, str, str]], schema: pl.Schema = FAULTS) -> pl.DataFrame:
    return pl.DataFrame(sorted(rows), schema=schema, orient="row")


def set_aside(rows: Iterable[tuple[int, str, str]]) -> pl.DataFrame:
    return faults(rows, SET_ASIDE)


def unreadable(file: str, key: str, quote: str | None = None, **values: object) -> ProgrammeError:
    """Return the error for a source from which no table can be read, with the text of a key (see `Problem.of`)."""
    return ProgrammeError(file, [Problem.of("prai_match.io", key, file, quote, **values)])


def check_area(rows: int, width: int, least: int, file: str) -> None:
    """Check that a small source, with at least ``least`` cells, doesn't become a huge grid because of short rows."""
    if width > MOST_COLUMNS or rows * width > least + MOST_EMPTY:
        raise unreadable(file, "area", rows=rows, width=width)


@dataclass(slots=True)
class Memory:
    """The memory limit of the files of a load, estimated before reading, and what files already read still take."""

    most: int = MOST_MEMORY
    before: int = 0

    def keep(self, grid: Grid) -> None:
        """Count the memory that a file still takes after reading."""
        frames = (grid.cells, grid.faults, grid.set_aside)
        self.before += sum(int(frame.estimated_size()) + _CELL * frame.width for frame in frames) + _ROW


@dataclass(slots=True)
class FileMemory:
    """The memory that one file has taken so far, while it is read, out of the limit for all files."""

    memory: Memory
    file: str
    used: int = 0

    @property
    def left(self) -> int:
        return self.memory.most - self.memory.before - self.used

    def take(self, count: int) -> None:
        self.used += count
        if self.left < 0:
            raise self.error()

    def error(self) -> ProgrammeError:
        most, before = self.memory.most, self.memory.before
        return unreadable(self.file, "memory_beside" if before else "memory", taken=self.used, most=most, held=before)
