"""The keywords of `Scenario.of` and `Scenario.with_`, for type checkers: a test holds that they are the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from prai_match.explain import ChangeFields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prai_match.model import Blackout, Text

Planner = Literal["quick", "solver", "requests"]
"""Who decides: the recommender and a planner that is quick, the recommender and the plan's solver, or nobody but the
requests: each relay answers those of its département as they are, without the library."""


class ScenarioFields(ChangeFields, total=False):
    """What `Scenario.of` takes by keyword: fields of its own, of changes and of behaviour."""

    label: Text | Mapping[str, str] | None
    blackouts: Sequence[Blackout | Mapping[str, Any]] | None
    trainers_times: int
    budget_times: float
    planner: Planner
    gap: float
    sessions_a_month: float
    relay_weights: Mapping[str, float]
    buffets: bool
    preparation_months: int
    quiet_months: Sequence[int]
    restart_months: int
    freeze_known_days: int | None
    cancellation: float
    comes: float
    distance_km: float
    renewed: float
    before_election: float
    elected: float
    together: float
    usual_people: float
    asks_a_year: float
    size: float
    word_of_mouth: float
    after_renewal: float
    channels: Mapping[str, float]
    asks_after_buffet: float
    asks_after_workshop: float
    interest: Mapping[str, float]
    inclination: float
    unclear: float
    stated: float
    rating: float
    rating_buffet: float
    rates: float
    overhead_spread: float
