"""The domain: what the programme offers, to whom, with whom, when, at what cost, and what happened.

Every model is a frozen pydantic model. Each field is described in English and, in the JSON Schema, in French
(``description_fr``).

Stability: stable.
"""

from prai_match.errors import Lang as Lang
from prai_match.model._actors import Audience as Audience
from prai_match.model._actors import Collectivity, Expertise, HostingRecord, Period, RelayPartner, Territory, Trainer
from prai_match.model._actors import CollectivityKind as CollectivityKind
from prai_match.model._additions import KEYS as KEYS
from prai_match.model._additions import merged as merged
from prai_match.model._additions import with_rows as with_rows
from prai_match.model._as_of import actors_as_of as actors_as_of
from prai_match.model._as_of import as_of as as_of
from prai_match.model._as_of import come_or_leave as come_or_leave
from prai_match.model._attributes import Attribute
from prai_match.model._attributes import AttributeType as AttributeType
from prai_match.model._attributes import Bearer as Bearer
from prai_match.model._attributes import Scalar as Scalar
from prai_match.model._base import Id as Id
from prai_match.model._base import Model as Model
from prai_match.model._base import Text
from prai_match.model._base import descriptions as descriptions
from prai_match.model._calendar import Blackout, Budget, Calendar, Election
from prai_match.model._catalogue import Axis, Buffet, Catalogue, FollowUp, Kind, Theme, Workshop
from prai_match.model._catalogue import KindOf as KindOf
from prai_match.model._catalogue import SessionForm as SessionForm
from prai_match.model._catalogue import axes_of as axes_of
from prai_match.model._catalogue import kind_names as kind_names
from prai_match.model._catalogue import kinds_of as kinds_of
from prai_match.model._columns import FieldColumn as FieldColumn
from prai_match.model._columns import columns as columns
from prai_match.model._columns import row_problems as row_problems
from prai_match.model._history import SUBJECTS as SUBJECTS
from prai_match.model._history import Attendance, Decision, HeldSession, Need
from prai_match.model._history_checks import HistoryCheck as HistoryCheck
from prai_match.model._history_checks import Known as Known
from prai_match.model._history_checks import attendance_checks as attendance_checks
from prai_match.model._history_checks import beside_held as beside_held
from prai_match.model._history_checks import needs_checks as needs_checks
from prai_match.model._kinds import ProgrammeT as ProgrammeT
from prai_match.model._kinds import ProgrammeT_co as ProgrammeT_co
from prai_match.model._lexicon import ContextTable as ContextTable
from prai_match.model._lexicon import LexiconTable as LexiconTable
from prai_match.model._lexicon import SpeechTable as SpeechTable
from prai_match.model._lexicon import TermTable as TermTable
from prai_match.model._policy import ColumnRow as ColumnRow
from prai_match.model._policy import ColumnType as ColumnType
from prai_match.model._policy import PolicyRows as PolicyRows
from prai_match.model._policy import PreferRow as PreferRow
from prai_match.model._policy import RequireRow as RequireRow
from prai_match.model._policy import Stage as Stage
from prai_match.model._problems import item as item
from prai_match.model._problems import items as items
from prai_match.model._problems import path_of as path_of
from prai_match.model._problems import problem as problem
from prai_match.model._programme import READ_BY as READ_BY
from prai_match.model._programme import ProgrammeData as ProgrammeData
from prai_match.model._programme import once as once
from prai_match.model._programme import substitute as substitute
from prai_match.model._rows import Rows
from prai_match.model._values import Values as Values

__all__ = [
    "Attendance",
    "Attribute",
    "Axis",
    "Blackout",
    "Budget",
    "Buffet",
    "Calendar",
    "Catalogue",
    "Collectivity",
    "Decision",
    "Election",
    "Expertise",
    "FollowUp",
    "HeldSession",
    "HostingRecord",
    "Kind",
    "Need",
    "Period",
    "RelayPartner",
    "Rows",
    "Territory",
    "Text",
    "Theme",
    "Trainer",
    "Workshop",
]
