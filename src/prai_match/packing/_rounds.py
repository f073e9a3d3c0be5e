"""The greedy in many worlds at once, in rounds: each opens one session per world, the one that ranks first."""

from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np

from prai_match import offers
from prai_match.packing._counts import Flags, Floats, Ints
from prai_match.packing._options import Weights
from prai_match.packing._seasons import Opened, Seasons

_BEFORE = 2.0**30  # more than the units of any score, so that those whose first offer it is come before all others


class Spots(NamedTuple):
    """Where and what: one place a world at most."""

    world: Ints
    host: Ints
    session: Ints


class Objective(Protocol):
    """What comes first."""

    def spots(self, worlds: Seasons) -> Spots:
        """Return the session that is opened next in each world that still has one."""

    def order(self, worlds: Seasons, spots: Spots) -> tuple[Floats, Flags]:
        """Return how much it is worth to seat each territory, (N, T), above 0; and who is seated only if needed."""


class ByPriority:
    """Serve by priority, with first-choice offers; then those with the same first-choice offer, the nearest first.

    Others are seated if they are needed to reach the minimum number of people.
    """

    def __init__(self, worlds: Seasons) -> None:
        self._first = np.where(worlds.guests, worlds.units, -1).argmax(axis=2)

    def spots(self, worlds: Seasons) -> Spots:
        live, opens = worlds.open()
        reach = offers.product(worlds.near.astype(np.float32), opens.astype(np.float32)) > 0
        wants = worlds.guests[live] & reach & (worlds.seats[live] == 0)[:, :, None]
        waits = wants.any(axis=2)
        here = np.flatnonzero(waits.any(axis=1))
        if not len(world := live[here]):
            return Spots(world, world, world)
        t = np.where(waits[here], worlds.priority[world], -1).argmax(axis=1)
        s = np.where(wants[here, t], worlds.units[world, t], -1).argmax(axis=1)
        far = np.where(opens[here, :, s] & worlds.near[t], worlds.km[t], np.inf)
        return Spots(world, far.argmin(axis=1), s)

    def order(self, worlds: Seasons, spots: Spots) -> tuple[Floats, Flags]:
        world, host, session = spots
        first = (self._first[world] == session[:, None]) & (worlds.seats[world] == 0)
        return np.where(first, _BEFORE - worlds.km[host], 1.0 + worlds.units[world, :, session]), ~first


class ByPoints:
    """Open the session with most points, with extra points for territories without a seat.

    ``value``, (W, T, S), is in whole points for seating each; None means those of the scores.
    """

    def __init__(self, value: Ints | None = None) -> None:
        self._value = value

    def _worth(self, worlds: Seasons) -> Ints:
        if self._value is not None:
            return self._value
        owed = np.where(worlds.seats == 0, np.rint(worlds.priority * Weights().priority).astype(np.int64), 0)
        return np.asarray(worlds.units + owed[:, :, None])

    def spots(self, worlds: Seasons) -> Spots:
        live, opens = worlds.open()
        near, guests = worlds.near.astype(np.float64), worlds.guests[live]
        people, certain, points = (
            offers.product(near, np.where(guests, each[live], 0).astype(np.float64))
            for each in (worlds.people, worlds.sure, self._worth(worlds))
        )
        worth = np.where(people > 0, points * np.minimum(people, worlds.most) / np.maximum(people, 1), 0.0)
        worth[~(opens & (certain >= worlds.least))] = 0.0
        flat = worth.reshape(len(live), guests[0].size if len(live) else 0)
        place = flat.argmax(axis=1) if len(live) else live
        good = flat[np.arange(len(live)), place] > 0
        return Spots(live[good], *np.divmod(place[good], len(worlds.least)))

    def order(self, worlds: Seasons, spots: Spots) -> tuple[Floats, Flags]:
        worth = self._worth(worlds)[spots.world, :, spots.session].astype(np.float64)
        return worth, np.zeros(worth.shape, bool)


def in_worlds(worlds: Seasons, objective: Objective) -> tuple[Opened, Ints]:
    """Open sessions in all worlds, one a round in each; return them, and who joins those ahead: (A, T) people."""
    world, t, session, ahead = worlds.able
    worth, needed = objective.order(worlds, Spots(world, worlds.ahead.host[ahead], session))
    _join(worlds, np.where(needed, -1.0, worth)[np.arange(len(t)), t])
    parts, places = [Opened.none(worlds.width)], list[Flags]()
    while len((spots := objective.spots(worlds)).world):
        worlds.live = spots.world  # what can't be held now can't be later either
        opened, could, good = _held(worlds, spots, objective)
        worlds.take(opened)
        worlds.failures[spots.world[~good]] += 1
        worlds.hosts[spots] = False
        parts.append(opened)
        places.append(could)
    _join(worlds, 1.0 + worlds.units[world, t, session])
    filled = (_filled(worlds, *each) for each in zip(parts[1:], places, strict=True))
    return Opened.concat(parts[0], *filled), worlds.joined


