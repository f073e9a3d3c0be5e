"""Rank the sessions of each territory by their points, all at once or département by département, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from prai_match._executors import side_by_side
from prai_match.offers import Slicer, Snapshot, dates, sift
from prai_match.policy import GRID, Policy

if TYPE_CHECKING:
    from concurrent.futures import Executor


_SCORES, _SESSIONS = 2**27, 2**11  # room for 100 points in multiples of 1/GRID, and for the sessions
_MOST, _NONE = int(100 * GRID), 2**62


class Ranking(NamedTuple):
    """The outcome, by number.

    ``offers`` has one row a territory and session that can be offered, best first within the territory: ``t``, ``rank``
    (from 1), ``s``, ``x``, ``p``, ``r``, ``score``, ``postponed`` and ``day`` (first possible); ``stops``, one row a
    territory that has none: ``t`` and ``reason``, the number of a reason of the policy.
    """

    offers: pl.DataFrame
    stops: pl.DataFrame


def rank(snapshot: Snapshot, policy: Policy, top: int, territories: pl.DataFrame) -> Ranking:
    """Rank the sessions of ``territories`` (``t``), ``top`` at most each."""
    cells, width = sift(snapshot, policy, territories["t"]), snapshot.frames.sessions.height
    # One integer in the order of waiting, score and session: sorting by it is quick.
    order = (cells.waits * _SCORES + (_MOST - cells.units)) * _SESSIONS + cells.s
    best = np.sort(np.where(cells.possible, order, _NONE).reshape(-1, width), axis=1)[:, :top]
    row, place = np.nonzero(best != _NONE)
    chosen = row * width + best[row, place] % _SESSIONS
    numbers = {name: getattr(cells, name)[chosen].astype(np.uint32) for name in ("t", "s", "x", "p", "r")}
    offers = pl.DataFrame(
        {
            **{name: numbers[name] for name in ("t", "s", "x", "p", "r")},
            "day": dates(snapshot.column("day").value[numbers["r"]]),
            "postponed": cells.waits[chosen],
            "score": cells.units[chosen] / GRID,
            "rank": (place + 1).astype(np.uint32),
        }
    )
    # A territory's reason is that of the candidate that went furthest.
    nothing = best[:, 0] == _NONE if width else np.ones(len(best), bool)
    stops = {
        "t": cells.t.reshape(-1, width)[nothing, 0].astype(np.uint32),
        "reason": np.where(cells.possible, -1, cells.step).reshape(-1, width)[nothing].max(axis=1).astype(np.uint8),
    }
    return Ranking(offers, pl.DataFrame(stops))


def rank_side_by_side(
    snapshot: Snapshot, policy: Policy, top: int, territories: pl.DataFrame, executor: Executor
) -> Ranking:
    """Rank as `rank` does, to the bit, each département as a task of ``executor``."""
    if territories.is_empty():
        return rank(snapshot, policy, top, territories)
    tasks = ((part.territories, (part.snapshot, policy, top)) for part in Slicer(snapshot).parts(territories))
    parts = [
        [frame.with_columns(t=numbers.gather(frame["t"])) for frame in (ranking.offers, ranking.stops)]
        for numbers, ranking in side_by_side(executor, _rank_all, tasks)
    ]
    offers, stops = (pl.concat(frames) for frames in zip(*parts, strict=True))
    return Ranking(offers.sort("t", "rank"), stops.sort("t"))


def _rank_all(snapshot: Snapshot, policy: Policy, top: int) -> Ranking:
    return rank(snapshot, policy, top, snapshot.frames.territories)
