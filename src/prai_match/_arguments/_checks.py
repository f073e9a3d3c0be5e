"""Checks of the arguments of public functions."""

import math
from collections.abc import Callable, Collection, Mapping
from functools import update_wrapper
from inspect import CO_VARKEYWORDS
from types import FunctionType
from typing import Any, Final, ParamSpec, TypeVar, cast

import polars as pl
from polars.exceptions import PanicException, PolarsError

from prai_match._arguments import _values
from prai_match._words import hint
from prai_match.errors import ArgumentError, nearest


def rows(value: object, name: str) -> pl.DataFrame | list[Any]:
    """Return rows of a table: models or dictionaries as they are, anything else as a frame (see `frame`)."""
    if isinstance(value, list | tuple) and all(isinstance(row, Mapping) or hasattr(row, "model_dump") for row in value):
        return list(value)
    return frame(value, name)


def frame(value: object, name: str) -> pl.DataFrame:
    """Return a table as a polars data frame.

    The table may be a data frame of any library that exports Arrow, a dictionary of columns, rows as dictionaries,
    models or rows of ``sqlite3``, or a database cursor after ``execute``.
    """
    try:
        if isinstance(value, pl.LazyFrame):
            return value.collect(engine="in-memory")
        if isinstance(value, pl.DataFrame) or hasattr(value, "__arrow_c_stream__"):
            return pl.DataFrame(value)
        if isinstance(value, Mapping):
            return pl.DataFrame(_values.mapping(value, name))
        if hasattr(value, "fetchall") and hasattr(value, "description"):
            names = [column[0] for column in value.description or ()]
            return pl.DataFrame(value.fetchall(), schema=names, orient="row", infer_schema_length=None)
        return pl.DataFrame([_row(row) for row in _values.iterable(value, name, "frame")], infer_schema_length=None)
    except (PolarsError, PanicException, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, ArgumentError):
            raise
        raise _values.refused(name, value, "frame") from error


