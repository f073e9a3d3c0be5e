"""Limits of cells and sheets, and frames as workbooks: typed cells, a bold header, widths from the content.

A cell holds a text, a number, an amount, a boolean or a day, never a formula; everything else is converted to one of
these. OpenDocument is written directly, one column at a time: a library that creates an object for each cell takes two
hundred times as long.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache, partial
from html import escape
from importlib.resources import files as resources
from io import BytesIO
from typing import Any

import polars as pl

from prai_match.errors import PraiError, missing_extra
from prai_match.io._grids._grid import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS
from prai_match.text import both, number

_DIGITS = 15  # number of digits of an integer or amount that a spreadsheet keeps
_FIRST_DAY = dt.date(1900, 3, 1)  # spreadsheets disagree on earlier days
_NARROWEST, _WIDEST = 8, 60
_NAME = 31
_CELLS = (pl.String, pl.Boolean, pl.Date, pl.Decimal, pl.Float64, pl.Null)
_LISTS = (pl.List, pl.Array)


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with only texts, integers, floats, amounts (decimals), booleans and days.

    Items of lists are separated by spaces, values of structures by ``=`` (``09=3 31=2``); timestamps, times and
    durations become ISO texts.
    """
    return frame.select(_plain(pl.col(name), dtype, name) for name, dtype in frame.schema.items())


def _plain(column: pl.Expr, dtype: pl.DataType, name: str) -> pl.Expr:
    if dtype in _CELLS or dtype.is_integer():
        return column
    if dtype.is_float():
        return column.cast(pl.Float64)
    if dtype.is_temporal():
        return column.dt.to_string("iso")
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    if isinstance(dtype, pl.Struct):
        parts = [_item(column.struct.field(field.name), field.dtype, name) for field in dtype.fields]
        return pl.when(column.is_not_null()).then(pl.concat_str(parts, separator="="))
    if isinstance(dtype, _LISTS):
        return column.cast(pl.List(dtype.inner)).list.eval(_item(pl.element(), dtype.inner, name)).list.join(" ")
    raise _unwritable(name, dtype)


def _item(value: pl.Expr, dtype: object, name: str) -> pl.Expr:
    if not isinstance(dtype, pl.DataType) or isinstance(dtype, _LISTS):
        raise _unwritable(name, dtype)
    return _plain(value, dtype, name).cast(pl.String).fill_null("")


def _unwritable(name: str, dtype: object) -> PraiError:
    return PraiError.of("prai_match.io", "no_cell_type", column=name, type=dtype)


