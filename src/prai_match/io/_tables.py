"""The files of the folder: which tables there are, and what each column of them holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prai_match.io._cells import AMOUNT, DATE, INTEGER, LIST, NUMBER, RECORDS, TEXT, WORD, YES, Cell
from prai_match.model import Attendance, Collectivity, HeldSession, Need, RelayPartner, Territory, Trainer

if TYPE_CHECKING:
    from prai_match.model import Model

PROGRAMME = "programme.toml"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the header, the kind of its cells, and whether a row may leave it empty."""

    name: str
    cell: Cell
    required: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file.

    Attributes:
        name: The field of the programme it fills, or the name of a table that belongs to the trainers.
        columns: Its columns, in the order in which they are written.
        key: Column that other rows cite or that joins the table to the trainers; None where nothing depends on it.
        required: The file must be there.
    """

    name: str
    columns: tuple[Column, ...]
    key: str | None = None
    required: bool = False

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"{self.name}.csv"


def _columns(row: type[Model], cells: dict[str, Cell], optional: frozenset[str] = frozenset()) -> tuple[Column, ...]:
    """A column for each field of the row; what the model requires is required, except what is ``optional``."""
    fields = row.model_fields
    return tuple(
        Column(name, cell, fields[name].is_required() and name not in optional) for name, cell in cells.items()
    )


COLLECTIVITIES = Table(
    "collectivities",
    _columns(Collectivity, {"code": WORD, "name": TEXT, "kind": WORD, "departement": WORD, "population": INTEGER}),
    key="code",
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
    ),
    key="id",
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
)

EXPERTISE = Table(
    "expertise",
    (
        Column("trainer", WORD, required=True),
        Column("session", WORD, required=True),
        Column("axes", LIST, required=False),
    ),
    key="trainer",
)
TRAINER_DAYS = Table(
    "trainer_days",
    (
        Column("trainer", WORD, required=True),
        Column("start", DATE, required=True),
        Column("end", DATE, required=True),
        Column("free", YES, required=True),
    ),
    key="trainer",
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
"""Every table, in the order in which problems are told."""
