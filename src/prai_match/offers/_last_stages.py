"""Sessions of territories with their best relay and trainer or, if none passes, those that pass most stages."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from prai_match.calendar import dates
from prai_match.offers._facts import NONE, Array, Ints, latest, ragged
from prai_match.offers._hosts import take_places
from prai_match.offers._levels import LevelRows
from prai_match.offers._rulebook import best_of
from prai_match.offers._snapshot import Snapshot
from prai_match.offers._stages import SessionCells, Sifting
from prai_match.policy import GRID, STAGES, Policy

_MOST_ROWS = 500_000


def sift(
    snapshot: Snapshot, policy: Policy, territories: pl.Series, *, alone: bool = False, asked: Array | None = None
) -> SessionCells:
    """Pass the sessions of ``territories``, by number, through the stages, one after the other.

    With ``alone``, only at their own places; ``asked`` limits whose points and own places are needed (None means all).
    """
    cells = Sifting.of(snapshot, policy).cells(np.sort(territories.to_numpy().astype(np.int64)), asked)
    if not alone:
        take_places(snapshot, policy, cells)
    return cells


def by_council(snapshot: Snapshot, policy: Policy, territories: pl.Series) -> Snapshot:
    """Return the day with each territory judged by the council of its first offer's day.

    Days after a renewal are only tried for ``territories`` without an offer before it. Without any offer, the council
    counts under which a candidate passes most stages, among those with an open day.
    """
    if len(snapshot.councils[0]) == 1:
        return snapshot
    council = np.zeros(snapshot.frames.territories.height, np.int64)
    left = np.sort(territories.to_numpy().astype(np.int64))
    furthest = np.full(len(council), NONE)
    departements = snapshot.frames.departements["d"].to_numpy().astype(np.int64)
    rows = snapshot.rows_open(np.arange(len(snapshot.views))[:, None], departements)
    opens = snapshot.is_open[rows].any(axis=(1, 2))
    for number in np.flatnonzero(opens) if opens.any() else [0]:
        cells = sift(snapshot.views[number], policy, pl.Series(left))
        possible = cells.possible.reshape(-1, snapshot.width).any(axis=1)
        step = cells.step.reshape(-1, snapshot.width).max(axis=1, initial=NONE)
        council[left[possible | (step > furthest[left])]] = number
        furthest[left] = np.maximum(furthest[left], step)
        left = left[~possible]
    return snapshot.under(council) if council.any() else snapshot


def furthest(snapshot: Snapshot, policy: Policy, territories: pl.DataFrame, *, alone: bool = False) -> pl.DataFrame:
    """Return one row per territory of ``territories`` (``t``) and session, in their order.

    A relay or trainer that doesn't pass is the one whose first failed rule comes last, among relays that cover the
    host's département if any; then the nearest trainer beyond reach; ties are broken by code.

    Columns: ``t``, ``s``, ``x`` (the axis asked for), ``h`` (where it is held), ``b`` (the booked session that is
    joined, a row; -1: none), ``p`` and ``r`` (null beyond the stage that stops it, and where there is no candidate),
    ``score``, ``day`` and ``stage`` (the one that stops it; null if none).
    """
    return beyond(snapshot, policy, sift(snapshot, policy, territories["t"], alone=alone))


def beyond(snapshot: Snapshot, policy: Policy, cells: SessionCells) -> pl.DataFrame:
    """Return the same as `furthest` from sifted cells."""
    sifting = Sifting.of(snapshot, policy)
    of_partner, of_trainer = (np.flatnonzero(cells.stage == STAGES.index(name)) for name in ("partner", "trainer"))
    p, r, d = cells.p.copy(), cells.r.copy(), snapshot.hosting.frames.number_of("t", "d")
    numbers = {"s": cells.s[of_partner], "e": d[cells.h[of_partner]]}
    numbers["k"] = snapshot.first_of(cells.t[of_partner], numbers["e"], cells.lag[of_partner])
    p[of_partner] = sifting.relays.furthest(numbers)
    for start in range(0, len(of_trainer), step := max(1, _MOST_ROWS // max(1, snapshot.frames.trainers.height))):
        here = of_trainer[start : start + step]
        r[here] = _trainers(sifting, {name: getattr(cells, name)[here].astype(np.int64) for name in "tsxh"})
    shows = cells.possible
    return pl.DataFrame(
        {
            **{key: getattr(cells, key).astype(np.uint32) for key in "tsxh"},
            "b": cells.b.astype(np.int64),
            **{key: pl.Series(numbers).cast(pl.UInt32, strict=False) for key, numbers in (("p", p), ("r", r))},
            "score": pl.Series(cells.units / GRID).set(pl.Series(~shows), None),
            "day": dates(cells.day.astype(np.int64)),
            "stage": pl.Series(STAGES).gather(cells.stage, null_on_oob=True),
        }
    )


def held_at(snapshot: Snapshot, policy: Policy, t: int, s: int, h: int) -> pl.DataFrame:
    """Return the same as `furthest` for one territory and session held at ``h``, whether it takes part or not."""
    cells = sift(snapshot, policy, pl.Series([t]), alone=True).take(np.array([s]))
    cells.h[:], cells.p[:], cells.r[:] = h, NONE, NONE
    if cells.stage[0]:
        Sifting.of(snapshot, policy).place(cells, np.zeros(1, np.int64))
    return beyond(snapshot, policy, cells)


def _trainers(sifting: Sifting, numbers: Mapping[str, Ints]) -> Ints:
    """Return the trainer that passes most rules for each cell: one around, if there is any."""
    day, frames, t = sifting.day, sifting.day.hosting.frames, numbers["t"]
    block, best = day.block_of(t), np.full(len(t), NONE)
    j, near = frames.around.rows(numbers["h"])
    alone = np.flatnonzero(np.bincount(near, minlength=len(t)) == 0)
    group, r = ragged(np.full(len(alone), frames.trainers.height))
    for cell, known in ((near, {"r": frames.reached["r"][j].astype(np.int64), "j": j}), (alone[group], {"r": r})):
        every = {name: values[cell] for name, values in numbers.items()} | known
        rows = LevelRows(day, every, block, people=sifting.audience.people)
        places, over = sifting.rulings.places("trainer", rows), rows["distance_km"].value - rows["reach_km"].value
        over = np.where(places == best_of(np.bincount(cell, minlength=len(t)), places)[cell], over, np.inf)
        chosen = np.flatnonzero(over == -latest(cell, -over, len(t), -np.inf)[cell])[::-1]
        best[cell[chosen]] = rows.number("r")[chosen]  # the first code stays
    return best
