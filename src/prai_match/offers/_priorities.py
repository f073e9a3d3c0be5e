"""Who is served first: the priority of territories, by the preferences of a policy that are about them alone."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from prai_match.offers._candidates import Assessment
from prai_match.offers._facts import Array
from prai_match.offers._levels import LevelRows
from prai_match.offers._snapshot import Snapshot
from prai_match.policy import GRID, Policy, Preference


@dataclass(frozen=True, eq=False)
class Priorities(Assessment):
    """What these preferences say of territories, a row each: no rule that sifts or ranks offers changes it."""

    @property
    def preferences(self) -> tuple[Preference, ...]:
        return self.policy.priorities

    @cached_property
    def totals(self) -> Array:
        """The priorities, 0 to 100."""
        return np.asarray(sum(self.units.values(), np.zeros(self.rows.size, np.int64)) / GRID)


def priorities(snapshot: Snapshot, policy: Policy, territories: pl.Series) -> Priorities:
    """Return the priorities of territories, by number and in their order, judged by the councils that sit first."""
    day = snapshot if snapshot.council is None else snapshot.views[0]
    numbers = territories.to_numpy().astype(np.int64)
    return Priorities(policy, LevelRows(day, {"t": numbers}, day.block_of(numbers)))
