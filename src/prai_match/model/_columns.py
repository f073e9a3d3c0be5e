"""A row's fields as columns: types and constraints read from the model's own fields, checked a column at a time.

A constraint is checked on a whole column at once. Values that look wrong are then validated by pydantic, each distinct
value once, as in a dictionary: so the verdict and its text are the same for a frame as for records.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, get_args, get_origin

import polars as pl
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails

from prai_match.errors import Problem
from prai_match.model._base import Model, problem

_TYPES: dict[Any, Any] = {str: pl.String, int: pl.Int64, float: pl.Float64, dt.date: pl.Date, Decimal: pl.Decimal}

_DAYS = (dt.date.min, dt.date.max)
_EPOCH = dt.date(1970, 1, 1).toordinal()

# Each may select too many values, never too few: pydantic decides.
_SUSPECT: dict[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "ge": lambda value, least: value < least,
    "gt": lambda value, below: value <= below,
    "le": lambda value, most: value > most,
    "lt": lambda value, above: value >= above,
    "max_length": lambda value, most: value.str.len_bytes() > most,
    "max_digits": lambda _value, _digits: pl.lit(value=False),  # by the column's type
    "decimal_places": lambda _value, _places: pl.lit(value=False),
    "choices": lambda value, choices: ~value.is_in(choices),
}


@dataclass(frozen=True, slots=True, eq=False)
class FieldColumn:
    """A field of a row as a column; ``suspect`` values may violate a constraint, and are validated one by one."""

    name: str
    dtype: pl.DataType
    field: FieldInfo
    suspect: pl.Expr
    suspected: pl.Expr


@cache
def columns(row: type[Model]) -> tuple[FieldColumn, ...]:
    return tuple(_column(name, field) for name, field in row.model_fields.items())


def checked(row: type[Model], frame: pl.DataFrame) -> tuple[pl.DataFrame, list[InitErrorDetails]]:
    """Check a frame named like the fields; return its columns, or the problems: whole columns first, then rows."""
    by_name = {column.name: column for column in columns(row)}
    present = [column for column in by_name.values() if column.name in frame.columns]
    absent = [column for column in by_name.values() if column.name not in frame.columns]
    plain = {column.name: _plain(column, frame[column.name]) for column in present}
    suspects = _suspects(present, plain, frame.height)
    wrong: list[tuple[int, int, InitErrorDetails]] = []
    for order, column in [each for each in enumerate(present) if each[1].name in suspects]:
        rows = suspects[column.name]
        values, errors = _reread(column, frame[column.name].gather(rows))
        if plain[column.name] is None and not errors:
            plain[column.name] = pl.Series(column.name, values, column.dtype)
        wrong += [(rows[place], order, {**error, "loc": (rows[place], column.name)}) for place, error in errors]
    faults = [InitErrorDetails(type="extra_forbidden", loc=(n,), input=n) for n in frame.columns if n not in by_name]
    faults += [InitErrorDetails(type="missing", loc=(c.name,), input=None) for c in absent if c.field.is_required()]
    faults += [fault for _, _, fault in sorted(wrong, key=lambda place: place[:2])]
    if faults:
        return frame, faults
    defaults = {c.name: pl.lit(c.field.get_default(call_default_factory=True), c.dtype) for c in absent}
    return pl.DataFrame(list(plain.values())).with_columns(**defaults).select(by_name.keys()), []


def _suspects(
    present: Sequence[FieldColumn], plain: Mapping[str, pl.Series | None], height: int
) -> dict[str, list[int]]:
    """Rows that pydantic has to validate, by column: all of them if the column doesn't have the type of its field."""
    in_type = [column for column in present if plain[column.name] is not None]
    values = pl.DataFrame([plain[column.name] for column in in_type])
    suspicion = values.select(column.suspected.alias(column.name) for column in in_type) if in_type else values
    return {column.name: list(range(height)) for column in present if plain[column.name] is None} | {
        column.name: values.select(column.suspect.arg_true()).to_series().to_list()
        for column in in_type
        if suspicion[column.name][0]
    }


