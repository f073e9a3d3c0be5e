"""The tables of a programme: their columns, what these hold and what they refer to."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, Self

from prai_match import model
from prai_match.io._kinds import AMOUNT, DATE, INTEGER, LIST, NUMBER, RECORDS, TEXT, WORD, YES, CellKind

PROGRAMME = "programme.toml"
# What columns with these names refer to, in all tables.
CITES: Final[Mapping[str, str]] = {
    **{name: name for name in ("workshop", "partner", "trainer", "held")},
    **dict.fromkeys(("collectivity", "members"), "collectivity"),
    **dict.fromkeys(("departement", "departements"), "departement"),
    **dict.fromkeys(("session", "carries", "replaced_by"), "session"),
    **dict.fromkeys(("axis", "axes"), "axis"),
    **dict.fromkeys(("territory", "host"), "territory"),
    "home": "place",
    "registrations session": "held",
}
# What columns with these names hold, in all tables; other columns hold words.
_KINDS: Final[Mapping[str, CellKind]] = {
    **dict.fromkeys(("name", "organisation", "role", "text", "why"), TEXT),
    **dict.fromkeys(("population", "sessions_a_year", "sessions_a_month", "people", "elected", "technicians"), INTEGER),
    **dict.fromkeys(("latitude", "longitude", "reach_km", "rating", "score"), NUMBER),
    **dict.fromkeys(("fee", "cost"), AMOUNT),
    **dict.fromkeys(("date", "booked_on", "start", "end", "since", "until", "day"), DATE),
    **dict.fromkeys(("members", "departements", "carries", "brings", "axes"), LIST),
    "free": YES,
    "hosted": RECORDS,
}
# Fields with separate tables, or with a column for each of their values.
_NO_COLUMNS: Final = frozenset({"expertise", "free", "taken", "attributes"})
# What the column of an attribute holds.
_OF_TYPES: Final[Mapping[model.AttributeType, CellKind]] = {
    "boolean": YES,
    "integer": INTEGER,
    "decimal": NUMBER,
    "text": TEXT,
    "date": DATE,
}


class TableColumn(NamedTuple):
    """A column, the minimum and maximum that the model accepts, and the meaning of an empty cell."""

    name: str
    kind: CellKind
    required: bool
    default: object = None
    least: float | None = None
    most: float | None = None
    labels: tuple[str, ...] = ()
    of: str = ""  # the only table it applies to, if the name means something else elsewhere

    @property
    def cites(self) -> str | None:
        return CITES.get(f"{self.of} {self.name}".strip())


class TableSpec(NamedTuple):
    """The table of a field of the programme, or of a list of each trainer; ``hints`` only help to read others."""

    name: str
    columns: tuple[TableColumn, ...]
    key: str | None = None
    defines: str | None = None
    required: bool = False
    hints: tuple[TableColumn, ...] = ()
    attributes: tuple[TableColumn, ...] = ()

    def with_attributes(self, attributes: Iterable[model.Attribute]) -> Self:
        """Return the table with a column for each attribute of its rows; those of sessions are in the catalogue."""
        own = tuple(
            TableColumn(each.name, _OF_TYPES[each.type], required=False, labels=(each.fr, each.en))
            for each in attributes
            if each.of == self.name != "sessions"
        )
        return self._replace(columns=(*self.columns, *own), attributes=own) if own else self

    @property
    def all_columns(self) -> tuple[TableColumn, ...]:
        return (*self.columns, *self.hints)


def _columns(row: type[model.Model], *optional: str) -> tuple[TableColumn, ...]:
    """Return a column for each field of the row, required if the model requires it, unless it is ``optional``."""
    return tuple(
        TableColumn(
            name,
            _KINDS.get(name, WORD),
            field.is_required() and name not in optional,
            None if field.is_required() else field.default,
            _limit(field.metadata, "ge"),
            _limit(field.metadata, "le"),
        )
        for name, field in row.model_fields.items()
        if name not in _NO_COLUMNS
    )


def _limit(metadata: Iterable[object], name: str) -> float | None:
    return next((getattr(item, name) for item in metadata if hasattr(item, name)), None)


_TRAINER = TableColumn("trainer", WORD, required=True)
# Location of the collectivity, for files that give its name instead of its code.
_DEPARTEMENT = (TableColumn("departement", WORD, required=False),)
# Optional columns, which the register knows by code: for a collectivity (found by name if needed), for an EPCI.
_OF_COLLECTIVITIES = ("code", "name", "kind", "departement")
_OF_TERRITORIES = ("name", "departement", "members", "population", "latitude", "longitude")
_REGISTRATIONS = tuple(
    each._replace(of="registrations" if each.name == "session" else "") for each in _columns(model.Registration)
)
# The tables whose rows are those of a field of the programme.
FIELDS = (
    TableSpec(
        "collectivities", _columns(model.Collectivity, *_OF_COLLECTIVITIES), "code", "collectivity", required=True
    ),
    TableSpec("territories", _columns(model.Territory, *_OF_TERRITORIES), "id", "territory", required=True),
    TableSpec("partners", _columns(model.RelayPartner), "id", "partner"),
    TableSpec("trainers", _columns(model.Trainer, "latitude", "longitude"), "id", "trainer"),
    TableSpec("needs", _columns(model.Need), hints=_DEPARTEMENT),
    TableSpec("sessions", _columns(model.HeldSession), "id", "held"),
    TableSpec("attendances", _columns(model.Attendance), hints=_DEPARTEMENT),
    TableSpec("decisions", _columns(model.Decision), hints=_DEPARTEMENT),
    TableSpec("registrations", _REGISTRATIONS, hints=_DEPARTEMENT),
)
EXPERTISE = TableSpec("expertise", (_TRAINER, *_columns(model.Expertise)))
TRAINER_DAYS = TableSpec(
    "trainer_days", (_TRAINER, *(TableColumn(name, _KINDS[name], required=True) for name in ("start", "end", "free")))
)
# All tables, in the order in which they are read: referenced tables first.
TABLES = (*FIELDS[:4], EXPERTISE, TRAINER_DAYS, *FIELDS[4:])
