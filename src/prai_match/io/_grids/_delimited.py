"""Delimited text (CSV, TSV) to a grid."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from operator import itemgetter
from typing import Final, cast

import polars as pl

from prai_match.io._grids import _grid
from prai_match.io._grids._body import Body, body
from prai_match.io._grids._grid import FileMemory, Grid, Repair, check_area, unreadable
from prai_match.io._grids._header import BLANKS, HEAD, are_labels, check, header_row, is_blank, of_data, second_headers
from prai_match.io._grids._text import Reader, TextRecord, has_longer_line, text_lines

Rows = list[tuple[int, str, str]]
# The separators looked for, the likeliest first.
_NAMES: Final = {";": "semicolon", "\t": "tab", "|": "pipe", ",": "comma"}

# A line that a spreadsheet writes to say the separator.
_STATEMENT: Final = re.compile(r' *"?sep=([\t!#-/:-@\[-`{-~])"? *', re.IGNORECASE)
# A line with something beside blanks and separators.
_SOMETHING: Final = f"[^{re.escape(BLANKS)};,|]"
_MANY: Final = 1_000
# From the first row of the usual width on, at least this part has it, if the separator is the right one.
_CONSISTENT: Final = 0.6
_LONGEST_HEADER: Final = 20_000
# What a text takes: its bytes some times, so much for each line, and the longest line some times more.
_COPIES, _LINE, _COPIES_OF_ONE = 3, 16, 8


def delimited(data: bytes, name: str, usual: str, is_label: Callable[[str], bool], share: FileMemory) -> Grid:
    """Read a delimited text, in any encoding; the ``usual`` separator, of its suffix, is not told as mended."""
    file = share.file
    share.take(_COPIES * len(data) + _LINE * (data.count(b"\n") + data.count(b"\r")))
    longest = share.left // _COPIES_OF_ONE
    if has_longer_line(data, longest):  # what splits a text into lines takes much more than one of them
        share.take(_COPIES_OF_ONE * (longest + 1))
    lines, repairs = text_lines(data)
    share.take(_COPIES_OF_ONE * cast("int", lines.str.len_bytes().max() or 0))
    separators = sorted(_NAMES, key=lambda each: each != usual)
    absent = [each for each in separators if each.encode() not in data]  # they all give the same rows
    separator, first, records = _head(lines, [each for each in separators if each not in absent[1:]], is_label)
    rows = [record for record in records if not record.fault]
    if (at := header_row([record.cells for record in rows], is_label)) is None:
        raise unreadable(file, "no_labels")
    header = rows[at]
    check_area(len(lines) - header.end, len(header.cells), len(data), file)
    below = body(lines, header.end, separator, len(header.cells), share)
    above, titles = _above(lines, records, header, separator, is_label)
    second = _below(lines, below, header, separator, is_label)
    counts = [
        ("separator", separator != usual, _NAMES.get(separator, separator)),
        ("title_rows", sum(kind == "title" and line >= first for line, kind, _ in titles), ""),
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
        faults=_grid.faults((line + 1, text, reason) for line, text, reason in [*above, *second, *below.faults]),
        repairs=(*repairs, *(Repair(code, int(count), detail) for code, count, detail in counts if count)),
        set_aside=_grid.set_aside((line + 1, kind, text) for line, kind, text in [*titles, *below.set_aside]),
        extent=len(lines),
        continued=below.continued + header.end - header.start - 1,
    )


def _above(
    lines: pl.Series, records: list[TextRecord], header: TextRecord, separator: str, is_label: Callable[[str], bool]
) -> tuple[Rows, Rows]:
    """The lines above the header: those that read as data, and the titles and blank lines."""
    texts = list(lines.slice(0, header.start))
    # A record that could be split says what its lines are; where it couldn't, each line is taken for one.
    whole = {record.start: record for record in records if not record.fault and record.end <= header.start}
    within = {line for record in whole.values() for line in range(record.start, record.end)}
    rows = [
        (line, whole[line].cells if line in whole else texts[line].split(separator))
        for line in range(header.start)
        if line in whole or line not in within
    ]
    lost = {
        at
        for (line, _), is_data in zip(rows, of_data([row for _, row in rows], len(header.cells), is_label), strict=True)
        if is_data
        for at in range(line, whole[line].end if line in whole else line + 1)
    }
    return [(line, texts[line], "above_header") for line in sorted(lost)], [
        (line, "title" if text.strip(BLANKS) else "blank", text.strip(BLANKS))
        for line, text in enumerate(texts)
        if line not in lost
    ]


def _below(lines: pl.Series, below: Body, header: TextRecord, separator: str, is_label: Callable[[str], bool]) -> Rows:
    """Take away, and return, the rows that repeat the header or stand below another one."""
    again, others = second_headers(below.cells, header.cells, is_label)
    faults = (line for line, text, _ in below.faults if are_labels(_cells(text, separator), is_label))
    end = min([*(int(below.lines[row]) for row in others), *faults], default=len(lines))
    if not again and end == len(lines):
        return []
    stay = (below.lines < end) & ~pl.int_range(below.cells.height, eager=True).is_in(again)
    starts = {*below.lines, *(row[0] for row in below.faults), *(row[0] for row in below.set_aside)}
    after, others = dict(pairwise([*sorted(starts), len(lines)])), below.lines.filter(~stay).to_list()
    below.cells, below.lines = below.cells.filter(stay), below.lines.filter(stay)
    return [(line, "\n".join(lines.slice(line, after[line] - line)), "second_header") for line in others]


def _cells(text: str, separator: str) -> list[str]:
    return [cell.strip('" ') for cell in text[:_LONGEST_HEADER].split(separator)]


def _head(lines: pl.Series, likely: list[str], is_label: Callable[[str], bool]) -> tuple[str, int, list[TextRecord]]:
    """The separator that fits a text best, the line where records begin, and the first, ``HEAD`` at most, not blank.

    It is the one the first line says (``sep=;``), else that which gives the most known labels in one row, else that
    which gives rows of one width the most consistently, else the first of ``likely``.
    """
    if statement := _STATEMENT.fullmatch(lines[0]) if len(lines) else None:
        return statement[1], 1, _records(lines, statement[1], 1)
    best, most = (likely[0], 0, list[TextRecord]()), (-1, 0.0)
    for each in likely:
        records = _records(lines, each, 0)
        # Rows of few cells can't have more labels.
        if max((len(record.cells) for record in records), default=0) >= most[0]:
            best, most = max((best, most), ((each, 0, records), _fitness(records, is_label)), key=itemgetter(1))
    return best


def _records(lines: pl.Series, separator: str, start: int) -> list[TextRecord]:
    reader, blank = Reader(lines, separator), 0
    records: list[TextRecord] = []
    while start < len(lines) and len(records) < HEAD:
        record = reader.record(start)
        start = record.end
        if (record := check(record, lines, separator, len(record.cells))).fault or not all(map(is_blank, record.cells)):
            records.append(record)
        else:
            blank += 1
            if not blank % _MANY:  # the next line that may hold something, without reading each before it
                rest = lines.slice(start).str.contains(_SOMETHING)
                start = start + int(cast("int", rest.arg_max())) if rest.any() else len(lines)
    return records


def _fitness(records: list[TextRecord], is_label: Callable[[str], bool]) -> tuple[int, float]:
    labels = max((sum(map(is_label, record.cells)) for record in records), default=0)
    widths = [len(record.cells) for record in records]
    if not (several := Counter(width for width in widths if width > 1)):
        return labels, 0.0
    width = several.most_common(1)[0][0]
    below = widths[widths.index(width) :]
    return labels, share if (share := below.count(width) / len(below)) >= _CONSISTENT else 0.0
