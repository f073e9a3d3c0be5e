"""The second reader: what a text asks for, learned from labelled texts; each word has its own part in the answer.

A word stands for the sequences of 2 to 5 of its first 30 characters, whose hashes choose one of many buckets; a bucket
has points for each class. The points of the words of a text add up, divided by the square root of their number. All
are integers. Whether what is named is wanted is read in the same way from words, signs and pairs of them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from prai_match.needs._trie import highest, spread

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE: Final = "none"
STANCES: Final = ("wanted", "refused", "has")
BITS: Final = 17
_SHORTEST, _LONGEST = 2, 5
_READ = 30  # characters of a word: those of a row of the same letter would outweigh all others
_PRIME, _MIX = np.uint32(0x01000193), np.uint32(0x9E3779B1)
_START, _END = "\x02", "\x03"
_STARTS, _ENDS = np.uint32(0x0D15EA5E), np.uint32(0x7E57AB1E)  # stand beside the first and the last token of a text


@dataclass(frozen=True, slots=True)
class ClassWeights:
    """The points of each bucket for each class, those of each class whatever the words, and what a point is worth."""

    points: NDArray[np.int8]  # buckets x classes
    bias: NDArray[np.int16]
    scale: float

    @classmethod
    def silent(cls, classes: int) -> ClassWeights:
        return cls(np.zeros((1 << BITS, classes), np.int8), np.zeros(classes, np.int16), 1.0)

    def logs(self, sums: Ints, sizes: Ints) -> Floats:
        """Return the logarithms of probabilities (texts x classes), for sums of points of so many words."""
        return log_softmax((sums / np.sqrt(np.maximum(sizes, 1))[:, None] + self.bias) * self.scale)


@dataclass(frozen=True, slots=True)
class ExampleReader:
    """What was learned from the labelled texts of a catalogue.

    Attributes:
        classes: The workshops, then `NONE`.
        topics: Weights of sequences of characters for the classes.
        stances: Weights of words and pairs of words for `STANCES`, in texts that name one workshop.
        blend: How the verdict adds both readers (see `_understanding.values`); ``alone`` is for the lexicon alone.
        stance_blend: How it adds what both say of a stance.
        trust: What tells how probable it is that what such a text names is right (see `_understanding`).
    """

    classes: tuple[str, ...]
    topics: ClassWeights
    stances: ClassWeights
    blend: tuple[float, ...]
    alone: tuple[float, ...]
    stance_blend: tuple[float, ...]
    trust: tuple[float, ...]

    @property
    def is_silent(self) -> bool:
        """Whether the verdict gives the examples no weight: too little was learned."""
        return self.blend == self.alone

    def packed(self) -> bytes:
        """Return the reader as compressed bytes, the same for the same reader."""
        head: dict[str, Any] = {name: getattr(self, name) for name in ("classes", *_PARAMETERS)}
        arrays = b""
        for name in _WEIGHTS:
            weights: ClassWeights = getattr(self, name)
            head[name] = {"bias": weights.bias.tolist(), "scale": weights.scale}
            arrays += weights.points.tobytes()
        return gzip.compress(json.dumps(head, separators=(",", ":")).encode() + b"\n" + arrays, mtime=0)

    @classmethod
    def unpacked(cls, data: bytes) -> ExampleReader:
        head, _, arrays = gzip.decompress(data).partition(b"\n")
        values: dict[str, Any] = json.loads(head)
        parts: dict[str, Any] = {name: tuple(values[name]) for name in ("classes", *_PARAMETERS)}
        at = 0
        for name in _WEIGHTS:
            bias = np.array(values[name]["bias"], np.int16)
            size = len(bias) << BITS
            points = np.frombuffer(arrays[at : at + size], np.int8).reshape(-1, len(bias))
            parts[name], at = ClassWeights(points, bias, values[name]["scale"]), at + size
        return cls(**parts)


_WEIGHTS = ("topics", "stances")
_PARAMETERS = ("blend", "alone", "stance_blend", "trust")


def sequences(words: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the rank of the word of each of its sequences of characters, and its bucket; words in their order."""
    words = [word[:_READ] for word in words]
    text = "".join(f"{_START}{word}{_END}" for word in words)
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    owner = np.repeat(np.arange(len(words)), np.fromiter((len(word) + 2 for word in words), np.int64, len(words)))
    ranks, buckets, running = [], [], codes
    for size in range(_SHORTEST, _LONGEST + 1):
        running = running[:-1] * _PRIME + codes[size - 1 :]
        inside = owner[: len(running)] == owner[size - 1 :]
        ranks.append(owner[: len(running)][inside])
        buckets.append(_bucket(running[inside] ^ np.uint32(size)))
    both = np.sort(np.concatenate(ranks) << BITS | np.concatenate(buckets))
    both = both[np.append(True, both[1:] != both[:-1])[: len(both)]]  # a row of one letter counts once
    return both >> BITS, both & ((1 << BITS) - 1)


def points_of(words: Sequence[str], weights: ClassWeights) -> Ints:
    """Return the points of distinct folded words (words x classes)."""
    if not words:
        return np.zeros((0, len(weights.bias)), np.int64)
    rank, bucket = sequences(words)
    firsts = np.searchsorted(rank, np.arange(len(words)))  # even an empty word has a sequence: its marks
    return np.add.reduceat(weights.points.take(bucket, axis=0), firsts, axis=0, dtype=np.int64)


def pairs(forms: Sequence[str], word: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return the buckets of the pairs of neighbouring tokens of texts, and how many each text has.

    Each token has the form with its number. The first and the last one of a text have a neighbour too.
    """
    own = hashes_of([form[:_READ] for form in forms])
    sizes = np.maximum(end - begin, 0) + 1
    _, at = spread(begin, begin + sizes)
    left, right = own[word[at - 1] % len(forms)], own[np.append(word, 0)[at] % len(forms)]
    left[np.cumsum(sizes) - sizes] = _STARTS
    right[np.cumsum(sizes) - 1] = _ENDS
    return _bucket(left * _MIX + right), sizes


def hashes_of(forms: Sequence[str]) -> NDArray[np.uint32]:
    sizes = np.fromiter(map(len, forms), np.int64, len(forms))
    codes = np.frombuffer("".join(forms).encode("utf-32-le"), np.uint32)
    starts, value = np.cumsum(sizes) - sizes, np.zeros(len(forms), np.uint32)
    for place in range(int(sizes.max(initial=0))):
        rows = sizes > place
        value[rows] = (value[rows] ^ codes[starts[rows] + place]) * _PRIME + np.uint32(place + 1)
    return value


def log_softmax(scores: Floats) -> Floats:
    high = scores - highest(scores)[:, None]
    logs: Floats = high - np.log(np.exp(high).sum(axis=1, keepdims=True))
    return logs


def _bucket(values: NDArray[np.uint32]) -> Ints:
    mixed = values * _MIX
    return ((mixed ^ (mixed >> np.uint32(15))) * _PRIME >> np.uint32(32 - BITS)).astype(np.int64)


def log_odds(chance: Floats) -> Floats:
    inside = np.clip(chance, 1e-3, 1 - 1e-3)
    odds: Floats = np.log(inside / (1 - inside))
    return odds


def summed(rows: NDArray[np.signedinteger[Any]]) -> Ints:
    """Return the sums of the rows before each place."""
    total = np.zeros((len(rows) + 1, rows.shape[1]), np.int64)
    np.cumsum(rows, axis=0, out=total[1:])
    return total
