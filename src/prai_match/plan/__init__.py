"""A season of dated sessions that serves as much of what is recommended as trainers, relays, days and money allow.

Stability: stable.
"""

from prai_match.plan._candidates import with_numbers as with_numbers
from prai_match.plan._conditions import CONDITIONS as CONDITIONS
from prai_match.plan._entry import RegionalPlan, plan as plan, plan_by_region as plan_by_region, replan
from prai_match.plan._options import EACH as EACH, PlanOptions as PlanOptions, Weights
from prai_match.plan._plan import Plan, PlanDifference
from prai_match.plan._solver import Progress

__all__ = ["Plan", "PlanDifference", "Progress", "RegionalPlan", "Weights", "replan"]
