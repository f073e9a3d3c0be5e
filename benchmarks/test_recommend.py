"""The speed and memory of recommending, beside the same ranking by hand, in one run."""

from __future__ import annotations

import gc
import pickle
import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import _baselines
import _france
from _memory import taken_alone
from prai_match import FollowUps, Policy
from prai_match.model import Catalogue
from prai_match.offers import Frames, Snapshot
from prai_match.recommend import Ranking, rank

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

TOP = 3
GRAPH = FollowUps.declared(Catalogue(themes=()))
MIDI_PYRENEES = ["09", "12", "31", "32", "46", "65", "81", "82"]

MEMORY = """
import pickle
from pathlib import Path
import test_recommend
frames = pickle.loads(Path(sys.argv[1]).read_bytes())
def run():
    test_recommend.engine(frames)
"""


def engine(frames: Frames) -> Ranking:
    """What ``Programme.recommend`` computes, on prepared frames."""
    return rank(Snapshot(frames, _france.ON, GRAPH, None), Policy.default(), TOP, frames.territories)


def measured(one: Callable[[], Any], other: Callable[[], Any], rounds: int = 9) -> tuple[float, float, float]:
    """Return the median seconds of each, taken in turn, and the median of their ratios pair by pair."""
    times = []
    for _ in range(rounds + 1):
        pair = []
        for run in (one, other):
            start = perf_counter()
            run()
            pair.append(perf_counter() - start)
        times.append(pair)
    first, second = np.array(times[1:]).T  # the first round warms up
    return float(np.median(first)), float(np.median(second)), float(np.median(first / second))


@pytest.fixture(scope="module")
def france() -> Frames:
    start = perf_counter()
    tables = _france.tables()
    made = perf_counter()
    frames = _france.frames(tables)
    print(f"\nFrance: {frames.territories.height:,} territories, {tables['needs'].height:,} needs, ", end="")
    print(f"{frames.partners.height} relays, {frames.trainers.height} trainers, {frames.reach.height:,} pairs around;")
    print(f"prepared once in {perf_counter() - made:.1f} s (made in {made - start:.1f} s)")
    return frames


def test_engine(benchmark: BenchmarkFixture, france: Frames) -> None:
    benchmark.pedantic(engine, args=(france,), rounds=9, warmup_rounds=2)


def test_numpy(benchmark: BenchmarkFixture, france: Frames) -> None:
    arrays = _baselines.arrays(france, _france.ON)
    benchmark.pedantic(_baselines.by_numpy, args=(arrays, TOP), rounds=9, warmup_rounds=2)


def test_ratios_to_the_same_ranking_by_hand(france: Frames) -> None:
    arrays = _baselines.arrays(france, _france.ON)
    ranked = engine(france).offers
    t, s, (p, r), score = _baselines.by_numpy(arrays, TOP)
    for column, values in {"t": t, "s": s, "p": p, "r": r, "score": score}.items():
        assert (ranked[column].to_numpy() == values).all(), f"NumPy's {column} differs"
    start = perf_counter()
    by_loops = _baselines.by_loops(france, _france.ON, TOP)
    loops = perf_counter() - start
    assert by_loops == ranked.select("t", "s", "p", "r", "score").rows(), "the loops' ranking differs"
    del by_loops
    gc.collect()
    gc.freeze()  # what the loops left behind is not for the others to walk through
    ours, numpy, ratio = measured(lambda: engine(france), lambda: _baselines.by_numpy(arrays, TOP))
    print(f"\nrecommend for France: {ours * 1000:.0f} ms; NumPy by hand {numpy * 1000:.0f} ms; loops {loops:.2f} s")
    print(f"  {ratio:.1f} x the time of NumPy (target: at most 6)")
    print(f"  {loops / ours:.1f} x faster than loops (target: at least 20)")


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_memory(tmp_path: Path) -> None:
    for copies in (1, 10):
        # Prepared here and measured in a new process, which has no freed memory to use again.
        prepared = tmp_path / "frames.pickle"
        prepared.write_bytes(pickle.dumps(_france.frames(_france.tables(copies=copies))))
        added = taken_alone(MEMORY, str(prepared)).added
        print(f"\nmemory added by recommend, {copies} x France: {added:.0f} MB (target for France: under 500)")


def test_time_grows_no_faster_than_the_size(france: Frames) -> None:
    region = _france.frames(_france.tables(MIDI_PYRENEES, trainers=30))
    tenfold = _france.frames(_france.tables(copies=10))
    print()
    for name, small, large in (("region to France", region, france), ("France to ten times", france, tenfold)):
        more, less, ratio = measured(lambda: engine(large), lambda: engine(small), rounds=5)  # noqa: B023 - run at once
        size = large.territories.height / small.territories.height
        print(
            f"{name}: size x {size:.1f}, time x {ratio:.1f} ({less * 1000:.0f} to {more * 1000:.0f} ms; target: at most {size:.1f})"
        )