def _row(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of whatever library
    if hasattr(row, "model_dump"):
        return dict(row.model_dump())
    if isinstance(row, Mapping):
        return dict(row)
    if not hasattr(row, "keys") or isinstance(row, type):
        raise TypeError
    return {column: row[column] for column in row.keys()}  # noqa: SIM118 - a row of sqlite3 iterates values


_T = TypeVar("_T")
_P = ParamSpec("_P")
Check = Callable[[Any, str], Any]  # takes a value and the name of its argument, and returns what the function needs


def takes(**given: Check) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Return a decorator that checks arguments of a function, by name; arguments that aren't passed aren't checked.

    Arguments with a usual name are checked by `_USUAL` and needn't be given here; they may be None if that is their
    default. An unknown keyword is refused, with the most similar one suggested; keywords of ``**options`` too, if
    checks name them all.
    """

    def decorate(function: Callable[_P, _T]) -> Callable[_P, _T]:
        code = function.__code__
        names = code.co_varnames[: code.co_argcount]
        own = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        defaults = dict(zip(reversed(names), reversed(function.__defaults__ or ()), strict=False))
        defaults |= function.__kwdefaults__ or {}
        usual = {name: _USUAL[name] for name in own if name in _USUAL}
        may_lack = {name for name in usual if defaults.get(name, code) is None}
        checks = {name: optional(each) if name in may_lack else each for name, each in usual.items()} | given
        keywords = [name for name in dict.fromkeys([*own, *checks]) if name not in {"self", "cls"}]
        known, unknown = set(keywords), _unknown
        is_open = code.co_flags & CO_VARKEYWORDS and checks.keys() <= set(own)

        def checked(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            places = [
                checks[name](value, name) if name in checks else value for name, value in zip(names, args, strict=False)
            ]
            if not is_open and not kwargs.keys() <= known:
                raise unknown(min(kwargs.keys() - known), keywords)
            words = {name: checks[name](value, name) if name in checks else value for name, value in kwargs.items()}
            return function(*places, *args[len(places) :], **words)  # type: ignore[arg-type]

        # Doctest finds the wrapper only in the module of the function.
        moved = FunctionType(checked.__code__, function.__globals__, closure=checked.__closure__)
        return cast("Callable[_P, _T]", update_wrapper(moved, function))

    return decorate


def _unknown(name: str, keywords: list[str]) -> ArgumentError:
    near = hint(nearest(name, keywords))
    return ArgumentError.of("prai_match", "argument_keyword", name=name, near=near, keywords=", ".join(keywords))


def optional(check: Check) -> Check:
    """Return a check that lets None pass."""
    return lambda value, name: None if value is None else check(value, name)


def a(*kinds: type | str) -> Check:
    """Return the check that a value has one of some types; a type of a later folder is given by its name."""
    return lambda value, name: _values.instance(value, kinds, name)


def having(attribute: str, kind: str) -> Check:
    """Return the check that an object has an attribute that objects of a type have."""
    return lambda value, name: value if hasattr(value, attribute) else _values.instance(value, kind, name)


def at_least(least: int, most: int = _values.MOST) -> Check:
    """Return the check of a whole number within bounds."""
    return lambda value, name: _values.whole(value, name, least, most)


def between(least: float = -math.inf, most: float = math.inf, *, but: tuple[float, ...] = ()) -> Check:
    """Return the check of a number within bounds, some of which may be left out."""
    return lambda value, name: _values.number(value, name, least, most, but)


def one_of(choices: Collection[str]) -> Check:
    """Return the check of one of a few words."""
    return lambda value, name: _values.choice(value, name, choices)


def each(check: Check, wanted: str = "iterable") -> Check:
    """Return the check of several values, given the check of each."""
    return lambda value, name: [check(one, name) for one in _values.iterable(value, name, wanted)]


def one_or_more(kind: type) -> Check:
    """Return the check of one object of a type, or of several, as a tuple."""
    return lambda value, name: (value,) if isinstance(value, kind) else tuple(each(a(kind))(value, name))


def by_name(check: Check) -> Check:
    """Return the check of a mapping, given the check of each value."""
    return lambda value, name: {
        word: check(one, f"{name}[{word!r}]") for word, one in _values.mapping(value, name).items()
    }


def table(*columns: str) -> Check:
    """Return the check that a table has some columns."""

    def has_them(value: object, name: str) -> pl.DataFrame:
        found = frame(value, name)
        missing = [column for column in columns if column not in found.columns]
        if missing:
            raise ArgumentError.of("prai_match", "argument_columns", name=name, missing=", ".join(missing))
        return found

    return has_them


# The checks of arguments with these names, in all functions.
_USUAL: Final[Mapping[str, Check]] = {
    **dict.fromkeys(("on", "start", "end"), _values.day),
    **dict.fromkeys(("folder", "path", "history", "out"), _values.path),
    **dict.fromkeys(("session", "host", "partner", "trainer", "axis", "target"), _values.key),
    **dict.fromkeys(("name", "source", "service", "measure", "condition", "unit", "sheet"), _values.text),
    **dict.fromkeys(("rule", "id", "type", "stage", "kind", "reason", "fr", "en"), _values.text),
    **dict.fromkeys(("strict", "deep"), _values.yes),
    **{name: a(name.capitalize()) for name in ("policy", "plan", "sensitivity", "outcomes", "catalogue", "changes")},
    "programme": a("ProgrammeData"),
    "follow_ups": a("FollowUps"),
    "found": a("Backtest"),
    "recs": having("answers", "Recommendations"),
    "rec": having("territory", "Recommendation"),
    "extra": frame,
    "executor": _values.executor,
    "strength": between(0, but=(0,)),
    "level": between(0, 1, but=(0, 1)),
    "top": at_least(1),
    "seed": at_least(0),
}
