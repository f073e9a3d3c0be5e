"""Simulation of a programme month by month, with recommendations and a planner (extra ``simulate``).

Stability: provisional.
"""

from prai_match.simulate._entry import (
    Sensitivity,
    SimulationOptions as SimulationOptions,
    sensitivity,
    simulate as simulate,
)
from prai_match.simulate._outcomes import Outcomes, titles as titles
from prai_match.simulate._replay import Replay, counterfactuals as counterfactuals, replay, replayed as replayed
from prai_match.simulate._scenario import Behaviour, Parameter, Scenario, SeasonPlan, parameters, read, standard
from prai_match.simulate._summary import Measure, measures, spread as spread

__all__ = [
    "Behaviour", "Measure", "Outcomes", "Parameter", "Replay", "Scenario", "SeasonPlan", "Sensitivity", "measures",
    "parameters", "read", "replay", "sensitivity", "standard",
]  # fmt: skip
