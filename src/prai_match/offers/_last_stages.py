"""Every session of a territory with its best relay and trainer or, where none passes, those that came furthest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from prai_match.calendar import NEVER
from prai_match.offers._day import dates
from prai_match.offers._facts import NONE, Array, Ints, ragged
from prai_match.offers._levels import LevelRows
from prai_match.offers._stages import SessionCells, Sifting
from prai_match.policy import GRID, STAGES, Policy

if TYPE_CHECKING:
    from prai_match.offers._snapshot import Snapshot

_MOST_ROWS = 500_000


def sift(snapshot: Snapshot, policy: Policy, territories: pl.Series) -> SessionCells:
    """Pass the sessions of ``territories``, by number, through the stages, one after the other."""
    return Sifting.of(snapshot, policy).cells(np.sort(territories.to_numpy().astype(np.int64)))


def furthest(snapshot: Snapshot, policy: Policy, territories: pl.DataFrame) -> pl.DataFrame:
    """Return one row a territory of ``territories`` (``t``) and session, in their order.

    A relay or trainer that doesn't pass is the one whose first broken rule comes last in the order of sifting; then
    the nearest trainer, beyond reach, and the first code.

    Columns: ``t``, ``s``, ``x`` (the axis asked for), ``p`` and ``r`` (null beyond the stage that stops it, and where
    there is no candidate), ``score``, ``postponed``, ``day`` and ``stage`` (the one that stops it; null: none does).
    """
    return beyond(snapshot, policy, sift(snapshot, policy, territories["t"]))


def beyond(snapshot: Snapshot, policy: Policy, cells: SessionCells) -> pl.DataFrame:
    """Return the same from the cells that were sifted."""
    sifting = Sifting.of(snapshot, policy)
    of_partner, of_trainer = (np.flatnonzero(cells.stage == STAGES.index(name)) for name in ("partner", "trainer"))
    p, r = cells.p.copy(), cells.r.copy()
    p[of_partner] = sifting.last_relays[snapshot.frames.number_of("t", "d")[cells.t], cells.s][of_partner]
    for start in range(0, len(of_trainer), step := max(1, _MOST_ROWS // max(1, snapshot.frames.trainers.height))):
        here = of_trainer[start : start + step]
        r[here] = _trainers(sifting, {name: getattr(cells, name)[here] for name in "tsx"})
    days, shows = snapshot.column("day").value, cells.possible
    return pl.DataFrame(
        {
            **{key: numbers.astype(np.uint32) for key, numbers in (("t", cells.t), ("s", cells.s), ("x", cells.x))},
            "p": _where(p != NONE, p).cast(pl.UInt32),
            "r": _where(r != NONE, r).cast(pl.UInt32),
            "score": _where(shows, cells.units / GRID),
            "postponed": _where(cells.stage > 0, cells.waits),
            "day": dates(np.where(shows, days[r], NEVER) if len(days) else np.full(len(r), NEVER)),
            "stage": pl.Series(np.array([*STAGES, None], object)[cells.stage].tolist(), dtype=pl.String),
        }
    )


def _where(shows: Array, values: Array) -> pl.Series:
    """Return the values that are shown as a column; the others are null."""
    column = pl.Series(values)
    return column if shows.all() else column.set(pl.Series(~shows), None)


def _trainers(sifting: Sifting, numbers: Mapping[str, Ints]) -> Ints:
    """Return the trainer that comes furthest for each cell: one around, if there is any."""
    frames = sifting.day.frames
    t, trainers, starts = numbers["t"], frames.trainers.height, frames.around.starts
    counts = starts[t + 1] - starts[t]
    cell, place = ragged(np.where(counts > 0, counts, trainers))
    near, r = counts[cell] > 0, place.copy()
    r[near] = frames.numbers("reach", "r")["r"][starts[t[cell[near]]] + place[near]]
    rows = LevelRows(
        sifting.day,
        {"r": r, **{name: values[cell] for name, values in numbers.items()}},
        sifting.day.block_of(t),
    )
    places = sifting.places("trainer", rows).astype(np.int64)
    order = np.lexsort((r, rows["distance_km"].value - rows["reach_km"].value, -places, cell))
    first = order[np.flatnonzero(np.diff(cell[order], prepend=NONE))]
    best = np.full(len(t), NONE)
    best[cell[first]] = r[first]
    return best
