"""Ranking of sessions for each territory, and the answers of a day.

Stability: provisional.
"""

from prai_match.recommend._answers import (
    Answered as Answered,
    AnsweredOne as AnsweredOne,
    Answers as Answers,
    named as named,
    names_of as names_of,
    reasons_of as reasons_of,
    replacements_of as replacements_of,
)
from prai_match.recommend._entry import (
    RecommendationOptions as RecommendationOptions,
    day_of as day_of,
    recommend as recommend,
)
from prai_match.recommend._offer import (
    EQUIVALENT as EQUIVALENT,
    Booking as Booking,
    Choice as Choice,
    Offer as Offer,
    Replacement as Replacement,
    equivalent as equivalent,
)
from prai_match.recommend._rank import Ranking as Ranking, rank as rank, rank_side_by_side as rank_side_by_side

__all__: list[str] = []
