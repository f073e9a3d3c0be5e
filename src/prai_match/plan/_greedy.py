"""The plan that is there at once: the session that brings most, then the next, then who can still be seated."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING

from prai_match.plan._draft import STRICT, Draft, Option
from prai_match.plan._tables import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.plan._draft import Relaxed
    from prai_match.plan._tables import Place, Tables

_TRAINERS = 6
_DAYS = 3
"""Trainers tried for a place, the cheapest first, and days for each trainer."""


def greedy(tables: Tables) -> Draft:
    """Return the best of some plans: by points of each session, by points for each euro, and from the plan before."""
    drafts = [extended(Draft(tables), by_euro=by_euro) for by_euro in (False, True)]
    if tables.before:
        drafts.append(extended(kept(tables)))
    return max(drafts, key=points)


def kept(tables: Tables) -> Draft:
    """Hold again, by date, the sessions of the plan before that can still be held, with those who came to them."""
    draft = Draft(tables)
    came: dict[int, set[int]] = {}
    for n, g in tables.came.items():
        came.setdefault(g, set()).add(n)
    for g, (r, p, day) in sorted(tables.before.items(), key=lambda item: (item[1][2], item[0])):
        place, cents = tables.places[g], dict(tables.leads.get(g, ())).get(r)
        there = p in tables.relays.get(g, ()) and draft.room[p] != 0 and day in draft.days_of(r, p)
        if place.booked or cents is None or not there or not draft.affords(cents):
            continue
        worth, members = draft.filled(place, r, day, came.get(g, set()))
        if members:
            draft.add(Option(draft.net(worth, g, r, p, day, cents), g, r, p, day, cents, members))
    return draft


def points(draft: Draft) -> float:
    """Return the points of a plan, as the objective counts them."""
    tables, weights = draft.tables, draft.tables.weights
    total = 0.0
    for g, held in sorted(draft.sessions.items()):
        km = dict(tables.seats.get(g, ()))
        for n in held.members:
            demand = tables.demands[n]
            total += demand.worth - weights.km * km[n] + demand.old * tables.earliness(held.day) + tables.returns(n, g)
        total += tables.stays(g, held.r, held.p, held.day) - weights.euros * held.cents / 100
    total += weights.equity * sum(min(tables.half[d], served) for d, served in sorted(draft.served.items()))
    over = sum(max(0.0, led - tables.capacity.get(r, 0) / 2) for r, led in sorted(draft.led.items()))
    return total - weights.load * over - weights.spread * draft.crowded


def extended(draft: Draft, *, by_euro: bool = False) -> Draft:
    """Add sessions to a draft as long as one brings points, and seat whoever can still come."""
    tables = draft.tables
    topped_up(draft)

    def key(option: Option) -> float:
        return -option.gain / (max(1, option.cents) if by_euro else 1)

    waiting = [(key(found), place.g) for place in tables.places if (found := best(draft, place))]
    heapq.heapify(waiting)
    while waiting:
        _, g = heapq.heappop(waiting)
        found = best(draft, tables.places[g])
        if found is None:
            continue
        if waiting and key(found) > waiting[0][0]:
            heapq.heappush(waiting, (key(found), g))
            continue
        draft.add(found)
    return topped_up(draft)


def topped_up(draft: Draft) -> Draft:
    """Seat in the sessions held whoever can still come."""
    everyone = range(len(draft.tables.demands))
    for g in sorted(draft.sessions):
        held = draft.sessions[g]
        draft.seat(g, draft.filled(draft.tables.places[g], held.r, held.day, everyone)[1])
    return draft


def best(draft: Draft, place: Place, relaxed: Relaxed = STRICT) -> Option | None:
    """Return the best session found at a place that isn't booked; None: there is none.

    Args:
        draft: What is taken.
        place: Where and what.
        relaxed: Labels of conditions left aside.
    """
    if place.booked or place.g in draft.sessions:
        return None
    relay = draft.relay(place.g)
    if relay == NOBODY and "relay" not in relaxed:
        return None
    everyone = range(len(draft.tables.demands))
    found = None
    for r, day, cents in _tries(draft, place, relay, relaxed):
        if not draft.affords(cents) and "budget" not in relaxed:
            continue
        worth, members = draft.filled(place, r, day, everyone, relaxed)
        gain = worth if r == NOBODY else draft.net(worth, place.g, r, relay, day, cents)
        if members and gain > 0 and (found is None or gain > found.gain):
            found = Option(gain, place.g, r, relay, day, cents, members)
    return found


def _tries(draft: Draft, place: Place, relay: int, relaxed: Relaxed) -> Iterator[tuple[int, int, int]]:
    """Trainers, days and costs worth trying: the first quiet days, and the first after each lag."""
    tables = draft.tables
    starts = sorted(_starts(draft, place))
    if "trainer" in relaxed:
        days = sorted(tables.month)
        yield from ((NOBODY, day, 0) for day in days[:: max(1, len(days) // _DAYS)])
        return
    able = 0
    if place.g in tables.before:
        r, _, day = tables.before[place.g]
        again = [(r, day, cents) for trainer, cents in tables.leads.get(place.g, ()) if trainer == r]
        yield from (found for found in again if day in draft.days_of(found[0], relay))
    for r, cents in tables.leads.get(place.g, ()):
        days = list(draft.days_of(r, relay))
        quiet = [day for day in days if not draft.crowd(relay, day)]
        chosen = {
            each[index] for start in starts for each in (quiet, days) if (index := bisect_left(each, start)) < len(each)
        }
        for day in islice(sorted(chosen), _DAYS):
            yield r, day, cents
        able += bool(chosen)
        if able == _TRAINERS:
            return


def _starts(draft: Draft, place: Place) -> set[int]:
    """The first day, and those from which the lags of the demands around are over."""
    tables = draft.tables
    starts = {tables.first}
    for n, _ in tables.seats.get(place.g, ()):
        if n in draft.at:
            continue
        demand = tables.demands[n]
        own = [] if demand.release is None else [demand.release]
        own += [draft.sessions[draft.at[m]].day + lag for m, lag in tables.sources.get(n, ()) if m in draft.at]
        if own and min(own) <= tables.last:
            starts.add(max(tables.first, min(own)))
    return starts
