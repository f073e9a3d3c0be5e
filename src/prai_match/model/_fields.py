"""What a programme is made of, before it is checked as a whole."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field

from prai_match.model._actors import Collectivity, Period, RelayPartner, Territory, Trainer
from prai_match.model._base import Model, Text, doc
from prai_match.model._calendar import Budget, Calendar
from prai_match.model._catalogue import Catalogue, amount
from prai_match.model._history import Attendance, HeldSession, Need
from prai_match.model._rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WRITTEN = 50
"""Rows of a table that a ``repr`` writes out; of a longer one it tells the number."""


class ProgrammeFields(Model):
    """The fields of a programme, each checked by itself."""

    name: Annotated[Text, doc("Name of the programme", "Nom du programme")]
    period: Annotated[Period, doc("From its first to its last day", "Du premier au dernier jour")]
    catalogue: Annotated[Catalogue, doc("What can be offered", "Ce qui peut être proposé")]
    collectivities: Annotated[tuple[Collectivity, ...], doc("Collectivities", "Collectivités")]
    territories: Annotated[tuple[Territory, ...], doc("Territories served", "Territoires desservis")]
    partners: Annotated[tuple[RelayPartner, ...], doc("Relay partners", "Partenaires-relais")] = ()
    trainers: Annotated[tuple[Trainer, ...], doc("Trainers", "Intervenants")] = ()
    needs: Annotated[Rows[Need], doc("Needs expressed", "Besoins exprimés")] = ()  # type: ignore[assignment]
    sessions: Annotated[Rows[HeldSession], doc("Sessions held or booked", "Sessions tenues ou prévues")] = ()  # type: ignore[assignment]
    attendances: Annotated[Rows[Attendance], doc("Who came", "Participations")] = ()  # type: ignore[assignment]
    calendar: Annotated[Calendar, doc("Periods without sessions, and elections", "Gels et élections")] = Field(
        default_factory=Calendar
    )
    budget: Annotated[Budget | None, doc("Budget; none: not limited", "Budget ; à défaut, sans limite")] = None
    travel_km: Annotated[
        float,
        doc("Farthest that people travel, km", "Distance maximale des participants, en km", gt=0, le=500),
    ] = 60
    notice_days: Annotated[int, doc("Days to invite people", "Délai de convocation, en jours", ge=0, le=365)] = 21
    assume_fee: Annotated[
        Decimal | None,
        amount(
            "Fee, €, that a plan counts within the budget where a trainer's is unknown; none: it plans no such session",
            "Coût d'une intervention, €, imputé au budget par le plan s'il est inconnu ; à défaut, rien n'est prévu",
        ),
    ] = None
    euros_per_km: Annotated[
        Decimal, doc("Trainers' travel, € per km", "Indemnité kilométrique des intervenants, €", ge=0, le=100)
    ] = Decimal("0.35")

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
