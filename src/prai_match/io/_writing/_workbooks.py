"""Frames as workbooks: typed cells, a bold header, widths from the content, no formula.

OpenDocument is written directly, a column at a time: a library that makes an object of each cell takes two hundred
times as long. In both, a number that a spreadsheet would round, or doesn't know, is a text.
"""

from __future__ import annotations

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

from prai_match.errors import missing_extra
from prai_match.io._writing._sheet import fits, laid_out, sheet_name, spelt, widths

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_EMPTY = "<table:table-cell/>"
_INCHES = 0.09  # width of a character
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;", "\t": "&#9;", "\n": "</text:p><text:p>"}


def ods_bytes(frame: pl.DataFrame, sheet: str) -> bytes:
    """The bytes of an OpenDocument workbook with one sheet."""
    frame, out = laid_out(frame, r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]", "ODS"), BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text, compression in (
            ("mimetype", _TYPE, zipfile.ZIP_STORED),  # first and bare, by which the file is known
            ("content.xml", "".join(_content(frame, sheet_name(sheet))), zipfile.ZIP_DEFLATED),
            ("META-INF/manifest.xml", _xml("manifest"), zipfile.ZIP_DEFLATED),
        ):
            archive.writestr(zipfile.ZipInfo(name), text.encode(), compression)
    return out.getvalue()


@cache
def _xml(name: str) -> str:
    """A part that is the same in all workbooks; its lines are one, but for that of the declaration."""
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
        yield f'<table:table-column table:style-name="c{place}" table:default-cell-style-name="{_style(dtype)}"/>'
    header = pl.DataFrame({"name": frame.columns}, {"name": pl.String}).select(_string(pl.col("name"), "header"))
    yield from ("<table:table-row>", *header.to_series(), "</table:table-row>")
    if frame.width:
        cells = (_cell(pl.col(name), dtype) for name, dtype in frame.schema.items())
        row = pl.concat_str([pl.lit("<table:table-row>"), *cells, pl.lit("</table:table-row>")])
        yield from frame.select(row).to_series()
    yield f"</table:table>{tail}"


# The type, the attribute and the style of cells of a type; numbers besides have those of floats, the others are texts.
_FORMS = {
    pl.Date: ("date", "date-value", "date"),
    pl.Boolean: ("boolean", "boolean-value", "Default"),
    pl.Decimal: ('currency" office:currency="EUR', "value", "money"),
}


def _form(dtype: pl.DataType) -> tuple[str, str, str] | None:
    return _FORMS.get(dtype.base_type(), ("float", "value", "Default") if dtype.is_numeric() else None)


def _style(dtype: pl.DataType) -> str:
    form = _form(dtype)
    return form[2] if form else "text" if dtype == pl.String else "Default"


def _cell(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    text, form = _string(spelt(column, dtype), "text"), _form(dtype)
    if form is None:
        return text
    kind, attribute, style = form
    start = f'<table:table-cell table:style-name="{style}" office:value-type="{kind}" office:{attribute}="'
    value = pl.concat_str(pl.lit(start), column.cast(pl.String), pl.lit('"/>')).fill_null(_EMPTY)
    return pl.when(column.is_null() | fits(column, dtype)).then(value).otherwise(text)


def _string(text: pl.Expr, style: str) -> pl.Expr:
    """Cells of text. Spaces that a reader of XML would drop are elements."""
    xml = text.str.replace_many(_ESCAPES)
    with_spaces = xml.str.replace_all(" ", "<text:s/>", literal=True)
    xml = pl.when(text.str.contains(r"^ |  |\s | \s| $")).then(with_spaces).otherwise(xml)
    start = f'<table:table-cell table:style-name="{style}" office:value-type="string"><text:p>'
    return pl.concat_str(pl.lit(start), xml, pl.lit("</text:p></table:table-cell>")).fill_null(_EMPTY)


_OPTIONS = {"constant_memory": True}
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # always the same, so that the same frame gives the same bytes
_A4 = 9
_EPOCH = dt.date(1899, 12, 30)
_FORMATS = {
    pl.String: {"num_format": "@"},  # what is typed over a code stays a text too
    pl.Date: {"num_format": "dd/mm/yyyy"},
    pl.Decimal: {"num_format": '#,##0.00\\ "€"'},
}


class _Whole(float):
    """A number written with all the digits that tell it from others; XlsxWriter keeps sixteen."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return repr(self)


def xlsx_bytes(frames: Mapping[str, pl.DataFrame]) -> bytes:
    """The bytes of an Excel workbook with a sheet a frame, whose header is frozen and has filters."""
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra("excel", "io") from None
    tables = {sheet_name(name): laid_out(frame, r"[\x{fffe}\x{ffff}]", "Excel") for name, frame in frames.items()}
    out = BytesIO()
    try:
        with xlsxwriter.Workbook(out, _OPTIONS) as book:
            book.set_properties({"created": _CREATED})
            for name, table in tables.items():
                _sheet(book, name, table)
    except xlsxwriter.exceptions.FileCreateError as error:
        # It writes rows to files of its own first.
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
    for number, row in enumerate(zip(*[_values(column) for column in frame.iter_columns()], strict=True), 1):
        for place, value in enumerate(row):
            write(number, place, value, formats[place])


def _values(column: pl.Series) -> list[Any]:
    """The values as the sheet holds them: texts, booleans and numbers, a day being the number of days since 1899."""
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
            # XlsxWriter takes that for its own markup, unless it comes in several parts.
            page.write_rich_string(row, place, value[:1], run, value[1:], style)
        case str():
            page.write_string(row, place, value, style)
        case bool():
            page.write_boolean(row, place, value, style)
        case _:
            page.write_number(row, place, value, style)
