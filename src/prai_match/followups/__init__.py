"""Follow-ups: the declared graph of which session leads to which, corrected by history, and forecasts from history.

Stability: stable.
"""

from prai_match.followups._forecast import Forecast
from prai_match.followups._graph import FollowUps as FollowUps
from prai_match.followups._inputs import graph_of as graph_of, inputs_of as inputs_of
from prai_match.followups._learning import (
    Declared as Declared,
    Estimates as Estimates,
    History as History,
    count as count,
    interval as interval,
    learn as learn,
)
from prai_match.followups._of_programmes import (
    attended as attended,
    follow_ups_of as follow_ups_of,
    forecast_of as forecast_of,
    quarters_of as quarters_of,
    territory_of as territory_of,
)
from prai_match.followups._steps import NextSession, Pathway

__all__ = ["Forecast", "NextSession", "Pathway"]
