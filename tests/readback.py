"""Files as their readers see them, and the values that are hard to write."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re
import unicodedata
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import python_calamine
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

HARD = [
    "=1+1",
    "+1",
    "-2",
    "@x",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1+1",
    "\u200b=1",
    "'",
    "''",
    "'=1",
]
HARD += ["'a", "{=1+1}", "=cmd|' /C calc'!A0", "<r>a</r>", "<r><t>a</t></r>", "_x0041_", "_x005F_", "a;b", 'q"q', '"']
HARD += ["09001", "1E5", "3-4", "TRUE", "#REF!", "http://x.fr", "&<>\"'", "a\nb", "a\r\nb", "a\tb", "\x7f\x85\u2028"]
HARD += ["\ufeffx", "🏛️", "l'Isle", "  a  b  ", "x\n y", "]]>", "&#10;"]
HARD += [
    "x,=1+1",
    "x;=1+1",
    "x\t=1",
    "x|@x",
    "x\n-1",
    "x\r+1",
    'x,"=1',
    "x, ＝1",
    "x;\u200b=1",
    "x;'=1",
    "x,''=1",
    ",\t",
    ";\r",
]
SIGNS = "=+-@＝＋－＠"
SEPARATORS = ";,|\t"
CONTROLS = ["\x00", "\x01", "\x0b", "\x1f"]

texts = st.lists(
    st.sampled_from(HARD)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=5),
    max_size=4,
).map("".join)
numbers = st.floats()
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
amounts = st.decimals(-(10**15), 10**15, places=2)
integers = st.integers(-(2**63), 2**63 - 1)

SCHEMA: dict[str, Any] = {
    "text": pl.String,
    "number": pl.Float64,
    "amount": pl.Decimal(38, 2),
    "day": pl.Date,
    "whole": pl.Int64,
    "yes": pl.Boolean,
}


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    row = st.tuples(*(st.none() | values for values in (texts, numbers, amounts, days, integers, st.booleans())))
    return pl.DataFrame(draw(st.lists(row, max_size=6)), SCHEMA, orient="row")


def csv_rows(data: bytes, separator: str = ";") -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator, strict=True))


def sheet_rows(data: bytes) -> list[list[Any]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def restored(cell: str) -> str:
    """What the apostrophes stood before, told in another way than the library's."""
    # Parts and the separators between them take turns.
    parts = re.split(f"([{SEPARATORS}\r\n])", cell)
    parts[::2] = [
        part[1:] if part.startswith("'") and _put(part[1:], before, after) else part
        for before, part, after in zip(["", *parts[1::2]], parts[::2], [*parts[1::2], ""], strict=True)
    ]
    return "".join(parts)


def _put(text: str, before: str, after: str) -> bool:
    """Whether a part of a text had an apostrophe put before it, by the separators around it."""
    if not before and text.startswith("''"):
        return True
    bare = text.lstrip("'")
    if computed(bare):
        return True
    if before:
        return not bare.strip('"') and after in {"\t", "\r"} - {before}
    return all(map(_passed, bare)) and after in {"\t", "\r", "\n"}


def computed(cell: str) -> bool:
    """Whether a spreadsheet computes a cell."""
    return next((char for char in cell if not _passed(char)), "") in set(SIGNS)


def _passed(char: str) -> bool:
    return char == '"' or char.isspace() or unicodedata.category(char) in {"Cc", "Cf"}


def torn(data: bytes) -> Iterator[str]:
    """The cells of a CSV for those who split it at a separator of their own, with and without regard to quotes."""
    text = data.decode("utf-8-sig")
    for separator in SEPARATORS:
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
            yield from itertools.chain.from_iterable(rows)
        yield from itertools.chain.from_iterable(line.split(separator) for line in re.split(r"\r?\n", text))


def spelt(value: object) -> str:
    """A value in a French CSV."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return repr(value)
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case _:
            return str(value)
