"""The state of the greedy in many worlds of a programme at once: one session per round and world.

Worlds, territories, sessions, relays and trainers are those of one world, by number; the engine numbers all worlds one
after the other. Sums are of whole numbers, so that no result depends on how many worlds are computed together.
"""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
import polars as pl

from prai_match import offers
from prai_match.model import Pace
from prai_match.offers import EveryDay
from prai_match.packing._counts import Capacities, Flags, Floats, Ints, KnownSessions
from prai_match.packing._options import EACH
from prai_match.policy import GRID, Policy

_TRIES = 12  # sessions that can't be held after all, before a world has enough of them
_UNKNOWN = -1  # cents of a cost that isn't known


@dataclass(frozen=True, eq=False)
class Opened:
    """Sessions that are opened, a row each, and who is invited; -1: unknown."""

    world: Ints
    session: Ints
    host: Ints  # territory ``t``
    axis: Ints  # axis ``x`` that the host asks for
    relay: Ints
    trainer: Ints
    day: Ints
    cents: Ints
    invited: Ints  # (N, T) people that each territory would send; 0: it isn't invited

    @classmethod
    def none(cls, territories: int) -> Self:
        columns = {each.name: np.zeros(0, np.int64) for each in fields(cls)}
        return cls(**{**columns, "invited": np.zeros((0, territories), np.int64)})

    @classmethod
    def concat(cls, *parts: Self) -> Self:
        return cls(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)))

    def only(self, which: Flags | Ints) -> Self:
        return type(self)(*(getattr(self, each.name)[which] for each in fields(self)))

    def room(self, most: Ints) -> Ints:
        """Return how many people can still be invited to each, of the ``most`` of each session."""
        return np.asarray(most[self.session] - self.invited.sum(axis=1))

    def __len__(self) -> int:
        return len(self.world)


class Joins(NamedTuple):
    """Territories that can join sessions ahead, a row each."""

    world: Ints
    t: Ints
    session: Ints
    ahead: Ints  # the row of the session


class Around(NamedTuple):
    """The trainers around some hosts, for an axis each: (N, R, L) on which days, and (N, R) points and cents."""

    free: Flags
    points: Floats
    cents: Ints


