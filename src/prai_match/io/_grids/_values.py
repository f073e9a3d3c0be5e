"""Conversion of values of Python and workbooks to texts, and of lists of values to typed columns."""

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final, Literal

import polars as pl

_INTEGERS: Final = range(-(1 << 63), 1 << 63)
_EXACT: Final = 1 << 53  # floats are exact for whole numbers up to this
Form = Literal["number", "day", "duration"]  # how a cell format shows a number
# The built-in formats of a spreadsheet that files don't write out, by number, without those of plain numbers.
OWN_FORMS: Final[Mapping[int, Form]] = {**dict.fromkeys((*range(14, 23), 45, 47), "day"), 46: "duration"}
_LONGEST: Final = 1_000
_FIRST: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
_LEAP: Final = 60  # spreadsheets count 29 February 1900, which never existed; before it, days are one less
_SINCE_1904, _MILLISECONDS = 1_462, 86_400_000
_LAST: Final = 2_958_466  # the first day after the end of Python's calendar

# Parts to ignore in a format: texts, escaped characters, conditions, colours and languages.
_NOT_FORMAT: Final = re.compile(r'"[^"]*"?|[\\_].?|\[(?![hms]+\])[^\]]*\]?', re.IGNORECASE | re.DOTALL)
_DURATION: Final = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_DAY: Final = re.compile(r"[dmhys]|a/p|am/pm", re.IGNORECASE)
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?", re.ASCII)
_ISO_TIME: Final = re.compile(r"\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?", re.ASCII)
_PERIOD: Final = re.compile(r"PT(\d{1,2})H(\d{1,2})M(\d{1,2})(?:\.0*)?S", re.ASCII)


def text_of(value: object) -> str | None:
    """Write a value as text; null and the empty text are null."""
    match value:
        case None | "":
            text = None
        case str():
            text = whole(value)
        case bool():
            text = "oui" if value else "non"
        case float():
            text = str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
        case dt.datetime() if value.time() == dt.time() and value.tzinfo is None:
            text = value.date().isoformat()
        case dt.date() | dt.time():
            text = value.isoformat()
        case dict() | list() | tuple():
            text = whole(json.dumps(value, ensure_ascii=False, default=str))
        case _:
            text = str(value)
    return text


def whole(text: str) -> str:
    """Show each half of a surrogate pair, which no file can hold, as U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def column(values: Sequence[object]) -> pl.Series:
    """Make a column of the common type of all values; if there is none, as for numbers beyond 64 bits, of texts."""
    plain = [_plain(value) for value in values]
    there = [value for value in plain if value is not None]
    types = frozenset(map(type, there))
    fitting = (of for of in _TYPES if types and types <= of[0] and (of[1] is None or all(map(of[1], there))))
    dtype = next((dtype for _, _, dtype in fitting), pl.String)
    cells = plain if types <= _TEXTS or dtype != pl.String else [text_of(value) for value in plain]
    return pl.Series(cells, dtype=dtype, strict=dtype != pl.Float64)


def _plain(value: object) -> object:
    """Return a scalar of NumPy or pandas as a Python value; missing values and NaN become null."""
    if isinstance(value, str):
        return whole(value) or None
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if callable(item := getattr(value, "item", None)) and not getattr(value, "shape", None):
        value = item()
    value = to_python() if callable(to_python := getattr(value, "to_pydatetime", None)) else value
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - only NaN is unlike itself
        return None
    if isinstance(value, list | tuple):
        return [whole(item) if isinstance(item, str) else item for item in value]
    return value


_TEXTS: Final = frozenset({str})
# Python types, additional conditions on values, and the type of the column; the first that fits is used.
_TYPES: Final[tuple[tuple[frozenset[type], Callable[[Any], bool] | None, pl.DataType], ...]] = (
    (_TEXTS, None, pl.String()),
    (frozenset({bool}), None, pl.Boolean()),
    (frozenset({int}), lambda value: value in _INTEGERS, pl.Int64()),
    (frozenset({int, float}), lambda value: isinstance(value, float) or abs(value) <= _EXACT, pl.Float64()),
    (frozenset({dt.date}), None, pl.Date()),
    (frozenset({dt.datetime}), lambda value: value.tzinfo is None, pl.Datetime("us")),
    (frozenset({list}), lambda value: all(isinstance(item, str) for item in value), pl.List(pl.String)),
)


@lru_cache(maxsize=1024)
def form_of(code: str) -> Form:
    code = _NOT_FORMAT.sub("", code[:_LONGEST]).partition(";")[0]
    return "duration" if _DURATION.search(code) else "day" if _DAY.search(code) else "number"


def number_text(value: float, form: Form, *, since_1904: bool) -> str | None:
    """Return a number as text, in the form of its cell format; plain if it can't be a day."""
    if form == "number" or not math.isfinite(value) or not 0 <= value < _LAST:
        return text_of(value)
    if form == "duration":
        return text_of(dt.timedelta(milliseconds=round(value * _MILLISECONDS)))
    if (days := value + _SINCE_1904 if since_1904 else value if value >= _LEAP else value + 1) >= _LAST:
        return text_of(value)
    moment = _FIRST + dt.timedelta(milliseconds=round(days * _MILLISECONDS))
    return text_of(moment.time()) if value < 1 else text_of(moment.date() if value.is_integer() else moment)


def day_text(text: str) -> str | None:
    """Return a day or an hour that is written as text, in the common form."""
    with suppress(ValueError):  # such as 31 February
        if _ISO_DAY.fullmatch(text):
            return text_of(dt.datetime.fromisoformat(text))
        if _ISO_TIME.fullmatch(text):
            return text_of(dt.time.fromisoformat(text))
        if period := _PERIOD.fullmatch(text):
            hour, minute, second = map(int, period.groups())
            return text_of(dt.time(hour, minute, second))
    return text_of(text)
