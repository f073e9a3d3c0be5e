"""Options of a plan: the keywords of the entry points, and the same as a value with defaults."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from time import monotonic
from typing import Any, Final, Self, TypedDict

from prai_match import _arguments as given
from prai_match.packing import PackingRequest, Weights
from prai_match.policy import Policy

_LARGEST: Final = 2**31 - 1  # largest whole number of the solver


class SearchOptions(TypedDict, total=False):
    """The keywords that decide when a search ends, explained in `Programme.plan`."""

    time_limit: float | None
    node_limit: int | None
    gap: float
    seed: int


class PlanOptions(SearchOptions, total=False):
    """The keywords of all entry points, explained in `Programme.plan`; `PlanRequest` has their defaults."""

    budget: Decimal | float | None
    policy: Policy | None
    on: dt.date | None
    weights: Weights | None
    each: int
    extra: Any


LIMITS: Final[Mapping[str, given.Check]] = {  # what each keyword of `SearchOptions` must be
    "time_limit": given.optional(given.between(0)),
    "node_limit": given.optional(given.at_least(0, _LARGEST)),
    "gap": given.between(0),
    "seed": given.at_least(0, _LARGEST),
}

OPTIONS: Final[Mapping[str, given.Check]] = {  # the same for `PlanOptions`
    **LIMITS,
    "budget": given.optional(given.amount),
    "policy": given.optional(given.a(Policy)),
    "on": given.optional(given.day),
    "weights": given.optional(given.a(Weights)),
    "each": given.at_least(1),
    "extra": given.optional(given.frame),
}


@dataclass(frozen=True, kw_only=True)
class SearchLimits:
    """Limits of a search, named as in `SearchOptions`: it ends at the first limit, or when ``gap`` is reached."""

    time_limit: float | None = 60.0  # seconds: the result depends on the speed of the machine
    node_limit: int | None = None  # nodes of the search tree: the result doesn't depend on the machine
    gap: float = 0.002
    seed: int = 0

    def left(self, since: float) -> Self:
        if self.time_limit is None:
            return self
        return replace(self, time_limit=max(0.0, self.time_limit - (monotonic() - since)))


@dataclass(frozen=True, kw_only=True)
class PlanRequest(PackingRequest, SearchLimits):
    """The period of a plan, its options, and the limits of its search."""
