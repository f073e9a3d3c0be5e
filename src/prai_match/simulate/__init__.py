"""A programme simulated month by month, with the recommender and a planner in the loop (extra ``simulate``).

Stability: provisional.
"""

try:
    import numpy as np  # noqa: F401 - the arrays of this package
except ImportError as _error:
    from prai_match.errors import missing_extra

    raise missing_extra("simulate", "simulate", "numpy") from _error

from prai_match.simulate import _display  # noqa: F401 - it registers what notebooks show
from prai_match.simulate._behaviour import Behaviour, Parameter, parameters
from prai_match.simulate._entry import Sensitivity, sensitivity
from prai_match.simulate._entry import SimulationOptions as SimulationOptions
from prai_match.simulate._entry import simulate as simulate
from prai_match.simulate._outcomes import Outcomes
from prai_match.simulate._outcomes import titles as titles
from prai_match.simulate._replay import Replay, replay
from prai_match.simulate._replay import beginning as beginning
from prai_match.simulate._replay import counterfactuals as counterfactuals
from prai_match.simulate._replay import replayed as replayed
from prai_match.simulate._scenario import Scenario, read, standard
from prai_match.simulate._summary import Measure, measures
from prai_match.simulate._summary import spread as spread

__all__ = [
    "Behaviour",
    "Measure",
    "Outcomes",
    "Parameter",
    "Replay",
    "Scenario",
    "Sensitivity",
    "measures",
    "parameters",
    "read",
    "replay",
    "sensitivity",
    "standard",
]
