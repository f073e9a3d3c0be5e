"""A frame as an OpenDocument spreadsheet: typed cells, a bold header, widths from the content.

Written directly, a column at a time: a library that makes an object of each cell takes two hundred times as long.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from html import escape
from io import BytesIO

import polars as pl

from prai_match.io._writing._sheet import check_characters, check_size, fits, plain, sheet_name, spelt, widths

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<manifest:manifest xmlns:manifest="{_NAMES}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content office:version="1.3"'
    + "".join(
        f' xmlns:{short}="{_NAMES}:{name}:1.0"'
        for short, name in (
            ("office", "office"),
            ("style", "style"),
            ("text", "text"),
            ("table", "table"),
            ("number", "datastyle"),
            ("fo", "xsl-fo-compatible"),
        )
    )
    + "><office:automatic-styles>"
    '<number:date-style style:name="Day"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    "</number:date-style>"
    '<number:currency-style style:name="Euros"><number:number number:decimal-places="2" '
    'number:min-decimal-places="2" number:min-integer-digits="1" number:grouping="true"/><number:text> </number:text>'
    "<number:currency-symbol>€</number:currency-symbol></number:currency-style>"
    '<number:text-style style:name="Words"><number:text-content/></number:text-style>'
    '<style:style style:name="header" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="text" style:family="table-cell" style:data-style-name="Words"/>'
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="Day"/>'
    '<style:style style:name="money" style:family="table-cell" style:data-style-name="Euros"/>'
)
_BODY = "</office:automatic-styles><office:body><office:spreadsheet>"
_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"
_EMPTY = "<table:table-cell/>"
_INCHES = 0.09  # width of a character
_MISSING = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;", "\t": "&#9;", "\n": "</text:p><text:p>"}


def ods_bytes(frame: pl.DataFrame, sheet: str) -> bytes:
    """The bytes of a workbook with one sheet. A number that a spreadsheet would round, or doesn't know, is a text."""
    frame = plain(frame)
    check_size(frame)
    check_characters(frame, _MISSING, "ODS")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text, compression in (
            ("mimetype", _TYPE, zipfile.ZIP_STORED),  # first and bare, by which the file is known
            ("content.xml", "".join(_content(frame, sheet_name(sheet))), zipfile.ZIP_DEFLATED),
            ("META-INF/manifest.xml", _MANIFEST, zipfile.ZIP_DEFLATED),
        ):
            archive.writestr(zipfile.ZipInfo(name), text.encode(), compression)
    return out.getvalue()


def _content(frame: pl.DataFrame, sheet: str) -> Iterator[str]:
    yield _HEAD
    for place, width in enumerate(widths(frame)):
        yield f'<style:style style:name="c{place}" style:family="table-column"><style:table-column-properties '
        yield f'style:column-width="{width * _INCHES:.2f}in"/></style:style>'
    yield f'{_BODY}<table:table table:name="{escape(sheet)}">'
    for place, dtype in enumerate(frame.dtypes):
        yield f'<table:table-column table:style-name="c{place}" table:default-cell-style-name="{_style(dtype)}"/>'
    header = pl.DataFrame({"name": frame.columns}, {"name": pl.String}).select(_string(pl.col("name"), "header"))
    yield from ("<table:table-row>", *header.to_series(), "</table:table-row>")
    if frame.width:
        cells = (_cell(pl.col(name), dtype) for name, dtype in frame.schema.items())
        row = pl.concat_str([pl.lit("<table:table-row>"), *cells, pl.lit("</table:table-row>")])
        yield from frame.select(row).to_series()
    yield _TAIL


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
