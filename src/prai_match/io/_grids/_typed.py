"""Conversion of typed values to grids: data frames of any library, Parquet, JSON, lists of dicts."""

import datetime as dt
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import polars as pl

from prai_match.io._grids import _footer, _grid, _header
from prai_match.io._grids._grid import LONGEST_CELL, FileMemory, Grid, GridOrigin, Repair, check_area, unreadable
from prai_match.io._grids._text import text_lines
from prai_match.io._grids._values import column, text_of, whole

# How many copies of a column exist at once: as read, without empty texts, and in derived columns.
_COPIES: Final = 3
_EPOCH: Final = dt.date(1970, 1, 1)
_FIRST_DAY, _LAST_DAY = (dt.date.min - _EPOCH).days, (dt.date.max - _EPOCH).days
_LONGEST: Final = dt.timedelta.max.days
_A_DAY: Final = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}  # how many of each unit a day has
_MOST: Final = 2**63 - 1

# pandas exports its index as a column with this name.
_INDEX = re.compile(r"__index_level_\d+__")
_LONGEST_INTEGER: Final = 4_000  # Python refuses whole numbers of many more digits; longer ones are kept as text
# Memory of a file: a multiple of its text, and a constant per value, in Python and then in a column.
_TIMES, _VALUE = 4, 300


def columnar(frame: pl.DataFrame, origin: GridOrigin) -> Grid:
    """Make a grid of a frame; columns keep their types, rows are numbered from 1."""
    cells = frame.rename({name: str(place) for place, name in enumerate(frame.columns)})
    return typed(frame.columns, cells, pl.int_range(1, cells.height + 1, dtype=pl.UInt32, eager=True), origin)


def typed(labels: Sequence[str], cells: pl.DataFrame, lines: pl.Series, origin: GridOrigin) -> Grid:
    """Make a grid of typed cells, setting aside blank rows and totals."""
    if not cells.width:
        raise unreadable(origin.file, "no_column")
    cells, lines, extent = _days_of_calendars(_plain(cells), origin.file), lines.alias("line"), cells.height
    huge, cells, lines = _huge(cells, lines)
    aside = _header.kinds(cells)
    set_aside = [(lines[row], kind, "" if kind == "blank" else _text(cells.row(row))) for row, kind in aside.items()]
    if aside:
        stay = ~pl.int_range(cells.height, eager=True).is_in(list(aside))
        cells, lines = cells.filter(stay), lines.filter(stay)
    return Grid(
        *origin,
        header_line=None,
        header=tuple("" if _header.is_blank(label) else label for label in labels),
        cells=cells,
        lines=lines,
        faults=_grid.faults(huge),
        repairs=(),
        set_aside=_grid.set_aside(set_aside),
        extent=extent,
    )


