"""Rules as data: what must hold, what is preferred and how much, each with its sentence in French and English.

Stability: stable.
"""

from prai_match.model import ColumnType as ColumnType
from prai_match.model import Stage as Stage
from prai_match.policy import _display  # noqa: F401 - it registers what notebooks show
from prai_match.policy._difference import PolicyDifference, RowDifference
from prai_match.policy._expression import Expression as Expression
from prai_match.policy._expression import points as points
from prai_match.policy._policy import Policy as Policy
from prai_match.policy._policy import policy_of as policy_of
from prai_match.policy._rows import file as file
from prai_match.policy._rules import GRID as GRID
from prai_match.policy._rules import STAGE_REASONS as STAGE_REASONS
from prai_match.policy._rules import Preference, Requirement
from prai_match.policy._rules import reasons as reasons
from prai_match.policy._sentences import fields as fields
from prai_match.policy._sentences import fill as fill
from prai_match.policy._sentences import unfilled as unfilled
from prai_match.policy._sentences import weight as weight
from prai_match.policy._vocabulary import DTYPES as DTYPES
from prai_match.policy._vocabulary import STAGES as STAGES
from prai_match.policy._vocabulary import Column, Vocabulary

__all__ = ["Column", "PolicyDifference", "Preference", "Requirement", "RowDifference", "Vocabulary"]
