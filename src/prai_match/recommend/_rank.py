"""Rank the sessions of each territory by points, all at once or département by département in parallel."""

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from prai_match._executors import side_by_side
from prai_match.calendar import dates
from prai_match.offers import Array, SessionCells, Slicer, Snapshot, keep, sift, take_places
from prai_match.policy import GRID, Policy

_SESSIONS = 2**11  # more than there are sessions
_MOST, _NONE = int(100 * GRID), 2**62


@dataclass(frozen=True, eq=False)
class Ranking:
    """The result, as columns of numbers.

    ``ranked`` has one row per territory and session that can be offered, best first within the territory: ``t``, ``s``,
    ``x``, ``h`` (the host), ``p``, ``r``, ``b`` (the row of the booked session that is joined; -1 if none), ``day``
    (first possible), ``score`` and ``rank`` (from 1). ``stopped`` has one row per territory without an offer: ``t`` and
    ``reason``, the number of a reason of the policy.
    """

    ranked: Mapping[str, Array]
    stopped: Mapping[str, Array]

    @cached_property
    def offers(self) -> pl.DataFrame:
        """The ranked offers, as a table."""
        actors = {name: pl.Series(self.ranked[name]).cast(pl.UInt32, strict=False) for name in "pr"}
        return pl.DataFrame({**self.ranked, **actors, "day": dates(self.ranked["day"])})

    def among(self, territories: list[int]) -> "Ranking":
        tables = (
            {name: values[np.isin(table["t"], territories)] for name, values in table.items()}
            for table in (self.ranked, self.stopped)
        )
        return Ranking(*tables)


def rank(snapshot: Snapshot, policy: Policy, top: int, territories: pl.DataFrame) -> Ranking:
    """Rank the sessions of ``territories`` (``t``), at most ``top`` for each."""
    return _ranked(sift(snapshot, policy, territories["t"]), snapshot.width, top)


def _ranked(cells: SessionCells, width: int, top: int) -> Ranking:
    # One integer that orders by score, then session: sorting by it is fast.
    order = (_MOST - cells.units.astype(np.int64)) * _SESSIONS + cells.s
    best = np.sort(np.where(cells.possible, order, _NONE).reshape(-1, width), axis=1)[:, :top]
    row, place = np.nonzero(best != _NONE)
    chosen = row * width + best[row, place] % _SESSIONS
    ranked = {
        **{name: getattr(cells, name)[chosen].astype(np.uint32) for name in "tsxh"},
        **{name: getattr(cells, name)[chosen].astype(np.int64) for name in "bpr"},
        "day": cells.day[chosen].astype(np.int64),
        "score": cells.units[chosen] / GRID,
        "rank": (place + 1).astype(np.uint32),
    }
    # A territory's reason is that of the candidate that passed most stages.
    nothing = best[:, 0] == _NONE if width else np.ones(len(best), bool)
    stopped = {
        "t": cells.t.reshape(-1, width)[nothing, 0].astype(np.uint32),
        "reason": np.where(cells.possible, -1, cells.step).reshape(-1, width)[nothing].max(axis=1).astype(np.uint8),
    }
    return Ranking(ranked, stopped)


def rank_side_by_side(
    snapshot: Snapshot, policy: Policy, top: int, territories: pl.DataFrame, executor: Executor
) -> Ranking:
    """Rank exactly as `rank` does; offers at the own places of each département are one task of ``executor``."""
    if territories.is_empty():
        return rank(snapshot, policy, top, territories)
    tasks = ((part.territories, (part.snapshot, policy)) for part in Slicer(snapshot, policy).parts(territories))
    parts = [
        cells.at(numbers.to_numpy().astype(np.int32))
        for numbers, cells in side_by_side(executor, _at_own_places, tasks)
    ]
    cells = SessionCells(*map(np.concatenate, zip(*parts, strict=True)))
    cells = cells.take(np.argsort(cells.t, kind="stable"))
    keep(snapshot, policy, cells)
    take_places(snapshot, policy, cells)
    return _ranked(cells, snapshot.width, top)


def _at_own_places(snapshot: Snapshot, policy: Policy) -> SessionCells:
    return sift(snapshot, policy, snapshot.frames.territories["t"], alone=True)
