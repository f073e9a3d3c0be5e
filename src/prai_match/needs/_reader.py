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
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prai_match.needs._trie import distinct, highest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE: Final = "none"
STANCES: Final = ("wanted", "refused", "has")
BITS: Final = 17
_SHORTEST, _LONGEST = 2, 5
_READ = 30  # characters of a word: those of a row of the same letter would outweigh all others
_PRIME, _MIX = np.uint32(0x01000193), np.uint32(0x9E3779B1)
_START, _END = "\x02", "\x03"
# Where a word stands when a stance is read: in the part itself, after it, before it; or in a text with several needs.
OWN, AFTER, BEFORE, WHOLE = range(1, 5)
_HEAD = 5  # letters of the beginning of a word, which verbs keep
_STARTS, _ENDS = np.uint32(0x0D15EA5E), np.uint32(0x7E57AB1E)  # stand beside the first and the last token of a range


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
        stances: Weights of words and pairs of words for `STANCES`.
        several: Weights of words and pairs of words for texts with one need, and with several.
        blend: How the verdict adds both readers (see `_understanding.values`); ``alone`` is for the lexicon alone.
        stance_blend: How it adds what both say of a stance.
        split: How it decides that a text has several needs; ``split_alone`` is for the lexicon alone.
        trust: What tells how probable it is that what is named is right (see `_understanding`).
    """

    classes: tuple[str, ...]
    topics: ClassWeights
    stances: ClassWeights
    several: ClassWeights
    blend: tuple[float, ...]
    alone: tuple[float, ...]
    stance_blend: tuple[float, ...]
    split: tuple[float, ...]
    split_alone: tuple[float, ...]
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


_WEIGHTS = ("topics", "stances", "several")
_PARAMETERS = ("blend", "alone", "stance_blend", "split", "split_alone", "trust")


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


class Heard(NamedTuple):
    """Some tokens of texts: the hash of each, of its beginning (0 for short ones) and of what follows it."""

    token: NDArray[np.uint32]
    head: NDArray[np.uint32]
    following: NDArray[np.uint32]
    forms: list[str]  # distinct
    form: Ints  # of each token

    def marks(self, at: slice, place: int) -> Ints:
        """Return the buckets of tokens, read in a place: the token, its beginning, its pair with the next (tokens x 3).

        -1 stands for a bucket that isn't there: the beginning of a short word. The words of the part itself are told by
        their sequences of characters, so that they have pairs only.
        """
        salt, token, head = np.uint32(place * 0x51ED), self.token[at], self.head[at]
        found = np.full((len(token), 3), -1)
        found[:, 2] = _pairs(token, self.following[at], place)
        if place != OWN:
            found[:, 0] = _bucket(token ^ salt)
            found[:, 1] = np.where(head == 0, -1, _bucket(head ^ (salt + np.uint32(1))))
        return found

    def bounds(self, start: Ints, end: Ints, place: int) -> Ints:
        """Return the buckets of the first and the last token of ranges, read in a place (ranges x 2)."""
        is_empty, token = end <= start, np.append(self.token, _ENDS)
        first = np.where(is_empty, _ENDS, token[start])
        last = np.where(is_empty, _STARTS, token[end - 1])
        edge = np.full(len(start), _STARTS), np.full(len(start), _ENDS)
        return np.stack([_pairs(edge[0], first, place), _pairs(last, edge[1], place)], axis=1)


def heard(forms: Sequence[str], word: Ints, ends: Ints, at: Ints) -> Heard:
    """Return some tokens (``at``) of texts that end at ``ends``; each token has the form with its number."""
    number = np.append(word % len(forms), 0)
    own, following = number[at], number[at + 1]
    used = distinct(np.concatenate([own, following]))
    rank = np.zeros(len(forms), np.int64)
    rank[used] = np.arange(len(used))
    kept = [forms[each][:_READ] for each in used.tolist()]
    hashes, heads = (_hashes(each) for each in (kept, [form[:_HEAD] if len(form) > _HEAD else "" for form in kept]))
    form = rank[own]
    return Heard(hashes[form], heads[form], np.where(np.isin(at, ends - 1), _ENDS, hashes[rank[following]]), kept, form)


def _hashes(forms: Sequence[str]) -> NDArray[np.uint32]:
    sizes = np.fromiter(map(len, forms), np.int64, len(forms))
    codes = np.frombuffer("".join(forms).encode("utf-32-le"), np.uint32)
    starts, value = np.cumsum(sizes) - sizes, np.zeros(len(forms), np.uint32)
    for place in range(int(sizes.max(initial=0))):
        rows = sizes > place
        value[rows] = (value[rows] ^ codes[starts[rows] + place]) * _PRIME + np.uint32(place + 1)
    return value


def _pairs(tokens: NDArray[np.uint32], following: NDArray[np.uint32], place: int) -> Ints:
    return _bucket((tokens * _MIX + following) ^ np.uint32(place * 0x51ED + 2))


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
