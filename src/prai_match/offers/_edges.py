"""Which sessions follow which, by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import polars as pl

    from prai_match.followups import Estimates, FollowUps
    from prai_match.offers._facts import Ints


class Edges(NamedTuple):
    """Follow-ups by number, in the order of what leads and of what follows."""

    s: Ints
    s_next: Ints
    estimates: Estimates  # of one world
    rows: Ints  # of the graph
    bind: bool  # whether what follows must wait for the lag: it was declared

    @classmethod
    def of(cls, follow_ups: FollowUps, sessions: pl.Series) -> Edges:
        numbers, edges = {session: number for number, session in enumerate(sessions)}, follow_ups.edges()
        places = ([numbers.get(each, -1) for each in edges[name]] for name in ("source", "target"))
        s, s_next = (np.array(each, np.int64) for each in places)
        here = np.flatnonzero((s >= 0) & (s_next >= 0))
        here = here[np.lexsort((s_next[here], s[here]))]
        return cls(s[here], s_next[here], follow_ups.estimates.take(here), here, follow_ups.is_declared)
