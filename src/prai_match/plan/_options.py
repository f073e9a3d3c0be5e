"""What a plan is asked for: the keywords of the entries, and the same as a value with its defaults."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from time import monotonic
from typing import Any, Final, Self, TypedDict

from prai_match import _arguments as given
from prai_match.packing import PackingRequest, Weights
from prai_match.policy import Policy

_LARGEST: Final = 2**31 - 1  # of the solver's whole numbers


class SearchOptions(TypedDict, total=False):
    """The keywords that say when a search ends, as `Programme.plan` explains them."""

    time_limit: float | None
    node_limit: int | None
    gap: float
    seed: int


class PlanOptions(SearchOptions, total=False):
    """The keywords of every entry, as `Programme.plan` explains them; `PlanRequest` has their defaults."""

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
    """When a search ends, by the names of `SearchOptions`: the first of its limits, or the ``gap``."""

    time_limit: float | None = 60.0  # seconds: what is found within them depends on the machine
    node_limit: int | None = None  # of the search tree: what is found within them doesn't
    gap: float = 0.002
    seed: int = 0

    def left(self, since: float) -> Self:
        if self.time_limit is None:
            return self
        return replace(self, time_limit=max(0.0, self.time_limit - (monotonic() - since)))


@dataclass(frozen=True, kw_only=True)
class PlanRequest(PackingRequest, SearchLimits):
    """A period with what counts in it, and when the search for its plan ends."""
