"""Candidates as columns, every rule evaluated once, sessions ranked for each territory."""

from prai_match.recommend._engine import Ranking, rank
from prai_match.recommend._extra import joined
from prai_match.recommend._frames import SCHEMAS, STATED, Frames, from_tables, prepare
from prai_match.recommend._furthest import furthest
from prai_match.recommend._geography import WIDER
from prai_match.recommend._history import Snapshot
from prai_match.recommend._offers import stopped, with_columns
from prai_match.recommend._sieve import first_refuted, in_order
from prai_match.recommend._whole import Whole

__all__ = [
    "SCHEMAS",
    "STATED",
    "WIDER",
    "Frames",
    "Ranking",
    "Snapshot",
    "Whole",
    "first_refuted",
    "from_tables",
    "furthest",
    "in_order",
    "joined",
    "prepare",
    "rank",
    "stopped",
    "with_columns",
]
