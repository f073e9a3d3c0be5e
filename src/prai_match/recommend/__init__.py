"""Sessions ranked for each territory, and the answers of a day.

Stability: provisional.
"""

from prai_match.recommend._answers import Answered, AnsweredOne, Answers
from prai_match.recommend._answers import reasons_of as reasons_of
from prai_match.recommend._offer import Choice
from prai_match.recommend._offer import Offer as Offer
from prai_match.recommend._rank import Ranking, rank
from prai_match.recommend._recommend import Options as Options
from prai_match.recommend._recommend import recommend as recommend
from prai_match.recommend._side_by_side import rank_side_by_side

__all__ = [
    "Answered",
    "AnsweredOne",
    "Answers",
    "Choice",
    "Ranking",
    "rank",
    "rank_side_by_side",
]