@dataclass(eq=False)
class Seasons:
    """What can be held and who can attend in each world; arrays change as sessions are opened.

    Rules, open days, relays and trainers are what the engine says (see `prai_match.offers`) of the days under the
    council that sits first.
    """

    day: EveryDay
    policy: Policy
    pace: Pace
    people: Ints  # (W, T, S) who would come
    sure: Ints  # (W, T, S) how many of them count towards the fewest of a session
    may: Flags  # (W, T, S) who may be invited to what, beside the rules
    near: Flags  # (T, T) who can be invited to which host
    km: Floats  # (T, T)
    known: KnownSessions
    there: Flags  # (W, T, D) who has a seat already on which day, from the day itself to the last of the season
    slots: Ints  # (W, P) sessions that each relay has time for
    closed: Flags  # (L,) days on which nothing is held, whatever the calendar says
    cents: Ints | None  # (W,) money left; None: no limit
    ahead: Opened  # sessions decided on before, the last of those that are booked
    joins: bool  # whether others can be invited to these

    def __post_init__(self) -> None:
        frames, shape = self.day.frames, self.people.shape
        self.seats, self.failures = np.zeros(shape[:2], np.int64), np.zeros(shape[0], np.int64)
        self.live = np.arange(shape[0])  # the worlds in which something can still be held
        self.days = self.day.first + np.arange(self.day.length)
        self.has_time = np.asarray(self.hosting(self.live).any(axis=2))  # (W, P) whether each relay has a day left
        # Only where a relay has time, or near it, does it matter what can be held.
        able, near = self._able(self.live).any(axis=2), self.near.astype(np.float32)
        asked = (offers.product(np.asarray(able, np.float32), near) > 0).ravel()
        cells = offers.sift(self.day, self.policy, frames.territories["t"], alone=True, asked=asked)
        of = {name: getattr(cells, name).reshape(shape).astype(np.int64) for name in ("x", "units", "lag", "stage")}
        self.guests = (of["stage"] > 0) & self.may
        self.hosts = cells.possible.reshape(shape) & self.may
        self.axis, self.units = of["x"], np.where(self.guests, of["units"], 0)
        self.release = np.maximum(of["lag"], 0)  # (W, T, S) the first day of the season after the lag
        edges, self.links = self.day.edges, np.zeros((shape[2], shape[2]), bool)
        self.links[edges.s, edges.s_next] = self.links[edges.s_next, edges.s] = edges.bind
        pairs = offers.joins(self.day, self.policy, cells) if self.joins else pl.DataFrame(schema=["t", "s", "b"])
        t, s, b = (pairs[name].cast(pl.Int64).to_numpy() for name in "tsb")
        self.able = Joins(*np.divmod(t, self.width), s, b - (len(frames.booked.cost) - len(self.ahead)))
        self.joined = np.zeros_like(self.ahead.invited)  # (A, T) people who are invited to those ahead now
        self.least, self.most = frames.sessions.select("min_seats", "max_seats").cast(pl.Int64).to_numpy().T
        self.room = self.ahead.room(self.most)  # (A,) of those ahead

    @cached_property
    def priority(self) -> Ints:
        """(W, T) the priority of territories, in whole units."""
        every = offers.priorities(self.day, self.policy, self.day.frames.territories["t"])
        return np.rint(every.totals * GRID).astype(np.int64).reshape(self.seats.shape)

    @property
    def width(self) -> int:
        """How many territories each world has."""
        return int(self.near.shape[0])

    def _each(self, table: pl.DataFrame) -> int:
        """Return how many rows of a table each world has."""
        return table.height // len(self.seats)

    @cached_property
    def left(self) -> Capacities:
        return Capacities.of(self.day, self.pace, len(self.seats), self.days, self.known)

    def hosting(self, world: Ints, relay: Ints | slice = slice(None)) -> Flags:
        """Return on which days relays can host one session more in some worlds, by default all relays: (N, P, L)."""
        free = self.left.paced.free[world, relay] & self.left.hosting.free[world, relay]
        return np.asarray(free & (self.slots[world, relay] > 0)[..., None])

    @cached_property
    def relays(self) -> tuple[Flags, Floats]:
        """(W, P, D, S) who can carry each session in each département, and with how many points."""
        table, size = offers.relays(self.day, self.policy), self._each(self.day.frames.partners)
        shape = (len(self.seats), size, self._each(self.day.frames.departements), self.day.width)
        e, s, p = (table[name].cast(pl.Int64).to_numpy() for name in "esp")
        place = p // max(1, size), p % max(1, size), e % max(1, shape[2]), s
        able, points = np.zeros(shape, bool), np.zeros(shape)
        able[place], points[place] = True, table["points"].to_numpy()
        return able, points

    def around(self, world: Ints, host: Ints, session: Ints, axis: Ints) -> Around:
        """Return the trainers around hosts of sessions, for an axis each."""
        size, host = self._each(self.day.frames.trainers), host + world * self.width
        able = offers.trainers(self.day, self.policy, {"h": host, "s": session, "x": axis})
        at = able.place, able.r % max(1, size)
        free = np.zeros((len(world), size, self.day.length), bool)
        free[at] = able.free
        points, cents = np.zeros(free.shape[:2]), np.full(free.shape[:2], _UNKNOWN)
        points[at] = able.points
        cents[at] = np.rint(np.nan_to_num(able.counted * 100, nan=_UNKNOWN)).astype(np.int64)
        return Around(free, points, cents)

    def guests_of(self, opened: Opened) -> Flags:
        """Tell who can still have a seat at sessions on their days, wherever these are held: (N, T)."""
        world, session, day = opened.world, opened.session, opened.day[:, None] - self.day.first
        there = self.there[world[:, None], np.arange(self.width), opened.day[:, None] - self.day.today]
        able = self.guests[world, :, session] & (self.seats[world] < EACH)
        return np.asarray(able & (self.release[world, :, session] <= day) & ~there)

    def comes(self, opened: Opened) -> Flags:
        """Tell who of them can come to the hosts, with the trainers."""
        world, host, session, day = opened.world, opened.host, opened.session, opened.day - self.day.first
        comes = self.guests_of(opened) & self.near[host]
        row, t = np.nonzero(comes)
        before, trainers = world * self.width, world * self._each(self.day.frames.trainers) + opened.trainer
        axis = self.axis[world[row], t, session[row]]
        numbers = {"s": session[row], "x": axis, "h": (host + before)[row]}
        lags = self.release[world[row], t, session[row]]
        can = offers.can_come(self.day, self.policy, numbers | {"t": t + before[row]}, lags)
        # For the host's own axis the trainer was chosen.
        others = np.flatnonzero(can & (axis != opened.axis[row]))
        asked = {name: values[others] for name, values in (numbers | {"r": trainers[row]}).items()}
        can[others] = offers.can_teach(self.day, self.policy, asked, day[row[others]])
        comes[row, t] = can
        return comes

    def can_join(self, pairs: Ints) -> Flags:
        """Tell which of some rows of ``able`` still can: there is room, and they have a day."""
        world, t, session, row = (each[pairs] for each in self.able)
        free = self.guests[world, t, session] & ~self.there[world, t, self.ahead.day[row] - self.day.today]
        return np.asarray(free & (self.seats[world, t] < EACH) & (self.people[world, t, session] <= self.room[row]))

    def open(self) -> tuple[Ints, Flags]:
        """Return the worlds that go on, and what can be held where, before looking at days and people: (N, T, S)."""
        has_days = np.asarray(self.left.team.free[self.live].any(axis=(1, 2)))
        live = self.live[has_days & (self.failures[self.live] < _TRIES)]
        return live, self.hosts[live] & self.guests[live] & self._able(live)

    def _able(self, world: Ints) -> Flags:
        """Tell for which sessions each territory of some worlds has a relay with time: (N, T, S)."""
        able = np.any(self.relays[0][world] & self.has_time[world][:, :, None, None], axis=1)
        return np.asarray(np.take(able, self.departement, axis=1))

    @cached_property
    def departement(self) -> Ints:
        return np.asarray(self.day.frames.number_of("t", "d")[: self.width], np.int64)

    def take(self, opened: Opened) -> None:
        """Take what sessions use, one a world."""
        world = opened.world
        self.seat(opened)
        self.slots[world, opened.relay] -= 1
        self.left.add(KnownSessions(world, opened.day, opened.relay, opened.trainer))
        self.has_time[world, opened.relay] = self.hosting(world, opened.relay).any(axis=1)
        if self.cents is not None:
            self.cents[world] -= np.maximum(opened.cents, 0)

    def seat(self, opened: Opened) -> None:
        """Take the day of those who are invited, and what leads to the session or follows it."""
        row, territory = np.nonzero(opened.invited)
        world, session, day = (each[row] for each in (opened.world, opened.session, opened.day - self.day.today))
        self.guests[world, territory] &= ~self.links[session]
        self.guests[world, territory, session] = False
        self.seats[world, territory] += 1
        self.there[world, territory, day] = True
