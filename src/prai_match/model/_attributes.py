"""Attributes: additional data of a region, declared once, with values read as the declared type."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args

import pydantic
from pydantic_core import core_schema

from prai_match._words import hint
from prai_match.errors import Problem, nearest
from prai_match.model._base import Model, Name, item, problem

ValueT = TypeVar("ValueT")


class NamedValues(Mapping[str, ValueT]):
    """Values by name, in the order in which they were given; equal to any mapping of equal values."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, ValueT] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, name: str) -> ValueT:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return repr(self._values)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type, handler: pydantic.GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        (value,) = get_args(source)
        table = handler.generate_schema(dict[str, value])  # type: ignore[valid-type]

        def read(values: object, as_dict: pydantic.ValidatorFunctionWrapHandler) -> NamedValues[Any]:
            return cls(as_dict(dict(values) if isinstance(values, Mapping) else values))

        serialization = core_schema.wrap_serializer_function_ser_schema(
            lambda values, as_dict: as_dict(dict(values)), schema=table
        )
        return core_schema.no_info_wrap_validator_function(read, table, serialization=serialization)


AttributeType = Literal["boolean", "integer", "decimal", "text", "date"]
Bearer = Literal["territories", "collectivities", "partners", "trainers", "sessions"]
# A value as given; it is read again as the type that its attribute declares.
Scalar = bool | int | Decimal | str | dt.date

OwnValues = NamedValues[Scalar | None]  # values of attributes by name; a missing one is unknown
_NONE: NamedValues[Any] = NamedValues()  # shared by all rows, as it is immutable
NO_VALUES: Any = pydantic.Field(default_factory=lambda: _NONE, validate_default=False)

_MOST = 10**15  # largest whole number: rules and tables read numbers of 15 digits exactly
_PYTHON: Mapping[AttributeType, Any] = {
    "boolean": bool,
    "integer": Annotated[int, pydantic.Field(ge=-_MOST, le=_MOST)],
    "decimal": Annotated[Decimal, pydantic.Field(max_digits=15)],
    "text": Annotated[str, pydantic.Field(max_length=2_000)],
    "date": dt.date,
}


class Attribute(Model):
    """Additional data of a region that rules can read, declared once, with its meaning.

    Rules read a number as it is and a date as the number of days since it. A collectivity's attribute is combined for
    its territory: whether any member has it, the sum of numbers, the latest date, the text that all share.

    Example:
        >>> zone = Attribute(of="territories", name="zone_blanche", type="boolean", fr="Zone blanche", en="No coverage")
        >>> zone.type
        'boolean'
    """

    of: Bearer
    name: Annotated[str, pydantic.StringConstraints(pattern="^[a-z][a-z0-9_]*$", min_length=3, max_length=64)]
    type: AttributeType
    fr: Name
    en: Name
    unit: Annotated[str, pydantic.Field(max_length=40)] = ""


@cache
def _reader(kind: AttributeType) -> pydantic.TypeAdapter[Any]:
    return pydantic.TypeAdapter(_PYTHON[kind], config=pydantic.ConfigDict(allow_inf_nan=False))


def typed(rows: Sequence[Any], declared: Mapping[str, Attribute], where: str) -> tuple[Sequence[Any], list[Problem]]:
    """Return rows with the values of their attributes read as declared, and the problems."""
    problems: list[Problem] = []
    read = []
    for index, row in enumerate(rows):
        if row.attributes:
            values = NamedValues(dict(_values(row.attributes, declared, f"{item(where, index)}.attributes", problems)))
            if values != row.attributes or list(map(type, values.values())) != list(map(type, row.attributes.values())):
                row = row.model_copy(update={"attributes": values})  # noqa: PLW2901 - the same row, with typed values
        read.append(row)
    return tuple(read), problems


def _values(
    values: Mapping[str, Scalar | None], declared: Mapping[str, Attribute], where: str, problems: list[Problem]
) -> Iterable[tuple[str, Scalar]]:
    for name, value in values.items():
        if name not in declared:
            near = hint(nearest(name, declared), declared)
            problems.append(Problem.of("prai_match.model", "attribute", f"{where}.{name}", repr(value), near=near))
        elif value is not None:
            try:
                yield name, _reader(declared[name].type).validate_python(value)
            except pydantic.ValidationError as error:
                problems.append(problem({**error.errors(include_url=False)[0], "loc": (f"{where}.{name}",)}))
