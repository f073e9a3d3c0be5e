"""Candidates as columns, every rule evaluated once, sessions ranked for each territory."""

from prai_match.recommend._engine import Ranking, rank
from prai_match.recommend._extra import joined
from prai_match.recommend._frames import SCHEMAS, Frames, from_tables, prepare
from prai_match.recommend._history import Snapshot
from prai_match.recommend._offers import stopped, with_columns

__all__ = [
    "SCHEMAS",
    "Frames",
    "Ranking",
    "Snapshot",
    "from_tables",
    "joined",
    "prepare",
    "rank",
    "stopped",
    "with_columns",
]
