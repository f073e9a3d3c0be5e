"""What every source becomes: cells with their line, and nothing known of their meaning; and what it may take."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import polars as pl

from prai_match.errors import Problem, ProgrammeError

Format = Literal["csv", "tsv", "xlsx", "ods", "parquet", "json", "frame", "records"]
# Rows, columns, and characters of a cell, as a spreadsheet has at most.
MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
LONGEST_CELL: Final = 32_767
MOST_EMPTY: Final = 16 << 20  # the most cells that a source may have beyond those it writes
FAULTS: Final = pl.Schema({"line": pl.UInt32, "text": pl.String, "reason": pl.String})
SET_ASIDE: Final = pl.Schema({"line": pl.UInt32, "kind": pl.String, "text": pl.String})
MOST_MEMORY: Final = 1_000_000_000  # the bytes that a load may take unless it is told otherwise
_ROW: Final = 64
_CELL: Final = 16  # what a cell takes beside its text, in a column of texts


@dataclass(frozen=True, slots=True)
class Repair:
    """What of a file, or of a column by its label, was read though not written as it should be, and an example.

    ``how`` is ``encoding``, ``separator``, ``title_rows``, ``short_rows``, ``not_numbers`` (``NaN``) or, of cells, how
    they were read; ``count`` how many rows, lines or cells, 1 where it is about the whole file.
    """

    how: str
    count: int
    example: str = ""
    label: str = ""


class GridOrigin(NamedTuple):
    """Where a grid comes from: see the attributes of `Grid` of the same names."""

    name: str
    file: str
    format: Format


@dataclass(frozen=True, eq=False, slots=True)
class Grid:
    """One table as it was found.

    Attributes:
        name: Stem of the file or name of the sheet, by which the table is recognised.
        file: How problems name it: ``"besoins.csv"``, ``"saison.xlsx[Besoins]"``.
        header_line: Where the labels stand, as ``lines`` counts; None where they are in no row.
        header: The labels as written; ``""`` where a cell is empty; the same label may come twice.
        cells: A column ``"0"``, ``"1"``, … for each label; texts, null where empty, for text files and workbooks;
            of the source's types for Parquet, frames and JSON.
        lines: For each row of ``cells`` its line (text) or row (others), from 1; UInt32.
        faults: Rows that can't be split into cells: ``line``, ``text`` as written, ``reason``: ``too_many_cells``,
            ``unclosed_quote``, ``stray_quote``, ``huge_cell``, ``invalid_json``, ``not_an_object``, ``duplicate_key``;
            and rows that were taken for something else: ``above_header``, ``second_header``, ``swallowed_rows``.
        set_aside: Rows that are no data: ``line``, ``kind`` (``title``, ``blank`` or ``total``), ``text``.
        extent: How many lines (text) or rows (others) there are, the header and what is set aside included.
        continued: How many of them continue the one above, as a cell has line ends.
        key: The place of the column that names a row to whoever keeps the table; None where none does.
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
        """Say where a row is, or a cell of it: its line and, where a column names rows, what it has there."""
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
    """The error for a source of which no table can be read, in the words of a key (see `Problem.of`)."""
    return ProgrammeError(file, [Problem.of("prai_match.io", key, file, quote, **values)])


def check_area(rows: int, width: int, least: int, file: str) -> None:
    """Check that few rows are so short that a small source, of ``least`` cells at least, becomes a huge grid."""
    if width > MOST_COLUMNS or rows * width > least + MOST_EMPTY:
        raise unreadable(file, "area", rows=rows, width=width)


@dataclass(slots=True)
class Memory:
    """The most bytes that the files of a load may take at once, estimated before, and what those read still take."""

    most: int = MOST_MEMORY
    before: int = 0

    def keep(self, grid: Grid) -> None:
        """Count what a file that was read goes on taking."""
        frames = (grid.cells, grid.faults, grid.set_aside)
        self.before += sum(int(frame.estimated_size()) + _CELL * frame.width for frame in frames) + _ROW


@dataclass(slots=True)
class FileMemory:
    """The bytes that one file has taken so far, while it is read, of what all files may take."""

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
