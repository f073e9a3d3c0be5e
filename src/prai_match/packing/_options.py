"""What a set of sessions is made for: a period, and what counts in it."""

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from prai_match import _arguments as given
from prai_match.policy import Policy

EACH = 3  # most sessions of a plan to which one territory is invited, where nothing else is asked


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the objective, all in points of the recommendation's score (0 to 100).

    Attributes:
        score: Points for each point of score of each territory served.
        priority: Points for each point of priority of each territory served, by however many sessions.
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
    priority: float = 0.2
    early: float = 2.0
    km: float = 0.05
    spread: float = 0.5
    load: float = 0.5
    stay: float = 20.0
    euros: float = 0.002

    def __post_init__(self) -> None:
        for field in fields(self):
            given.number(getattr(self, field.name), field.name, 0)


@dataclass(frozen=True, kw_only=True)
class PackingRequest:
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
