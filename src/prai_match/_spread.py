"""How evenly something is spread: the Lorenz curve and the Gini index.

Stability: provisional.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise


def lorenz_curve(amounts: Sequence[tuple[float, float]]) -> tuple[list[int], list[tuple[float, float]]]:
    """Return the Lorenz curve of populations and received amounts (at least 0), from (0, 0) to (1, 1).

    Returns the positions of ``amounts``, from the least served to the most, and the points of the curve, one more than
    positions; no points if nothing was received or the population is 0.
    """
    people, total = (sum(column) for column in zip(*amounts, strict=True)) if amounts else (0, 0)
    if not people or not total:
        return [], []
    order = sorted(range(len(amounts)), key=lambda place: (_each(*amounts[place]), place))
    across = accumulate((amounts[place][0] for place in order), initial=0.0)
    up = accumulate((amounts[place][1] for place in order), initial=0.0)
    points = [(min(x / people, 1.0), min(y / total, 1.0)) for x, y in zip(across, up, strict=True)]
    return order, [*points[:-1], (1.0, 1.0)]


def _each(population: float, amount: float) -> float:
    if population:
        return amount / population
    return float("inf") if amount else 0.0


def gini_of(curve: Sequence[tuple[float, float]]) -> float:
    """Return the Gini index of a Lorenz curve: twice the area between it and equality."""
    return 1 - sum((x2 - x) * (y + y2) for (x, y), (x2, y2) in pairwise(curve))
