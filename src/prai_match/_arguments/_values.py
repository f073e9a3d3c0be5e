"""Conversion of single values; each function takes a value and the name of its argument, for the error."""

import datetime as dt
import math
import numbers
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any, TypeVar, get_args

import polars as pl

from prai_match.errors import ArgumentError, Lang, UnknownCodeError, _current_language, excerpt, nearest

_T = TypeVar("_T")
MOST = 2**62
_INSEE = 5  # length of the code of a commune, whose leading zeros spreadsheets drop
_LONGEST = 36_525  # days of a period: a century
_SHOWN = 60
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
current_language = _current_language


def refused(name: str, value: object, wanted: str, **values: object) -> ArgumentError:
    """Return the error of an argument: its name, the value given, and what is expected."""
    return ArgumentError.of("prai_match", f"argument_{wanted}", name=name, found=excerpt(value, _SHOWN), **values)


def day(value: object, name: str) -> dt.date:
    """Return a day, given as a date, a timestamp of any library, or ISO text."""
    if isinstance(value, dt.datetime) and value == value:  # noqa: PLR0124 - pandas' NaT is no day
        return value.date()
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        # Timestamps of NumPy and other libraries convert to ISO text.
        text = (value if isinstance(value, str) else str(value) if getattr(value, "shape", None) == () else "").strip()
        return dt.date.fromisoformat(text) if len(text) in {8, 10} else dt.datetime.fromisoformat(text[:19]).date()
    except ValueError:
        raise refused(name, value, "day") from None


def in_order(start: dt.date, end: dt.date) -> None:
    """Refuse a period that ends before it starts, or that is longer than a century."""
    if end < start:
        raise ArgumentError.of("prai_match", "argument_period", start=start, end=end)
    if (end - start).days > _LONGEST:
        raise ArgumentError.of("prai_match", "argument_long", start=start, end=end, most=_LONGEST)


def later(date: dt.date, days: int) -> dt.date:
    """Return the day so many days later, at least the first and at most the last day that Python can represent."""
    return date + dt.timedelta(days=max((dt.date.min - date).days, min(days, (dt.date.max - date).days)))


def days(values: object, name: str) -> list[dt.date]:
    """Return a list of days, given as one day or as several."""
    return _several(values, name, day, str | dt.date)


def _several(
    values: object, name: str, check: Callable[[object, str], _T], one: type | UnionType, wanted: str = "iterable"
) -> list[_T]:
    return [check(value, name) for value in ([values] if isinstance(values, one) else iterable(values, name, wanted))]


def key(value: object, name: str) -> str:
    """Return a code, given as text or as a number, without checking that it is known."""
    if isinstance(value, bool) or not isinstance(value, str | numbers.Integral):
        raise refused(name, value, "code")
    return value if isinstance(value, str) else str(whole(value, name, 0))


def keys(values: object, name: str) -> list[str]:
    """Return a list of codes, given as one or as several, without checking that they are known."""
    return _several(values, name, key, str | numbers.Integral, "codes")


def code(value: object, known: Collection[str], kind: str, name: str) -> str:
    """Return a known code, given as text or as a number; codes of communes may lack their leading zeros."""
    value = key(value, name) if isinstance(value, str) else int(key(value, name))
    if isinstance(value, int):
        value = next((text for text in (str(value), str(value).zfill(_INSEE)) if text in known), str(value))
    return known_among(kind, value, known)


def known_among(kind: str, value: _T, every: Collection[Any], otherwise: Iterable[str] = ()) -> _T:
    """Return a name that is known; if nothing is similar to an unknown one, the error suggests ``otherwise``."""
    if value not in every:
        raise UnknownCodeError(kind, value, nearest(str(value), every) or otherwise)
    return value


def all_known(kind: str, values: Iterable[object], every: Collection[Any]) -> None:
    """Refuse the first name that isn't known."""
    for value in values:
        known_among(kind, value, every)


