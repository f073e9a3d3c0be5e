"""Candidates as columns, every rule evaluated once, sessions ranked for each territory.

Stability: provisional.
"""

from prai_match.recommend._actors import counted_cost as counted_cost
from prai_match.recommend._answers import Answered, AnsweredOne, Answers
from prai_match.recommend._answers import reasons_of as reasons_of
from prai_match.recommend._columns import interested
from prai_match.recommend._engine import Ranking, rank
from prai_match.recommend._engine import sift as sift
from prai_match.recommend._extra import joined
from prai_match.recommend._extra import without_columns as without_columns
from prai_match.recommend._frames import SCHEMAS, STATED, Frames, from_tables, prepare, with_facts
from prai_match.recommend._furthest import beyond as beyond
from prai_match.recommend._furthest import furthest
from prai_match.recommend._furthest import offered as offered
from prai_match.recommend._geography import WIDER
from prai_match.recommend._history import Snapshot
from prai_match.recommend._offer import Choice
from prai_match.recommend._offer import Offer as Offer
from prai_match.recommend._offers import stopped, with_columns
from prai_match.recommend._prepared import learned as learned
from prai_match.recommend._prepared import on_day as on_day
from prai_match.recommend._prepared import prepared as prepared
from prai_match.recommend._recommend import Keywords
from prai_match.recommend._recommend import recommend as recommend
from prai_match.recommend._side_by_side import rank_side_by_side
from prai_match.recommend._sieve import first_refuted, in_order
from prai_match.recommend._slices import Part, Slicer
from prai_match.recommend._whole import Whole, events, rated
from prai_match.recommend._whole import people_known as people_known

__all__ = [
    "SCHEMAS",
    "STATED",
    "WIDER",
    "Answered",
    "AnsweredOne",
    "Answers",
    "Choice",
    "Frames",
    "Keywords",
    "Part",
    "Ranking",
    "Slicer",
    "Snapshot",
    "Whole",
    "events",
    "first_refuted",
    "from_tables",
    "furthest",
    "in_order",
    "interested",
    "joined",
    "prepare",
    "rank",
    "rank_side_by_side",
    "rated",
    "stopped",
    "with_columns",
    "with_facts",
]
