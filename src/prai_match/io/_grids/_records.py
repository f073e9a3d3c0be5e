"""JSON, and lists of dicts, to a grid of their own types."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import polars as pl

from prai_match.io._grids import _grid
from prai_match.io._grids._columnar import typed
from prai_match.io._grids._grid import FileMemory, Grid, GridOrigin, Repair, check_area, unreadable
from prai_match.io._grids._header import BLANKS
from prai_match.io._grids._text import text_lines
from prai_match.io._grids._values import column, text_of, whole

_LONGEST_INTEGER: Final = 4_000  # Python reads no whole number of many more digits; a longer one is kept as text
# What a file takes: its text some times, and so much for each value, in Python and then in a column.
_COPIES, _VALUE = 4, 300


class _Element(NamedTuple):
    """A row as it was found: its place, its value, and as what it is shown where it is at fault."""

    line: int
    value: object
    text: str = ""
    fault: str = ""


class _Twice(NamedTuple):
    """An object that has a key twice."""

    pairs: tuple[tuple[str, object], ...]


def records(rows: Iterable[object], name: str) -> Grid:
    """Make a grid of dicts, numbered from 1; a column has the one type of its values, else is text."""
    return _grid_of([_Element(line, row) for line, row in enumerate(rows, 1)], GridOrigin(name, name, "records"))


def json_records(data: bytes, name: str, share: FileMemory) -> Grid:
    """Read an array of objects, an object whose ``rows`` are one, or an object a line, which has its line then."""
    # Most values and all rows are followed by a comma, or begin with a brace or a bracket.
    share.take(_COPIES * len(data) + _VALUE * sum(data.count(sign) for sign in (b",", b"{", b"[", b"\n", b"\r")))
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
    """Decodes JSON, counting what is no number, and keeping which lines hold nothing."""

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
        text = "\n".join(lines).strip(BLANKS)
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
        texts = {line: text for line, text in enumerate(lines, 1) if text.strip(BLANKS)}
        self.blank = [line for line in range(1, len(lines) + 1) if line not in texts]
        elements = [self._line(line, text) for line, text in texts.items()]
        if all(element.fault for element in elements):
            raise ValueError("no line is JSON")
        return elements

    def _line(self, line: int, text: str) -> _Element:
        try:
            return _Element(line, self._json.decode(text.strip(BLANKS)), text)
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
