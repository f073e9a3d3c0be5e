"""Kinds of cells: converting a column of texts to a typed column, and reporting wrong and repaired cells.

Each kind first reads plainly written cells, all at once; each distinct remaining text is then read with the conventions
of offices: thin spaces and euro signs in amounts, French dates, *oui* and *x*.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

MONEY = pl.Decimal(38, 2)
_SPACE = r"[\s\u00a0\u2009\u202f]"
_CURRENCY = rf"{_SPACE}*(?:€|eur|euros?)$"
_MONTH_NAMES = (
    "janvier janv jan, fevrier fevr fev, mars mar, avril avr, mai, juin, juillet juil, aout, septembre sept sep, "
    "octobre oct, novembre nov, decembre dec"
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split(", "), 1) for name in names.split()}
_WEEKDAY = r"^(?:lun|mar|mer|jeu|ven|sam|dim)(?:\.|di|credi|dredi|edi|anche)?\s+"
_NUMERIC = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})")
_IN_WORDS = re.compile(r"(\d{1,2})(?:er)?[\s\-]([a-z]+)\.?[\s\-](\d{4}|\d{2})")
_HOUR = re.compile(r"[t\s]\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2}| ?utc| ?cet| ?cest)?$")
_PIVOT = 69  # years of two digits from here on are in the last century, as in POSIX
_FULL_YEAR = dt.date(1000, 1, 1)


def date(text: pl.Expr) -> pl.Expr:
    return text.str.to_date("%Y-%m-%d", strict=False)


def full_years(days: pl.Series) -> pl.Series:
    """Complete years of two digits: polars takes "3-9-07" for the ninth of July of the year 3."""
    return days if (full := days >= _FULL_YEAR).all() else days.set(~full, None)


def loose_date(odd: pl.Series) -> pl.Series:
    plain = pl.col("text").str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}+", "")
    texts = odd.to_frame("text").select(plain.str.replace(_WEEKDAY, "")).to_series()
    return pl.Series("value", [_day(text) for text in texts], pl.Date)


def _day(text: str) -> dt.date | None:
    """Return a day written in the French way; a time next to it is ignored."""
    text = _HOUR.sub("", text)
    try:
        if match := _NUMERIC.fullmatch(text):
            return dt.date(_year(match[3]), int(match[2]), int(match[1]))
        if match := _IN_WORDS.fullmatch(text):
            return dt.date(_year(match[3]), _MONTHS.get(match[2], 0), int(match[1]))
        return dt.date.fromisoformat(text) if len(text) == len("2007-03-31") else None
    except ValueError:
        return None


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > len("07") else year + (1900 if year >= _PIVOT else 2000)


def _number_text(text: pl.Series) -> pl.Series:
    """Convert numbers as offices write them to the form that polars reads; null for other texts."""
    bare, sign_digits = pl.col("text").str.to_lowercase().str.replace(_CURRENCY, ""), r"^[+-]?\d{1,3}"
    tidy = (
        pl.when(bare.str.contains(rf"{sign_digits}(?:{_SPACE}\d{{3}})+(?:[.,]\d+)?$"))
        .then(bare.str.replace_all(_SPACE, "").str.replace(",", ".", literal=True))
        .when(bare.str.contains(rf"{sign_digits}(?:\.\d{{3}})+,\d+$|{sign_digits}(?:\.\d{{3}}){{2,}}$"))
        .then(bare.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .when(bare.str.contains(rf"{sign_digits}(?:,\d{{3}})+\.\d+$|{sign_digits}(?:,\d{{3}}){{2,}}$"))
        .then(bare.str.replace_all(",", "", literal=True))
        .when(bare.str.contains(r"^[+-]?\d+(?:[.,]\d+)?$"))
        .then(bare.str.replace(",", ".", literal=True))
    )
    return text.to_frame("text").select(value=tidy).to_series()


def integer(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Int64, strict=False)


def whole(odd: pl.Series) -> pl.Series:
    # "1,000" may be one or a thousand: with three decimals it is ambiguous and refused.
    return _number_text(odd).str.replace(r"\.0{1,2}$", "").cast(pl.Int64, strict=False)


def finite(numbers: pl.Series) -> pl.Series:
    return numbers if (finite := numbers.is_finite()).all() else numbers.set(~finite, None)


def number(text: pl.Expr) -> pl.Expr:
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def loose_number(odd: pl.Series) -> pl.Series:
    return finite(_number_text(odd).cast(pl.Float64, strict=False))


def amount(text: pl.Expr) -> pl.Expr:
    plain = pl.when(text.str.contains(r"^[+-]?\d+(?:[.,]\d{1,2})?$")).then(text)
    return plain.str.replace(",", ".", literal=True).cast(MONEY, strict=False)


def loose_amount(odd: pl.Series) -> pl.Series:
    # "1.250" may be about one euro or more than a thousand.
    odd = odd.set(odd.str.contains(rf"^[+-]?[1-9]\d{{0,2}}[.,]\d{{3}}(?:{_SPACE}|€|$)"), None)
    return _number_text(odd).cast(pl.Decimal(38, 12), strict=False).round(2).cast(MONEY, strict=False)


_YES = {"yes": True, "no": False}
_YES_TOO = {
    **dict.fromkeys(("oui", "o", "x", "vrai", "true", "1", "y"), True),
    **dict.fromkeys(("non", "n", "faux", "false", "0"), False),
}
_RECORD = re.compile(r"([0-9AB]{1,3})\s*[=:]\s*([0-9]{1,6})")
_JSON_RECORD = re.compile(r'\{"departement": "([0-9AB]{1,3})", "sessions": ([0-9]{1,6})\}')
RECORD_TYPE = pl.List(pl.Struct({"departement": pl.String, "sessions": pl.Int64}))


class CellValues(NamedTuple):
    """A column as read: values (null if empty or wrong), which are wrong, which were repaired, and distinct words."""

    values: pl.Series
    wrong: pl.Series
    loose: pl.Series
    distinct: pl.Series | None = None


# A function of the module, so that kinds, and reports with them, can be pickled.
def _same(cells: Any) -> Any:  # noqa: ANN401 - an expression or a column
    return cells


@dataclass(frozen=True, slots=True, eq=False)
class CellKind:
    """A kind of cell: how plain cells are read, and the distinct others; ``sound`` rejects invalid values."""

    id: str
    dtype: Any
    plain: Callable[[pl.Expr], pl.Expr] = _same
    loose: Callable[[pl.Series], pl.Series] = _same
    sound: Callable[[pl.Series], pl.Series] = _same

    def parse(self, cells: pl.Series) -> CellValues:
        return parse({"cells": (self, cells)})["cells"]


def parse(columns: Mapping[str, tuple[CellKind, pl.Series]]) -> dict[str, CellValues]:
    """Read the cells of several columns of the same length."""
    columns = {name: (kind, _as_others_keep(kind, cells)) for name, (kind, cells) in columns.items()}
    texts = {
        name: as_text(cells).alias(name)
        for name, (kind, cells) in columns.items()
        if cells.dtype != kind.dtype or kind is WORD
    }
    frame, words = pl.DataFrame(texts), [name for name in texts if columns[name][0] is WORD]
    distinct = {each.name: each[0] for each in frame.select(pl.col(words).unique().implode())}
    plain = frame.select(columns[name][0].plain(pl.col(name)).alias(name) for name in texts if name not in distinct)
    none = pl.Series([False]).new_from_index(0, next((len(cells) for _, cells in columns.values()), 0))
    return {
        name: _words(texts[name], distinct[name], none)
        if name in distinct
        else _read(kind, texts[name], kind.sound(plain[name]))
        if name in texts
        else CellValues(cells, none, none)
        for name, (kind, cells) in columns.items()
    }


def _as_others_keep(kind: CellKind, cells: pl.Series) -> pl.Series:
    """Accept the day of a timestamp, and 1 and 0 as yes and no, as databases store them."""
    if kind is DATE and cells.dtype == pl.Datetime:
        return cells.dt.date()
    if kind is YES and cells.dtype.is_integer() and cells.is_between(0, 1).all():
        return cells.cast(pl.Boolean)
    return cells


def _words(text: pl.Series, distinct: pl.Series, none: pl.Series) -> CellValues:
    """Strip words, and list each once; if none has surrounding spaces, they are unchanged."""
    bare = distinct.str.strip_chars()
    if ((bare != distinct) | (bare == "")).any():
        bare = text.str.strip_chars()
        text = bare.set(bare == "", None)
        distinct = text.unique()
    return CellValues(text, none, none, distinct)


def _read(kind: CellKind, text: pl.Series, values: pl.Series) -> CellValues:
    """Read plain cells, then the rest once for each distinct text; blank texts aren't reported."""
    if not (left := text.is_not_null() & values.is_null()).any():
        return CellValues(values, left, left)
    odd = text.filter(left).unique().rename("text")
    bare = odd.str.strip_chars()
    plain = kind.sound(bare.to_frame().select(kind.plain(pl.col("text"))).to_series())
    loose = plain.is_null() & (bare != "")
    answers = pl.DataFrame({"text": odd, "value": plain, "loose": loose, "blank": bare == ""})
    if loose.any():
        loosely = pl.DataFrame({"text": odd.filter(loose), "value": kind.loose(bare.filter(loose))})
        answers = answers.update(loosely, on="text")
    beside = text.to_frame("text").join(answers, on="text", how="left", maintain_order="left")
    values = values.zip_with(~left, beside["value"])
    wrong = left & values.is_null() & ~beside["blank"].fill_null(value=False)
    return CellValues(values, wrong, beside["loose"].fill_null(value=False) & values.is_not_null())


