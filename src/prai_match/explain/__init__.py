"""Why: the conditions and the contributions of a recommendation, in sentences.

Stability: stable.
"""

from prai_match.explain import _display  # noqa: F401 - it registers what notebooks show
from prai_match.explain._changes import ChangeFields as ChangeFields
from prai_match.explain._changes import Changes, Departure, SomeAttendances, SomeNeeds
from prai_match.explain._changes import after_changes as after_changes
from prai_match.explain._changes import again as again
from prai_match.explain._changes import apply as apply
from prai_match.explain._difference._difference import Difference, TerritoryDifference
from prai_match.explain._difference._text import Cause
from prai_match.explain._display import why_blocks as why_blocks
from prai_match.explain._fingerprint import VERSIONS as VERSIONS
from prai_match.explain._fingerprint import Fingerprint
from prai_match.explain._fingerprint import digest as digest
from prai_match.explain._fingerprint import frame_digest as frame_digest
from prai_match.explain._fingerprint import unordered as unordered
from prai_match.explain._notice import AppliedPreference, DataSource, NamedOffer, Notice
from prai_match.explain._notice import notice as notice
from prai_match.explain._table import decisions as decisions
from prai_match.explain._table import json_value as json_value
from prai_match.explain._table import ranking as ranking
from prai_match.explain._table import rows_in_array as rows_in_array
from prai_match.explain._table import rows_of as rows_of
from prai_match.explain._table import spreadsheet as spreadsheet
from prai_match.explain._table import table as table
from prai_match.explain._table import table_of as table_of
from prai_match.explain._table import to_pandas as to_pandas
from prai_match.explain._table import where as where
from prai_match.explain._what_it_takes._entry import what_each_takes as what_each_takes
from prai_match.explain._what_it_takes._entry import what_it_takes as what_it_takes
from prai_match.explain._what_it_takes._result import Needed
from prai_match.explain._why import Condition, Contribution, Why
from prai_match.explain._why import State as State
from prai_match.explain._why import conditions as conditions
from prai_match.explain._why import contributions as contributions
from prai_match.explain._why import reason_sentence as reason_sentence
from prai_match.explain._why import why as why
from prai_match.explain._why_not._entry import why_not as why_not
from prai_match.explain._why_not._why_not import CANDIDATE as CANDIDATE
from prai_match.explain._why_not._why_not import Finding, Gap, WhyNot
from prai_match.explain._why_not._why_not import Verdict as Verdict
from prai_match.explain._why_not._why_not import losers as losers
from prai_match.explain._why_not._why_not import points as points

__all__ = [
    "AppliedPreference",
    "Cause",
    "Changes",
    "Condition",
    "Contribution",
    "DataSource",
    "Departure",
    "Difference",
    "Finding",
    "Fingerprint",
    "Gap",
    "NamedOffer",
    "Needed",
    "Notice",
    "SomeAttendances",
    "SomeNeeds",
    "TerritoryDifference",
    "Why",
    "WhyNot",
]
