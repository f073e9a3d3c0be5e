"""Values of Python to texts, and lists of values to typed columns."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_INTEGERS: Final = range(-(1 << 63), 1 << 63)
_EXACT: Final = 1 << 53
"""Whole numbers up to this are the same as floats."""
_MISSING: Final = frozenset({"NAType", "NaTType"})


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
    """Make a column of the one type that all values have; else, as of numbers beyond 64 bits, of texts."""
    plain = [_plain(value) for value in values]
    there = [value for value in plain if value is not None]
    types = frozenset(map(type, there))
    dtype = next((dtype for of, fit, dtype in _TYPES if types and types <= of and all(map(fit, there))), pl.String)
    cells = plain if types <= _TEXTS or dtype != pl.String else [text_of(value) for value in plain]
    return pl.Series(cells, dtype=dtype, strict=dtype != pl.Float64)


def _plain(value: object) -> object:
    """A scalar of NumPy or pandas as Python has it; what stands for a missing value, or is no number, as null."""
    if isinstance(value, str):
        return whole(value) or None
    if type(value).__name__ in _MISSING:
        return None
    item = getattr(value, "item", None)
    if callable(item) and not getattr(value, "shape", None):
        value = item()
    to_python = getattr(value, "to_pydatetime", None)
    if callable(to_python):
        value = to_python()
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - only NaN is unlike itself
        return None
    if isinstance(value, list | tuple):
        return [whole(item) if isinstance(item, str) else item for item in value]
    return value


def _any(_: object) -> bool:
    return True


def _fits(value: object) -> bool:
    return value in _INTEGERS


def _is_exact(value: object) -> bool:
    return isinstance(value, float) or (isinstance(value, int) and abs(value) <= _EXACT)


def _is_naive(value: object) -> bool:
    return isinstance(value, dt.datetime) and value.tzinfo is None


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_TEXTS: Final = frozenset({str})
# Types of Python, what each value must fulfil besides, and the type of the column; the first that fits.
_TYPES: Final[tuple[tuple[frozenset[type], Callable[[object], bool], pl.DataType], ...]] = (
    (_TEXTS, _any, pl.String()),
    (frozenset({bool}), _any, pl.Boolean()),
    (frozenset({int}), _fits, pl.Int64()),
    (frozenset({int, float}), _is_exact, pl.Float64()),
    (frozenset({dt.date}), _any, pl.Date()),
    (frozenset({dt.datetime}), _is_naive, pl.Datetime("us")),
    (frozenset({list}), _are_texts, pl.List(pl.String)),
)
