"""What a plan is asked for: the keywords of the entries, the same as a value with its defaults, and its weights."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from time import monotonic
from typing import Any, Final, Self, TypedDict

from prai_match import _arguments as given
from prai_match.policy import Policy

_LARGEST: Final = 2**31 - 1  # of the solver's whole numbers
EACH = 3  # most sessions of a plan to which one territory is invited, where nothing else is asked


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the objective, all in points of the recommendation's score (0 to 100).

    Attributes:
        score: Points for each point of score of each territory served.
        together: Points for each territory that sends an elected official and a technician.
        equity: Points for each territory served, up to half of the demands of its département: the first half of a
            département's demands is worth more than the second half of another's.
        early: Points for a need a year old served on the first possible day; none on the last, none for a new need.
        km: Points lost for each kilometre of each territory to the host.
        spread: Points lost for each session of a relay in a week after its first, and for each session of the programme
            on a day after the first: people have to organise them.
        load: Points lost for each session of a trainer beyond half of those that they can lead in the period.
        stay: Points for each session of the plan before, where one is planned again, that is held again in the same
            place, with the same trainer and relay, on the same day (a quarter each), and a tenth as much for each
            territory that comes to the same session.
        euros: Points lost for each euro: with as much served, the cheaper plan is better.

    Raises:
        ValueError: A weight is below 0 or isn't a number.

    Example:
        >>> Weights(km=0.1).km, Weights().score
        (0.1, 1.0)
    """

    score: float = 1.0
    together: float = 3.0
    equity: float = 5.0
    early: float = 2.0
    km: float = 0.05
    spread: float = 0.5
    load: float = 0.5
    stay: float = 20.0
    euros: float = 0.002

    def __post_init__(self) -> None:
        for field in fields(self):
            given.number(getattr(self, field.name), field.name, 0)


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
class PlanRequest(SearchLimits):
    start: dt.date
    end: dt.date
    budget: Decimal | float | None = None
    policy: Policy | None = None
    on: dt.date | None = None
    weights: Weights | None = None
    each: int = EACH
    extra: Any = None  # a frame, as `Programme.recommend` takes it

    @property
    def day(self) -> dt.date:
        """The day of planning."""
        return self.start if self.on is None else self.on
