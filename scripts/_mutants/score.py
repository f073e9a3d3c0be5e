"""The score of a sample of mutants, with the interval that goes with its size."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Score(NamedTuple):
    """Share of killed mutants among those tried, with its 95 % interval."""

    killed: int
    tried: int
    share: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return ``killed/tried = share [low; high]``."""
        return f"{self.killed}/{self.tried} = {self.share:.1%} [{self.low:.1%}; {self.high:.1%}]"


def score(killed: int, tried: int, mutants: int, level: float = 0.95) -> Score:
    """Return the share killed with Wilson's interval, narrowed for a sample without replacement of ``mutants``.

    If every mutant was tried, nothing is estimated, and the interval is the share itself.
    """
    if not tried:
        return Score(0, 0, 0.0, 0.0, 1.0)
    share = killed / tried
    left = (mutants - tried) / max(1, mutants - 1)
    z = NormalDist().inv_cdf((1 + level) / 2) * sqrt(left)
    middle = (share + z * z / (2 * tried)) / (1 + z * z / tried)
    half = z / (1 + z * z / tried) * sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return Score(killed, tried, share, max(0.0, middle - half), min(1.0, middle + half))
