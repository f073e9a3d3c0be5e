"""What joins the readers of needs, fitted by Newton's method, and texts as buckets beside words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from prai_match.needs._reader import Floats, Ints, sequences
from prai_match.needs._training import Bag, probabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_STEPS: Final = 60


def bag_of(units: Sequence[Ints], sizes: Ints, words: Sequence[str]) -> Bag:
    """Return the bag of texts of so many words, whose units are words, by rank, or buckets (-1, -2…)."""
    text = np.repeat(np.arange(len(units)), np.fromiter(map(len, units), np.int64, len(units)))
    unit = np.concatenate(units)
    used, rank_of_used = np.unique(-1 - unit[unit < 0], return_inverse=True)
    unit[unit < 0] = len(words) + rank_of_used
    rank, bucket = sequences(words) if words else (used[:0], used[:0])
    sequence = np.concatenate([rank, len(words) + np.arange(len(used))])
    share = 1 / np.sqrt(np.maximum(sizes, 1))[text]
    return Bag(len(units), text, unit, share, sequence, np.concatenate([bucket, used]))


def fitted(inputs: Floats, label: Ints, mass: Floats, weights: Floats) -> tuple[float, ...]:
    """Return the weights of inputs (rows x classes x weights) that explain the labels best, by Newton's method."""
    wanted = mass @ inputs[np.arange(len(label)), label]
    for _ in range(_STEPS):
        shares = probabilities(inputs @ weights)
        mean = np.einsum("ncf,nc->nf", inputs, shares)
        slope = mass @ mean - wanted + 0.1 * weights
        curve = np.einsum("ncf,nc,ncg->fg", inputs, shares * mass[:, None], inputs) - (mean * mass[:, None]).T @ mean
        weights = weights - _step(curve + 0.1 * np.eye(len(weights)), slope)
    return rounded(weights)


def fitted_odds(inputs: Floats, label: Floats, mass: Floats) -> tuple[float, ...]:
    """Return the weights of inputs (rows x weights) that tell best whether each row is so."""
    return fitted(np.stack([0 * inputs, inputs], axis=1), label.astype(np.int64), mass, np.zeros(inputs.shape[1]))


def _step(curve: Floats, slope: Floats) -> Floats:
    """Return a step of Newton's method, shortened where the curve is too flat to be trusted."""
    step: NDArray[Any] = np.linalg.solve(curve, slope)
    return step / max(1.0, float(np.abs(step).max()))


def mass_of(share: float, chosen: int, others: int) -> float:
    """Return the weight of each of those chosen, beside 1 for the others, by which they are a share of all."""
    return share / (1 - share) * others / max(chosen, 1)


def rounded(weights: Floats) -> tuple[float, ...]:
    return tuple(round(float(each), 3) for each in weights)
