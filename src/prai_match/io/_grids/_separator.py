"""Which character separates the cells of a text, and the first records read with it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from prai_match.io._grids._header import BLANKS, HEAD, is_blank
from prai_match.io._grids._header_doubts import SWALLOWED, swallows
from prai_match.io._grids._lines import Reader, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

NAMES: Final = {";": "semicolon", "\t": "tab", "|": "pipe", ",": "comma"}
"""The separators looked for, the likeliest first."""

# A line that a spreadsheet writes to say the separator.
_STATEMENT: Final = re.compile(r' *"?sep=([\t!#-/:-@\[-`{-~])"? *', re.IGNORECASE)
# A line with something beside blanks and separators.
_SOMETHING: Final = f"[^{re.escape(BLANKS)};,|]"
_MANY: Final = 1_000
# From the first row of the usual width on, at least this part has it, if the separator is the right one.
_CONSISTENT: Final = 0.6


class Head(NamedTuple):
    """What separates the cells of a text, the line where its records begin, and the first that aren't blank."""

    separator: str
    first: int
    records: list[Record]


def head(lines: pl.Series, usual: str, is_label: Callable[[str], bool]) -> Head:
    """Read the first records, ``HEAD`` at most, with the separator that fits them best.

    That is the one the first line says (``sep=;``), else that which gives the most known labels in one row, else that
    which gives rows of one width the most consistently, else the usual one.
    """
    statement = _STATEMENT.fullmatch(lines[0]) if len(lines) else None
    if statement:
        return Head(statement[1], 1, _records(lines, statement[1], 1))
    separators = sorted(NAMES, key=lambda separator: separator != usual)
    heads = [Head(separator, 0, _records(lines, separator, 0)) for separator in separators]
    return max(heads, key=lambda candidate: _fitness(candidate.records, is_label))


def _records(lines: pl.Series, separator: str, start: int) -> list[Record]:
    reader = Reader(lines, separator)
    records: list[Record] = []
    blank = 0
    while start < len(lines) and len(records) < HEAD:
        record = reader.record(start)
        start = record.end
        if not record.fault and swallows(record, lines, separator, len(record.cells)):
            record = record._replace(cells=[], fault=SWALLOWED)
        if record.fault or not all(map(is_blank, record.cells)):
            records.append(record)
        else:
            blank += 1
            if not blank % _MANY:  # the next line that may hold something, without reading each before it
                rest = lines.slice(start).str.contains(_SOMETHING)
                start = start + int(cast("int", rest.arg_max())) if rest.any() else len(lines)
    return records


def _fitness(records: list[Record], is_label: Callable[[str], bool]) -> tuple[int, float]:
    rows = [record.cells for record in records]
    labels = max((sum(map(is_label, row)) for row in rows), default=0)
    widths = [len(row) for row in rows]
    several = Counter(width for width in widths if width > 1)
    if not several:
        return labels, 0.0
    width = several.most_common(1)[0][0]
    below = widths[widths.index(width) :]
    share = below.count(width) / len(below)
    return labels, share if share >= _CONSISTENT else 0.0
