"""Workbooks (.xlsx, .ods) to grids of texts, by python-calamine."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match.errors import missing_extra
from prai_match.io._grids import _grid
from prai_match.io._grids._bounds import WORKBOOK, check_bounds
from prai_match.io._grids._clean import HEAD, header_row, is_blank, kind_of
from prai_match.io._grids._grid import LABELS, NO_LABELS, Format, Grid, Origin, Repair, column_names, opened, unreadable
from prai_match.io._grids._values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from python_calamine import CalamineSheet

    Errors = Sequence[tuple[int, int, str]]

# What a spreadsheet calls a sheet that nobody has named: it tells nothing of the table.
_UNNAMED: Final = re.compile(r"(feuil|feuille|sheet|table|tabelle)\s*\d*", re.IGNORECASE)
_NOTHING: Final = _grid.Said("no cell with a value", "aucune cellule remplie")
_SHEET: Final = _grid.Said("a sheet with a table", "une feuille avec un tableau")


def workbook(data: bytes, name: str, file: str, form: Format, known: Callable[[str], bool]) -> tuple[Grid, ...]:
    """Read the sheets that aren't empty.

    Dates become ISO texts, numbers texts with a point and without ``.0``, booleans ``oui`` and ``non``. A grid is named
    after its sheet, or after the file where the only sheet has no name of its own. A sheet without a row of labels is a
    grid of which every label is empty.

    Args:
        data: The file's bytes.
        name: What a sheet without a name is called, if it is alone.
        file: How problems name the file.
        form: The format its suffix says.
        known: Whether a label is that of a known column.

    Raises:
        ProgrammeError: It is broken, too large, no workbook, empty, or no sheet has a row of labels.
        PraiError: The extra ``io`` is not installed.
    """
    errors = check_bounds(data, file)
    sheets = [(title, first, rows) for title, first, rows in _sheets(data, file, errors) if rows]
    if not sheets:
        raise unreadable(file, _NOTHING, _SHEET)
    alone = len(sheets) == 1 and _UNNAMED.fullmatch(sheets[0][0])
    grids = tuple(
        _sheet(rows, first, Origin(name if alone else title, f"{file}[{title}]", form), known)
        for title, first, rows in sheets
    )
    if not any(any(grid.header) for grid in grids):
        raise unreadable(file, NO_LABELS, LABELS)
    return grids


def _sheets(data: bytes, file: str, errors: Mapping[str, Errors]) -> list[tuple[str, int, list[list[str | None]]]]:
    """Title, number of the first row (from 1) and rows of each worksheet."""
    try:
        from python_calamine import CalamineError, SheetTypeEnum, load_workbook  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra("to read a workbook", "pour lire un classeur", "io") from None
    with opened(file, WORKBOOK, CalamineError, OSError, ValueError, OverflowError):
        book = load_workbook(io.BytesIO(data))
        titles = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        return [(title, *_rows(book.get_sheet_by_name(title), errors.get(title, ()))) for title in titles]


def _rows(sheet: CalamineSheet, errors: Errors) -> tuple[int, list[list[str | None]]]:
    # A stray cell in the last row of a sheet makes a million rows without any.
    empty = [""] * sheet.width
    rows = [[] if row == empty else [text_of(value) for value in row] for row in sheet.to_python()]
    first, left = sheet.start or (0, 0)
    for row, column, error in errors:
        cells = rows[row - 1 - first] or [None] * sheet.width
        cells[column - 1 - left] = error
        rows[row - 1 - first] = cells
    while rows and all(map(is_blank, rows[-1])):
        rows.pop()
    return first + 1, rows


def _sheet(rows: list[list[str | None]], first: int, origin: Origin, known: Callable[[str], bool]) -> Grid:
    kinds = [kind_of(row) for row in rows]
    shown = [index for index, kind in enumerate(kinds) if kind != "blank"]
    at = header_row([rows[index] for index in shown[:HEAD]], known)
    start = 0 if at is None else shown[at] + 1
    width = max(len(row) for row in rows)
    while all(is_blank(cell) for row in rows[max(start - 1, 0) :] for cell in row[width - 1 : width]):
        width -= 1
    kept = [index for index in range(start, len(rows)) if kinds[index] is None]
    header = [""] * width if at is None else [cell or "" for cell in rows[start - 1][:width]]
    titles = [(index, kinds[index] or "title") for index in range(start - 1)]
    aside = [*titles, *((index, kind) for index, kind in enumerate(kinds[start:], start) if kind)]
    count = sum(kind != "blank" for _, kind in titles)
    return Grid(
        *origin,
        header_line=None if at is None else first + start - 1,
        header=tuple("" if is_blank(cell) else cell for cell in header),
        cells=pl.DataFrame(
            [[rows[index][column] for index in kept] for column in range(width)],
            schema=dict.fromkeys(column_names(width), pl.String),
            orient="col",
        ),
        lines=pl.Series("line", [first + index for index in kept], dtype=pl.UInt32),
        faults=_grid.faults([]),
        repairs=(Repair("title_rows", count),) if count else (),
        set_aside=_grid.set_aside(
            (first + index, "title" if index < start and kind == "total" else kind, _shown(rows[index]))
            for index, kind in aside
        ),
    )


def _shown(row: list[str | None]) -> str:
    return ";".join(cell or "" for cell in row).strip(";")
