"""The networks that read doubtful texts: the same bits on every machine, and no catalogue in them."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, strategies as st

from prai_match.needs import read_needs
from prai_match.needs._network import BUCKETS, FINE, NETWORKS, Network, Sequences, logs, networks
from prai_match.needs._pairs import FACTS
from threads import printed

WORDS = ["pas", "plus", "nous", "voulons", "site", "internet", "déjà", ",", ".", "?", "anticonstitutionnellement"]


def sequences(sizes: list[int], seed: int = 0) -> Sequences:
    chance = np.random.default_rng(seed)
    marks = chance.integers(-4 * FINE, 8 * FINE, (sum(sizes), networks()[0].layers["marks"].weights.shape[0]))
    marks[:, 0] = FINE * chance.integers(0, 2, sum(sizes))
    facts = chance.integers(-6 * FINE, 6 * FINE, (len(sizes), FACTS))
    return Sequences(WORDS, chance.integers(0, len(WORDS), sum(sizes)), np.array(sizes, np.int64), marks, facts)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=6), st.integers(0, 9))
def test_each_sequence_is_read_as_by_itself(sizes: list[int], seed: int) -> None:
    every = sequences(sizes, seed)
    together, ends = logs(every), np.cumsum(every.size)
    assert together.shape == (len(sizes), 4)
    assert np.exp(together).sum(axis=1) == pytest.approx(1)
    for rank, (end, size) in enumerate(zip(ends, sizes, strict=True)):
        at = slice(end - size, end)
        alone = Sequences(WORDS, every.form[at], every.size[[rank]], every.marks[at], every.facts[[rank]])
        assert logs(alone).tobytes() == together[rank].tobytes()


def test_the_second_network_is_asked_only_where_the_first_is_unsure() -> None:
    every = sequences([12, 3, 40, 7] * 60)
    one, other = (each.logs(every) for each in networks())
    mean = (one + other) / 2
    together = mean - np.logaddexp.reduce(mean, axis=1, keepdims=True)
    is_unsure = (np.exp(one[:, 0]) > 0.1) & (np.exp(one[:, 0]) < 0.9)
    assert 0 < is_unsure.sum() < len(one)
    assert logs(every) == pytest.approx(np.where(is_unsure[:, None], together, one))


READ = """
from needs.test_needs_network import sequences
from prai_match.needs._network import logs
print(logs(sequences([40, 1, 200, 7] * 50)).tobytes().hex())
"""


def test_any_number_of_threads_gives_the_same_bits() -> None:
    found = printed(READ)
    assert len(found) == 1
    assert found != {b""}


def test_the_largest_sums_of_a_layer_are_exact() -> None:
    exact = 1 << np.finfo(np.float32).nmant + 1
    for each in networks():
        for name, layer in each.layers.items():
            assert 127 * np.abs(layer.weights.astype(np.int64)).sum(axis=0).max() < exact, name
        assert each.words.shape[0] == BUCKETS


@pytest.mark.parametrize("rank", range(NETWORKS))
def test_a_network_is_read_and_written_as_the_same_bytes(rank: int) -> None:
    data = files("prai_match.needs").joinpath(f"data/network_{rank}.bin").read_bytes()
    assert Network.unpacked(data).packed() == data
    assert len(data) < 600_000


def test_the_order_of_words_tells_what_is_wanted() -> None:
    told = {}
    for text in ("Nous ne voulons pas de site internet mais un SIG", "Nous voulons un site internet mais pas de SIG"):
        rows = read_needs(text).select("workshop", "polarity").rows()
        told[text] = [workshop for workshop, polarity in rows if polarity == "wanted"]
    assert [*told.values()] == [["sig"], ["site_internet"]]
