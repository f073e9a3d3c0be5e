"""The quick planner: in every world at once, the session that brings most, then the next, as relays have time for.

It keeps the conditions of a plan (`prai_match.plan.CONDITIONS`), and one more: one session a day in the whole
programme. Sums are of whole numbers, so that no result depends on how many worlds are computed together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from prai_match.plan import EACH
from prai_match.simulate._bookings import Bookings

if TYPE_CHECKING:
    from prai_match.simulate._case import Case
    from prai_match.simulate._draws import Flags, Floats, Ints
    from prai_match.simulate._region import Region
    from prai_match.simulate._state import State

AHEAD = 75
"""Days after the notice within which a session gets its date."""

_POINTS = 1024
"""Scores are counted in so many parts of a point."""

_RETRIES = 12
"""Places that may turn out not to be possible, in a month, before a world gives up."""

_NEVER = np.iinfo(np.int64).max


class _Places(NamedTuple):
    """Where and what: one place a world at most."""

    world: Ints
    host: Ints
    session: Ints


@dataclass(eq=False)
class _Open:
    """What is still open while a month is decided; arrays change from session to session.

    Attributes:
        mask: (W, T, S) who can still be invited to what.
        host: (W, T, S) where what can still be held.
        value: (W, T, S) whole points of serving each.
        people: (W, T, S) who would come.
        silent: (W, T, S) of whom it isn't known how many they are: they don't count towards the fewest.
        slots: (W, P) sessions that each relay still has time for.
        days: (W, L) whether a session can be held, from the first day after the notice.
        free: (W, R, L) whether each trainer is free.
        monthly: (W, R, M) sessions that each trainer can still lead in each month.
        cents: (W,) money left; None: no limit.
        invited: (W, T) sessions that each territory is invited to.
        release: (W, T, S) ordinal from which each can come: the lag after what it follows.
    """

    mask: Flags
    host: Flags
    value: Floats
    people: Floats
    silent: Flags
    slots: Ints
    days: Flags
    free: Flags
    monthly: Ints
    cents: Ints | None
    invited: Ints
    release: Ints


def quick(case: Case) -> Bookings:
    """Decide on the sessions of a month, as the scores of the recommender say."""
    return _decided(case, np.floor(case.offers.score * _POINTS), case.trace.region.near)


def requests(case: Case) -> Bookings:
    """Decide on the sessions of a month as the requests come: a workshop for which most people asked, or a buffet.

    No score counts, and only those are invited who live in the département of the host.
    """
    region = case.trace.region
    asked = np.minimum(case.trace.state.asked(), case.expected) * region.workshop
    value = asked * _POINTS + np.where(region.workshop, 0, case.expected)
    same = region.departement[:, None] == region.departement[None, :]
    return _decided(case, value.astype(np.float64), region.near & same)


def _decided(case: Case, value: Floats, near: Flags) -> Bookings:
    """Decide one session after the other in each world.

    Args:
        case: What is decided from.
        value: (W, T, S) whole points of serving each.
        near: (T, T) who can be invited where.
    """
    left = _open(case, value)
    reach = near.astype(np.float64)
    found = [Bookings.none(len(near))]
    failed = np.zeros(len(value), np.int64)
    while len((places := _best(case, left, reach, failed)).world):
        made, good = _held(case, left, near, places)
        found.append(made)
        failed[places.world[~good]] += 1
        left.host[places] = False
    return Bookings.joined(*found)


def _open(case: Case, value: Floats) -> _Open:
    region, state = case.trace.region, case.trace.state
    waiting = state.waiting()
    # What leads to a session that somebody is invited to, or follows it, waits for its lag.
    linked = np.matmul(waiting.astype(np.float64), region.linked.astype(np.float64)) > 0
    mask = case.offers.offered & ~waiting & ~linked & (region.workshop | case.buffets)
    begin = case.first - region.start
    window = slice(begin, begin + len(case.open))
    room = np.where(region.per_year < 0, _NEVER, region.per_year - state.carried(case.known))
    return _Open(
        mask=mask,
        host=mask.copy(),
        value=value,
        people=case.expected.astype(np.float64),
        silent=state.silent(),
        slots=np.minimum(case.slots, np.maximum(room, 0)),
        days=case.open & ~state.taken[:, window],
        free=region.free[:, window] & ~state.busy[:, :, window],
        monthly=_monthly(region, state),
        cents=state.left(),
        invited=np.zeros(mask.shape[:2], np.int64),
        release=_release(state.attended, case.offers.lags),
    )


def _release(attended: Ints, lags: Ints) -> Ints:
    """Return the ordinal from which each territory can come: the lag after what it follows; 0: from now on."""
    found = np.full(attended.shape, _NEVER)
    for source, target in np.argwhere((lags >= 0).any(axis=0)):
        day = attended[:, :, source] + lags[:, None, source, target]
        soonest = np.minimum(found[:, :, target], day)
        found[:, :, target] = np.where(attended[:, :, source] > 0, soonest, found[:, :, target])
    return np.where(found == _NEVER, 0, found)


def _monthly(region: Region, state: State) -> Ints:
    """Return the sessions that each trainer can still lead in each month: (W, R, M)."""
    number = region.month_of_day
    left = np.zeros((*state.busy.shape[:2], int(number.max(initial=-1)) + 1), np.int64) + region.per_month[:, None]
    world, trainer, day = np.nonzero(state.busy)
    np.add.at(left, (world, trainer, number[day]), -1)
    return left


def _best(case: Case, left: _Open, reach: Floats, failed: Ints) -> _Places:
    """Return the place that brings most in each world that still has one."""
    region, offers = case.trace.region, case.offers
    slots = np.concatenate([left.slots, np.zeros((len(left.slots), 1), np.int64)], axis=1)  # for no relay
    able = np.take_along_axis(slots, offers.relay.reshape(len(slots), -1), axis=1).reshape(offers.relay.shape) > 0
    possible = left.host & left.mask & able & (offers.trainer >= 0) & (failed < _RETRIES)[:, None, None]
    live = np.flatnonzero(possible.any(axis=(1, 2)))
    mask = left.mask[live]
    people = np.matmul(reach, left.people[live] * mask)
    counted = people
    if left.silent.any():
        counted = np.matmul(reach, left.people[live] * (mask & ~left.silent[live]))
    points = np.matmul(reach, left.value[live] * mask)
    worth = np.where(people > 0, points * np.minimum(people, region.most) / np.maximum(people, 1), 0.0)
    worth[~(possible[live] & (counted >= region.least))] = 0.0
    flat = worth.reshape(len(live), mask.shape[1] * mask.shape[2])
    place = flat.argmax(axis=1) if len(live) else live
    good = flat[np.arange(len(live)), place] > 0
    width = len(region.workshop)
    return _Places(live[good], place[good] // width, place[good] % width)


def _held(case: Case, left: _Open, near: Flags, places: _Places) -> tuple[Bookings, Flags]:
    """Give sessions their day and their people; return them, and which could be held."""
    region, offers = case.trace.region, case.offers
    trainer = offers.trainer[places]
    ordinals = case.first + np.arange(left.days.shape[1])
    days = left.days[places.world] & left.free[places.world, trainer]
    days &= left.monthly[places.world, trainer][:, region.month_of_day[ordinals - region.start]] > 0
    days &= ordinals >= left.release[places][:, None]
    day = ordinals[days.argmax(axis=1)]
    cents = region.cents(places.host, trainer, places.session)
    people = _seated(case, left, near, places, day)
    counted = people * ~left.silent[places.world, :, places.session]
    good = days.any(axis=1) & (counted.sum(axis=1) >= region.least[places.session])
    if left.cents is not None:
        # What isn't known, and isn't assumed, can't be said to be within the money left.
        good &= (cents >= 0) & (cents <= left.cents[places.world])
    made = Bookings(
        world=places.world,
        session=places.session,
        host=places.host,
        axis=offers.axis[places],
        relay=offers.relay[places],
        trainer=trainer,
        day=day,
        known=np.full(len(day), case.known),
        cents=cents,
        invited=people,
    ).only(good)
    _take(case, left, made)
    return made, good


def _seated(case: Case, left: _Open, near: Flags, places: _Places, day: Ints) -> Ints:
    """Seat the host, then those around whom it serves best, as long as there is room: (N, T) people."""
    region, (world, host, session) = case.trace.region, places
    each, trainer = np.arange(len(world)), case.offers.trainer[places]
    able = left.mask[world, :, session] & near[host] & (left.invited[world] < EACH)
    able &= region.knows[trainer[:, None], case.offers.axis[world, :, session]]
    able &= left.release[world, :, session] <= day[:, None]
    value = np.where(able, left.value[world, :, session], -1.0)
    value[each, host] = np.where(able[each, host], np.inf, -1.0)
    order = np.argsort(-value, axis=1, kind="stable")
    wanted = np.where(able, left.people[world, :, session], 0).astype(np.int64)
    room, seated = region.most[session].copy(), np.zeros_like(wanted)
    for rank in range(int(able.sum(axis=1).max(initial=0))):
        t = order[:, rank]
        people = wanted[each, t]
        fits = (people > 0) & (people <= room)
        seated[each[fits], t[fits]] = people[fits]
        room = room - np.where(fits, people, 0)
    seated[seated[each, host] == 0] = 0
    return seated


def _take(case: Case, left: _Open, made: Bookings) -> None:
    """Take what sessions use up."""
    world, day = made.world, made.day - case.first
    row, territory = np.nonzero(made.invited)
    left.mask[world[row], territory] &= ~case.trace.region.linked[made.session[row]]
    left.mask[world[row], territory, made.session[row]] = False
    left.invited[world[row], territory] += 1
    left.slots[world, made.relay] -= 1
    left.days[world, day] = False
    left.free[world, made.trainer, day] = False
    left.monthly[world, made.trainer, case.trace.region.month_of_day[made.day - case.trace.region.start]] -= 1
    if left.cents is not None:
        left.cents[world] -= made.cents
