"""The domain: what the programme offers, to whom, with whom, when, at what cost, and what happened.

Every model is a frozen pydantic model. Each field is described in English and, in the JSON Schema, in French
(``description_fr``).

Stability: stable.
"""

from prai_match.errors import Lang
from prai_match.model._actors import (
    Audience,
    Collectivity,
    CollectivityKind,
    Expertise,
    PartnerKind,
    Period,
    Record,
    RelayPartner,
    Territory,
    Trainer,
)
from prai_match.model._base import Model, Text
from prai_match.model._calendar import Blackout, Budget, Calendar, Election
from prai_match.model._catalogue import Axis, Buffet, Catalogue, FollowUp, SessionKind, Theme, Workshop
from prai_match.model._history import Attendance, Channel, HeldSession, Need
from prai_match.model._problems import row_problems
from prai_match.model._programme import ProgrammeData
from prai_match.model._rows import Rows

__all__ = [
    "Attendance",
    "Audience",
    "Axis",
    "Blackout",
    "Budget",
    "Buffet",
    "Calendar",
    "Catalogue",
    "Channel",
    "Collectivity",
    "CollectivityKind",
    "Election",
    "Expertise",
    "FollowUp",
    "HeldSession",
    "Lang",
    "Model",
    "Need",
    "PartnerKind",
    "Period",
    "ProgrammeData",
    "Record",
    "RelayPartner",
    "Rows",
    "SessionKind",
    "Territory",
    "Text",
    "Theme",
    "Trainer",
    "Workshop",
    "row_problems",
]
