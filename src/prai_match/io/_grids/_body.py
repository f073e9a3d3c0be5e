"""The lines below a header to cells: polars splits the regular ones, the others are read one by one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from prai_match.io._grids._grid import LONGEST_CELL, column_names
from prai_match.io._grids._header import maybe_set_aside
from prai_match.io._grids._irregular import one_by_one

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prai_match.io._grids._memory import Share

_LINE = pl.col("line")
_CELL: Final = 48
_APART: Final = 600
"""What a cell takes beside its text, in the columns that are made one after the other; and a line read by itself."""
_IN_QUOTES = '"(?:[^"]|"")*"'


class Body(NamedTuple):
    """What stands below a header.

    Attributes:
        cells: As in a grid.
        lines: For each row of cells its line, from 0; UInt32.
        faults: Rows of (line from 0, text, reason).
        set_aside: Rows of (line from 0, kind, text).
        short: How many rows had fewer cells than the header.
        continued: How many lines continue a row, or what is set aside.
    """

    cells: pl.DataFrame
    lines: pl.Series
    faults: list[tuple[int, str, str]]
    set_aside: list[tuple[int, str, str]]
    short: int
    continued: int


def body(lines: pl.Series, start: int, separator: str, width: int, share: Share) -> Body:
    """Split the lines from ``start`` on into cells.

    A line is regular if it is a whole record by itself: without quotes, or with whole cells in quotes, and with no more
    cells than the header. A regular line gives the same cells whichever way it is read, unless it is inside a quoted
    cell that an earlier line has opened; only irregular lines open one, so these are read before regular lines are
    taken for rows, and say which lines they take.
    """
    names = column_names(width)
    share.take((len(lines) - start) * (width + 2) * _CELL)
    frame = lines.slice(start).rename("line").to_frame().with_row_index("at", offset=start)
    plain, rest = _parted(frame, separator, ~_LINE.str.contains('"', literal=True))
    split = [_split(plain, separator, names)]
    if rest.height:
        quoted, rest = _parted(rest, separator, _whole(separator))
        split.append(_unquoted(quoted, separator, names))
    longer = [at for part in split for at in part.filter("longer")["at"]]
    share.take((rest.height + len(longer)) * (_APART + width * _CELL))
    apart = one_by_one(lines, sorted([*rest["at"], *longer]), separator, width)
    taken = [*longer, *apart.taken]
    parts = [part.filter(~pl.col("at").is_in(taken)) if taken else part for part in split]
    if apart.rows:
        parts.append(pl.DataFrame([(*row, False) for row in apart.rows], schema=split[0].schema, orient="row"))
    filled = [part for part in parts if part.height] or parts[:1]
    rows = pl.concat(filled).sort("at") if len(filled) > 1 else filled[0]
    return Body(
        rows.select(names), rows["at"], apart.faults, apart.set_aside, int(rows["shorter"].sum()), apart.continued
    )


def _parted(frame: pl.DataFrame, separator: str, condition: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the lines that fulfil a condition and are neither huge, blank nor a total from the others."""
    small = _LINE.str.len_bytes() <= LONGEST_CELL
    regular = frame.lazy().select(condition & ~_LINE.str.contains(maybe_set_aside(separator)) & small)
    which = regular.collect().to_series()
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
        .select("at", *_filled(names), shorter=pl.col(names[-1]).is_null(), longer=pl.col("beyond").is_not_null())
        .collect()
    )


def _unquoted(frame: pl.DataFrame, separator: str, names: list[str]) -> pl.DataFrame:
    """The cells of lines with whole cells in quotes; of those beyond the header's it is only told that there are."""
    # The first line shows the width, as polars takes it from there.
    lines = pl.concat([pl.Series("line", [separator * (len(names) - 1)]), frame["line"]])
    cells = pl.read_csv(
        lines.str.join("\n").item().encode(),
        separator=separator,
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
        truncate_ragged_lines=True,
    )
    cuts = _LINE.str.replace_all(_IN_QUOTES, "").str.count_matches(separator, literal=True)
    counted = frame.select("at", shorter=cuts < len(names) - 1, longer=cuts >= len(names))
    return pl.concat([counted, cells.slice(1)], how="horizontal").select("at", *_filled(names), "shorter", "longer")


def _filled(names: list[str]) -> Iterable[pl.Expr]:
    """The cells, null where they are empty."""
    return (pl.when(pl.col(name) != "").then(name).alias(name) for name in names)
