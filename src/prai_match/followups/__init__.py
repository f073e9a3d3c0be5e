"""What leads to what: the graph of follow-ups, declared by the catalogue and corrected by history."""

from prai_match.followups._graph import STRENGTH, FollowUps, NextSession, Pathway
from prai_match.followups._history import attended, territory_of

__all__ = ["STRENGTH", "FollowUps", "NextSession", "Pathway", "attended", "territory_of"]