def _column(name: str, field: FieldInfo) -> FieldColumn:
    kind, metadata = field.annotation, list(field.metadata)
    if nullable := type(None) in get_args(kind):
        (kind,) = (part for part in get_args(kind) if part is not type(None))
    if get_origin(kind) is Annotated:
        kind, *inner = get_args(kind)
        metadata += inner
    constraints = {key: value for item in metadata for key, value in _constraints(item)}
    value = pl.col(name)
    if get_origin(kind) is Literal:
        constraints["choices"], kind = get_args(kind), str
    dtype = _TYPES[kind]
    suspects = [_SUSPECT[key](value, limit) for key, limit in constraints.items() if key != "pattern"]
    if kind is Decimal:
        dtype = pl.Decimal(constraints["max_digits"], constraints["decimal_places"])
    elif kind is float:
        suspects.append(~value.is_finite())
    elif kind is dt.date:
        suspects.append(~value.is_between(*_DAYS))
    suspects += [value.is_null()] if not nullable else []
    any_suspect = [suspect.any() for suspect in suspects]
    if "pattern" in constraints:
        suspects.append(~value.str.contains(constraints["pattern"]))
        # Codes are few and come back often.
        any_suspect.append((~value.unique().str.contains(constraints["pattern"])).any())
    dtype = dtype if isinstance(dtype, pl.DataType) else dtype()
    return FieldColumn(name, dtype, field, reduce(or_, suspects), reduce(or_, any_suspect))


@cache
def _one(column: FieldColumn) -> TypeAdapter[Any]:
    field = column.field
    return TypeAdapter(Annotated[field.annotation, field], config=ConfigDict(allow_inf_nan=False))  # type: ignore[arg-type]


def _constraints(item: Any) -> Iterable[tuple[str, Any]]:  # noqa: ANN401 - the shapes of pydantic's metadata
    names = [field.name for field in fields(item)] if is_dataclass(item) else vars(item)
    return ((name, value) for name in names if (value := getattr(item, name)) is not None)


def is_readable_as(source: pl.DataType, target: pl.DataType) -> bool:
    """Whether values of a type can be read as those of another without guessing."""
    return (
        source in (pl.Null, target)
        or (source.is_integer() and target.is_numeric() and not target.is_decimal())
        or (source.is_float() and target.is_float())
        or (source in (pl.Categorical, pl.Enum) and target == pl.String)
    )


def _plain(column: FieldColumn, values: pl.Series) -> pl.Series | None:
    """A column in the type of its field if nothing is lost; None if each value has to be read separately."""
    if values.dtype == column.dtype:
        return values
    if not is_readable_as(values.dtype, column.dtype):
        return None
    cast = values.cast(column.dtype, strict=False)
    return cast if cast.null_count() == values.null_count() else None


def _reread(column: FieldColumn, values: pl.Series) -> tuple[list[Any], list[tuple[int, InitErrorDetails]]]:
    """Read values one by one, equal ones once: return the values, and the problems by position."""
    values = _days_as_text(values) if values.dtype in (pl.Date, pl.Datetime) else values
    readings: dict[str, tuple[Any, Sequence[InitErrorDetails]]] = {}
    good: list[Any] = []
    wrong: list[tuple[int, InitErrorDetails]] = []
    for place, value in enumerate(values.to_list()):
        if (key := repr(value)) not in readings:
            readings[key] = _read(column, value)
        read, errors = readings[key]
        good.append(read)
        wrong += [(place, error) for error in errors]
    return good, wrong


def _days_as_text(values: pl.Series) -> pl.Series:
    """Days as texts; those that Python can't hold, and polars can't write, as a number of days."""
    a_day = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}.get(
        getattr(values.dtype, "time_unit", ""), 1
    )
    day = pl.lit(values.to_physical().cast(pl.Int64) // a_day)
    first, last = (limit.toordinal() - _EPOCH for limit in _DAYS)
    text = pl.when(day.is_between(first, last)).then(pl.lit(values)).cast(pl.String)
    return pl.select(pl.coalesce(text, pl.format("{} days after 1970-01-01", day))).to_series()


def _read(column: FieldColumn, value: object) -> tuple[Any, Sequence[InitErrorDetails]]:
    try:
        return _one(column).validate_python(value), ()
    except ValidationError as error:
        return None, [_again(details) for details in error.errors(include_url=False)]


def _again(details: Mapping[str, Any]) -> InitErrorDetails:
    again = InitErrorDetails(type=details["type"], input=details["input"])
    return {**again, "ctx": details["ctx"]} if "ctx" in details else again


def row_problems(frame: pl.DataFrame, row: type[Model], where: str = "rows") -> list[Problem]:
    """Return the problems of each row of a frame on its own; those of whole columns (``needs.date``) come first."""
    _, faults = checked(row, frame)
    error = ValidationError.from_exception_data(row.__name__, [{**one, "loc": (where, *one["loc"])} for one in faults])
    return [problem(details) for details in error.errors(include_url=False)]
