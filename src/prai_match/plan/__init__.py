"""A season of dated sessions that serves as much of what is recommended as trainers, relays, days and money allow.

Stability: stable.
"""

from prai_match.plan import _display  # noqa: F401 - it registers what notebooks show
from prai_match.plan._asked import EACH as EACH
from prai_match.plan._asked import Options as Options
from prai_match.plan._conditions import CONDITIONS, Condition
from prai_match.plan._difference import PlanDifference
from prai_match.plan._make import plan, replan
from prai_match.plan._plan import Plan
from prai_match.plan._regions import RegionalPlan, plan_by_region
from prai_match.plan._solver import Progress
from prai_match.plan._weights import Weights

__all__ = [
    "CONDITIONS",
    "Condition",
    "Plan",
    "PlanDifference",
    "Progress",
    "RegionalPlan",
    "Weights",
    "plan",
    "plan_by_region",
    "replan",
]