def spelt(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return the values of a plain column as texts, with all digits: ``43,6``, ``1250,50``, ``2007-03-31``, ``yes``."""
    text = column.cast(pl.String)
    if dtype == pl.Boolean:
        return text.replace({"true": "yes", "false": "no"})
    if dtype == pl.Decimal:
        return text.str.replace(".", ",", literal=True)
    return text.str.strip_suffix(".0").str.replace(".", ",", literal=True) if dtype == pl.Float64 else text


def laid_out(frame: pl.DataFrame, missing: str, format_name: str) -> pl.DataFrame:
    """Return the plain frame after checking sheet limits; ``missing`` are characters that the format can't hold."""
    frame = plain(frame)
    for key, count, most in (("many_rows", frame.height + 1, MOST_ROWS), ("many_columns", frame.width, MOST_COLUMNS)):
        if count > most:
            raise PraiError.of("prai_match.io", key, most=both(number, most, 0), count=both(number, count, 0))
    texts = pl.Series("header", frame.columns, pl.String), *frame.select(pl.col(pl.String)).iter_columns()
    for column in texts:
        if (column.str.len_bytes() > LONGEST_CELL).any():
            # Characters beyond the first 65,536 of Unicode count twice.
            units = column.str.len_chars() + column.str.count_matches("[\U00010000-\U0010ffff]")
            row = units.arg_max() or 0
            if units[row] > LONGEST_CELL:
                room, length = both(number, LONGEST_CELL, 0), both(number, units[row], 0)
                where = {"row": row + 1, "column": column.name}
                raise PraiError.of("prai_match.io", "long_text", most=room, count=length, **where)
    for column in texts:
        if (characters := column.str.extract(f"({missing})")).count():
            row = characters.is_not_null().arg_max() or 0
            character, where = f"U+{ord(characters[row]):04X}", {"row": row + 1, "column": column.name}
            raise PraiError.of("prai_match.io", "no_character", format=format_name, character=character, **where)
    return frame


def fits(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return whether a spreadsheet holds each value of a plain column exactly; others are written as texts."""
    if dtype == pl.Float64:
        return column.is_finite()
    if dtype == pl.Date:
        return column.ge(_FIRST_DAY)
    if dtype.is_integer():
        return column.cast(pl.Int128).abs().lt(10**_DIGITS)
    if isinstance(dtype, pl.Decimal):
        return column.cast(pl.String).str.count_matches(r"\d").le(_DIGITS)
    return pl.lit(value=True)


def widths(frame: pl.DataFrame) -> list[int]:
    """Return the width of each column in characters, from its longest line, with room for the filter button."""
    lines = frame.select(
        spelt(pl.col(name), dtype).str.split("\n").list.eval(pl.element().str.len_chars()).list.max().max()
        if dtype == pl.String
        else spelt(pl.col(name), dtype).str.len_chars().max()
        for name, dtype in frame.schema.items()
    ).to_dicts()
    longest: Mapping[str, int | None] = lines[0] if lines else {}
    return [min(max(_NARROWEST, len(name) + 3, (longest[name] or 0) + 2), _WIDEST) for name in frame.columns]


def sheet_name(name: str) -> str:
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f\x7f￾￿]", " ", name)
    cut = clean.encode("utf-16-le")[: 2 * _NAME].decode("utf-16-le", "ignore").strip("' ")
    # Excel reserves this name.
    return f"{cut}_" if cut.lower() == "history" else cut or "prai_match"


_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_EMPTY = "<table:table-cell/>"
_INCHES = 0.09  # width of a character
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;", "\t": "&#9;", "\n": "</text:p><text:p>"}


def ods_bytes(frame: pl.DataFrame, sheet: str) -> bytes:
    """Return the bytes of an OpenDocument workbook with one sheet."""
    frame, out = laid_out(frame, r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]", "ODS"), BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text, compression in (
            ("mimetype", _TYPE, zipfile.ZIP_STORED),  # first and uncompressed, as it identifies the file
            ("content.xml", "".join(_content(frame, sheet_name(sheet))), zipfile.ZIP_DEFLATED),
            ("META-INF/manifest.xml", _xml("manifest"), zipfile.ZIP_DEFLATED),
        ):
            archive.writestr(zipfile.ZipInfo(name), text.encode(), compression)
    return out.getvalue()


@cache
def _xml(name: str) -> str:
    """Return a part that is the same in all workbooks, on one line after that of the declaration."""
    declaration, *lines = resources("prai_match.io").joinpath("data", f"ods_{name}.xml").read_text("utf-8").splitlines()
    return f"{declaration}\n{''.join(lines)}"


def _content(frame: pl.DataFrame, sheet: str) -> Iterator[str]:
    head, body, tail = re.split("<!-- [a-z]+ -->", _xml("content"))
    yield head
    for place, width in enumerate(widths(frame)):
        yield f'<style:style style:name="c{place}" style:family="table-column"><style:table-column-properties '
        yield f'style:column-width="{width * _INCHES:.2f}in"/></style:style>'
    yield f'{body}<table:table table:name="{escape(sheet)}">'
    for place, dtype in enumerate(frame.dtypes):
        yield f'<table:table-column table:style-name="c{place}" table:default-cell-style-name="{_form(dtype)[2]}"/>'
    header = pl.DataFrame({"name": frame.columns}, {"name": pl.String}).select(_string(pl.col("name"), "header"))
    yield from ("<table:table-row>", *header.to_series(), "</table:table-row>")
    if frame.width:
        cells = (_cell(pl.col(name), dtype) for name, dtype in frame.schema.items())
        row = pl.concat_str([pl.lit("<table:table-row>"), *cells, pl.lit("</table:table-row>")])
        yield from frame.select(row).to_series()
    yield f"</table:table>{tail}"


# Type, attribute and style of cells by type; other numbers are treated as floats, other types as text.
_FORMS = {
    pl.String: ("", "", "text"),
    pl.Date: ("date", "date-value", "date"),
    pl.Boolean: ("boolean", "boolean-value", "Default"),
    pl.Decimal: ('currency" office:currency="EUR', "value", "money"),
}


def _form(dtype: pl.DataType) -> tuple[str, str, str]:
    return _FORMS.get(dtype.base_type(), ("float" if dtype.is_numeric() else "", "value", "Default"))


def _cell(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    text, (kind, attribute, style) = _string(spelt(column, dtype), "text"), _form(dtype)
    if not kind:
        return text
    start = f'<table:table-cell table:style-name="{style}" office:value-type="{kind}" office:{attribute}="'
    value = pl.concat_str(pl.lit(start), column.cast(pl.String), pl.lit('"/>')).fill_null(_EMPTY)
    return pl.when(column.is_null() | fits(column, dtype)).then(value).otherwise(text)


def _string(text: pl.Expr, style: str) -> pl.Expr:
    """Return cells of text; spaces that an XML reader would drop are written as elements."""
    xml = text.str.replace_many(_ESCAPES)
    with_spaces = xml.str.replace_all(" ", "<text:s/>", literal=True)
    xml = pl.when(text.str.contains(r"^ |  |\s | \s| $")).then(with_spaces).otherwise(xml)
    start = f'<table:table-cell table:style-name="{style}" office:value-type="string"><text:p>'
    return pl.concat_str(pl.lit(start), xml, pl.lit("</text:p></table:table-cell>")).fill_null(_EMPTY)


_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # always the same, so that the same frame gives the same bytes
_A4 = 9
_EPOCH = dt.date(1899, 12, 30)
_FORMATS = {
    pl.String: {"num_format": "@"},  # so that text typed over a code stays text
    pl.Date: {"num_format": "dd/mm/yyyy"},
    pl.Decimal: {"num_format": '#,##0.00\\ "€"'},
}


class _Whole(float):
    """A number written with all digits needed to identify it; XlsxWriter keeps sixteen."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return repr(self)


def xlsx_bytes(frames: Mapping[str, pl.DataFrame]) -> bytes:
    """Return the bytes of an Excel workbook with one sheet per frame, with a frozen header and filters."""
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra("excel", "io") from None
    tables = {sheet_name(name): laid_out(frame, r"[\x{fffe}\x{ffff}]", "Excel") for name, frame in frames.items()}
    out = BytesIO()
    try:
        with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
            book.set_properties({"created": _CREATED})
            for name, table in tables.items():
                _sheet(book, name, table)
    except xlsxwriter.exceptions.FileCreateError as error:
        # XlsxWriter first writes rows to temporary files.
        (cause,) = error.args
        raise OSError(cause.errno, cause.strerror) from error
    return out.getvalue()


def _sheet(book: Any, name: str, frame: pl.DataFrame) -> None:  # noqa: ANN401 - XlsxWriter is not typed
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    formats = [book.add_format(_FORMATS.get(dtype.base_type(), {})) for dtype in frame.dtypes]
    for place, (width, style) in enumerate(zip(widths(frame), formats, strict=True)):
        page.set_column(place, place, width, style)
    if frame.width:
        page.autofilter(0, 0, frame.height, frame.width - 1)
        page.ignore_errors({"number_stored_as_text": f"A1:XFD{frame.height + 1}"})
    write, bold = partial(_write, page, book.add_format()), book.add_format({"bold": True})
    for place, label in enumerate(frame.columns):
        write(0, place, label, bold)
    for line, row in enumerate(zip(*[_values(column) for column in frame.iter_columns()], strict=True), 1):
        for place, value in enumerate(row):
            write(line, place, value, formats[place])


def _values(column: pl.Series) -> list[Any]:
    """Return values as the sheet holds them: texts, booleans and numbers; days are numbers of days since 1899."""
    frame, dtype, value = column.to_frame("value"), column.dtype, pl.col("value")
    values = frame.select((value - _EPOCH).dt.total_days() if dtype == pl.Date else value).to_series().to_list()
    if dtype.is_float() or dtype.is_decimal():
        values = [None if number is None else _Whole(number) for number in values]
    if (fit := frame.select(fits(value, dtype)).to_series()).all():
        return values
    texts = frame.select(spelt(value, dtype)).to_series()
    return [number if exact else text for number, exact, text in zip(values, fit, texts, strict=True)]


def _write(page: Any, run: object, row: int, place: int, value: object, style: object) -> None:  # noqa: ANN401, PLR0913, PLR0917 - as XlsxWriter takes them
    match value:
        case None | "":
            pass
        case str() if value.startswith("<r>") and value.endswith("</r>"):
            # XlsxWriter interprets this as its own markup, unless it is given in several parts.
            page.write_rich_string(row, place, value[:1], run, value[1:], style)
        case str():
            page.write_string(row, place, value, style)
        case bool():
            page.write_boolean(row, place, value, style)
        case _:
            page.write_number(row, place, value, style)
