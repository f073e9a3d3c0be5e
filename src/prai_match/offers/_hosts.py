"""Where sessions are held: booked ones with room, which neighbours can join; own places; the nearest host."""

from itertools import pairwise
from typing import Final

import numpy as np

from prai_match.offers._facts import Ints, begins
from prai_match.offers._geography import pairs_within
from prai_match.offers._levels import LevelRows
from prai_match.offers._rulebook import CODES, PASSES
from prai_match.offers._snapshot import Snapshot
from prai_match.offers._stages import SessionCells, Sifting
from prai_match.policy import STAGES, Policy, Stage

_AT_ONCE: Final = 2_048  # territories × sessions of which hosts are looked for at once: pairs take memory
_FEW: Final = 500  # territories × sessions of which all hosts within travel distance are looked at, not rings of them
_RINGS: Final = (12.0, 30.0)  # kilometres
_WHERE: Final[tuple[Stage, ...]] = ("place", "partner", "trainer")


def take_places(snapshot: Snapshot, policy: Policy, cells: SessionCells) -> None:
    """Fill in the booked session that each cell which passes the stage of sessions can join (see `take_joins`).

    The others, if impossible at their own places, are held at the nearest host that takes part, which must itself be
    offered the session at its own place, under the same council. Ties are broken by code.
    """
    take_joins(Sifting.of(snapshot, policy), cells)
    left = np.flatnonzero((cells.stage > 0) & ~cells.possible)
    council = np.zeros(len(left), np.int64) if snapshot.council is None else snapshot.council[cells.t[left]]
    for number in np.unique(council):
        view = snapshot if snapshot.council is None else snapshot.views[number]
        guests, own = _Guests(snapshot, view.hosting, policy, cells), left[council == number]
        for start in range(0, len(own), _AT_ONCE):
            guests.seat(own[start : start + _AT_ONCE])


def keep(snapshot: Snapshot, policy: Policy, cells: SessionCells) -> None:
    """Keep what was worked out of cells at their own places."""
    Sifting.of(snapshot, policy).keep(cells)


class _Guests:
    """Cells to be held at a host; ``hosting`` is the day of the hosts."""

    def __init__(self, day: Snapshot, hosting: Snapshot, policy: Policy, cells: SessionCells) -> None:
        self._day, self._cells, self._points = day, cells, hosting.frames.points
        self._sifting, self._hosting = Sifting.of(day, policy), Sifting.of(hosting, policy)
        self._travel_km = day.frames.limits["travel_km"]

    def seat(self, guests: Ints) -> None:
        homes = self._points[self._day.homes[self._cells.t[guests]]]
        h, s = self._hosting.hosts(self._around(homes))
        for least, km in pairwise([-1.0, *(_RINGS if len(guests) > _FEW else ()), self._travel_km]):
            guest, host, away = pairs_within(homes, self._points[h], km, (self._cells.s[guests], s))
            order = np.rint(away * 1000).astype(np.int64) * CODES + h[host]  # by metres, then by code
            guest, order = guest[away > least], order[away > least]
            if len(guest):
                first = np.flatnonzero(begins(guest))
                nearest = np.minimum.reduceat(order, first)
                seated = self._try(guests, guest[first], nearest % CODES)
                if len(seated) < len(first):  # rarely
                    others = np.flatnonzero(~np.isin(guest, seated))
                    others = others[np.lexsort((order[others], guest[others]))]
                    seated = np.append(seated, self._try(guests, guest[others], order[others] % CODES))
                guests, homes = np.delete(guests, seated), np.delete(homes, seated, axis=0)
            if not len(guests):
                return

    def _around(self, points: Ints) -> Ints:
        """Return the territories around all of some points."""
        margin = self._travel_km / 100  # degrees of latitude, and a little more
        low, high = points[:, 0].min(initial=90) - margin, points[:, 0].max(initial=-90) + margin
        return np.flatnonzero((self._points[:, 0] >= low) & (self._points[:, 0] <= high))

    def _try(self, guests: Ints, guest: Ints, host: Ints) -> Ints:
        """Seat guests, by place, at the first of their hosts where they can be; return whom."""
        cells = self._cells.take(guests[guest])
        cells.h[:] = host
        self._sifting.place(cells, np.arange(len(guest)))
        able = np.flatnonzero(cells.possible)
        able = able[begins(guest[able])]
        for part, own in zip(self._cells, cells, strict=True):
            part[guests[guest[able]]] = own[able]
        return guest[able]


