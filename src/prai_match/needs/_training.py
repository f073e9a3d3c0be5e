"""Training of the second reader: softmax regression with AdaGrad, in operations that give the same bits everywhere.

No sum depends on threads or on the order in which a library adds: `numpy.bincount` and `numpy.cumsum` add one by one,
and the exponential is made of multiplications. Weights are rounded to integers at the end.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prai_match.needs._reader import BITS, ClassWeights, Floats, Ints, sequences

_ROUNDS, _STEP, _DECAY, _SMALL = 100, 0.2, 1e-5, 1e-12
_FEW: Final = 8  # rounds that add to what was learned
_SQUARINGS: Final = 12
_STEPS: Final = 60  # of Newton's method
_LARGEST: Final = 127


class Bag(NamedTuple):
    """Texts as words, and words as buckets: the pairs of each, by rank."""

    texts: int
    text: Ints
    word: Ints
    share: Floats  # of each pair of a text and a word
    sequence: Ints  # the word of each pair of a word and a bucket
    bucket: Ints


def bag(texts: Sequence[Sequence[str]]) -> Bag:
    """Return the bag of texts that are folded words."""
    words = sorted({word for text in texts for word in text})
    rank = {word: number for number, word in enumerate(words)}
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    text = np.repeat(np.arange(len(texts)), sizes)
    word = np.fromiter((rank[word] for text in texts for word in text), np.int64, len(text))
    return Bag(len(texts), text, word, 1 / np.sqrt(sizes[text]), *sequences(words))


def exp(values: Floats) -> Floats:
    """Return the exponential of values up to 0, by repeated squaring."""
    power = np.maximum(1 + np.maximum(values, -700.0) / 2**_SQUARINGS, 0.0)
    for _ in range(_SQUARINGS):
        power *= power
    return power


def probabilities(scores: Floats) -> Floats:
    parts = exp(scores - scores.max(axis=1, keepdims=True))
    total = np.zeros(len(parts))
    for column in parts.T:
        total += column
    shares: Floats = parts / total[:, None]
    return shares


def fit(
    bag: Bag, labels: Ints, classes: int, weight: Floats, start: ClassWeights | None = None
) -> tuple[Floats, Floats]:
    """Return the weights (buckets x classes) and the bias of the classes that explain the labels of texts best.

    From a ``start`` they move only as far as the texts require.
    """
    words = int(bag.sequence.max(initial=0)) + 1
    used, bucket = np.unique(bag.bucket, return_inverse=True)
    whole, bias = np.zeros((1 << BITS, classes)), np.zeros(classes)
    if start is not None:
        whole += start.points * start.scale
        bias += start.bias * start.scale
    origin: Floats = whole[used]
    weights: Floats = origin.copy()
    seen, seen_bias = np.full(origin.shape, _SMALL), np.full(classes, _SMALL)
    wanted = np.zeros((bag.texts, classes))
    wanted[np.arange(bag.texts), labels] = 1
    mass: Floats = weight / np.cumsum(weight)[-1]

    def added(owner: Ints, rows: Floats, count: int) -> Floats:
        return np.stack([np.bincount(owner, column, count) for column in rows.T], axis=1)

    for _ in range(_ROUNDS if start is None else _FEW):
        of_word = added(bag.sequence, weights[bucket], words)
        scores = added(bag.text, of_word[bag.word] * bag.share[:, None], bag.texts) + bias
        wrong = (probabilities(scores) - wanted) * mass[:, None]
        back = added(bag.word, wrong[bag.text] * bag.share[:, None], words)
        gradient = added(bucket, back[bag.sequence], len(used)) + _DECAY * (weights - origin)
        seen += gradient * gradient
        weights -= _STEP * gradient / np.sqrt(seen)
        gradient_bias = np.cumsum(wrong, axis=0)[-1]
        seen_bias += gradient_bias * gradient_bias
        bias -= _STEP * gradient_bias / np.sqrt(seen_bias)
    whole[used] = weights
    return whole, bias


def weights(bag: Bag, labels: Ints, classes: int, weight: Floats, start: ClassWeights | None = None) -> ClassWeights:
    """Return what `fit` learned, as integers."""
    points, bias = fit(bag, labels, classes, weight, start)
    scale = float(np.abs(points).max(initial=0)) / _LARGEST or 1.0
    return ClassWeights(np.rint(points / scale).astype(np.int8), np.rint(bias / scale).astype(np.int16), scale)


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
