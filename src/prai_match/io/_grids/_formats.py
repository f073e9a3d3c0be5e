"""Numbers of a workbook that are days and hours, by the format they are shown in."""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import lru_cache
from typing import Final, Literal

from prai_match.io._grids._values import text_of

Form = Literal["number", "day", "duration"]
"""As what a format shows a number."""

_OWN_DAYS: Final = frozenset({*range(14, 23), 45, 47})
_OWN_DURATION: Final = 46
"""The formats of a spreadsheet that no file writes out, by their number."""
_LONGEST: Final = 1_000
_FIRST: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
_LEAP: Final = 60
"""A spreadsheet counts a 29 February 1900 that never was; before it, days are one less."""
_SINCE_1904: Final = 1_462
_MILLISECONDS: Final = 86_400_000
_LAST: Final = 2_958_466
"""The first day that isn't in this calendar."""

# What is no part of the format itself: texts, escaped characters, and conditions, colours and languages.
_NOT_FORMAT: Final = re.compile(r'"[^"]*"?|[\\_].?|\[(?![hms]+\])[^\]]*\]?', re.IGNORECASE | re.DOTALL)
_DURATION: Final = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_DAY: Final = re.compile(r"[dmhys]|a/p|am/pm", re.IGNORECASE)
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?", re.ASCII)
_ISO_TIME: Final = re.compile(r"\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?", re.ASCII)
_PERIOD: Final = re.compile(r"PT(\d{1,2})H(\d{1,2})M(\d{1,2})(?:\.0*)?S", re.ASCII)


@lru_cache(maxsize=1024)
def form_of(code: str) -> Form:
    """As what a format shows a number."""
    code = _NOT_FORMAT.sub("", code[:_LONGEST]).partition(";")[0]
    if code.strip().lower() == "general":
        return "number"
    if _DURATION.search(code):
        return "duration"
    return "day" if _DAY.search(code) else "number"


def own_form(number: int) -> Form:
    """As what a format of the spreadsheet's own shows a number."""
    return "duration" if number == _OWN_DURATION else "day" if number in _OWN_DAYS else "number"


def number_text(value: float, form: Form, *, since_1904: bool) -> str | None:
    """A number as text, in the form of its format; as a number where it is no day."""
    if form == "number" or not math.isfinite(value) or not 0 <= value < _LAST:
        return text_of(value)
    if form == "duration":
        return text_of(dt.timedelta(milliseconds=round(value * _MILLISECONDS)))
    days = value + _SINCE_1904 if since_1904 else value if value >= _LEAP else value + 1
    if days >= _LAST:
        return text_of(value)
    moment = _FIRST + dt.timedelta(milliseconds=round(days * _MILLISECONDS))
    if value < 1:
        return text_of(moment.time())
    return text_of(moment.date() if value.is_integer() else moment)


def day_text(text: str) -> str | None:
    """A day or an hour that is written as such, in the form of all days and hours."""
    try:
        if _ISO_DAY.fullmatch(text):
            return text_of(dt.datetime.fromisoformat(text))
        if _ISO_TIME.fullmatch(text):
            return text_of(dt.time.fromisoformat(text))
        if period := _PERIOD.fullmatch(text):
            hour, minute, second = map(int, period.groups())
            return text_of(dt.time(hour, minute, second))
    except ValueError:
        return text_of(text)  # the 31 February
    return text_of(text)
