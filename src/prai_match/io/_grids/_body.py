"""The lines below a header to cells: polars splits the regular ones, the others are read one by one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from prai_match.io._grids._grid import LONGEST_CELL, MOST_COLUMNS, FileMemory
from prai_match.io._grids._header import BLANKS, check, is_blank, kind_of, maybe_set_aside
from prai_match.io._grids._text import Reader

_LINE = pl.col("line")
# What a cell takes beside its text, in the columns that are made one after the other; and a line read by itself.
_CELL, _ROW = 48, 600
_MANY = 20_000  # lines from which on polars' streaming engine, slow to start, is worth the memory it spares
_IN_QUOTES = '"(?:[^"]|"")*"'


@dataclass(slots=True)
class Body:
    """What stands below a header; lines are from 0.

    Faults are (line, text, reason), one for each line of a record that has no cells; what is set aside (line, kind,
    text). ``short`` counts rows with fewer cells than the header, ``continued`` lines that continue one.
    """

    cells: pl.DataFrame = field(default_factory=pl.DataFrame)
    lines: pl.Series = field(default_factory=pl.Series)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    set_aside: list[tuple[int, str, str]] = field(default_factory=list)
    short: int = 0
    continued: int = 0


def body(lines: pl.Series, start: int, separator: str, width: int, share: FileMemory) -> Body:
    """Split the lines from ``start`` on into cells.

    A line is regular if it is a whole record by itself: without quotes, or with whole cells in quotes, and with no more
    cells than the header. A regular line gives the same cells whichever way it is read, unless it is inside a quoted
    cell that an earlier line has opened; only irregular lines open one, so these are read before regular lines are
    taken for rows, and say which lines they take.
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
    result = Body()
    others, within = _one_by_one(lines, sorted([*rest["at"], *longer]), separator, width, result)
    rows = pl.DataFrame([(*row, False) for row in others], schema=parts[0].schema, orient="row")
    apart = [*longer, *within]
    parts = [*(part.filter(~pl.col("at").is_in(apart)) if apart else part for part in parts), rows]
    full = [part for part in parts if part.height] or parts[:1]
    rows = pl.concat(full).sort("at") if len(full) > 1 else full[0]
    result.cells, result.lines, result.short = rows[names], rows["at"], int(rows["shorter"].sum())
    return result


def _part(frame: pl.DataFrame, separator: str, condition: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the lines that fulfil a condition and are neither huge, blank nor a total from the others."""
    is_whole = condition & ~_LINE.str.contains(maybe_set_aside(separator)) & (_LINE.str.len_bytes() <= LONGEST_CELL)
    which = frame.select(is_whole).to_series()
    return (frame, frame.clear()) if which.all() else (frame.filter(which), frame.filter(~which))


def _whole(separator: str) -> pl.Expr:
    """Whether a line is a record of cells which are either without quotes or in quotes."""
    sep = re.escape(separator)
    cell = f'(?:{_IN_QUOTES}|[^"{sep}]*)'
    return _LINE.str.contains(f"^{cell}(?:{sep}{cell})*$")


def _split(frame: pl.DataFrame, separator: str, names: list[str]) -> pl.DataFrame:
    """The cells of lines without quotes; one more is looked for than the header has."""
    cells = _LINE.str.split_exact(separator, len(names)).struct.rename_fields([*names, "beyond"]).alias("cells")
    return (
        frame.lazy()
        .select("at", cells)
        .unnest("cells")
        .select("at", *_cells(names), shorter=pl.col(names[-1]).is_null(), longer=pl.col("beyond").is_not_null())
        .collect(engine="in-memory" if frame.height < _MANY else "streaming")
    )


def _split_in_quotes(frame: pl.DataFrame, separator: str, names: list[str]) -> pl.DataFrame:
    """The cells of lines with whole cells in quotes; of those beyond the header's it is only told that there are."""
    # The first line shows the width, as polars takes it from there.
    cells = pl.read_csv(
        pl.concat([pl.Series("line", [separator * (len(names) - 1)]), frame["line"]]).str.join("\n").item().encode(),
        separator=separator,
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
        truncate_ragged_lines=True,
    )
    cuts = _LINE.str.replace_all(_IN_QUOTES, "").str.count_matches(separator, literal=True)
    counts = frame.select("at", shorter=cuts < len(names) - 1, longer=cuts >= len(names))
    return pl.concat([counts, cells.slice(1)], how="horizontal").select("at", *_cells(names), "shorter", "longer")


def _cells(names: list[str]) -> Iterable[pl.Expr]:
    return (pl.when(pl.col(name) != "").then(name).alias(name) for name in names)


def _one_by_one(
    lines: pl.Series, starts: Iterable[int], separator: str, width: int, result: Body
) -> tuple[list[tuple[object, ...]], list[int]]:
    """Read the records that begin at some lines, leaving out lines which an earlier record has taken.

    Return rows of the line, its cells, null where empty, padded or cut to the width, and whether they were padded; and
    the lines of records of several lines. What has no cells goes to the result.
    """
    reader, end = Reader(lines, separator), 0
    rows: list[tuple[object, ...]] = []
    several: list[int] = []
    for start in starts:
        if start < end:
            continue
        record = check(reader.record(start), lines, separator, width)
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
