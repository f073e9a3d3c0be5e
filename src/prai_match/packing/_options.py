"""Options of a set of sessions: its period and the weights of the objective."""

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from prai_match import _arguments as given
from prai_match.policy import Policy

EACH = 3  # default maximum of sessions of a plan to which one territory is invited


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the objective, all in points on the scale of the score (0 to 100).

    Attributes:
        score: Points for each point of score of each territory served.
        priority: Points for each point of priority of each territory served, counted once per territory.
        early: Points for serving a need that is a year old on the first possible day; 0 on the last or for a new need.
        km: Points lost for each kilometre of each territory to the host.
        spread: Points lost for each further session of a relay in the same week, and for each further session of the
            programme on the same day, since people have to organise them.
        load: Points lost for each session of a trainer beyond half of those that the trainer can lead in the period.
        stay: When planning again, points for each session of the previous plan that keeps its place, trainer, relay and
            day (a quarter each), and a tenth as much for each territory that attends the same session.
        euros: Points lost for each euro: of two plans that serve the same, the cheaper one is better.

    Raises:
        ValueError: A weight is negative or isn't a number.

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