def _join(worlds: Seasons, worth: Floats) -> None:
    """Invite those who can join booked sessions, by decreasing worth, one per turn in each world."""
    left = np.lexsort((-worth, worlds.able.world))
    while len(left := left[worlds.can_join(left) & (worth[left] > 0)]):
        now = left[offers.begins(worlds.able.world[left])]
        world, t, session, row = (each[now] for each in worlds.able)
        invited = np.zeros((len(now), worlds.width), np.int64)
        invited[np.arange(len(now)), t] = worlds.people[world, t, session]
        worlds.joined[row] += invited
        worlds.room[row] -= worlds.people[world, t, session]
        worlds.seat(replace(worlds.ahead.only(row), invited=invited))


def _filled(worlds: Seasons, opened: Opened, could: Flags) -> Opened:
    """Fill the remaining room with those who bring most points among those who can still attend."""
    world, session = opened.world, opened.session
    worth = np.where(could & worlds.guests_of(opened), 1.0 + worlds.units[world, :, session], -1.0)
    more = _seated(worlds, world, session, worth, opened.room(worlds.most))
    worlds.seat(replace(opened, invited=more))
    return replace(opened, invited=opened.invited + more)


def _held(worlds: Seasons, spots: Spots, objective: Objective) -> tuple[Opened, Flags, Flags]:
    """Give sessions their relay, trainer, day and people.

    Return those that can be held, who could come to each (N, T), and which of all sessions these are.
    """
    opened, held = _with_actors(worlds, spots)
    could, spots = worlds.comes(opened), Spots(*(each[held] for each in spots))
    (world, host, session), each = spots, np.arange(len(opened))
    worth, needed = objective.order(worlds, spots)
    worth = np.where(could, worth, -1.0)
    worth[each, host], needed[each, host] = np.where(could[each, host], np.inf, -1.0), False
    invited = _seated(worlds, world, session, worth, worlds.most[session], needed)
    certain = np.where(invited > 0, worlds.sure[world, :, session], 0).sum(axis=1)
    held[held] = good = (invited[each, host] > 0) & (certain >= worlds.least[session])
    return replace(opened, invited=invited).only(good), could[good], held


def _with_actors(worlds: Seasons, spots: Spots) -> tuple[Opened, Flags]:
    """Return sessions with the best relay and trainer who share a day, on the first, and which sessions have them."""
    (world, host, session), each, axis = spots, np.arange(len(spots.world)), worlds.axis[spots]
    around = worlds.around(world, host, session, axis)
    days = worlds.left.team.free[world, 0] & ~(
        worlds.closed | worlds.there[world, host, worlds.day.frames.notice_days :]
    )
    days &= np.arange(days.shape[1]) >= worlds.release[spots][:, None]
    trainers = around.free & worlds.left.teaching.free[world] & days[:, None]
    if worlds.cents is not None:
        # An unknown cost without an assumption can't be checked against the money left.
        trainers &= ((around.cents >= 0) & (around.cents <= worlds.cents[world][:, None]))[:, :, None]
    place = world, slice(None), worlds.departement[host], session
    carry, points = worlds.relays[0][place], worlds.relays[1][place]
    relays = carry[:, :, None] & worlds.hosting(world)
    both = np.matmul(trainers.astype(np.float32), relays.astype(np.float32).swapaxes(1, 2)) > 0
    total = np.where(both, around.points[:, :, None] + points[:, None, :], -np.inf)
    trainer, relay = np.divmod(total.reshape(len(each), -1).argmax(axis=1), relays.shape[1])
    day = worlds.days[(trainers[each, trainer] & relays[each, relay]).argmax(axis=1)]
    cents = around.cents[each, trainer]
    nobody = np.zeros((len(each), worlds.width), np.int64)
    found = both.any(axis=(1, 2))
    return Opened(world, session, host, axis, relay, trainer, day, cents, nobody).only(found), found


def _seated(  # noqa: PLR0913, PLR0917 - all that decides on who has a seat
    worlds: Seasons, world: Ints, session: Ints, worth: Floats, room: Ints, needed: Flags | None = None
) -> Ints:
    """Seat those worth most, above 0, while there is room, some only if ``needed`` for the fewest: (N, T) people."""
    party, sure = (np.where(worth > 0, table[world, :, session], 0) for table in (worlds.people, worlds.sure))
    each, short, seats = np.arange(len(world)), worlds.least[session], np.zeros_like(party)
    for t in np.argsort(-worth, axis=1, kind="stable").T[: int((worth > 0).sum(axis=1).max(initial=0))]:
        fits = party[each, t] <= room
        if needed is not None:
            fits &= ~needed[each, t] | (short > 0)
            short = short - sure[each, t] * fits
        seats[each, t] = party[each, t] * fits
        room = room - seats[each, t]
    return seats
