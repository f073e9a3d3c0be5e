"""Conversion of delimited text (CSV, TSV) to a grid: polars splits regular lines, others are read one by one."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import Final, cast

import polars as pl

from prai_match.io._grids import _grid, _header
from prai_match.io._grids._grid import LONGEST_CELL, MOST_COLUMNS, FileMemory, Grid, Repair, check_area, unreadable
from prai_match.io._grids._header import BLANKS, HEAD, is_blank, kind_of
from prai_match.io._grids._text import Reader, TextRecord, has_longer_line, text_lines

Rows = list[tuple[int, str, str]]
# The separators tried, the most likely first.
_NAMES: Final = {";": "semicolon", "\t": "tab", "|": "pipe", ",": "comma"}

# A line with which a spreadsheet declares the separator.
_STATEMENT: Final = re.compile(r' *"?sep=([\t!#-/:-@\[-`{-~])"? *', re.IGNORECASE)
# A line with other characters than blanks and separators.
_SOMETHING: Final = f"[^{re.escape(BLANKS)};,|]"
_MANY: Final = 1_000
# With the right separator, at least this share of rows has the usual width, from the first such row on.
_CONSISTENT: Final = 0.6
_LONGEST_HEADER: Final = 20_000
# Memory of a text: a multiple of its bytes, a constant for each line, and a multiple of the longest line.
_COPIES, _A_LINE, _COPIES_OF_ONE = 3, 16, 8
_LINE = pl.col("line")
# Memory of a cell without its text, in columns made one after the other; and of a line read separately.
_CELL, _ROW = 48, 600
_STREAMED = 20_000  # lines from which polars' streaming engine, slow to start, is worth the memory it saves
_IN_QUOTES = '"(?:[^"]|"")*"'


@dataclass(slots=True)
class _Body:
    """The lines below a header, counted from 0.

    Faults are (line, text, reason), one for each line of a record without cells; lines set aside are (line, kind,
    text). ``short`` counts rows with fewer cells than the header, ``continued`` lines that continue a row.
    """

    cells: pl.DataFrame = field(default_factory=pl.DataFrame)
    lines: pl.Series = field(default_factory=pl.Series)
    faults: Rows = field(default_factory=list)
    set_aside: Rows = field(default_factory=list)
    short: int = 0
    continued: int = 0


def delimited(data: bytes, name: str, usual: str, is_label: Callable[[str], bool], share: FileMemory) -> Grid:
    """Read a delimited text in any encoding; the ``usual`` separator of its suffix isn't reported as a repair."""
    file = share.file
    share.take(_COPIES * len(data) + _A_LINE * (data.count(b"\n") + data.count(b"\r")))
    longest = share.left // _COPIES_OF_ONE
    if has_longer_line(data, longest):  # splitting a text into lines takes much more memory than one line
        share.take(_COPIES_OF_ONE * (longest + 1))
    lines, repairs = text_lines(data)
    share.take(_COPIES_OF_ONE * cast("int", lines.str.len_bytes().max() or 0))
    separators = sorted(_NAMES, key=lambda each: each != usual)
    absent = [each for each in separators if each.encode() not in data]  # all absent separators give the same rows
    separator, first, records = _head(lines, [each for each in separators if each not in absent[1:]], is_label)
    rows = [record for record in records if not record.fault]
    if (at := _header.header_row([record.cells for record in rows], is_label)) is None:
        raise unreadable(file, "no_labels")
    header = rows[at]
    check_area(len(lines) - header.end, len(header.cells), len(data), file)
    below = _body(lines, header.end, separator, len(header.cells), share)
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
    """Return the lines above the header: those that look like data, and titles and blank lines."""
    texts = list(lines.slice(0, header.start))
    # A record that could be split determines its lines; otherwise each line counts as one record.
    whole = {record.start: record for record in records if not record.fault and record.end <= header.start}
    within = {line for record in whole.values() for line in range(record.start, record.end)}
    rows = [
        (line, whole[line].cells if line in whole else texts[line].split(separator))
        for line in range(header.start)
        if line in whole or line not in within
    ]
    lost = {
        at
        for (line, _), is_data in zip(
            rows, _header.of_data([row for _, row in rows], len(header.cells), is_label), strict=True
        )
        if is_data
        for at in range(line, whole[line].end if line in whole else line + 1)
    }
    return [(line, texts[line], "above_header") for line in sorted(lost)], [
        (line, "title" if text.strip(BLANKS) else "blank", text.strip(BLANKS))
        for line, text in enumerate(texts)
        if line not in lost
    ]


