"""What a region knows of its own: attributes, declared once, and their values, each read as its declared type."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from prai_match._words import hint
from prai_match.errors import Problem, nearest
from prai_match.model._base import Model, Name
from prai_match.model._problems import item, problem
from prai_match.model._values import Values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

AttributeType = Literal["boolean", "integer", "decimal", "text", "date"]
Bearer = Literal["territories", "collectivities", "partners", "trainers", "sessions"]
Scalar = bool | int | Decimal | str | dt.date
"""A value as it is given; it is read again as the type that its attribute declares."""

OwnValues = Values[Scalar | None]
"""Values of attributes by name; none: unknown."""
NO_VALUES: Any = Field(default_factory=Values, validate_default=False)

_MOST = 10**15
"""The most of a whole number: rules read numbers of 15 digits exactly, and so do tables."""
_PYTHON: Mapping[AttributeType, Any] = {
    "boolean": bool,
    "integer": Annotated[int, Field(ge=-_MOST, le=_MOST)],
    "decimal": Annotated[Decimal, Field(max_digits=15)],
    "text": Annotated[str, Field(max_length=2_000)],
    "date": dt.date,
}


class Attribute(Model):
    """Something that a region knows of its own, which rules can read: declared once, with its meaning.

    Rules read a number as a number, a date as the days since it, and of a collectivity's attribute what its territory
    has of it: whether any member has it, the sum of numbers, the latest date, the text that all share.

    Example:
        >>> zone = Attribute(of="territories", name="zone_blanche", type="boolean", fr="Zone blanche", en="No coverage")
        >>> zone.type
        'boolean'
    """

    of: Bearer
    name: Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]*$", min_length=3, max_length=64)]
    type: AttributeType
    fr: Name
    en: Name
    unit: Annotated[str, Field(max_length=40)] = ""


@cache
def _reader(kind: AttributeType) -> TypeAdapter[Any]:
    return TypeAdapter(_PYTHON[kind], config=ConfigDict(allow_inf_nan=False))


def typed(rows: Sequence[Any], declared: Mapping[str, Attribute], where: str) -> tuple[Sequence[Any], list[Problem]]:
    """Return rows with the values of their attributes read as declared, and what is wrong with any.

    Args:
        rows: Models that have ``attributes``.
        declared: The attributes of such rows, by name.
        where: What the rows are called.
    """
    problems: list[Problem] = []
    read = []
    for index, row in enumerate(rows):
        if row.attributes:
            values = Values(dict(_values(row.attributes, declared, f"{item(where, index)}.attributes", problems)))
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
            except ValidationError as error:
                details = error.errors(include_url=False)[0]
                problems.append(problem({**details, "loc": (f"{where}.{name}",)}))
