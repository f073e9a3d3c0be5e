"""Plans: a season of dated sessions that serves recommendations within the limits on trainers, relays, days and money.

Stability: stable.
"""

from prai_match.packing import EACH as EACH, Weights, with_numbers as with_numbers
from prai_match.plan._comparison import marks as marks, outcomes as outcomes
from prai_match.plan._conditions import CONDITIONS as CONDITIONS
from prai_match.plan._entry import (
    RegionalPlan,
    plan as plan,
    plan_by_region as plan_by_region,
    replan,
    together as together,
    together_of_all as together_of_all,
)
from prai_match.plan._options import PlanOptions as PlanOptions
from prai_match.plan._plan import Plan, PlanDifference
from prai_match.plan._solver import Progress
from prai_match.plan._text import registered as registered

__all__ = ["Plan", "PlanDifference", "Progress", "RegionalPlan", "Weights", "replan"]
