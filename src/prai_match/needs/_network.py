"""Networks that read a text for one of the workshops that it may name: whether it names it, and how it is meant.

Each is a quasi-recurrent network (Bradbury, Merity, Xiong and Socher, "Quasi-recurrent neural networks", ICLR 2017):
two layers that read both ways, with gates that are pieces of straight lines. Layers hand integers on, whose sums are
exact in single precision: every machine gives the same bits.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prai_match.needs._reader import Floats, Ints, hashes_of, log_softmax
from prai_match.needs._trie import distinct, spread

Singles = NDArray[np.float32]

BUCKETS: Final = 1 << 14
NETWORKS: Final = 2
_UNSURE: Final = (0.1, 0.9)  # probabilities between which one network doesn't know whether something is wanted
UNIT: Final = 127  # what 1 is, as an integer, between layers
FINE: Final = 16  # the same in marks and facts
_HEADS, _TAIL = (3, 4, 5, 7), 3  # letters of the beginnings and of the end of a word
_MEMORY: Final = 128  # tokens after which the network begins anew: the work grows as the text does
_BATCH: Final = 1 << 11  # tokens that are read at a time: what is made of them stays near the processor


class Sequences(NamedTuple):
    """What the network reads: sequences of tokens, with what is known of each token and of each sequence."""

    forms: Sequence[str]  # distinct
    form: Ints  # of each token
    size: Ints  # of each sequence
    marks: Ints  # tokens x marks; the first tells which tokens are pooled
    facts: Ints  # sequences x facts

    def of(self, rows: Ints) -> Sequences:
        """Return some of the sequences."""
        ends = np.cumsum(self.size)
        _, at = spread((ends - self.size)[rows], ends[rows])
        return Sequences(self.forms, self.form[at], self.size[rows], self.marks[at], self.facts[rows])


@dataclass(frozen=True, slots=True)
class Layer:
    """Integers and what one of them is worth, then what is added."""

    weights: NDArray[np.int8]  # inputs x outputs
    scale: float
    bias: NDArray[np.int16]

    def of(self, inputs: Singles, unit: float) -> Singles:
        """Return what comes out for integers, each of which is worth ``unit``."""
        found: Singles = inputs @ self.weights.astype(np.float32)
        found *= np.float32(self.scale * unit)
        found += self.bias * np.float32(1 / UNIT)
        return found


@dataclass(frozen=True, slots=True)
class Network:
    """The weights of the network, as integers."""

    words: NDArray[np.int8]  # buckets x units
    layers: dict[str, Layer]
    scale: float  # of words

    def packed(self) -> bytes:
        head: dict[str, Any] = {"scale": self.scale, "words": self.words.shape, "layers": {}}
        arrays = self.words.tobytes()
        for name, each in self.layers.items():
            head["layers"][name] = {"shape": each.weights.shape, "scale": each.scale, "bias": each.bias.tolist()}
            arrays += each.weights.tobytes()
        return gzip.compress(json.dumps(head, separators=(",", ":")).encode() + b"\n" + arrays, mtime=0)

    @classmethod
    def unpacked(cls, data: bytes) -> Network:
        first, _, arrays = gzip.decompress(data).partition(b"\n")
        head, values, at = json.loads(first), np.frombuffer(arrays, np.int8), 0
        shapes = [head["words"], *(each["shape"] for each in head["layers"].values())]
        parts = []
        for rows, columns in shapes:
            parts.append(values[at : at + rows * columns].reshape(rows, columns))
            at += rows * columns
        layers = {
            name: Layer(weights, each["scale"], np.array(each["bias"], np.int16))
            for (name, each), weights in zip(head["layers"].items(), parts[1:], strict=True)
        }
        return cls(parts[0], layers, head["scale"])

    def known(self, forms: Sequence[str]) -> Singles:
        """Return what the network knows of forms by themselves (forms x units)."""
        rows, words = buckets(forms)
        sums = np.zeros((len(forms), self.words.shape[1]), np.int64)
        np.add.at(sums, rows, self.words[words].astype(np.int64))
        return sums.astype(np.float32) * np.float32(self.scale)

    def logs(self, sequences: Sequences) -> Floats:
        """Return the logarithms of the chances of the classes (sequences x classes)."""
        order = np.argsort(sequences.size, kind="stable")
        batch = np.cumsum(sequences.size[order]) // _BATCH
        used, rank = distinct(sequences.form), np.zeros(len(sequences.forms), np.int64)
        rank[used] = np.arange(len(used))
        known = self.known([sequences.forms[form] for form in used.tolist()])
        found = np.zeros((len(order), len(self.layers["out"].bias)))
        for rows in np.split(order, np.nonzero(np.diff(batch))[0] + 1):
            own = sequences.of(rows)
            told = known.take(rank[own.form], axis=0)
            told += self.layers["marks"].of(own.marks.astype(np.float32), 1 / FINE)
            found[rows] = self._pooled(self._read(_grid(told), _Steps.of(own.size)), own)
        return log_softmax(found)

    def _read(self, tokens: Singles, steps: _Steps) -> Singles:
        """Return what both layers make of tokens, from the left and from the right (tokens x twice the units)."""
        found = tokens.take(steps.order, axis=0)
        for name in ("first", "second"):
            beside = np.append(found, np.zeros((1, found.shape[1]), np.float32), axis=0)
            before, after = (beside.take(each, axis=0) for each in steps.beside)
            gates = self.layers[name].of(np.concatenate([before, found, after], axis=1), 1 / UNIT)
            both = (steps.run(side, back) for back, side in enumerate(np.split(gates, 2, axis=1)))
            found = np.concatenate([*both], axis=1)
        return found.take(steps.rank, axis=0)

    def _pooled(self, read: Singles, sequences: Sequences) -> Floats:
        """Return the values of the classes: from the mean of a sequence's own tokens, the highest of all, the facts."""
        firsts = np.cumsum(sequences.size) - sequences.size
        marked = sequences.marks[:, 0] > 0
        is_own = marked | np.repeat(~np.logical_or.reduceat(marked, firsts), sequences.size)
        counts = np.add.reduceat(is_own, firsts, dtype=np.int64)
        sums = np.add.reduceat(read[is_own], np.cumsum(counts) - counts, axis=0)  # of integers: exact
        mean = sums / counts[:, None]
        told = np.maximum(self.layers["facts"].of(sequences.facts.astype(np.float32), 1 / FINE), 0)
        values = [np.rint(mean).astype(np.float32), np.maximum.reduceat(read, firsts, axis=0), _grid(told)]
        hidden = np.maximum(self.layers["hidden"].of(np.concatenate(values, axis=1), 1 / UNIT), 0)
        return self.layers["out"].of(_grid(hidden), 1 / UNIT).astype(np.float64)


