"""The greedy in many worlds at once, round after round: in each world a session, the one that comes first."""

from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np

from prai_match.packing._counts import Flags, Floats, Ints
from prai_match.packing._options import EACH, Weights
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
    """Who has priority is served first, by what is their first offer; then those whose first it is, the nearest first.

    Others are seated where it takes them to reach the fewest people.
    """

    def __init__(self, worlds: Seasons) -> None:
        self._first = np.where(worlds.guests, worlds.units, -1).argmax(axis=2)

    def spots(self, worlds: Seasons) -> Spots:
        opens = worlds.open
        reach = np.matmul(worlds.near.astype(np.float64), opens.astype(np.float64)) > 0
        wants = worlds.guests & reach & (worlds.seats == 0)[:, :, None]
        waits = wants.any(axis=2)
        world = np.flatnonzero(waits.any(axis=1))
        t = np.where(waits[world], worlds.priority[world], -1).argmax(axis=1) if len(world) else world
        s = np.where(wants[world, t], worlds.units[world, t], -1).argmax(axis=1) if len(world) else world
        far = np.where(opens[world, :, s] & worlds.near[t], worlds.km[t], np.inf)
        return Spots(world, far.argmin(axis=1) if len(world) else world, s)

    def order(self, worlds: Seasons, spots: Spots) -> tuple[Floats, Flags]:
        world, host, session = spots
        first = (self._first[world] == session[:, None]) & (worlds.seats[world] == 0)
        return np.where(first, _BEFORE - worlds.km[host], 1.0 + worlds.units[world, :, session]), ~first


class ByPoints:
    """The session that brings most points, with what is owed to those who have no seat yet.

    ``value``, (W, T, S), is in whole points of seating each; None: those of the scores.
    """

    def __init__(self, value: Ints | None = None) -> None:
        self._value = value

    def _worth(self, worlds: Seasons) -> Ints:
        if self._value is not None:
            return self._value
        owed = np.where(worlds.seats == 0, np.rint(worlds.priority * Weights().priority).astype(np.int64), 0)
        return np.asarray(worlds.units + owed[:, :, None])

    def spots(self, worlds: Seasons) -> Spots:
        opens = worlds.open
        live = np.flatnonzero(opens.any(axis=(1, 2)))
        near, guests = worlds.near.astype(np.float64), worlds.guests[live]
        people, certain, points = (
            np.matmul(near, np.where(guests, each[live], 0).astype(np.float64))
            for each in (worlds.people, worlds.sure, self._worth(worlds))
        )
        worth = np.where(people > 0, points * np.minimum(people, worlds.most) / np.maximum(people, 1), 0.0)
        worth[~(opens[live] & (certain >= worlds.least))] = 0.0
        flat = worth.reshape(len(live), guests[0].size if len(live) else 0)
        place = flat.argmax(axis=1) if len(live) else live
        good = flat[np.arange(len(live)), place] > 0
        return Spots(live[good], *np.divmod(place[good], len(worlds.least)))

    def order(self, worlds: Seasons, spots: Spots) -> tuple[Floats, Flags]:
        worth = self._worth(worlds)[spots.world, :, spots.session].astype(np.float64)
        return worth, np.zeros(worth.shape, bool)


def in_worlds(worlds: Seasons, objective: Objective) -> Opened:
    """Open sessions in all worlds, one a round in each, until none has another."""
    parts, places = [Opened.none(worlds.width)], list[Flags]()
    while len((spots := objective.spots(worlds)).world):
        opened, could, good = _held(worlds, spots, objective)
        worlds.take(opened)
        worlds.failures[spots.world[~good]] += 1
        worlds.hosts[spots] = False
        parts.append(opened)
        places.append(could)
    return Opened.concat(parts[0], *(_filled(worlds, *each) for each in zip(parts[1:], places, strict=True)))


def _filled(worlds: Seasons, opened: Opened, could: Flags) -> Opened:
    """Seat in the room that is left those who bring most points of those who could come and still can."""
    world, day = opened.world, opened.day - worlds.day.first
    can = could & worlds.guests[world, :, opened.session] & (worlds.seats[world] < EACH)
    can &= ~worlds.there[world[:, None], np.arange(can.shape[1]), day[:, None]]
    worth = np.where(can, 1.0 + worlds.units[world, :, opened.session], -1.0)
    room = worlds.most[opened.session] - opened.invited.sum(axis=1)
    more = _seated(worlds, opened.world, opened.session, worth, room)
    worlds.seat(replace(opened, invited=more))
    return replace(opened, invited=opened.invited + more)


