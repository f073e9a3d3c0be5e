"""Sessions that can come next, and the pathway to a session."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NextSession:
    """A session that can come next.

    Attributes:
        session: Its identifier.
        probability: Probability that it follows within the graph's ``horizon_days``, 0 to 1.
        source: The attended session that it follows.
        low: Lower end of its 95 % interval.
        high: Upper end of its 95 % interval.
        support: Number of territories that could follow.
        lag_days: Usual lag after the source, in days.

    Example:
        >>> from prai_match import FollowUps, Programme
        >>> follow_ups = FollowUps.declared(Programme.example().catalogue)
        >>> step = follow_ups.next_sessions(["buffet_communication"])[0]
        >>> step.session, round(step.probability, 2), step.source, step.support, step.lag_days
        ('site_internet', 0.27, 'buffet_communication', 0, 80)
    """

    session: str
    probability: float
    source: str
    low: float
    high: float
    support: int
    lag_days: int


@dataclass(frozen=True, slots=True)
class Pathway:
    """Sessions one after the other up to a target, and the probability of the whole pathway.

    Attributes:
        sessions: Their identifiers.
        probability: Probability that each follows the one before within the graph's ``horizon_days``.
        low: Lower end of its 95 % interval.
        high: Upper end of its 95 % interval.

    Example:
        >>> from prai_match import FollowUps, Programme
        >>> way = FollowUps.declared(Programme.example().catalogue).pathway("site_internet", ["buffet_communication"])
        >>> way.sessions, round(way.probability, 2)
        (('buffet_communication', 'site_internet'), 0.27)
    """

    sessions: tuple[str, ...]
    probability: float
    low: float
    high: float
