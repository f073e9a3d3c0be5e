"""Which session to offer next to each territory, with which relay partner and trainer, and why.

Stability: stable.
"""

from prai_match import needs, policy, register
from prai_match._front._programme import Programme
from prai_match._front._recommendations import Recommendation, Recommendations
from prai_match._front._record import Answer, Record
from prai_match._front._reproduction import Reproduction, reproduce
from prai_match._version import __version__ as __version__
from prai_match.datasets import RecommendationDataset, recommend_dataset
from prai_match.errors import (
    BacktestError,
    LexiconError,
    PolicyError,
    PraiError,
    Problem,
    ProgrammeError,
    UnknownCodeError,
)
from prai_match.followups import FollowUps
from prai_match.policy import Policy
from prai_match.recommend import Offer

__all__ = [
    "Answer",
    "BacktestError",
    "FollowUps",
    "LexiconError",
    "Offer",
    "Policy",
    "PolicyError",
    "PraiError",
    "Problem",
    "Programme",
    "ProgrammeError",
    "Recommendation",
    "RecommendationDataset",
    "Recommendations",
    "Record",
    "Reproduction",
    "UnknownCodeError",
    "needs",
    "policy",
    "recommend_dataset",
    "register",
    "reproduce",
]