def as_text(cells: pl.Series) -> pl.Series:
    """Return a column as text; whole numbers stored as floats lose their ``.0``."""
    if (dtype := cells.dtype) == pl.String:
        return cells
    if dtype.is_float():
        whole = cells.cast(pl.Int64, strict=False)
        return cells.cast(pl.String).zip_with((whole != cells).fill_null(value=True), whole.cast(pl.String))
    if dtype == pl.Boolean:
        return cells.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    if isinstance(dtype, pl.List) and not dtype.inner.is_nested():
        return cells.cast(pl.List(pl.String)).list.join(" ")
    day_or_hour = dtype.is_temporal() and dtype != pl.Duration
    if dtype.is_numeric() or day_or_hour or isinstance(dtype, pl.Categorical | pl.Enum | pl.Null):
        return cells.cast(pl.String)
    # Structures, bytes, durations, and types specific to other libraries.
    return pl.Series(cells.name, [_json_or_text(value) for value in cells.to_list()], pl.String)


def _json_or_text(value: object) -> str | None:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return None if value is None else str(value)


def _yes(text: pl.Expr) -> pl.Expr:
    return text.replace_strict(_YES, default=None, return_dtype=pl.Boolean)


def _loose_yes(odd: pl.Series) -> pl.Series:
    return odd.str.to_lowercase().replace_strict(_YES | _YES_TOO, default=None, return_dtype=pl.Boolean)


