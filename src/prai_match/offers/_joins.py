"""Booked sessions that still have room: who is near can join them, on their day, with their relay and trainer."""

from typing import Final

import numpy as np

from prai_match.offers._facts import Ints, begins
from prai_match.offers._geography import pairs_within
from prai_match.offers._levels import LevelRows
from prai_match.offers._rulebook import PASSES
from prai_match.offers._snapshot import Snapshot
from prai_match.offers._stages import SessionCells, Sifting
from prai_match.policy import STAGES, Stage

_WHERE: Final[tuple[Stage, ...]] = ("place", "partner", "trainer")


def take_joins(sifting: Sifting, cells: SessionCells) -> None:
    """Seat each cell that passes the stage of sessions at the nearest booked session that it can join, if there is one.

    Equals go by their days, then by their codes. Relay and trainer are booked already: of the rules on them, only
    preferences count.
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
    """Return the pairs of cells and booked sessions, in the order in which they are tried.

    The session is near, its day is that of the council by which the territory is judged and comes after the lag, and
    the trainer, where one is booked, knows the axis asked for.
    """
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
