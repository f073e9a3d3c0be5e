"""Strategies of any model: each field is drawn within its constraints, defaults first."""

import datetime as dt
import re
import types
from collections.abc import Iterable
from decimal import Decimal
from itertools import chain
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from prai_match.model import Buffet, Model, NamedValues, Rows, Workshop

Known = TypeVar("Known")
ModelT = TypeVar("ModelT", bound=Model)

FIRST, LAST = dt.date(2006, 9, 1), dt.date(2008, 12, 31)
"""By default, dates are within the three years of the model case."""

_LETTERS = "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûœABCDEÉ"
_MOST, _LONGEST = 1_000_000, 30
_KNOWN = 5  # known values per unknown one


def days(first: dt.date = FIRST, last: dt.date = LAST) -> st.SearchStrategy[dt.date]:
    """Days from ``first`` to ``last``, by default those of the model case.

    Example:
        >>> import datetime as dt
        >>> from hypothesis import find
        >>> find(days(dt.date(2007, 9, 3), dt.date(2007, 9, 28)), lambda day: day.weekday() == 4).strftime("%A")
        'Friday'
    """
    return st.dates(first, last)


def unknown_or(known: st.SearchStrategy[Known]) -> st.SearchStrategy[Known | None]:
    """Draw a value five times in six, otherwise None."""
    return st.integers(0, _KNOWN).flatmap(lambda n: st.none() if n == _KNOWN else known)


def models(model: type[ModelT], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[ModelT]:
    """Any instance of a model of `prai_match.model`, valid on its own; its references need not exist.

    A whole consistent programme is drawn by `programmes`.

    Args:
        model: The model.
        fields: Strategies of fields that should be drawn differently.

    Example:
        >>> from hypothesis import find
        >>> from prai_match.model import Blackout, Need
        >>> find(models(Need), lambda need: (need.people or 0) > 3)
        Need(collectivity='0', date=datetime.date(2006, 9, 1), people=4)
        >>> find(models(Blackout, end=st.just(dt.date(2008, 5, 31))), lambda found: True).end
        datetime.date(2008, 5, 31)
    """
    return _instances(model, {name: _field(field) for name, field in model.model_fields.items()} | fields)


@st.composite
def _instances(draw: st.DrawFn, model: type[ModelT], strategies: dict[str, st.SearchStrategy[Any]]) -> ModelT:
    values = {name: draw(strategy) for name, strategy in strategies.items()}
    if issubclass(model, Buffet | Workshop):
        values["min_seats"], values["max_seats"] = sorted((values["min_seats"], values["max_seats"]))
    return model(**values)


def _field(field: FieldInfo) -> st.SearchStrategy[Any]:
    values = _strategy(field.annotation, field.metadata)
    if field.is_required():
        return values
    return st.just(field.get_default(call_default_factory=True)) | values


def _strategy(type_: Any, metadata: Iterable[Any]) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any type of a field
    constraints, origin, arguments = list(metadata), get_origin(type_), get_args(type_)
    if origin is Annotated:
        inner = (each.metadata if isinstance(each, FieldInfo) else [each] for each in arguments[1:])
        return _strategy(arguments[0], [*constraints, *chain.from_iterable(inner)])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in {Union, types.UnionType}:
        first = sorted(arguments, key=lambda each: each is not type(None))
        return st.one_of([_strategy(each, constraints) for each in first])
    if origin in {tuple, Rows}:
        fewest = _limit(constraints, "min_length", 0)
        return st.lists(_strategy(arguments[0], ()), min_size=fewest, max_size=3).map(tuple)
    if isinstance(type_, type) and issubclass(type_, Model):
        return models(type_)
    # What attributes are is declared by the programme.
    values: st.SearchStrategy[Any] = st.just(NamedValues()) if origin is NamedValues else _SCALARS[type_](constraints)
    return values


def _limit(constraints: list[Any], name: str, usual: Any) -> Any:  # noqa: ANN401 - of the type of the field
    return next((value for each in constraints if (value := getattr(each, name, None)) is not None), usual)


def _texts(constraints: list[Any]) -> st.SearchStrategy[str]:
    least, longest = _limit(constraints, "min_length", 0), min(_limit(constraints, "max_length", _LONGEST), _LONGEST)
    if pattern := _limit(constraints, "pattern", ""):
        texts = st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)
        return texts.filter(lambda text: least <= len(text) <= longest)
    return st.text(_LETTERS, min_size=least, max_size=longest)


def _floats(constraints: list[Any]) -> st.SearchStrategy[float]:
    above, below = _limit(constraints, "gt", -_MOST), _limit(constraints, "lt", _MOST)
    low, high = _limit(constraints, "ge", above), _limit(constraints, "le", below)
    has_ends = {"exclude_min": low == above != -_MOST, "exclude_max": high == below != _MOST}
    return st.floats(float(low), float(high), **has_ends, allow_subnormal=False)


_SCALARS: dict[Any, Any] = {
    str: _texts,
    int: lambda each: st.integers(_limit(each, "ge", -_MOST), _limit(each, "le", _MOST)),
    float: _floats,
    Decimal: lambda each: st.decimals(
        Decimal(_limit(each, "ge", -_MOST)),
        Decimal(_limit(each, "le", _MOST)),
        allow_nan=False,
        places=_limit(each, "decimal_places", 2),
    ),
    bool: lambda _: st.booleans(),
    dt.date: lambda _: days(),
    type(None): lambda _: st.none(),
}