def _held(worlds: Seasons, spots: Spots, objective: Objective) -> tuple[Opened, Flags, Flags]:
    """Give sessions their relay, trainer, day and people.

    Return those that can be held, who could come to each (N, T), and which of all sessions these are.
    """
    (world, host, session), each = spots, np.arange(len(spots.world))
    axis, width = worlds.axis[world, :, session], worlds.day.frames.axes.height
    row, t = np.nonzero(worlds.guests[world, :, session] & worlds.near[host] & (worlds.seats[world] < EACH))
    comes = worlds.comes(world[row], t, session[row], host[row], axis[row, t])
    row, t = row[comes], t[comes]
    # Trainers around each host for its own axis, then for those of its guests.
    keys, place = np.unique(
        np.concatenate([each * width + axis[each, host], row * width + axis[row, t]]), return_inverse=True
    )
    own, of_guest = place[: len(each)], place[len(each) :]
    at = keys // width
    around = worlds.around(world[at], host[at], session[at], keys % width)
    days = worlds.left.team.free[world, 0] & ~worlds.closed & ~worlds.there[world, host]
    days &= np.arange(days.shape[1]) >= worlds.release[world, host, session][:, None]
    cents = around.cents[own]
    trainers = around.free[own] & worlds.left.teaching.free[world] & days[:, None]
    if worlds.cents is not None:
        # What isn't known, and isn't assumed, can't be said to be within the money left.
        trainers &= ((cents >= 0) & (cents <= worlds.cents[world][:, None]))[:, :, None]
    carry, points = worlds.relays[0][at_host := (world, worlds.departement[host], session)], worlds.relays[1][at_host]
    relays = carry[:, :, None] & worlds.hosting[world]
    both = np.matmul(trainers.astype(np.float32), relays.astype(np.float32).swapaxes(1, 2)) > 0
    total = np.where(both, around.points[own][:, :, None] + points[:, None, :], -np.inf)
    r, p = np.divmod(total.reshape(len(each), -1).argmax(axis=1), relays.shape[1])
    day = (trainers[each, r] & relays[each, p]).argmax(axis=1)
    there = np.zeros(axis.shape, bool)
    there[row, t] = around.able[of_guest, r[row]]
    there &= worlds.release[world, :, session] <= day[:, None]
    there &= ~worlds.there[world[:, None], np.arange(axis.shape[1]), day[:, None]]
    worth, needed = objective.order(worlds, spots)
    worth = np.where(there, worth, -1.0)
    worth[each, host], needed[each, host] = np.where(there[each, host], np.inf, -1.0), False
    invited = _seated(worlds, world, session, worth, worlds.most[session], needed)
    certain = np.where(invited > 0, worlds.sure[world, :, session], 0).sum(axis=1)
    good = both.any(axis=(1, 2)) & (invited[each, host] > 0) & (certain >= worlds.least[session])
    opened = Opened(
        world=world,
        session=session,
        host=host,
        axis=axis[each, host],
        relay=p,
        trainer=r,
        day=worlds.days[day],
        cents=cents[each, r],
        invited=invited,
    )
    return opened.only(good), there[good], good


def _seated(  # noqa: PLR0913, PLR0917 - all that decides on who has a seat
    worlds: Seasons, world: Ints, session: Ints, worth: Floats, room: Ints, needed: Flags | None = None
) -> Ints:
    """Seat those who are worth most, as long as there is room; below 0, nobody: (N, T) people.

    Some are seated only if they are ``needed`` to reach the fewest people.
    """
    party, sure = (np.where(worth > 0, table[world, :, session], 0) for table in (worlds.people, worlds.sure))
    each, short, seats = np.arange(len(world)), worlds.least[session], np.zeros_like(party)
    for t in np.argsort(-worth, axis=1, kind="stable").T[: int((worth > 0).sum(axis=1).max(initial=0))]:
        people = party[each, t]
        fits = (people > 0) & (people <= room)
        if needed is not None:
            fits &= ~needed[each, t] | (short > 0)
        seats[each[fits], t[fits]] = people[fits]
        room, short = room - np.where(fits, people, 0), short - np.where(fits, sure[each, t], 0)
    return seats
