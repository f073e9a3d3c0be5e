"""The tables of a programme: which there are, what each column holds and what it cites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prai_match.io._kinds import AMOUNT, DATE, INTEGER, LIST, NUMBER, RECORDS, TEXT, WORD, YES, Kind
from prai_match.model import Attendance, Collectivity, Expertise, HeldSession, Need, RelayPartner, Territory, Trainer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prai_match.model import Model

PROGRAMME = "programme.toml"

CITES: Mapping[str, str] = {
    "collectivity": "collectivity",
    "members": "collectivity",
    "home": "place",
    "departement": "departement",
    "departements": "departement",
    "session": "session",
    "carries": "session",
    "workshop": "workshop",
    "axis": "axis",
    "axes": "axis",
    "host": "territory",
    "partner": "partner",
    "trainer": "trainer",
    "held": "held",
}
"""What the columns of these names cite, whatever the table."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: Its name in the header.
        kind: What its cells hold.
        required: A row may not leave it empty.
        default: What an empty cell stands for; None: nothing, or what the model says for lists.
        least: The least number that the model takes; None: any.
        most: The most.
    """

    name: str
    kind: Kind
    required: bool
    default: object = None
    least: float | None = None
    most: float | None = None

    @property
    def cites(self) -> str | None:
        """What its cells cite, or None."""
        return CITES.get(self.name)


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        name: The field of the programme it fills, or the name of a table that belongs to the trainers.
        columns: Its columns, in the order in which they are written.
        key: Column that other rows cite; None where nothing depends on it.
        defines: What its key is cited as.
        hints: Columns that help to read the others and hold nothing of the row.
        required: The table must be there.
    """

    name: str
    columns: tuple[Column, ...]
    key: str | None = None
    defines: str | None = None
    required: bool = False
    hints: tuple[Column, ...] = ()


def _columns(row: type[Model], kinds: Mapping[str, Kind], optional: frozenset[str] = frozenset()) -> tuple[Column, ...]:
    """A column for each field of the row; what the model requires is required, except what is ``optional``."""
    fields = row.model_fields
    return tuple(
        Column(
            name,
            kind,
            fields[name].is_required() and name not in optional,
            None if fields[name].is_required() else fields[name].default,
            _limit(fields[name].metadata, "ge"),
            _limit(fields[name].metadata, "le"),
        )
        for name, kind in kinds.items()
    )


def _limit(metadata: Iterable[object], name: str) -> float | None:
    return next((getattr(item, name) for item in metadata if hasattr(item, name)), None)


_DEPARTEMENT = (Column("departement", WORD, required=False),)
"""Where the collectivity is, for files that name it instead of giving its code."""

COLLECTIVITIES = Table(
    "collectivities",
    _columns(
        Collectivity,
        {"code": WORD, "name": TEXT, "kind": WORD, "departement": WORD, "population": INTEGER},
        # The register knows them by the code, and the code by the name.
        optional=frozenset({"code", "name", "kind", "departement"}),
    ),
    key="code",
    defines="collectivity",
    required=True,
)
TERRITORIES = Table(
    "territories",
    _columns(
        Territory,
        {
            "id": WORD,
            "name": TEXT,
            "departement": WORD,
            "members": LIST,
            "population": INTEGER,
            "latitude": NUMBER,
            "longitude": NUMBER,
        },
        # The register knows them by the code of the EPCI or of the commune.
        optional=frozenset({"name", "departement", "members", "population", "latitude", "longitude"}),
    ),
    key="id",
    defines="territory",
    required=True,
)
PARTNERS = Table(
    "partners",
    _columns(
        RelayPartner,
        {
            "id": WORD,
            "name": TEXT,
            "kind": WORD,
            "departements": LIST,
            "carries": LIST,
            "sessions_a_year": INTEGER,
            "hosted": RECORDS,
            "brings": LIST,
        },
    ),
    key="id",
    defines="partner",
)
TRAINERS = Table(
    "trainers",
    _columns(
        Trainer,
        {
            "id": WORD,
            "organisation": TEXT,
            "role": TEXT,
            "home": WORD,
            "latitude": NUMBER,
            "longitude": NUMBER,
            "reach_km": NUMBER,
            "sessions_a_month": INTEGER,
            "fee": AMOUNT,
            "rating": NUMBER,
        },
        optional=frozenset({"latitude", "longitude"}),
    ),
    key="id",
    defines="trainer",
)
EXPERTISE = Table(
    "expertise",
    (Column("trainer", WORD, required=True), *_columns(Expertise, {"session": WORD, "axes": LIST})),
)
TRAINER_DAYS = Table(
    "trainer_days",
    (
        Column("trainer", WORD, required=True),
        Column("start", DATE, required=True),
        Column("end", DATE, required=True),
        Column("free", YES, required=True),
    ),
)
NEEDS = Table(
    "needs",
    _columns(
        Need,
        {
            "collectivity": WORD,
            "date": DATE,
            "channel": WORD,
            "text": TEXT,
            "workshop": WORD,
            "axis": WORD,
            "people": INTEGER,
        },
    ),
    hints=_DEPARTEMENT,
)
SESSIONS = Table(
    "sessions",
    _columns(
        HeldSession,
        {
            "id": WORD,
            "session": WORD,
            "date": DATE,
            "booked_on": DATE,
            "host": WORD,
            "axis": WORD,
            "partner": WORD,
            "trainer": WORD,
            "cost": AMOUNT,
        },
    ),
    key="id",
    defines="held",
)
ATTENDANCES = Table(
    "attendances",
    _columns(
        Attendance,
        {
            "collectivity": WORD,
            "session": WORD,
            "date": DATE,
            "elected": INTEGER,
            "technicians": INTEGER,
            "rating": NUMBER,
            "held": WORD,
        },
    ),
    hints=_DEPARTEMENT,
)

FIELDS = (COLLECTIVITIES, TERRITORIES, PARTNERS, TRAINERS, NEEDS, SESSIONS, ATTENDANCES)
"""The tables whose rows are the rows of a field of the programme."""

TABLES = (
    COLLECTIVITIES,
    TERRITORIES,
    PARTNERS,
    TRAINERS,
    EXPERTISE,
    TRAINER_DAYS,
    NEEDS,
    SESSIONS,
    ATTENDANCES,
)
"""Every table, in the order in which they are read: what is cited before what cites it."""
