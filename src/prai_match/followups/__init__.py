"""What leads to what: the graph of follow-ups, declared by the catalogue and corrected by history.

Stability: stable.
"""

from prai_match.followups import _display  # noqa: F401 - it registers what notebooks show
from prai_match.followups._graph import (
    STRENGTH as STRENGTH,
    FollowUps as FollowUps,
    NextSession,
    Pathway,
    attended as attended,
    graph_of as graph_of,
    observed as observed,
    tally as tally,
    territory_of as territory_of,
)

__all__ = ["NextSession", "Pathway"]
