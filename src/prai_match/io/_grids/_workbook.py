"""Conversion of workbooks (.xlsx, .ods) to grids of texts.

They are read once, and no more than a spreadsheet can hold: a check before reading with another library would have to
interpret files exactly as that library does.
"""

import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

import polars as pl

from prai_match.io._grids import _archive, _grid, _ods, _xlsx
from prai_match.io._grids._grid import FileMemory, Format, Grid, GridOrigin, Repair, unreadable
from prai_match.io._grids._header import HEAD, header_row, is_blank, kind_of, of_data, second_headers

# Default names of sheets in spreadsheets: they don't identify the table.
_NO_NAME: Final = re.compile(r"(feuil|feuille|sheet|table|tabelle)\s*\d*", re.IGNORECASE)
_OLE: Final = b"\xd0\xcf\x11\xe0"
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, RuntimeError, OSError, ValueError)


def workbook(
    data: bytes, name: str, form: Format, is_label: Callable[[str], bool], share: FileMemory
) -> tuple[Grid, ...]:
    """Read the sheets that aren't empty, named after themselves or, for a single unnamed sheet, after the file."""
    if not (sheets := [(title, first, rows) for title, first, rows in _sheets(data, share) if rows]):
        raise unreadable(share.file, "no_cell")
    alone = len(sheets) == 1 and _NO_NAME.fullmatch(sheets[0][0])
    grids = tuple(
        _sheet(rows, first, GridOrigin(name if alone else title, f"{share.file}[{title}]", form), is_label)
        for title, first, rows in sheets
    )
    if not any(any(grid.header) for grid in grids):
        raise unreadable(share.file, "no_labels")
    return grids


def _sheets(data: bytes, share: FileMemory) -> list[tuple[str, int, list[list[str | None]]]]:
    """Return title, number of the first row (from 1) and rows of each worksheet."""
    if data.startswith(_OLE):
        raise unreadable(share.file, "old_workbook")
    try:
        if _ods.CONTENT in (archive := _archive.Archive(data)):
            sheets = _ods.ods(archive, share)
        elif _xlsx.BOOK in archive:
            sheets = _xlsx.xlsx(archive, share)
        else:
            raise unreadable(share.file, "broken_workbook")
        return [(sheet.title, *sheet.rows()) for sheet in sheets]
    except _archive.TooLargeError:
        raise unreadable(share.file, "large_workbook") from None
    except _BROKEN as error:
        raise unreadable(share.file, "broken_workbook") from error


def _sheet(rows: list[list[str | None]], first: int, origin: GridOrigin, is_label: Callable[[str], bool]) -> Grid:
    kinds = [kind_of(row) for row in rows]
    not_blank = [index for index, kind in enumerate(kinds) if kind != "blank"]
    at = header_row([rows[index] for index in not_blank[:HEAD]], is_label)
    start, width = 0 if at is None else not_blank[at] + 1, max(map(len, rows))
    while all(is_blank(cell) for row in rows[max(start - 1, 0) :] for cell in row[width - 1 : width]):
        width -= 1
    below = [index for index in range(start, len(rows)) if kinds[index] is None]
    header = [""] * width if at is None else [cell or "" for cell in rows[start - 1][:width]]
    data = of_data(rows[: max(start - 1, 0)], sum(not is_blank(cell) for cell in header), is_label)
    titles = [(index, kinds[index] or "title") for index in range(start - 1) if not data[index]]
    aside = [*titles, *((index, kind) for index, kind in enumerate(kinds[start:], start) if kind)]
    count = sum(kind != "blank" for _, kind in titles)
    cells = pl.DataFrame(
        [[rows[index][column] for index in below] for column in range(width)],
        schema=dict.fromkeys(map(str, range(width)), pl.String),
        orient="col",
    )
    again, others = ([], []) if at is None else second_headers(cells, header, is_label)
    end = min(others, default=cells.height)
    second = [*(row for row in again if row < end), *range(end, cells.height)]
    faults = [(first + index, _text(rows[index]), "above_header") for index, of in enumerate(data) if of]
    faults += [(first + below[row], _text(rows[below[row]]), "second_header") for row in second]
    stay = ~pl.int_range(cells.height, eager=True).is_in(second)
    return Grid(
        *origin,
        header_line=None if at is None else first + start - 1,
        header=tuple("" if is_blank(cell) else cell for cell in header),
        cells=cells.filter(stay),
        lines=pl.Series("line", [first + index for index in below], dtype=pl.UInt32).filter(stay),
        faults=_grid.faults(faults),
        repairs=(Repair("title_rows", count),) if count else (),
        set_aside=_grid.set_aside(
            (first + index, "title" if index < start and kind == "total" else kind, _text(rows[index]))
            for index, kind in aside
        ),
        extent=len(rows),
    )


def _text(row: list[str | None]) -> str:
    return ";".join(cell or "" for cell in row).strip(";")