def take_joins(sifting: Sifting, cells: SessionCells) -> None:
    """Seat each cell that passes the stage of sessions at the nearest booked session that it can join, if there is one.

    Ties are broken by day, then by code. Relay and trainer are already booked: only preferences on them count.
    """
    cell, b, rows = able_to_join(sifting, cells)
    nearest = np.flatnonzero(begins(cell))
    if not len(nearest):
        return
    cell, b, rows, rules = cell[nearest], b[nearest], rows.take(nearest), sifting.rulings.book.rules
    more = sum((each.units(rows) for stage in _WHERE for each in rules[stage].values()), np.int64(0))
    booked = sifting.day.hosting.frames.booked.rows
    cells.b[cell], cells.day[cell], cells.stage[cell] = b, booked["date"][b], len(STAGES)
    for part, name in ((cells.h, "t"), (cells.p, "p"), (cells.r, "r")):
        part[cell] = booked[name][b]
    cells.units[cell] = cells.own[cell] + more


def able_to_join(sifting: Sifting, cells: SessionCells) -> tuple[Ints, Ints, LevelRows]:
    """Return the pairs of cells and booked sessions that can be joined, the nearest of a cell first, as rows too."""
    cell, b = _within_reach(sifting.day, cells)
    rows = _joining(sifting, cells, cell, b)
    able = np.flatnonzero(sifting.rulings.places("place", rows) == PASSES) if len(cell) else cell
    return cell[able], b[able], rows.take(able)


def _joining(sifting: Sifting, cells: SessionCells, cell: Ints, b: Ints) -> LevelRows:
    """Return the columns of cells that join booked sessions."""
    day = sifting.day
    booked = day.hosting.frames.booked.rows
    numbers = {key: getattr(cells, key)[cell].astype(np.int64) for key in "tsx"} | {"b": b}
    numbers |= {key: booked[name][b] for key, name in (("h", "t"), ("p", "p"), ("r", "r"), ("e", "d"))}
    numbers["k"] = day.first_of(numbers["t"], numbers["e"], cells.lag[cell])
    block = sifting.block_for_places(numbers["t"])
    return LevelRows(day, numbers, block, some_lack=True, people=sifting.audience.people)


def _within_reach(snapshot: Snapshot, cells: SessionCells) -> tuple[Ints, Ints]:
    """Return the pairs of cells and booked sessions: near, of its council, after the lag, on the axis asked for."""
    day = snapshot.hosting
    b, width, booked = day.joinable, snapshot.width, day.frames.booked.rows
    t = cells.t[::width].astype(np.int64)
    if not len(b) or not len(t):
        nothing = np.zeros(0, np.int64)
        return nothing, nothing
    points, most = day.frames.points, day.frames.limits["travel_km"]
    w = day.frames.number_of("t", "w")
    groups = w[booked["t"][b]], w[snapshot.homes[t]]
    which, place, km = pairs_within(points[booked["t"][b]], points[snapshot.homes[t]], most, groups)
    b, cell = b[which], place * width + booked["s"][b[which]]
    elected = snapshot.elected_before(booked["date"][b])
    keep = (cells.stage[cell] > 0) & (booked["date"][b] - snapshot.first >= cells.lag[cell])
    keep &= elected == snapshot.renewals[cells.t[cell]]
    keep &= day.frames.knows_axis(cells.x[cell], booked["r"][b])
    cell, b, km = cell[keep], b[keep], km[keep]
    codes, held = np.arange(len(day.held)), day.frames.held
    if held.height:  # sessions of worlds have no codes
        codes = day.frames.memo.once("codes", lambda: held["id"].rank("dense").to_numpy(), held)
    order = np.lexsort((codes[b], booked["date"][b], km, cell))
    return cell[order], b[order]