class _Steps(NamedTuple):
    """Tokens by their place in their sequence: first the first of each, the longest sequences first."""

    order: Ints
    rank: Ints  # in the order
    beside: tuple[Ints, Ints]  # by rank, of the token before and after; -1 stands for none
    bounds: list[int]

    @classmethod
    def of(cls, sizes: Ints) -> _Steps:
        owner, at = spread(np.zeros(len(sizes), np.int64), sizes)
        place, part = at % _MEMORY, at // _MEMORY
        rest = np.minimum(sizes[owner] - part * _MEMORY, _MEMORY)  # tokens of its stretch of the sequence
        order = np.lexsort((part, owner, -rest, place))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        neighbours = np.append(rank, -1)
        before = np.where(place > 0, neighbours[np.arange(len(at)) - 1], -1)
        after = np.where(place < rest - 1, neighbours[np.arange(len(at)) + 1], -1)
        return cls(order, rank, (before[order], after[order]), [0, *np.cumsum(np.bincount(place)).tolist()])

    def run(self, gates: Singles, back: int) -> Singles:
        """Return what is remembered and shown at each token, as integers; ``back`` reads from the end."""
        new, kept, shown = np.split(gates, 3, axis=1)
        kept, shown = (np.clip(each * np.float32(0.25) + np.float32(0.5), 0, 1) for each in (kept, shown))
        memory: Singles = (1 - kept) * np.clip(new, -1, 1)
        steps = range(1, len(self.bounds) - 1)
        for step in reversed(steps) if back else steps:
            first, begin, end = self.bounds[step - 1 : step + 2]
            ahead, here = slice(first, first + end - begin), slice(begin, end)
            now, then = (ahead, here) if back else (here, ahead)
            memory[now] += kept[now] * memory[then]
        shown *= np.float32(UNIT)
        memory *= shown
        np.rint(memory, out=memory)
        return memory


def _grid(values: Singles) -> Singles:
    """Return values from -1 to 1 as integers."""
    found: Singles = np.rint(np.clip(values, -1, 1) * np.float32(UNIT))
    return found


def buckets(forms: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the rank of each bucket's word, and the bucket: of the word, of its beginnings and of its end."""
    rows, found = [], []
    for salt, cut in enumerate([slice(None), *(slice(size) for size in _HEADS), slice(-_TAIL, None)]):
        size = cut.stop or -(cut.start or 0)
        own = [rank for rank, form in enumerate(forms) if len(form) > size]
        mixed = (hashes_of([forms[rank][cut] for rank in own]) ^ np.uint32(salt * 0x51ED)) * np.uint32(0x9E3779B1)
        rows.append(np.array(own, np.int64))
        found.append((mixed >> np.uint32(18)).astype(np.int64))
    return np.concatenate(rows), np.concatenate(found)


@cache
def networks() -> tuple[Network, ...]:
    """Return the networks that are shipped: they began to learn elsewhere, and err elsewhere."""
    folder = files("prai_match.needs").joinpath("data")
    return tuple(Network.unpacked(folder.joinpath(f"network_{rank}.bin").read_bytes()) for rank in range(NETWORKS))


def logs(sequences: Sequences) -> Floats:
    """Return the logarithms of the chances of the classes (sequences x classes), of which the first is "wanted".

    The first network tells them. Where it isn't sure what is wanted, all of them do, alike.
    """
    first, *others = networks()
    found = first.logs(sequences)
    low, high = np.log(_UNSURE)
    unsure = np.nonzero((found[:, 0] > low) & (found[:, 0] < high))[0]
    rest = sequences.of(unsure)
    found[unsure] = log_softmax(np.mean([found[unsure], *(each.logs(rest) for each in others)], axis=0))
    return found
