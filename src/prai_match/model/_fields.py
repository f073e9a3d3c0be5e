"""The fields of a programme, before it is checked as a whole."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from prai_match.model._actors import Collectivity, Period, RelayPartner, Territory, Trainer
from prai_match.model._attributes import Attribute
from prai_match.model._base import Model, Text
from prai_match.model._calendar import Budget, Calendar, Pace
from prai_match.model._catalogue import AMOUNT, Catalogue
from prai_match.model._history import Attendance, Decision, HeldSession, Need, Registration
from prai_match.model._rows import Rows
from prai_match.model._written import LexiconTable, PolicyRows

_WRITTEN = 50  # maximum number of rows that a ``repr`` writes out; longer tables show only the number


def _data_of(value: object) -> object:
    """Return the data that a compiled lexicon or policy was made from."""
    return getattr(value, "data", value)


class ProgrammeFields(Model):
    """The fields of a programme, each checked separately."""

    # Data have the names ``lexicon`` and ``policy``; the compiled objects have these names in a programme.
    model_config: ClassVar[ConfigDict] = ConfigDict(validate_by_name=True, serialize_by_alias=True)

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
    decisions: Rows[Decision] = ()  # type: ignore[assignment]
    registrations: Rows[Registration] = ()  # type: ignore[assignment]
    calendar: Calendar = Field(default_factory=Calendar)
    pace: Pace = Field(default_factory=Pace)
    budget: Budget | None = None
    attributes: tuple[Attribute, ...] = ()
    lexicon_table: Annotated[LexiconTable | None, BeforeValidator(_data_of), Field(alias="lexicon")] = None
    policy_rows: Annotated[PolicyRows | None, BeforeValidator(_data_of), Field(alias="policy")] = None
    travel_km: Annotated[float, Field(gt=0, le=500)] = 60
    notice_days: Annotated[int, Field(ge=0, le=365)] = 21
    join_notice_days: Annotated[int, Field(ge=0, le=365)] = 7
    offer_horizon_days: Annotated[int, Field(ge=1, le=730)] = 120
    trainer_wait_limit: Annotated[int, Field(ge=0, le=730)] = 60
    trainer_load_limit: Annotated[float, Field(gt=0, le=100)] = 1
    reader: Literal["both", "lexicon"] = "both"
    strong_need: Annotated[int, Field(ge=0, le=100)] = 90
    needs_lapse_months: Annotated[int, Field(ge=1, le=240)] = 24
    assume_fee: Annotated[Decimal | None, AMOUNT] = None
    euros_per_km: Annotated[Decimal, Field(ge=0, le=100)] = Decimal("0.35")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield the fields; short tables as lists of rows, so that the ``repr`` of a small programme is code."""
        for name, value in super().__repr_args__():
            yield name, list(value) if isinstance(value, Rows) and len(value) <= _WRITTEN else value
