"""Text of a CSV table to cells with their line, and back. Knows nothing of what the cells mean."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from prai_match.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ENCODING = "utf-8-sig"
"""UTF-8; the mark at the start, by which a spreadsheet knows it, is written and may be missing when read."""

_FOUND = {
    "unexpected end of data": "a quoted cell that is never closed",
    "';' expected after '\"'": "text after a closing quote",
}
"""What the reader of the standard library found, in the words of the file."""


def decoded(data: bytes, file: str) -> str | Problem:
    """The text of a file, or the line at which it stops being UTF-8."""
    try:
        return data.decode(ENCODING)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{error.object[error.start]:02x}"
        return Problem(f"{file}:{line}", found, "UTF-8 text (in a spreadsheet: save as 'CSV UTF-8')")


def parsed(text: str, file: str) -> Iterator[tuple[int, list[str]] | Problem]:
    """The line at which each row begins, with its cells; rows without any content are passed over.

    A quote out of place ends it with a problem: what comes after can't be told apart.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    line = 1
    try:
        for cells in reader:
            if "".join(cells).strip():
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        expected = "cells separated by ';', each quoted cell closed and each quote inside it doubled"
        yield Problem(f"{file}:{line}", _FOUND.get(str(error), str(error)), expected)


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The bytes of a table."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode(ENCODING)
