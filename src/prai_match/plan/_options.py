"""What a plan is asked for: the keywords of the entries, and the same as a value with its defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from prai_match.plan._solver import Limits

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from prai_match.calendar import Zone
    from prai_match.plan._weights import Weights
    from prai_match.policy import Policy


EACH = 3
"""Most sessions of a plan to which one territory is invited, where nothing else is asked."""


class Options(TypedDict, total=False):
    """The keywords of every entry, as `Programme.plan` explains them; `Asked` has what stands where one isn't given."""

    budget: Decimal | float | None
    policy: Policy | None
    on: dt.date | None
    weights: Weights | None
    each: int
    school_holidays: Zone | None
    time_limit: float | None
    node_limit: int | None
    gap: float
    seed: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is asked for, by the names of `Options`."""

    start: dt.date
    end: dt.date
    budget: Decimal | float | None = None
    policy: Policy | None = None
    on: dt.date | None = None
    weights: Weights | None = None
    each: int = EACH
    school_holidays: Zone | None = None
    time_limit: float | None = 60.0
    node_limit: int | None = None
    gap: float = 0.002
    seed: int = 0

    @property
    def day(self) -> dt.date:
        """The day of planning."""
        return self.start if self.on is None else self.on

    @property
    def limits(self) -> Limits:
        """When the search ends."""
        return Limits(self.time_limit, self.node_limit, self.gap, self.seed)
