"""The second reader: what a text asks for, learned from labelled texts; each word has its own part in the answer.

A word stands for the sequences of 2 to 5 of its first 30 characters, whose hashes choose one of many buckets; a bucket
has points for each class. The points of the words of a text add up, divided by the square root of their number. All
are integers. Whether what is named is wanted is read in the same way from words and pairs of words.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from prai_match.needs._trie import highest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE: Final = "none"
STANCES: Final = ("wanted", "refused", "has")
BITS: Final = 15
_SHORTEST, _LONGEST = 2, 5
_READ = 30  # characters of a word: those of a row of the same letter would outweigh all others
_PRIME, _MIX = np.uint32(0x01000193), np.uint32(0x9E3779B1)
_START, _END = "\x02", "\x03"
# Where a word stands when a stance is read: in the part itself, after it, before it; and what the lexicon says.
OWN, AFTER, BEFORE, SAID = range(1, 5)
_HEAD = 5  # letters of the beginning of a word, which verbs keep


@dataclass(frozen=True, slots=True)
class ClassWeights:
    """The points of each bucket for each class, those of each class whatever the words, and what a point is worth."""

    points: NDArray[np.int8]  # buckets x classes
    bias: NDArray[np.int16]
    scale: float

    def logs(self, sums: Ints, sizes: Ints) -> Floats:
        """Return the logarithms of probabilities (texts x classes), for sums of points of so many words."""
        return log_softmax((sums / np.sqrt(np.maximum(sizes, 1))[:, None] + self.bias) * self.scale)


@dataclass(frozen=True, slots=True)
class ExampleReader:
    """What was learned from the labelled texts of a catalogue.

    Attributes:
        classes: The workshops, then `NONE`.
        topics: Weights of sequences of characters for the classes.
        stances: Weights of words and pairs of words for `STANCES`.
        blend: How the verdict adds both readers (see `_verdict`); ``alone`` is for the lexicon alone.
        split: How it decides that a text has several needs; ``split_alone`` is for the lexicon alone.
    """

    classes: tuple[str, ...]
    topics: ClassWeights
    stances: ClassWeights
    blend: tuple[float, ...]
    alone: tuple[float, ...]
    split: tuple[float, ...]
    split_alone: tuple[float, ...]

    @property
    def is_silent(self) -> bool:
        """Whether the verdict gives the examples no weight: too little was learned."""
        return self.blend == self.alone

    def packed(self) -> bytes:
        """Return the reader as compressed bytes, the same for the same reader."""
        head: dict[str, Any] = {name: getattr(self, name) for name in ("classes", *_PARAMETERS)}
        arrays = b""
        for name in ("topics", "stances"):
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
        for name in ("topics", "stances"):
            bias = np.array(values[name]["bias"], np.int16)
            size = len(bias) << BITS
            points = np.frombuffer(arrays[at : at + size], np.int8).reshape(-1, len(bias))
            parts[name], at = ClassWeights(points, bias, values[name]["scale"]), at + size
        return cls(**parts)


_PARAMETERS = ("blend", "alone", "split", "split_alone")


def sequences(words: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the rank of the word of each sequence of characters, and its bucket; words in their order."""
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
    rank = np.concatenate(ranks)
    order = np.argsort(rank, kind="stable")
    return rank[order], np.concatenate(buckets)[order]


def points_of(words: Sequence[str], weights: ClassWeights) -> Ints:
    """Return the points of distinct folded words (words x classes)."""
    if not words:
        return np.zeros((0, len(weights.bias)), np.int64)
    rank, bucket = sequences(words)
    firsts = np.searchsorted(rank, np.arange(len(words)))  # even an empty word has a sequence: its marks
    return np.add.reduceat(weights.points.take(bucket, axis=0), firsts, axis=0, dtype=np.int64)


def hashes(words: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the hashes of folded words and of their beginnings, 0 for short ones."""
    values = []
    for texts in (words, [word[:_HEAD] if len(word) > _HEAD else "" for word in words]):
        sizes = np.fromiter(map(len, texts), np.int64, len(texts))
        codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
        starts, value = np.cumsum(sizes) - sizes, np.zeros(len(texts), np.uint32)
        for place in range(int(sizes.max(initial=0))):
            rows = sizes > place
            value[rows] = (value[rows] ^ codes[starts[rows] + place]) * _PRIME + np.uint32(place + 1)
        values.append(value)
    return values[0], values[1]


def marks(words: NDArray[np.uint32], heads: NDArray[np.uint32], place: int) -> Ints:
    """Return the buckets of words that follow one another, read in a place: words, beginnings and pairs (words x 3).

    -1 stands for a bucket that isn't there: the beginning of a short word, the pair of the last one.
    """
    salt = np.uint32(place * 0x51ED)
    found = np.full((len(words), 3), -1)
    found[:, 0] = _bucket(words ^ salt)
    found[:, 1] = np.where(heads == 0, -1, _bucket(heads ^ (salt + np.uint32(1))))
    found[:-1, 2] = pairs(words[:-1], words[1:], place)
    return found


def pairs(words: NDArray[np.uint32], following: NDArray[np.uint32], place: int) -> Ints:
    """Return the buckets of pairs of words, read in a place."""
    return _bucket((words * _MIX + following) ^ np.uint32(place * 0x51ED + 2))


def said(stance: str) -> int:
    """Return the bucket of what the lexicon says of a part."""
    return int(_bucket(np.array([STANCES.index(stance) + SAID * 0x51ED], np.uint32))[0])


def log_softmax(scores: Floats) -> Floats:
    high = scores - highest(scores)[:, None]
    logs: Floats = high - np.log(np.exp(high).sum(axis=1, keepdims=True))
    return logs


def _bucket(values: NDArray[np.uint32]) -> Ints:
    mixed = values * _MIX
    return ((mixed ^ (mixed >> np.uint32(15))) * _PRIME >> np.uint32(32 - BITS)).astype(np.int64)


def summed(rows: NDArray[np.signedinteger[Any]]) -> Ints:
    """Return the sums of the rows before each place."""
    total = np.zeros((len(rows) + 1, rows.shape[1]), np.int64)
    np.cumsum(rows, axis=0, out=total[1:])
    return total
