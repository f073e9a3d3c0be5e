"""What a programme is made of, before it is checked as a whole."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field

from prai_match.model._actors import Collectivity, Period, RelayPartner, Territory, Trainer
from prai_match.model._base import Model, Text
from prai_match.model._calendar import Budget, Calendar
from prai_match.model._catalogue import AMOUNT, Catalogue
from prai_match.model._history import Attendance, HeldSession, Need
from prai_match.model._rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WRITTEN = 50
"""Rows of a table that a ``repr`` writes out; of a longer one it tells the number."""


class ProgrammeFields(Model):
    """The fields of a programme, each checked by itself."""

    name: Text
    period: Period
    catalogue: Catalogue
    collectivities: tuple[Collectivity, ...]
    territories: tuple[Territory, ...]
    partners: tuple[RelayPartner, ...] = ()
    trainers: tuple[Trainer, ...] = ()
    needs: Rows[Need] = ()  # type: ignore[assignment]
    sessions: Rows[HeldSession] = ()  # type: ignore[assignment]
    attendances: Rows[Attendance] = ()  # type: ignore[assignment]
    calendar: Calendar = Field(default_factory=Calendar)
    budget: Budget | None = None
    travel_km: Annotated[float, Field(gt=0, le=500)] = 60
    notice_days: Annotated[int, Field(ge=0, le=365)] = 21
    assume_fee: Annotated[Decimal | None, AMOUNT] = None
    euros_per_km: Annotated[Decimal, Field(ge=0, le=100)] = Decimal("0.35")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Give the fields; short tables as lists of rows, so that the ``repr`` of a small programme is code."""
        for name, value in super().__repr_args__():
            yield name, list(value) if isinstance(value, Rows) and len(value) <= _WRITTEN else value

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy, with some fields replaced by valid values; rows may be any sequence of models."""
        values = dict(update or {})
        for name, rows in self:
            if isinstance(rows, Rows) and name in values and not isinstance(values[name], Rows):
                values[name] = Rows(rows.row, values[name])
        return super().model_copy(update=values, deep=deep)
