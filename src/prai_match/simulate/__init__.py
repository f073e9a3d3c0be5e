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
from prai_match.simulate._entry import (
    Sensitivity,
    SimulationOptions as SimulationOptions,
    sensitivity,
    simulate as simulate,
)
from prai_match.simulate._outcomes import Outcomes, titles as titles
from prai_match.simulate._replay import (
    Replay,
    beginning as beginning,
    counterfactuals as counterfactuals,
    replay,
    replayed as replayed,
)
from prai_match.simulate._scenario import Scenario, read, standard
from prai_match.simulate._summary import Measure, measures, spread as spread

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
