"""The lines below a header to cells: polars splits the regular ones, the others are read one by one."""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from prai_match.io.grids._clean import maybe_set_aside
from prai_match.io.grids._grid import column_names
from prai_match.io.grids._irregular import one_by_one
from prai_match.io.grids._lines import LONGEST_CELL

_LINE = pl.col("line")
_IN_QUOTES = '"(?:[^"]|"")*"'


class Body(NamedTuple):
    """What stands below a header.

    Attributes:
        cells: As in a grid.
        lines: For each row of cells its line, from 0; UInt32.
        faults: Rows of (line from 0, text, reason).
        set_aside: Rows of (line from 0, kind, text).
        short: How many rows had fewer cells than the header.
    """

    cells: pl.DataFrame
    lines: pl.Series
    faults: list[tuple[int, str, str]]
    set_aside: list[tuple[int, str, str]]
    short: int


def body(lines: pl.Series, start: int, separator: str, width: int) -> Body:
    """Split the lines from ``start`` on into cells.

    A line is regular if it is a whole record by itself: without quotes, or with whole cells in quotes. A regular line
    gives the same cells whichever way it is read, unless it is inside a quoted cell that an earlier line has opened;
    only irregular lines open one, so these are read first and say which lines they take.
    """
    frame = lines.slice(start).rename("line").to_frame().with_row_index("at", offset=start)
    plain, rest = _parted(frame, separator, _LINE, width, ~_LINE.str.contains('"', literal=True))
    quoted, rest = _parted(rest, separator, _LINE.str.replace_all(_IN_QUOTES, ""), width, _whole(separator))
    apart = one_by_one(lines, rest["at"], separator, width)
    names = column_names(width)
    schema = {"at": pl.UInt32, **dict.fromkeys(names, pl.String), "cuts": pl.UInt32}
    parts = [
        _split(_outside(plain, apart.taken), separator, names),
        _unquoted(_outside(quoted, apart.taken), separator, names),
        pl.DataFrame(apart.rows, schema=schema, orient="row"),
    ]
    filled = [part for part in parts if part.height] or parts[:1]
    rows = pl.concat(filled).sort("at") if len(filled) > 1 else filled[0]
    cells = rows.lazy().select(pl.when(pl.col(names) != "").then(pl.col(names))).collect()
    return Body(cells, rows["at"], apart.faults, apart.set_aside, int((rows["cuts"] < width - 1).sum()))


def _parted(
    frame: pl.DataFrame, separator: str, unquoted: pl.Expr, width: int, condition: pl.Expr
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the regular lines that fulfil a condition from the others, and count by how many separators they are cut."""
    marked = (
        frame.lazy()
        .select(
            "at",
            "line",
            cuts=unquoted.str.count_matches(separator, literal=True),
            regular=condition
            & ~_LINE.str.contains(maybe_set_aside(separator))
            & (_LINE.str.len_bytes() <= LONGEST_CELL),
        )
        .with_columns(pl.col("regular") & (pl.col("cuts") < width))
        .collect()
    )
    regular = marked["regular"]
    marked = marked.drop("regular")
    return (marked, marked.clear()) if regular.all() else (marked.filter(regular), marked.filter(~regular))


def _whole(separator: str) -> pl.Expr:
    """Whether a line is a record of cells which are either without quotes or in quotes."""
    sep = re.escape(separator)
    cell = f'(?:{_IN_QUOTES}|[^"{sep}]*)'
    return _LINE.str.contains(f"^{cell}(?:{sep}{cell})*$")


def _outside(frame: pl.DataFrame, taken: list[int]) -> pl.DataFrame:
    return frame.filter(~pl.col("at").is_in(taken)) if taken else frame


def _split(frame: pl.DataFrame, separator: str, names: list[str]) -> pl.DataFrame:
    cells = _LINE.str.split_exact(separator, len(names) - 1).struct.rename_fields(names).alias("cells")
    return frame.lazy().select("at", cells, "cuts").unnest("cells").collect()


def _unquoted(frame: pl.DataFrame, separator: str, names: list[str]) -> pl.DataFrame:
    # The first line shows the width, as polars takes it from there.
    lines = pl.concat([pl.Series("line", [separator * (len(names) - 1)]), frame["line"]])
    cells = pl.read_csv(
        lines.str.join("\n").item().encode(),
        separator=separator,
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
    )
    return pl.concat([frame.select("at"), cells.slice(1), frame.select("cuts")], how="horizontal")
