"""What leads to what: the graph of follow-ups, declared by the catalogue and corrected by history.

Stability: stable.
"""

from prai_match.followups import _display  # noqa: F401 - it registers what notebooks show
from prai_match.followups._graph import STRENGTH as STRENGTH
from prai_match.followups._graph import FollowUps as FollowUps
from prai_match.followups._graph import NextSession, Pathway
from prai_match.followups._graph import attended as attended
from prai_match.followups._graph import graph_of as graph_of
from prai_match.followups._graph import observed as observed
from prai_match.followups._graph import tally as tally
from prai_match.followups._graph import territory_of as territory_of

__all__ = ["NextSession", "Pathway"]
