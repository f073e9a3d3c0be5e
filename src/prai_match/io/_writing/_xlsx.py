"""A frame as an Excel workbook: typed cells, a frozen header with filters, widths from the content, no formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from io import BytesIO
from typing import Any

import polars as pl

from prai_match.errors import missing_extra
from prai_match.io._writing._sheet import check_characters, check_size, fits, plain, sheet_name, spelt, widths

_OPTIONS = {"constant_memory": True}
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # always the same, so that the same frame gives the same bytes
_MISSING, _A4 = r"[\x{fffe}\x{ffff}]", 9
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
    """The bytes of a workbook with a sheet a frame. A number that Excel would round, or doesn't know, is a text."""
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra("excel", "io") from None
    tables = {sheet_name(name): plain(frame) for name, frame in frames.items()}
    for table in tables.values():
        check_size(table)
        check_characters(table, _MISSING, "Excel")
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