def _huge(cells: pl.DataFrame, lines: pl.Series) -> tuple[list[tuple[int, str, str]], pl.DataFrame, pl.Series]:
    """Return faults for rows with a text longer than a cell may be, and the other rows and lines."""
    if not (texts := [name for name, dtype in cells.schema.items() if dtype == pl.String]) or not cells.height:
        return [], cells, lines
    which = cells.select(pl.any_horizontal(pl.col(texts).str.len_chars() > LONGEST_CELL).fill_null(value=False))
    if not (huge := which.to_series()).any():
        return [], cells, lines
    rows = zip(lines.filter(huge), cells.filter(huge).iter_rows(), strict=True)
    return [(line, _text(row), "huge_cell") for line, row in rows], cells.filter(~huge), lines.filter(~huge)


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Convert categories to texts, and empty texts to null."""
    there = pl.col([name for name, dtype in frame.schema.items() if dtype in (pl.String, pl.Categorical, pl.Enum)])
    return frame.with_columns(there.cast(pl.String)).with_columns(pl.when(there != "").then(there))


def _text(row: tuple[object, ...]) -> str:
    return ";".join("" if cell is None else str(cell) for cell in row)


def from_arrow(source: Any, file: str) -> pl.DataFrame | list[dict[str, object]]:  # noqa: ANN401 - speaks Arrow
    """Read a frame of another library through Arrow, without pandas' index; as records if pandas can't export it."""
    # pyarrow has `column_names` where pandas has `columns`.
    labels = [str(label) for label in getattr(source, "column_names", getattr(source, "columns", ()))]
    if twice := [label for label in labels if labels.count(label) > 1]:
        raise unreadable(file, "column_twice", f"{twice[0]!r} × {labels.count(twice[0])}")
    of_pandas = bool(labels) and hasattr(source, "to_dict")
    try:
        frame = pl.DataFrame(source)
    except (TypeError, ValueError, NotImplementedError, pl.exceptions.PolarsError) as error:
        if not of_pandas:
            raise unreadable(file, "no_frame", str(error)) from error
    else:
        # Arrow exports periods as numbers.
        if not (of_pandas and any(isinstance(dtype, pl.BaseExtension) for dtype in frame.dtypes)):
            return frame.drop(name for name in frame.columns if _INDEX.fullmatch(name))
    return list(source.to_dict("records"))


def parquet(data: bytes, share: FileMemory) -> pl.DataFrame:
    try:
        pages, values = _footer.sizes(data)
        share.take(pages + _COPIES * values)
        frame = pl.read_parquet(io.BytesIO(data))
    except (*_footer.FALSE, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise unreadable(share.file, "broken_parquet") from error
    # Equal texts are stored once until columns are derived from them.
    share.take(_COPIES * sum(map(_length, frame)))
    return frame


def _length(column: pl.Series) -> int:
    while isinstance(column.dtype, pl.List | pl.Array):
        column = column.explode()
    if column.dtype in (pl.Categorical, pl.Enum):
        counts = column.rename("text").value_counts(name="rows")
        return int((counts["text"].cast(pl.String).str.len_bytes() * counts["rows"]).sum())
    if isinstance(column.dtype, pl.Struct):
        return sum(map(_length, column.struct.unnest()))
    if column.dtype == pl.Binary:
        return int(column.bin.size().sum())
    return int(column.str.len_bytes().sum()) if column.dtype == pl.String else 0


def _days_of_calendars(cells: pl.DataFrame, file: str) -> pl.DataFrame:
    """Convert columns with impossible days or hours to texts, so that nothing takes them for days."""
    beyond = [column for column in cells if _is_beyond(column)]
    if any(column.dtype.is_nested() for column in beyond):
        raise unreadable(file, "no_calendar")
    return cells.with_columns(_texts(column) for column in beyond)


def _is_beyond(column: pl.Series) -> bool:
    if isinstance(column.dtype, pl.List | pl.Array):
        return _is_beyond(column.explode())
    if isinstance(column.dtype, pl.Struct):
        return any(map(_is_beyond, column.struct.unnest()))
    return column.dtype.is_temporal() and not _within(column).all()


def _within(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if isinstance(dtype, pl.Datetime):
        unit, zone = _A_DAY[dtype.time_unit], dtype.time_zone is not None
        # A moment is shown in its time zone, where it may be the day before or after.
        first, last = (_FIRST_DAY + zone) * unit, (_LAST_DAY + 1 - zone) * unit - 1
    elif isinstance(dtype, pl.Duration):
        unit = _A_DAY[dtype.time_unit]
        first, last = -_LONGEST * unit, (_LONGEST + 1) * unit - 1
    else:
        first, last = (0, _A_DAY["ns"] - 1) if dtype == pl.Time else (_FIRST_DAY, _LAST_DAY)
    return column.to_physical().is_between(max(first, -_MOST), min(last, _MOST))


def _texts(column: pl.Series) -> pl.Series:
    within = _within(column)
    unit = getattr(column.dtype, "time_unit", "ns" if column.dtype == pl.Time else "days")
    since = f" since {_EPOCH}" if column.dtype in (pl.Date, pl.Datetime) else ""
    count = pl.format(f"{{}} {unit}{since}", pl.lit(column.to_physical()))
    text = pl.coalesce(pl.lit(column.set(~within, None)).dt.to_string("iso"), count)
    return pl.select(pl.when(pl.lit(column.is_not_null())).then(text).alias(column.name)).to_series()


class _Element(NamedTuple):
    """A row as found: its place, its value, and how it is shown if faulty."""

    line: int
    value: object
    text: str = ""
    fault: str = ""


class _Twice(NamedTuple):
    """An object with a duplicate key."""

    pairs: tuple[tuple[str, object], ...]


def records(rows: Iterable[object], name: str) -> Grid:
    """Make a grid of dicts, numbered from 1; a column has the common type of its values, or is text."""
    return _grid_of([_Element(line, row) for line, row in enumerate(rows, 1)], GridOrigin(name, name, "records"))


def json_records(data: bytes, name: str, share: FileMemory) -> Grid:
    """Read an array of objects, an object with ``rows``, or one object per line, which then keeps its line."""
    # Most values and all rows are followed by a comma, or begin with a brace or bracket.
    share.take(_TIMES * len(data) + _VALUE * sum(data.count(sign) for sign in (b",", b"{", b"[", b"\n", b"\r")))
    lines, repairs = text_lines(data)
    decoder = _Decoder()
    try:
        elements = decoder.elements(lines.to_list())
    except (ValueError, RecursionError) as error:
        raise unreadable(share.file, "no_json") from error
    grid = _grid_of(elements, GridOrigin(name, share.file, "json"))
    if decoder.not_numbers:
        repairs = (*repairs, Repair("not_numbers", decoder.not_numbers, "NaN"))
    blank = [(line, "blank", "") for line in decoder.blank]
    set_aside = _grid.set_aside([*grid.set_aside.iter_rows(), *blank])
    return replace(grid, repairs=repairs, set_aside=set_aside, extent=grid.extent + len(blank))


class _Decoder:
    """Decodes JSON, counts NaN and infinities, and remembers empty lines."""

    def __init__(self) -> None:
        self.not_numbers = 0
        self.blank: list[int] = []
        self._json = json.JSONDecoder(
            strict=False,
            parse_constant=self._constant,
            parse_float=lambda text: float(text) if math.isfinite(float(text)) else text,
            parse_int=lambda text: int(text) if len(text) < _LONGEST_INTEGER else text,
            object_pairs_hook=lambda pairs: dict(pairs) if len(dict(pairs)) == len(pairs) else _Twice(tuple(pairs)),
        )

    def elements(self, lines: Sequence[str]) -> list[_Element]:
        text = "\n".join(lines).strip(_header.BLANKS)
        try:
            value = self._json.decode(text)
        except json.JSONDecodeError:
            if not text.startswith("{"):
                raise
            return self._by_line(lines)
        rows = value.get("rows", [value]) if isinstance(value, dict) else value
        if not isinstance(rows, list):
            raise ValueError("no array")  # noqa: TRY004 - it is about the file, not the argument
        return [_Element(line, element) for line, element in enumerate(rows, 1)]

    def _by_line(self, lines: Sequence[str]) -> list[_Element]:
        texts = {line: text for line, text in enumerate(lines, 1) if text.strip(_header.BLANKS)}
        self.blank = [line for line in range(1, len(lines) + 1) if line not in texts]
        elements = [self._line(line, text) for line, text in texts.items()]
        if all(element.fault for element in elements):
            raise ValueError("no line is JSON")
        return elements

    def _line(self, line: int, text: str) -> _Element:
        try:
            return _Element(line, self._json.decode(text.strip(_header.BLANKS)), text)
        except (ValueError, RecursionError):
            return _Element(line, None, text, "invalid_json")

    def _constant(self, text: str) -> str | None:
        if text != "NaN":
            return text
        self.not_numbers += 1
        return None


def _grid_of(elements: Sequence[_Element], origin: GridOrigin) -> Grid:
    if not elements:
        nothing = pl.Series("line", [], pl.UInt32)
        return Grid(*origin, None, (), pl.DataFrame(), nothing, _grid.faults([]), (), _grid.set_aside([]), 0)
    elements = [_with_fault(element) for element in elements]
    rows = [(element.line, element.value) for element in elements if isinstance(element.value, Mapping)]
    keys = list(dict.fromkeys(key for _, row in rows for key in row))
    check_area(len(rows), len(keys), sum(len(row) for _, row in rows), origin.file)
    cells = pl.DataFrame({str(place): column([row.get(key) for _, row in rows]) for place, key in enumerate(keys)})
    lines = pl.Series([line for line, _ in rows], dtype=pl.UInt32)
    grid = typed([whole(str(key)) for key in keys], cells, lines, origin)
    faults = [(element.line, element.text, element.fault) for element in elements if element.fault]
    return replace(grid, faults=_grid.faults([*grid.faults.iter_rows(), *faults]), extent=len(elements))


def _with_fault(element: _Element) -> _Element:
    value = element.value
    if element.fault or isinstance(value, Mapping):
        return element
    if isinstance(value, _Twice):
        pairs = ", ".join(f"{json.dumps(key)}: {json.dumps(cell)}" for key, cell in value.pairs)
        return element._replace(text=element.text or f"{{{pairs}}}", fault="duplicate_key")
    return element._replace(text=element.text or text_of(value) or "", fault="not_an_object")
