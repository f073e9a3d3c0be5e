"""What public methods are given, as what they need: the one place where a wrong argument is refused.

Each function takes a value as users have it, and the name of the argument for the error; `takes` puts them before a
public function, one for each of its arguments.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
import os
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import update_wrapper
from types import FunctionType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import polars as pl
from polars.exceptions import PolarsError

from prai_match.errors import ArgumentError, UnknownCodeError, excerpt, nearest

if TYPE_CHECKING:
    from collections.abc import Collection

_T = TypeVar("_T")
_P = ParamSpec("_P")

Check = Callable[[Any, str], Any]
"""What takes a value and the name of its argument, and returns what the function needs."""

_MOST = 2**62
_INSEE = 5
"""Characters of the code of a commune, whose zeros in front a spreadsheet drops."""
_LONGEST = 36_525
"""Days of a period: a century."""
_SHOWN = 60


def refused(name: str, value: object, wanted: str, **values: object) -> ArgumentError:
    """Return the error of an argument: what it is called, what was given, and what is wanted instead."""
    return ArgumentError.of("prai_match", f"argument_{wanted}", name=name, found=excerpt(value, _SHOWN), **values)


def takes(**checks: Check) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Put checks before a function, by the names of its arguments; where nothing is given, nothing is checked."""

    def decorate(function: Callable[_P, _T]) -> Callable[_P, _T]:
        code = function.__code__
        names = code.co_varnames[: code.co_argcount]

        def checked(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            places = [
                checks[name](value, name) if name in checks else value for name, value in zip(names, args, strict=False)
            ]
            words = {name: checks[name](value, name) if name in checks else value for name, value in kwargs.items()}
            return function(*places, *args[len(places) :], **words)  # type: ignore[arg-type]

        # It is of the module of the function, where doctest looks for it.
        own = FunctionType(checked.__code__, function.__globals__, closure=checked.__closure__)
        return cast("Callable[_P, _T]", update_wrapper(own, function))

    return decorate


def optional(check: Check) -> Check:
    """Return a check that lets None pass."""
    return lambda value, name: None if value is None else check(value, name)


def a(*kinds: type) -> Check:
    """Return the check of an object of a type, or of one of several."""
    return lambda value, name: instance(value, kinds, name)


def at_least(least: int, most: int = _MOST) -> Check:
    """Return the check of a whole number."""
    return lambda value, name: whole(value, name, least, most)


def between(least: float = -math.inf, most: float = math.inf, *, but: tuple[float, ...] = ()) -> Check:
    """Return the check of a number within bounds, some of which may be left out."""
    return lambda value, name: number(value, name, least, most, but)


def one_of(choices: Collection[str]) -> Check:
    """Return the check of one of a few words."""
    return lambda value, name: choice(value, name, choices)


def each(check: Check, wanted: str = "iterable") -> Check:
    """Return the check of several things, by the check of each."""
    return lambda value, name: [check(one, name) for one in iterable(value, name, wanted)]


def one_or_more(kind: type) -> Check:
    """Return the check of one object of a type, or of several, as a tuple."""
    return lambda value, name: (value,) if isinstance(value, kind) else tuple(each(a(kind))(value, name))


def by_name(check: Check) -> Check:
    """Return the check of values by name, by the check of each."""
    return lambda value, name: {key: check(one, f"{name}[{key!r}]") for key, one in mapping(value, name).items()}


def day(value: object, name: str) -> dt.date:
    """Return a day, given as a date, a time of any library, or ISO text."""
    if isinstance(value, dt.datetime) and value == value:  # noqa: PLR0124 - pandas' NaT is no day
        return value.date()
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        # NumPy's and others' times write themselves as ISO text.
        text = value if isinstance(value, str) else str(value) if getattr(value, "shape", None) == () else ""
        return dt.date.fromisoformat(text.strip()[:10]) if len(text.strip()) in {8, 10} else _time(text)
    except ValueError:
        raise refused(name, value, "day") from None


def in_order(start: dt.date, end: dt.date) -> None:
    """Refuse a period that ends before it starts, or that is longer than anybody plans."""
    if end < start:
        raise ArgumentError.of("prai_match", "argument_period", start=start, end=end)
    if (end - start).days > _LONGEST:
        raise ArgumentError.of("prai_match", "argument_long", start=start, end=end, most=_LONGEST)


def later(date: dt.date, days: int) -> dt.date:
    """Return the day so many days later; before the first one and after the last one that there are comes none."""
    return date + dt.timedelta(days=max((dt.date.min - date).days, min(days, (dt.date.max - date).days)))


def days(values: object, name: str) -> list[dt.date]:
    """Return days, given as one or as several."""
    several = [values] if isinstance(values, str | dt.date) else iterable(values, name)
    return [day(value, name) for value in several]


def _time(text: str) -> dt.date:
    return dt.datetime.fromisoformat(text.strip()[:19]).date()


def key(value: object, name: str) -> str:
    """Return a code, given as text or as a number, whether it is known or not."""
    if isinstance(value, bool) or not isinstance(value, str | numbers.Integral):
        raise refused(name, value, "code")
    return value if isinstance(value, str) else str(whole(value, name, 0))


def keys(values: object, name: str) -> list[str]:
    """Return codes, given as one or as several, whether they are known or not."""
    several = [values] if isinstance(values, str | numbers.Integral) else iterable(values, name, "codes")
    return [key(value, name) for value in several]


def code(value: object, known: Collection[str], kind: str, name: str) -> str:
    """Return a code that is known, given as text or as a number; of a commune, without the zeros in front too."""
    value = key(value, name) if isinstance(value, str) else int(key(value, name))
    if isinstance(value, int):
        value = next((text for text in (str(value), str(value).zfill(_INSEE)) if text in known), str(value))
    if value not in known:
        raise UnknownCodeError(kind, value, nearest(value, known))
    return value


def amount(value: object, name: str) -> Decimal:
    """Return euros, not below 0."""
    try:
        exact = Decimal(str(value)) if isinstance(value, numbers.Number) else None  # "True" is none
    except (InvalidOperation, ValueError):
        exact = None
    if exact is None or not exact.is_finite() or exact < 0:
        raise refused(name, value, "amount")
    return exact


def whole(value: object, name: str, least: int, most: int = _MOST) -> int:
    """Return a whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or not least <= int(value) <= most:
        raise refused(name, value, "whole" if most == _MOST else "whole_between", least=least, most=most)
    return int(value)


def number(
    value: object, name: str, least: float = -math.inf, most: float = math.inf, but: tuple[float, ...] = ()
) -> float:
    """Return a finite number within bounds; none of ``but``."""
    is_number = isinstance(value, int | float | Decimal | numbers.Real) and not isinstance(value, bool)
    try:
        exact = float(value) if is_number else math.nan  # type: ignore[arg-type]
    except (OverflowError, ValueError):  # whole numbers have no limit; a NaN may signal
        exact = math.nan
    if not math.isfinite(exact) or not least <= exact <= most or exact in but:
        bounds = "number" if math.isinf(least) else "least" if math.isinf(most) else "between"
        if but:
            bounds = "above" if math.isinf(most) else "but"
        no = ", ".join(f"{each:g}" for each in but)
        raise refused(name, value, bounds, least=f"{least:g}", most=f"{most:g}", no=no)
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
    """Return texts, given as one or as several, of which some may be missing."""
    if isinstance(values, pl.Series):
        return values.cast(pl.String, strict=False).to_list()
    several = [values] if isinstance(values, str) else iterable(values, name)
    return [None if value is None else text(value, name) for value in several]


def settings(value: object, name: str) -> str | dict[str, Any]:
    """Return the path of a file, or what is in it as a mapping."""
    return mapping(value, name) if isinstance(value, Mapping) else path(value, name)


def path(value: object, name: str) -> str:
    """Return the path of a file or of a folder."""
    place = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(place, str) or not place or "\0" in place:
        raise refused(name, value, "path")
    return place


def executor(value: Any, name: str) -> Any:  # noqa: ANN401 - of `concurrent.futures`, or what behaves so
    """Return what runs work side by side."""
    if isinstance(value, type) or not callable(getattr(value, "submit", None)):
        raise refused(name, value, "instance", type="concurrent.futures.Executor")
    return value


def function(value: object, name: str) -> Callable[..., Any]:
    """Return a function."""
    if not callable(value):
        raise refused(name, value, "function")
    return value


def yes(value: object, name: str) -> bool:
    """Return whether something is so."""
    if not isinstance(value, bool):
        raise refused(name, value, "yes")
    return value


def instance(value: object, kind: type[_T] | tuple[type[_T], ...], name: str) -> _T:
    """Return an object of a type."""
    if not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        raise refused(name, value, "instance", type=", ".join(each.__name__ for each in kinds))
    return value


def mapping(value: object, name: str) -> dict[str, Any]:
    """Return values by name."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise refused(name, value, "mapping")
    return dict(value)


def iterable(value: object, name: str, wanted: str = "iterable") -> list[Any]:
    """Return several things as a list; a text isn't several letters."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise refused(name, value, wanted)
    return list(value)


def rows(value: object, name: str) -> pl.DataFrame | list[Any]:
    """Return rows of a table: models or dictionaries as they are, anything else as a frame (see `frame`)."""
    if isinstance(value, list | tuple) and all(isinstance(row, Mapping) or hasattr(row, "model_dump") for row in value):
        return list(value)
    return frame(value, name)


def frame(value: object, name: str) -> pl.DataFrame:
    """Return a table as a frame of polars.

    It may be a frame of any library that speaks Arrow, a dictionary of columns, rows as dictionaries, models or rows
    of ``sqlite3``, or a cursor of a database that was executed.
    """
    try:
        if isinstance(value, pl.LazyFrame):
            return value.collect(engine="in-memory")
        if isinstance(value, pl.DataFrame) or hasattr(value, "__arrow_c_stream__"):
            return pl.DataFrame(value)
        if isinstance(value, Mapping):
            return pl.DataFrame(mapping(value, name))
        if hasattr(value, "fetchall") and hasattr(value, "description"):
            names = [column[0] for column in value.description or ()]
            return pl.DataFrame(value.fetchall(), schema=names, orient="row", infer_schema_length=None)
        rows = [_row(row) for row in iterable(value, name, "frame")]
        return pl.DataFrame(rows, infer_schema_length=None)
    except (PolarsError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, ArgumentError):
            raise
        raise refused(name, value, "frame") from error


def table(*columns: str) -> Check:
    """Return the check of a table that has columns."""

    def has_them(value: object, name: str) -> pl.DataFrame:
        found = frame(value, name)
        missing = [column for column in columns if column not in found.columns]
        if missing:
            raise ArgumentError.of("prai_match", "argument_columns", name=name, missing=", ".join(missing))
        return found

    return has_them


def _row(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of whatever library
    if hasattr(row, "model_dump"):
        return dict(row.model_dump())
    if isinstance(row, Mapping):
        return dict(row)
    if not hasattr(row, "keys") or isinstance(row, type):
        raise TypeError
    return {key: row[key] for key in row.keys()}  # noqa: SIM118 - a row of sqlite3 iterates values