def _list(text: pl.Expr) -> pl.Expr:
    """Split codes at spaces; if there are commas, semicolons or bars, split only there, as names may contain spaces."""
    items = (
        text.str.extract_all(r"[^,;|\n]+")
        .list.eval(pl.element().str.strip_chars())
        .list.eval(pl.element().filter(pl.element() != ""))
    )
    return pl.when(text.str.contains(r"[,;|\n]")).then(items).otherwise(text.str.extract_all(r"\S+"))


def _records(text: pl.Expr) -> pl.Expr:
    record = pl.struct(
        departement=pl.element().str.extract("^([^=]+)"), sessions=pl.element().str.extract("([0-9]+)$").cast(pl.Int64)
    )
    plain = pl.when(text.str.contains(r"^(?:[0-9AB]{1,3}=[0-9]{1,6}(?: |$))+$")).then(text)
    return plain.str.split(" ").list.eval(record)


def _loose_records(odd: pl.Series) -> pl.Series:
    return pl.Series("value", [_record_list(cell) for cell in odd], RECORD_TYPE)


def _record_list(cell: str) -> list[dict[str, object]] | None:
    cell = _JSON_RECORD.sub(r"\1=\2", cell).strip("[]")
    records = _RECORD.findall(cell)
    if _RECORD.sub("", cell).strip(" ,;") or (cell and not records):
        return None
    return [{"departement": code, "sessions": int(count)} for code, count in records]


TEXT = CellKind("text", pl.String)
WORD = CellKind("word", pl.String)
INTEGER = CellKind("integer", pl.Int64, integer, whole)
NUMBER = CellKind("number", pl.Float64, number, loose_number, finite)
AMOUNT = CellKind("amount", MONEY, amount, loose_amount)
DATE = CellKind("date", pl.Date, date, loose_date, full_years)
YES = CellKind("yes", pl.Boolean, _yes, _loose_yes)
LIST = CellKind("list", pl.List(pl.String), _list)
RECORDS = CellKind("records", RECORD_TYPE, _records, _loose_records)
