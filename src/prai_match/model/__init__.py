"""The domain model: catalogue, territories, relays, trainers, calendar, budget and history of a programme.

Every model is a frozen pydantic model. Each field is described in English and, in the JSON Schema, in French
(``description_fr``).

Stability: stable.
"""

from prai_match.errors import Lang as Lang
from prai_match.model._actors import (
    Audience as Audience,
    Collectivity,
    Expertise,
    HostingRecord,
    Period,
    RelayPartner,
    Territory,
    Trainer,
)
from prai_match.model._additions import (
    KEYS as KEYS,
    actors_as_of as actors_as_of,
    as_of as as_of,
    cancelled_on as cancelled_on,
    come_or_leave as come_or_leave,
    merged as merged,
    rooms as rooms,
    with_rows as with_rows,
)
from prai_match.model._attributes import (
    Attribute,
    AttributeType as AttributeType,
    Bearer as Bearer,
    NamedValues as NamedValues,
    Scalar as Scalar,
)
from prai_match.model._base import (
    Id as Id,
    Model as Model,
    Text,
    descriptions as descriptions,
    item as item,
    items as items,
    path_of as path_of,
    problem as problem,
)
from prai_match.model._calendar import Blackout, Budget, Calendar, Election, Pace, RelayPace, TeamPace, Zone as Zone
from prai_match.model._catalogue import (
    EXPECTED as EXPECTED,
    HORIZON_DAYS as HORIZON_DAYS,
    LAG_DAYS as LAG_DAYS,
    LONGEST_DAYS as LONGEST_DAYS,
    READINGS as READINGS,
    STRENGTH as STRENGTH,
    Axis,
    Buffet,
    Catalogue,
    FollowUp,
    Kind,
    KindOf as KindOf,
    Module,
    Reading as Reading,
    Scope as Scope,
    SessionForm as SessionForm,
    Theme,
    Workshop,
    axes_of as axes_of,
    kind_names as kind_names,
    kinds_of as kinds_of,
    session_names as session_names,
)
from prai_match.model._columns import columns as columns, is_readable_as as is_readable_as, row_problems as row_problems
from prai_match.model._history import (
    SUBJECTS as SUBJECTS,
    Attendance,
    Decision,
    HeldSession,
    Need,
    NeedEvent as NeedEvent,
    Registration,
)
from prai_match.model._history_checks import (
    CHECKS as CHECKS,
    HistoryCheck as HistoryCheck,
    Known as Known,
    beside_held as beside_held,
)
from prai_match.model._programme import (
    READ_BY as READ_BY,
    ProgrammeData as ProgrammeData,
    ProgrammeT as ProgrammeT,
    ProgrammeT_co as ProgrammeT_co,
    once as once,
    substitute as substitute,
)
from prai_match.model._rows import Rows
from prai_match.model._written import (
    ColumnRow as ColumnRow,
    ColumnType as ColumnType,
    ContextTable as ContextTable,
    LexiconTable as LexiconTable,
    PolicyRows as PolicyRows,
    PreferRow as PreferRow,
    RequireRow as RequireRow,
    SpeechTable as SpeechTable,
    Stage as Stage,
    TermTable as TermTable,
)

__all__ = [
    "Attendance", "Attribute", "Axis", "Blackout", "Budget", "Buffet", "Calendar", "Catalogue", "Collectivity",
    "Decision", "Election", "Expertise", "FollowUp", "HeldSession", "HostingRecord", "Kind", "Module", "Need", "Pace",
    "Period", "Registration", "RelayPace", "RelayPartner", "Rows", "TeamPace", "Territory", "Text", "Theme", "Trainer",
    "Workshop",
]  # fmt: skip
