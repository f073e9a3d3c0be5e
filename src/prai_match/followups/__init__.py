"""What leads to what: the graph of follow-ups, declared by the catalogue and corrected by history.

Stability: stable.
"""

from prai_match.followups import _display  # noqa: F401 - it registers what notebooks show
from prai_match.followups._graph import STRENGTH, FollowUps, NextSession, Pathway
from prai_match.followups._observed import attended, observed, tally, territory_of

__all__ = ["STRENGTH", "FollowUps", "NextSession", "Pathway", "attended", "observed", "tally", "territory_of"]
