"""Rules as data: what must hold, what is preferred and how much, each with its sentence in French and English."""

from prai_match.policy._describe import weight
from prai_match.policy._document import Code, Document, Items, Section, Table, plain
from prai_match.policy._formats import counted, day, euros
from prai_match.policy._messages import messages
from prai_match.policy._policy import Policy
from prai_match.policy._rules import GRID, Preference, Requirement
from prai_match.policy._sentences import fill, number
from prai_match.policy.reasons import REASONS
from prai_match.policy.vocabulary import Column, ColumnType, Stage, Vocabulary

__all__ = [
    "GRID",
    "REASONS",
    "Code",
    "Column",
    "ColumnType",
    "Document",
    "Items",
    "Policy",
    "Preference",
    "Requirement",
    "Section",
    "Stage",
    "Table",
    "Vocabulary",
    "counted",
    "day",
    "euros",
    "fill",
    "messages",
    "number",
    "plain",
    "weight",
]
