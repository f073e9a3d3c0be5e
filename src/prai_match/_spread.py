"""How evenly something is spread: the Lorenz curve and the Gini index.

Stability: provisional.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["gini_of", "lorenz_curve"]


def lorenz_curve(amounts: Sequence[tuple[float, float]]) -> tuple[list[int], list[tuple[float, float]]]:
    """Return the Lorenz curve of populations and what each received, from (0, 0) to (1, 1).

    Args:
        amounts: Population and what it received, of each; none below 0.

    Returns:
        The places of ``amounts`` from the least served to the most, and the points of the curve, one more than places;
        no points where nothing was received or nobody lives.
    """
    people, received = (sum(column) for column in zip(*amounts, strict=True)) if amounts else (0, 0)
    if not people or not received:
        return [], []
    order = sorted(range(len(amounts)), key=lambda place: (_served(*amounts[place]), place))
    across = accumulate((amounts[place][0] for place in order), initial=0.0)
    up = accumulate((amounts[place][1] for place in order), initial=0.0)
    points = [(min(x / people, 1.0), min(y / received, 1.0)) for x, y in zip(across, up, strict=True)]
    return order, [*points[:-1], (1.0, 1.0)]


def _served(population: float, received: float) -> float:
    if population:
        return received / population
    return float("inf") if received else 0.0


def gini_of(curve: Sequence[tuple[float, float]]) -> float:
    """Return the Gini index of a Lorenz curve: twice the area between it and equality."""
    return 1 - sum((x2 - x) * (y + y2) for (x, y), (x2, y2) in pairwise(curve))