def _below(lines: pl.Series, below: _Body, header: TextRecord, separator: str, is_label: Callable[[str], bool]) -> Rows:
    """Remove and return the rows that repeat the header or are below another header."""
    again, others = _header.second_headers(below.cells, header.cells, is_label)
    heads = ((line, text[:_LONGEST_HEADER].split(separator)) for line, text, _ in below.faults)
    faults = (line for line, head in heads if _header.are_labels([cell.strip('" ') for cell in head], is_label))
    end = min([*(int(below.lines[row]) for row in others), *faults], default=len(lines))
    if not again and end == len(lines):
        return []
    stay = (below.lines < end) & ~pl.int_range(below.cells.height, eager=True).is_in(again)
    starts = {*below.lines, *(row[0] for row in below.faults), *(row[0] for row in below.set_aside)}
    after, others = dict(pairwise([*sorted(starts), len(lines)])), below.lines.filter(~stay).to_list()
    below.cells, below.lines = below.cells.filter(stay), below.lines.filter(stay)
    return [(line, "\n".join(lines.slice(line, after[line] - line)), "second_header") for line in others]


def _head(lines: pl.Series, likely: list[str], is_label: Callable[[str], bool]) -> tuple[str, int, list[TextRecord]]:
    """Return the most likely separator, the line where records begin, and the first (at most ``HEAD``) non-blank ones.

    The separator is the one that the first line declares (``sep=;``), else the one with most known labels in one row,
    else the one with the most consistent number of cells, else the first of ``likely``.
    """
    if statement := _STATEMENT.fullmatch(lines[0]) if len(lines) else None:
        return statement[1], 1, _records(lines, statement[1], 1)
    best, most = (likely[0], 0, list[TextRecord]()), (-1, 0.0)
    for each in likely:
        records = _records(lines, each, 0)
        # Rows with fewer cells can't have more labels.
        if max((len(record.cells) for record in records), default=0) >= most[0]:
            best, most = max((best, most), ((each, 0, records), _fitness(records, is_label)), key=itemgetter(1))
    return best


def _records(lines: pl.Series, separator: str, start: int) -> list[TextRecord]:
    reader, blank = Reader(lines, separator), 0
    records: list[TextRecord] = []
    while start < len(lines) and len(records) < HEAD:
        record = reader.record(start)
        start = record.end
        if (record := _header.check(record, lines, separator, len(record.cells))).fault or not all(
            map(is_blank, record.cells)
        ):
            records.append(record)
        else:
            blank += 1
            if not blank % _MANY:  # skip to the next line that may not be blank
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


def _body(lines: pl.Series, start: int, separator: str, width: int, share: FileMemory) -> _Body:
    """Split the lines from ``start`` on into cells.

    A line is regular if it is a complete record: without quotes, or with whole cells in quotes, and with no more cells
    than the header. A regular line gives the same cells however it is read, unless it is inside a quoted cell opened by
    an earlier line. Only irregular lines open one, so these are read first and determine which lines they include.
    """
    names = list(map(str, range(width)))
    share.take((len(lines) - start) * (width + 2) * _CELL)
    frame = lines.slice(start).rename("line").to_frame().with_row_index("at", offset=start)
    plain, rest = _part(frame, separator, ~_LINE.str.contains('"', literal=True))
    parts = [_split(plain, separator, names)]
    if rest.height:
        in_quotes, rest = _part(rest, separator, _whole(separator))
        parts.append(_split_in_quotes(in_quotes, separator, names))
    longer = [at for part in parts for at in part["at"].filter(part["longer"])]
    share.take((rest.height + len(longer)) * (_ROW + width * _CELL))
    result = _Body()
    others, within = _one_by_one(lines, sorted([*rest["at"], *longer]), separator, width, result)
    rows = pl.DataFrame([(*row, False) for row in others], schema=parts[0].schema, orient="row")
    apart = [*longer, *within]
    parts = [*(part.filter(~pl.col("at").is_in(apart)) if apart else part for part in parts), rows]
    full = [part for part in parts if part.height] or parts[:1]
    rows = pl.concat(full).sort("at") if len(full) > 1 else full[0]
    result.cells, result.lines, result.short = rows[names], rows["at"], int(rows["shorter"].sum())
    return result


