"""Chance: the same draws for every scenario, each with its own place, so that scenarios differ by what they change.

A draw belongs to a replication, a month, a purpose and a territory or a session; it doesn't depend on what was drawn
before. Numbers come from Philox (Salmon et al., 2011), whose stream NumPy keeps the same in every version.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
LASTING = 0  # the stream of what holds for a whole replication; months are numbered by their year and month
_RELAYS = 1 << 40


def seed_of(seed: int, replication: int) -> int:
    """Return the seed of a replication, which gives it again alone."""
    return int(np.random.SeedSequence(entropy=(seed, replication)).generate_state(1, np.uint64)[0])


def uniform(seeds: Sequence[int], stream: int, *shape: int) -> Floats:
    """Return numbers from 0 to 1, 1 left out: a block of ``shape`` for each replication."""
    count = int(np.prod(shape))
    numbers = np.empty((len(seeds), count))
    for row, seed in zip(numbers, seeds, strict=True):
        raw = np.random.Philox(key=np.array([seed, stream], np.uint64)).random_raw(count)
        np.multiply(raw >> np.uint64(11), 2.0**-53, out=row)
    return numbers.reshape(len(seeds), *shape)


def of_relays(seeds: Sequence[int], relays: Iterable[str], months: int) -> Floats:
    """Return a number for each replication, relay and month; a relay more changes nothing for the others."""
    streams = [_RELAYS + zlib.crc32(relay.encode()) for relay in relays]
    return np.stack([uniform(seeds, stream, months) for stream in streams] or [np.zeros((len(seeds), months))], axis=1)


def binomial(chance: Floats, size: Ints, probability: Floats) -> Ints:
    """Return how many of ``size`` happen, each with ``probability``: the quantile of the binomial law at ``chance``.

    It never falls as the chance, the size or the probability grows.
    """
    p = np.clip(np.round(probability, 9), 1e-9, 1 - 1e-9)
    n = size.astype(np.float64)
    none = np.exp(np.round(n * np.log1p(-p), 12))
    return _quantile(chance, none, size, lambda mass, k: mass * (n - k) / (k + 1) * (p / (1 - p)))


_MOST = 30


def poisson(chance: Floats, mean: Floats) -> Ints:
    """Return the quantile of Poisson's law at ``chance``, at most `_MOST`."""
    m = np.round(mean, 9)
    most = np.full(np.broadcast(chance, m).shape, _MOST)
    return _quantile(chance, np.exp(-m), most, lambda mass, k: mass * m / (k + 1))


def _quantile(chance: Floats, none: Floats, most: Ints, step: Callable[[Floats, int], Floats]) -> Ints:
    """Return how often something happens: probabilities of ``none`` and, by ``step``, of one time more add up to it."""
    mass, below, count = none, none.copy(), np.zeros_like(most)
    for k in range(int(most.max(initial=0))):
        more = (chance >= np.round(below, 12)) & (count == k) & (k < most)
        if not more.any():
            break
        count[more] += 1
        mass = step(mass, k)
        below = below + np.maximum(mass, 0.0)
    return count


def places(chance: Floats, weights: Floats) -> Ints:
    """Return the place along the last axis of ``weights`` that a chance falls on, in proportion to the weights."""
    total = np.cumsum(np.round(weights, 9), axis=-1)
    below = np.round(chance * total[..., -1], 9)[..., None] >= total
    return np.asarray(np.minimum(below.sum(axis=-1), weights.shape[-1] - 1), np.int64)
