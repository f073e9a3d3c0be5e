"""Explanations: the conditions and the contributions behind a recommendation, in sentences.

Stability: stable.
"""

from prai_match.explain import _display  # noqa: F401 - it registers what notebooks show
from prai_match.explain._brief._entry import brief as brief
from prai_match.explain._brief._occasion import Occasion as Occasion, guests_of as guests_of, of_offer as of_offer
from prai_match.explain._brief._result import (
    Brief,
    Guest as Guest,
    PastSession as PastSession,
    QuotedNeed as QuotedNeed,
    Task as Task,
    TimedModule as TimedModule,
)
from prai_match.explain._changes import (
    ChangeFields as ChangeFields,
    Changes,
    Departure,
    SomeAttendances,
    SomeNeeds,
    after_changes as after_changes,
    again as again,
    apply as apply,
)
from prai_match.explain._difference import Difference, TerritoryDifference
from prai_match.explain._display import why_blocks as why_blocks
from prai_match.explain._fingerprint import (
    VERSIONS as VERSIONS,
    Fingerprint,
    digest as digest,
    frame_digest as frame_digest,
    unordered as unordered,
)
from prai_match.explain._formulas import AppliedFormula
from prai_match.explain._notice import AppliedPreference, DataSource, NamedOffer, Notice, notice as notice
from prai_match.explain._place import (
    informed as informed,
    own_place as own_place,
    pair_action as pair_action,
    place as place,
)
from prai_match.explain._sides import Cause
from prai_match.explain._sources import history_of as history_of, needs_behind as needs_behind
from prai_match.explain._table import (
    decisions as decisions,
    json_value as json_value,
    ranking as ranking,
    rows_in_array as rows_in_array,
    rows_of as rows_of,
    spreadsheet as spreadsheet,
    table as table,
    table_of as table_of,
    to_pandas as to_pandas,
    where as where,
)
from prai_match.explain._verdict import why_not as why_not
from prai_match.explain._what_it_takes._entry import what_each_takes as what_each_takes, what_it_takes as what_it_takes
from prai_match.explain._what_it_takes._others import free_id as free_id
from prai_match.explain._what_it_takes._result import MoveKind as MoveKind, Needed
from prai_match.explain._why import (
    Condition,
    Contribution,
    Why,
    reason_sentence as reason_sentence,
    state_key as state_key,
    why as why,
)
from prai_match.explain._why_not import CANDIDATE as CANDIDATE, Finding, Gap, WhyNot, losers as losers, points as points

__all__ = [
    "AppliedFormula", "AppliedPreference", "Brief", "Cause", "Changes", "Condition", "Contribution", "DataSource",
    "Departure", "Difference", "Finding", "Fingerprint", "Gap", "NamedOffer", "Needed", "Notice", "SomeAttendances",
    "SomeNeeds", "TerritoryDifference", "Why", "WhyNot",
]  # fmt: skip
