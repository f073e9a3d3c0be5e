"""A mapping that a frozen model can hold: immutable, hashable, and a table in TOML and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, SerializerFunctionWrapHandler, ValidatorFunctionWrapHandler

ValueT = TypeVar("ValueT")


class Values(Mapping[str, ValueT]):
    """Values by name, in the order in which they were given; equal to any mapping of equal values."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, ValueT] | None = None) -> None:
        """Keep the values of a mapping."""
        self._values = dict(values or {})

    def __getitem__(self, name: str) -> ValueT:
        """Return a value by its name."""
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        """Names in order."""
        return iter(self._values)

    def __len__(self) -> int:
        """Number of values."""
        return len(self._values)

    def __hash__(self) -> int:
        """The same for equal mappings, whatever their order."""
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        """As a dictionary, so that the ``repr`` of a model is code."""
        return repr(self._values)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401 - pydantic's own protocol
        """Read a mapping, and write a dictionary."""
        (value,) = get_args(source)
        table = handler.generate_schema(dict[str, value])  # type: ignore[valid-type]

        def read(values: object, as_dict: ValidatorFunctionWrapHandler) -> Values[Any]:
            return cls(as_dict(dict(values) if isinstance(values, Mapping) else values))

        serialization = core_schema.wrap_serializer_function_ser_schema(_written, schema=table)
        return core_schema.no_info_wrap_validator_function(read, table, serialization=serialization)


def _written(values: Mapping[str, Any], as_dict: SerializerFunctionWrapHandler) -> Any:  # noqa: ANN401 - any format
    return as_dict(dict(values))
