"""Who could come to a session where it is held, on its day: the people who are interested and may."""

import numpy as np

from prai_match.offers._candidates import AssessedOffer
from prai_match.offers._levels import LevelRows
from prai_match.offers._snapshot import Snapshot
from prai_match.policy import Policy


def audience(snapshot: Snapshot, policy: Policy, offer: AssessedOffer, day: int) -> int:
    """Return how many people could come to the session of an offer held on a ``day``, by number.

    They are those who are interested in it, within travel distance of the host, whose territory passes the conditions
    of session and place, but for those on how many they are, after its lag and with an axis that the trainer knows.
    """
    if snapshot.council is not None:  # who comes is judged by the council of the day
        snapshot = snapshot.views[
            int(np.searchsorted(snapshot.councils[0], snapshot.elected_before(np.array([day]))[0]))
        ]
    interested, s, h, r = snapshot.interested, *map(offer.number, "shr")
    around = np.unique(interested["t"][interested["s"] == s])
    near = snapshot.km_between(around, np.full(len(around), h)) <= snapshot.frames.limits["travel_km"]
    t = around[near]
    if not len(t):
        return 0
    block = snapshot.block_of(t)
    x = block.axes.reshape(block.shape)[t - block.first, s]
    numbers = {"t": t, **{name: np.full(len(t), number) for name, number in (("s", s), ("h", h))}, "x": x}
    rows = LevelRows(snapshot, numbers, block)
    comes = block.lags[t - block.first, s] <= day - snapshot.first
    comes &= snapshot.frames.knows_axis(x, np.full(len(t), r))
    for rule in policy.requirements:
        if rule.stage in {"session", "place"} and "people" not in rule.condition.columns:
            comes &= rule.holds(rows)
    those = (interested["s"] == s) & np.isin(interested["t"], t[comes])
    return int(interested["people"][those].sum())
