"""Rows of the history: a sequence of models for readers, a frame for computations."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, Self, TypeVar, get_args, overload

import polars as pl
from pydantic import GetCoreSchemaHandler, ValidationError, ValidatorFunctionWrapHandler
from pydantic_core import core_schema

from prai_match import _arguments as given
from prai_match.model import _columns
from prai_match.model._base import Model

RowT = TypeVar("RowT", bound=Model)

_BATCH = 10_000  # rows taken out of the frame at once


def _model(value: Any, name: str) -> type[Model]:  # noqa: ANN401 - what it may be
    if not isinstance(value, type) or not issubclass(value, Model):
        raise given.refused(name, value, "instance", type="type[Model]")
    return value


class Rows(Sequence[RowT], Generic[RowT]):
    """An immutable sequence of rows, stored as a frame; models are created on access.

    It equals any sequence of equal models. Libraries that read Arrow make a data frame of it. In a model, a field of
    this type takes rows as models or dictionaries, or a frame whose columns are named like the fields of the row.

    Example:
        >>> from prai_match import Programme
        >>> attendances = Programme.example().attendances
        >>> attendances[0].session, attendances.to_polars()["session"][0]
        ('buffet_communication', 'buffet_communication')
    """

    __slots__ = ("_frame", "_row")

    _frame: pl.DataFrame
    _row: type[RowT]

    @given.takes(row=_model, models=given.each(given.a(Model)))
    def __init__(self, row: type[RowT], models: Iterable[RowT] = ()) -> None:
        columns = [(each.name, each.dtype) for each in _columns.columns(row)]
        series = [pl.Series(name, [getattr(one, name) for one in models], dtype) for name, dtype in columns]
        self._row, self._frame = row, pl.DataFrame(series)

    @classmethod
    @given.takes(row=_model, frame=given.a(pl.DataFrame))
    def over(cls, row: type[RowT], frame: pl.DataFrame) -> Self:
        """Return the rows of a frame that was checked.

        Example:
            >>> from prai_match import Programme
            >>> from prai_match.model import Need
            >>> needs = Programme.example().needs
            >>> Rows.over(Need, needs.to_polars().head(3)) == needs[:3]
            True
        """
        rows = cls.__new__(cls)
        rows._row, rows._frame = row, frame  # noqa: SLF001 - its own
        return rows

    @property
    def row(self) -> type[RowT]:
        """Model of the rows."""
        return self._row

    def to_polars(self) -> pl.DataFrame:
        """Return the frame, without copying: one column per field, null for None."""
        return self._frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the rows as an Arrow stream, without copying."""
        return self._frame.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return self._frame.height

    def __iter__(self) -> Iterator[RowT]:
        for batch in self._frame.iter_slices(_BATCH):
            yield from (self._row.model_construct(**values) for values in batch.iter_rows(named=True))

    @overload
    def __getitem__(self, index: int) -> RowT: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> RowT | Self:
        if isinstance(index, slice):
            return self.over(self._row, self._frame[index])
        return self._row.model_construct(**self._frame.row(range(len(self))[index], named=True))

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence has equal rows in the same order."""
        if isinstance(other, Rows):
            return self._row is other._row and (self._frame is other._frame or self._frame.equals(other._frame))
        if isinstance(other, tuple | list):
            return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<Rows of {self._row.__name__}: {len(self)}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).over, (self._row, self._frame)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401 - pydantic's own protocol
        (row,) = get_args(source)
        records = handler.generate_schema(tuple[row, ...])  # type: ignore[valid-type]

        def read(value: object, rows: ValidatorFunctionWrapHandler) -> Rows[Any]:
            if isinstance(value, Rows) and value.row is row:
                return value
            if hasattr(value, "__arrow_c_stream__"):
                frame = value.to_polars() if isinstance(value, Rows) else pl.DataFrame(value)
                valid, faults = _columns.checked(row, frame)
                if faults:
                    raise ValidationError.from_exception_data(row.__name__, faults)
                return cls.over(row, valid)
            return cls(row, rows(value))

        written = core_schema.wrap_serializer_function_ser_schema(
            lambda value, rows: rows(tuple(value)), schema=records
        )
        return core_schema.no_info_wrap_validator_function(read, records, serialization=written)
