"""Where sessions are held: at a territory's own place or, where that can't be, at the nearest host that takes part."""

from itertools import pairwise
from typing import Final

import numpy as np

from prai_match.offers._facts import Ints, begins
from prai_match.offers._geography import pairs_within
from prai_match.offers._joins import take_joins
from prai_match.offers._rulebook import CODES
from prai_match.offers._snapshot import Snapshot
from prai_match.offers._stages import SessionCells, Sifting
from prai_match.policy import Policy

_AT_ONCE: Final = 2_048  # territories × sessions of which hosts are looked for at once: pairs take memory
_FEW: Final = 500  # territories × sessions of which all hosts within travel distance are looked at, not rings of them
_RINGS: Final = (12.0, 30.0)  # kilometres


def take_places(snapshot: Snapshot, policy: Policy, cells: SessionCells) -> None:
    """Fill in the booked session that each cell which passes the stage of sessions can join (see `take_joins`).

    Of the others, those that aren't possible at their own places are held at the nearest host that takes part: it can
    be offered the session at its own place, by the same council. Equals go by their codes.
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
