"""What a plan is worth: the weights of its objective, as data."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields


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
        """Refuse what isn't a weight."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                msg = f"the weight {field.name} must be a number from 0, not {value!r}"
                raise ValueError(msg)
