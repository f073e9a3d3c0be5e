"""Sessions ranked for each territory, and the answers of a day.

Stability: provisional.
"""

from prai_match.recommend._answers import Answered as Answered
from prai_match.recommend._answers import AnsweredOne as AnsweredOne
from prai_match.recommend._answers import Answers as Answers
from prai_match.recommend._answers import Choice as Choice
from prai_match.recommend._answers import Offer as Offer
from prai_match.recommend._answers import reasons_of as reasons_of
from prai_match.recommend._entry import RecommendationOptions as RecommendationOptions
from prai_match.recommend._entry import recommend as recommend
from prai_match.recommend._rank import Ranking as Ranking
from prai_match.recommend._rank import rank as rank
from prai_match.recommend._rank import rank_side_by_side as rank_side_by_side

__all__: list[str] = []