def _part(frame: pl.DataFrame, separator: str, condition: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Separate the lines that fulfil a condition and are neither huge, blank nor totals from the others."""
    is_whole = (
        condition & ~_LINE.str.contains(_header.maybe_set_aside(separator)) & (_LINE.str.len_bytes() <= LONGEST_CELL)
    )
    which = frame.select(is_whole).to_series()
    return (frame, frame.clear()) if which.all() else (frame.filter(which), frame.filter(~which))


def _whole(separator: str) -> pl.Expr:
    """Return whether a line is a record of cells that are either without quotes or wholly in quotes."""
    sep = re.escape(separator)
    cell = f'(?:{_IN_QUOTES}|[^"{sep}]*)'
    return _LINE.str.contains(f"^{cell}(?:{sep}{cell})*$")


def _split(frame: pl.DataFrame, separator: str, names: list[str]) -> pl.DataFrame:
    """Return the cells of lines without quotes; one more than the header has is looked for."""
    cells = _LINE.str.split_exact(separator, len(names)).struct.rename_fields([*names, "beyond"]).alias("cells")
    return (
        frame.lazy()
        .select("at", cells)
        .unnest("cells")
        .select("at", *_not_empty(names), shorter=pl.col(names[-1]).is_null(), longer=pl.col("beyond").is_not_null())
        .collect(engine="in-memory" if frame.height < _STREAMED else "streaming")
    )


def _split_in_quotes(frame: pl.DataFrame, separator: str, names: list[str]) -> pl.DataFrame:
    """Return the cells of lines with whole cells in quotes; of cells beyond the header, only their existence."""
    # Polars takes the width from the first line.
    cells = pl.read_csv(
        pl.concat([pl.Series("line", [separator * (len(names) - 1)]), frame["line"]]).str.join("\n").item().encode(),
        separator=separator,
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
        truncate_ragged_lines=True,
    )
    cuts = _LINE.str.replace_all(_IN_QUOTES, "").str.count_matches(separator, literal=True)
    counts = frame.select("at", shorter=cuts < len(names) - 1, longer=cuts >= len(names))
    return pl.concat([counts, cells.slice(1)], how="horizontal").select("at", *_not_empty(names), "shorter", "longer")


def _not_empty(names: list[str]) -> Iterable[pl.Expr]:
    return (pl.when(pl.col(name) != "").then(name).alias(name) for name in names)


def _one_by_one(
    lines: pl.Series, starts: Iterable[int], separator: str, width: int, result: _Body
) -> tuple[list[tuple[object, ...]], list[int]]:
    """Read the records that begin at some lines, leaving out lines which an earlier record has taken.

    Returns rows with the line, its cells (null if empty, padded or cut to the width) and whether they were padded; also
    the lines of records of several lines. Records without cells are added to ``result``.
    """
    reader, end = Reader(lines, separator), 0
    rows: list[tuple[object, ...]] = []
    several: list[int] = []
    for start in starts:
        if start < end:
            continue
        record = _header.check(reader.record(start), lines, separator, width)
        if (end := record.end) - start > 1:
            several.extend(range(start, end))
        if record.fault:
            for line, text in enumerate(lines.slice(start, end - start), start):
                if text.strip(BLANKS):
                    result.faults.append((line, text, record.fault))
                else:
                    result.set_aside.append((line, "blank", ""))
            continue
        text = "\n".join(lines.slice(start, end - start))
        result.continued += end - start - 1
        if len(record.cells) <= MOST_COLUMNS and (kind := kind_of(record.cells)):
            result.set_aside.append((start, kind, "" if kind == "blank" else text))
        elif len(record.cells) <= MOST_COLUMNS and all(map(is_blank, record.cells[width:])):
            padding = [None] * (width - len(record.cells))
            rows.append((start, *(cell or None for cell in record.cells[:width]), *padding, bool(padding)))
        else:
            result.faults.append((start, text, "too_many_cells"))
    return rows, several
