"""Delimited text (CSV, TSV) to a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.io._grids import _grid
from prai_match.io._grids._body import body
from prai_match.io._grids._clean import BLANKS, header_row, is_blank
from prai_match.io._grids._grid import LABELS, NO_LABELS, Grid, Repair, check_area, unreadable
from prai_match.io._grids._separator import NAMES, head
from prai_match.io._grids._text import text_lines

if TYPE_CHECKING:
    from collections.abc import Callable


def delimited(data: bytes, name: str, file: str, usual: str, known: Callable[[str], bool]) -> Grid:
    """Read a delimited text.

    Args:
        data: The file's bytes, in any encoding.
        name: Name of the grid.
        file: How problems name the file.
        usual: The separator that the file's suffix promises, which is not told as mended.
        known: Whether a label is that of a known column.

    Raises:
        ProgrammeError: No row can be a header, or far more cells would be empty than are written.
    """
    lines, repairs = text_lines(data)
    separator, first, records = head(lines, usual, known)
    rows = [record for record in records if not record.fault]
    at = header_row([record.cells for record in rows], known)
    if at is None:
        raise unreadable(file, NO_LABELS, LABELS)
    header = rows[at]
    above = enumerate(lines.slice(0, header.start))
    titles = [(line, "title" if text.strip(BLANKS) else "blank", text.strip(BLANKS)) for line, text in above]
    check_area(len(lines) - header.end, len(header.cells), len(data), file)
    below = body(lines, header.end, separator, len(header.cells))
    set_aside = [(line + 1, kind, text) for line, kind, text in [*titles, *below.set_aside]]
    told = [
        ("separator", separator != usual, NAMES.get(separator, separator)),
        ("title_rows", sum(kind == "title" for _, kind, _ in titles[first:]), ""),
        ("short_rows", below.short, ""),
    ]
    return Grid(
        name=name,
        file=file,
        format="tsv" if separator == "\t" else "csv",
        header_line=header.start + 1,
        header=tuple("" if is_blank(cell) else cell for cell in header.cells),
        cells=below.cells,
        lines=(below.lines + 1).rename("line"),
        faults=_grid.faults((line + 1, text, reason) for line, text, reason in below.faults),
        repairs=(*repairs, *(Repair(code, int(count), detail) for code, count, detail in told if count)),
        set_aside=_grid.set_aside(set_aside),
    )