def amount(value: object, name: str) -> Decimal:
    """Return an amount in euros, at least 0."""
    try:
        exact = Decimal(str(value)) if isinstance(value, numbers.Number) else None  # "True" isn't a number
    except (InvalidOperation, ValueError):
        exact = None
    if exact is None or not exact.is_finite() or exact < 0:
        raise refused(name, value, "amount")
    return exact


def whole(value: object, name: str, least: int, most: int = MOST) -> int:
    """Return a whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or not least <= int(value) <= most:
        raise refused(name, value, "whole" if most == MOST else "whole_between", least=least, most=most)
    return int(value)


def number(
    value: object, name: str, least: float = -math.inf, most: float = math.inf, but: tuple[float, ...] = ()
) -> float:
    """Return a finite number within bounds, of which those in ``but`` are excluded."""
    is_number = isinstance(value, int | float | Decimal | numbers.Real) and not isinstance(value, bool)
    try:
        exact = float(value) if is_number else math.nan  # type: ignore[arg-type]
    except (OverflowError, ValueError):  # whole numbers are unbounded; a signalling NaN raises
        exact = math.nan
    if not math.isfinite(exact) or not least <= exact <= most or exact in but:
        bounds = "number" if math.isinf(least) else "least" if math.isinf(most) else "between"
        if but:
            bounds = "above" if math.isinf(most) else "above_to" if most not in but else "inside"
        raise refused(name, value, bounds, least=f"{least:g}", most=f"{most:g}")
    return exact


def choice(value: object, name: str, choices: Collection[str]) -> str:
    """Return one of a few words."""
    if not isinstance(value, str) or value not in choices:
        raise refused(name, value, "choice", choices=", ".join(map(repr, choices)))
    return value


def text(value: object, name: str) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise refused(name, value, "text")
    return value


def texts(values: object, name: str) -> list[str | None]:
    """Return a list of texts, given as one or as several, some of which may be missing."""
    if isinstance(values, pl.Series):
        return values.cast(pl.String, strict=False).to_list()
    column: list[Any] = [values] if isinstance(values, str) else [*iterable(values, name)]
    is_plain = {str, type(None)}.issuperset(map(type, column))
    return column if is_plain else [each if each is None else text(each, name) for each in column]


def settings(value: object, name: str) -> str | dict[str, Any]:
    """Return the path of a file, or its content as a mapping."""
    return mapping(value, name) if isinstance(value, Mapping) else path(value, name)


def path(value: object, name: str) -> str:
    """Return the path of a file or of a folder."""
    place = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(place, str) or not place or "\0" in place:
        raise refused(name, value, "path")
    return place


def executor(value: Any, name: str) -> Any:  # noqa: ANN401 - of `concurrent.futures`, or what behaves so
    """Return an executor."""
    if isinstance(value, type) or not callable(getattr(value, "submit", None)):
        raise refused(name, value, "instance", type="concurrent.futures.Executor")
    return value


def function(value: object, name: str) -> Callable[..., Any]:
    """Return a function."""
    if not callable(value):
        raise refused(name, value, "function")
    return value


def yes(value: object, name: str) -> bool:
    """Return a truth value."""
    if not isinstance(value, bool):
        raise refused(name, value, "yes")
    return value


def instance(value: Any, kind: type | str | tuple[type | str, ...], name: str) -> Any:  # noqa: ANN401 - of a type
    """Return an object of one of some types."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    names = {each.__name__ for each in type(value).__mro__}
    if not any(each in names if isinstance(each, str) else isinstance(value, each) for each in kinds):
        wanted = ", ".join(each if isinstance(each, str) else each.__name__ for each in kinds)
        raise refused(name, value, "instance", type=wanted)
    return value


def mapping(value: object, name: str) -> dict[str, Any]:
    """Return a mapping of names to values."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise refused(name, value, "mapping")
    return dict(value)


def iterable(value: object, name: str, wanted: str = "iterable") -> list[Any]:
    """Return several values as a list; a text isn't taken as a list of letters."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise refused(name, value, wanted)
    return list(value)
