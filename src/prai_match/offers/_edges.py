"""Which sessions follow which, by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import polars as pl

    from prai_match.followups import FollowUps
    from prai_match.offers._facts import Array, Ints


class Edges(NamedTuple):
    """Follow-ups by number, in the order of what leads and of what follows."""

    s: Ints
    s_next: Ints
    shares: Array  # how probably the one leads to the other
    lags: Ints  # usually after so many days

    @classmethod
    def of(cls, follow_ups: FollowUps, sessions: pl.Series) -> Edges:
        numbers = {session: number for number, session in enumerate(sessions)}
        rows = [
            (numbers[source], numbers[target], share, lag)
            for source, target, share, lag in follow_ups.edges()["source", "target", "probability", "lag_days"].rows()
            if source in numbers and target in numbers
        ]
        s, s_next, shares, lags = zip(*sorted(rows), strict=True) if rows else ((),) * 4
        return cls(np.array(s, np.int64), np.array(s_next, np.int64), np.array(shares, float), np.array(lags, np.int64))
