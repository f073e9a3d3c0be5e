"""Who comes to a session, what they think of it, and which session is called off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from prai_match.simulate._draws import binomial

if TYPE_CHECKING:
    from prai_match.simulate._behaviour import Behaviour
    from prai_match.simulate._draws import Flags, Floats, Ints
    from prai_match.simulate._region import Arrays
    from prai_match.simulate._state import Bookings

YEAR, HALF_YEAR = 365, 182
_GRADES, _STEP, _BEST = 4, 0.5, 4.0
"""A rating goes from 2 to 4 by halves."""


@dataclass(frozen=True, eq=False)
class Came:
    """What became of sessions that were due."""

    is_held: Flags  # (N,) whether each was held
    frozen: Flags  # (N,) whether a blackout stopped it
    people: Ints  # (N, T) people who came, or would have
    elected: Ints  # (N, T) elected officials among them
    rating: Floats  # (N, T) rating of each delegation; NaN: none


def willing(region: Arrays, behaviour: Behaviour, days: Ints) -> Floats:
    """Return how much elections change who comes on each day: (N,)."""
    times = np.ones(len(days))
    for election in region.elections:
        times[(days > election) & (days <= election + YEAR)] = behaviour.renewed
    for election in region.elections:
        times[(days <= election) & (days > election - HALF_YEAR)] = behaviour.before_election
    return times


def delegations(region: Arrays, interest: Ints, usual: Floats) -> Ints:
    """Return how many people each territory would send to each session, as a plan counts them: (W, T, S).

    Those who asked or attended what leads there or, where nobody did, as many as is usual (`State.usual`).
    """
    people = np.where(interest > 0, interest, np.rint(usual)[:, None, :].astype(np.int64))
    return np.asarray(np.clip(people, 1, region.most), np.int64)


def who_comes(region: Arrays, behaviour: Behaviour, due: Bookings, draws: dict[str, Floats]) -> Came:
    """Return who comes to the sessions that are due.

    Fewer come from farther away and before an election. A session for which too few would come is called off, as is
    one that a blackout stops.
    """
    at = (due.world, slice(None), due.session)
    chance = np.exp(-region.km[due.host] / behaviour.distance_km) * behaviour.comes
    probability = np.clip(chance * willing(region, behaviour, due.day)[:, None], 0.0, 1.0)
    people = binomial(draws["comes"][at], due.invited, probability)
    total = people.sum(axis=1)
    frozen = np.zeros(len(due), bool)
    for first, last in region.blackouts:
        frozen |= (due.day >= first) & (due.day <= last)
    is_held = ~frozen & (total >= region.least[due.session]) & (total <= region.most[due.session])
    elected = binomial(draws["elected"][at], people, np.full(people.shape, behaviour.elected))
    # A delegation that is made to bring both has at least one of each.
    both = (people > 1) & (draws["both"][at] < behaviour.together)
    elected = np.where(both, np.clip(elected, 1, np.maximum(people - 1, 1)), elected)
    mean = np.where(region.workshop, behaviour.rating, behaviour.rating_buffet)[due.session]
    lost = np.broadcast_to(((_BEST - mean) / (_GRADES * _STEP))[:, None], people.shape)
    grades = binomial(draws["rated"][at], np.full(people.shape, _GRADES), lost)
    rating = np.where(draws["rates"][at] < behaviour.rates, _BEST - _STEP * grades, np.nan)
    return Came(is_held, frozen, people, elected, rating)


def attendances(region: Arrays, due: Bookings, came: Came, member: Floats) -> dict[str, Any]:
    """Return a row for each territory that came to a session held, for one of its collectivities."""
    row, territory = np.nonzero((came.people > 0) & came.is_held[:, None])
    people, elected = came.people[row, territory], came.elected[row, territory]
    return {
        "w": due.world[row],
        "c": collectivity(region, territory, member[due.world[row], territory, due.session[row]]),
        "s": due.session[row],
        "day": due.day[row],
        "elected": elected,
        "technicians": people - elected,
        "rating": came.rating[row, territory],
        "host": due.host[row],
    }


def collectivity(region: Arrays, territory: Ints, chance: Floats) -> Ints:
    """Return the collectivity of each territory that a chance falls on."""
    first, last = region.first_member[territory], region.first_member[territory + 1]
    return np.asarray(region.by_territory[first + np.floor(chance * (last - first)).astype(np.int64)], np.int64)
