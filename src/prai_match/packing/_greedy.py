"""The greedy that makes the first plan: the session with most points, then the next, then remaining seats.

A search without a solver improves it: it removes some sessions near one another, and adds what fits.
"""

import heapq
import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from prai_match.packing._draft import STRICT, Draft, Labels, Option
from prai_match.packing._priority import by_priority
from prai_match.packing._tables import NOBODY, Place, Tables, groups
from prai_match.packing._wishes import wishes

_TRAINERS, _DAYS = 6, 3  # trainers tried for a place, the cheapest first, and days for each trainer
_STEPS, _ALL = 2, 100  # tries for each session, and at most of all
_MORE, _AMONG = 4, 10  # sessions taken out beside the first, and the nearest of which they are drawn


def greedy(tables: Tables) -> Draft:
    """Return the best of several plans: by points per session or per euro, by priority, like the plan before."""
    more = [extend(_as_before(tables))] if tables.before else []
    first = by_priority(tables, wishes(tables.inputs, tables.inputs.snapshot.frames.territories))
    return max(extend(Draft(tables)), extend(Draft(tables), by_euro=True), extend(first), *more, key=points)


def _as_before(tables: Tables) -> Draft:
    """Repeat, by date, the sessions of the previous plan that can still be held, with their participants."""
    draft, came = Draft(tables), groups((g, n) for n, g in tables.came.items())
    for g, (r, p, day) in sorted(tables.before.items(), key=lambda item: (item[1][2], item[0])):
        place, cents = tables.places[g], tables.leads.get(g, {}).get(r)
        there = p in tables.relays.get(g, ()) and day in draft.days_of(g, r, p)
        if place.booked or cents is None or not there or not draft.affords(cents):
            continue
        worth, members = draft.fill(place, r, day, came.get(g, ()))
        if members:
            draft.add(Option(draft.net(worth, g, r, p, day, cents), g, r, p, day, cents, members))
    return draft


def points(draft: Draft) -> float:
    tables, weights, total = draft.tables, draft.tables.weights, 0.0
    for g, session in sorted(draft.sessions.items()):
        km, early = tables.seats.get(g, {}), tables.earliness(session.day)
        for n in session.members:
            demand = tables.demands[n]
            total += demand.worth - weights.km * km[n] + demand.old * early + tables.returns(n, g)
        total += tables.stays(g, session.r, session.p, session.day) - weights.euros * session.cents / 100
    total += sum({tables.demands[n].t: tables.demands[n].first for n in sorted(draft.at)}.values())
    over = sum(max(0.0, count - tables.capacity.get(r, 0) / 2) for r, count in sorted(draft.load.items()))
    return total - weights.load * over - weights.spread * draft.crowds


def extend(draft: Draft, *, by_euro: bool = False) -> Draft:
    """Add sessions to a draft as long as one brings points, then seat all who can still attend."""
    tables = draft.tables
    draft.fill_up()

    def key(option: Option) -> float:
        return -option.gain / (max(1, option.cents) if by_euro else 1)

    waiting = [(key(option), place.g) for place in tables.places if (option := best(draft, place))]
    heapq.heapify(waiting)
    while waiting:
        _, g = heapq.heappop(waiting)
        if (option := best(draft, tables.places[g])) is None:
            continue
        if waiting and key(option) > waiting[0][0]:
            heapq.heappush(waiting, (key(option), g))
        else:
            draft.add(option)
    draft.fill_up()
    return draft


def best(draft: Draft, place: Place, without: Labels = STRICT) -> Option | None:
    """Return the best session that can be added at a place, ignoring the conditions ``without``, or None."""
    if place.booked or place.g in draft.sessions:
        return None
    everyone, first = draft.waiting(place), None
    if place.n not in everyone:
        return None
    relay = NOBODY if "relay_room" in without else draft.relay(place.g)
    if relay == NOBODY and "relay_room" not in without:
        return None
    for r, day, cents in _tries(draft, place, relay, without):
        if not draft.affords(cents) and "budget" not in without:
            continue
        worth, members = draft.fill(place, r, day, everyone, without)
        gain = worth if r == NOBODY else draft.net(worth, place.g, r, relay, day, cents)
        if members and gain > 0 and (first is None or gain > first.gain):
            first = Option(gain, place.g, r, relay, day, cents, members)
    return first


def _tries(draft: Draft, place: Place, relay: int, without: Labels) -> Iterator[tuple[int, int, int]]:
    """Yield what is worth trying: on the first quiet days, and on the first after each lag."""
    tables, able, starts = draft.tables, 0, sorted(_starts(draft, place))
    if "trainer_free" in without:
        days = tables.days
        yield from ((NOBODY, day, 0) for day in days[:: max(1, len(days) // _DAYS)])
        return
    if place.g in tables.before:
        r, _, day = tables.before[place.g]
        cents = tables.leads.get(place.g, {}).get(r)
        if cents is not None and day in draft.days_of(place.g, r, relay):
            yield r, day, cents
    calm = {day for day in tables.days if not draft.crowd(relay, day)}
    for r, cents in tables.leads.get(place.g, {}).items():
        days = draft.days_of(place.g, r, relay, without)
        quiet = [day for day in days if day in calm]
        first = {day for start in starts for each in (quiet, days) for day in each[bisect_left(each, start) :][:1]}
        yield from ((r, day, cents) for day in sorted(first)[:_DAYS])
        able += bool(first)
        if able == _TRAINERS:
            return


def _starts(draft: Draft, place: Place) -> set[int]:
    """Return the first day, and those from which the lags of the demands around are over."""
    tables = draft.tables
    starts = (draft.start(tables.demands[n]) for n in tables.seats.get(place.g, ()) if n not in draft.at)
    return {tables.first, *(max(tables.first, start) for start in starts if start is not None and start <= tables.last)}


def refills(draft: Draft, seed: int) -> Iterator[Draft]:
    """Yield the best draft so far after each attempt to improve it; the same ``seed`` gives the same drafts."""
    tables, dice, best = draft.tables, random.Random(seed), points(draft)  # noqa: S311 - a search, nothing secret
    near = {one.g: {tables.demands[n].t for n in tables.seats.get(one.g, ())} for one in tables.places}
    for _ in range(min(_ALL, _STEPS * len(draft.sessions))):
        first = dice.choice(held := sorted(draft.sessions))
        around = sorted(held, key=lambda g: (-len(near[first] & near[g]), g))[:_AMONG]
        out = {first, *dice.sample(around, min(len(around), dice.randint(0, _MORE)))}
        other = extend(_without(draft, out))
        if (now := points(other)) >= best:
            draft, best = other, now
        yield draft


def _without(draft: Draft, out: set[int]) -> Draft:
    """Repeat, by date, the sessions of a draft except those at some places; those who can't attend are left out."""
    again = Draft(draft.tables)
    for session in sorted(draft.sessions.values(), key=lambda each: (each.day, each.g)):
        place, kept = draft.tables.places[session.g], () if session.g in out else session.members
        members = again.fill(place, session.r, session.day, kept)[1]
        if place.booked:
            again.seat(session.g, members)
        elif members:
            again.add(replace(session, members=members))
    return again
