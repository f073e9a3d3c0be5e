"""Training of the second reader: softmax regression with AdaGrad, in operations that give the same bits everywhere.

No sum depends on threads or on the order in which a library adds: `numpy.bincount` and `numpy.cumsum` add one by one,
and the exponential is made of multiplications. Weights are rounded to integers at the end.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from prai_match.needs._reader import BITS, ClassWeights, Floats, Ints, sequences

_ROUNDS, _STEP, _DECAY, _SMALL = 100, 0.2, 1e-5, 1e-12
_FEW: Final = 8  # rounds that add to what was learned
_SQUARINGS: Final = 12
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
