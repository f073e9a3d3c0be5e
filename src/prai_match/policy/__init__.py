"""Policies, rules as data: requirements and weighted preferences, each with a sentence in French and English.

Stability: stable.
"""

from prai_match.model import Stage as Stage
from prai_match.policy._difference import PolicyDifference, RowDifference
from prai_match.policy._expression import (
    Expression as Expression,
    impossible as impossible,
    points as points,
    situations as situations,
)
from prai_match.policy._policy import Policy as Policy, expressions as expressions, policy_of as policy_of
from prai_match.policy._rows import file as file
from prai_match.policy._rules import (
    GRID as GRID,
    STAGE_REASONS as STAGE_REASONS,
    Preference,
    Requirement,
    reasons as reasons,
)
from prai_match.policy._sentences import fields as fields, fill as fill, unfilled as unfilled, weight as weight
from prai_match.policy._tree import Constant as Constant, Name as Name, Node as Node
from prai_match.policy._values import Columns as Columns, Values as Values, columns_of as columns_of, equal as equal
from prai_match.policy._vocabulary import DTYPES as DTYPES, STAGES as STAGES, TERRITORY as TERRITORY, Column, Vocabulary

__all__ = ["Column", "PolicyDifference", "Preference", "Requirement", "RowDifference", "Vocabulary"]
