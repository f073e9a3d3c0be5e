"""What a history says of follow-ups, on arrays: of one programme, or of many worlds at once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match.calendar import NEVER, day_numbers
from prai_match.model import STRENGTH, Catalogue

Ints = NDArray[np.int64]
ENOUGH_LAGS = 5  # territories that followed an edge from which on the usual lag is theirs


class Declared(NamedTuple):
    """Follow-ups as the catalogue has them, by number."""

    source: Ints
    target: Ints
    prior: NDArray[np.float64]  # the probability
    lags: Ints  # the usual lag, days


class History(NamedTuple):
    """Who attended what, by number: a row each."""

    territories: Ints
    sessions: Ints  # in the order of their codes
    days: Ints

    @classmethod
    def of(cls, attended: pl.DataFrame, catalogue: Catalogue) -> History:
        codes = pl.DataFrame({"session": sorted(each.id for each in catalogue.sessions)}).with_row_index("s")
        rows = attended.join(codes, on="session").with_columns(t=pl.col("territory").rank("dense") - 1)
        territories, sessions = (rows[name].cast(pl.Int64).to_numpy() for name in "ts")
        return cls(territories, sessions, day_numbers(rows["date"]))


class Learned(NamedTuple):
    """What was learned of each follow-up: worlds × edges."""

    counts: Ints  # territories that followed it
    supports: Ints  # territories that did, or had the time to
    shares: NDArray[np.float64]  # how probable it is
    lags: Ints  # the usual lag, days


def learn(
    declared: Declared, came: History, on: int, shape: tuple[int, int, int], strength: float = STRENGTH
) -> Learned:
    """Correct follow-ups by what was attended until the day ``on``, in each world apart, as `FollowUps.learned` says.

    Territories are numbered world by world; ``shape`` tells how many worlds there are, and territories and sessions in
    each.
    """
    worlds, territories, sessions = shape
    past = came.days <= on
    t, s, date = (each[past] for each in came)
    first = np.full(worlds * territories * sessions, NEVER)
    np.minimum.at(first, t * sessions + s, date)
    begin = first.reshape(-1, sessions)[:, declared.source].T
    lags, order = np.full(begin.shape, NEVER), np.argsort(s, kind="stable")
    starts = np.searchsorted(s[order], np.arange(sessions + 1))
    for edge, target in enumerate(declared.target):
        then = order[starts[target] : starts[target + 1]]
        lag = date[then] - begin[edge, t[then]]
        after = lag > 0
        np.minimum.at(lags[edge], t[then[after]], lag[after])

    def by_world(cells: NDArray[Any]) -> NDArray[Any]:
        return cells.reshape(len(cells), worlds, territories).swapaxes(0, 1)

    came_first, followed = begin != NEVER, lags != NEVER
    in_time = followed | (came_first & (on - begin >= declared.lags[:, None]))
    counts, supports = (by_world(each).sum(axis=2) for each in (followed, in_time))
    shares = (counts + strength * declared.prior) / (supports + strength)
    usual = np.tile(declared.lags, (worlds, 1))
    w, e = np.nonzero(counts >= ENOUGH_LAGS)
    ordered, count = np.sort(by_world(lags)[w, e], axis=1), counts[w, e]
    middle = [ordered[np.arange(len(w)), (count - less) // 2] for less in (1, 0)]
    usual[w, e] = np.rint((middle[0] + middle[1]) / 2)
    return Learned(counts, supports, np.where(by_world(came_first).any(axis=2), shares, declared.prior), usual)
