"""The speed and memory of recommending, beside the same ranking by hand, in one run."""

from __future__ import annotations

import datetime as dt
import gc
import pickle
import sys
from dataclasses import fields
from functools import partial
from itertools import count
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import polars as pl
import pytest

import _baselines
import _before
import _france
import _queries
from _measured import PASSES, clock_of, in_turns, keep
from _memory import taken_alone
from prai_match import FollowUps, Policy, Programme
from prai_match.model import Catalogue
from prai_match.offers import Frames, Snapshot
from prai_match.recommend import Answers, Ranking, rank

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Answer = TypeVar("Answer")
TOP, ON = 3, _france.ON
GRAPH = FollowUps.declared(Catalogue(themes=()))
POLICY = Policy.default()
MIDI_PYRENEES = ["09", "12", "31", "32", "46", "65", "81", "82"]
REGION: dict[str, Any] = {"departements": MIDI_PYRENEES, "trainers": 30, "most": 101}
OFFER = ["t", "s", "h", "p", "r", "score"]

MEMORY = """
import pickle
from pathlib import Path
import test_recommend
frames = test_recommend.whole(pickle.loads(Path(sys.argv[1]).read_bytes()))
def run():
    (test_recommend.lay_out if sys.argv[2:] else test_recommend.engine)(frames)
"""
BEFORE = """
import datetime as dt
from itertools import count
from prai_match import Programme
programme, days = Programme.example(), count()
runs = {"recommend": lambda: programme.recommend(dt.date(2007, 9, 3) + dt.timedelta(days=next(days)))}
"""


def engine(frames: Frames, on: dt.date = ON) -> Ranking:
    """What ``Programme.recommend`` computes on a new day, on prepared frames."""
    return rank(Snapshot(frames, on, GRAPH, None), POLICY, TOP, frames.territories)


def on_new_days(run: Callable[[dt.date], Answer]) -> Callable[[], Answer]:
    """Return what runs it on another day each time."""
    days = count()
    return lambda: run(ON + dt.timedelta(days=next(days) % 60))


def lay_out(frames: Frames) -> object:
    """Lay the large tables out as arrays, once for all days."""
    reach = (frames.around, frames.distances, frames.reached)
    return frames.spells, frames.visits, frames.neighbours, reach


def whole(frames: Frames) -> Frames:
    """Put the tables together, as they are where they were prepared: pickled, they are in pieces."""
    values: dict[str, Any] = {field.name: getattr(frames, field.name) for field in fields(frames)}
    values |= {name: each.rechunk() for name, each in values.items() if isinstance(each, pl.DataFrame)}
    return Frames(**values)


class Case(NamedTuple):
    """A programme of some size, prepared for ours and for NumPy by hand, whose answers are the same."""

    frames: Frames
    ours: Callable[[], Ranking]  # on a new day each time
    by_hand: Callable[[], object]

    @classmethod
    def of(cls, **size: Any) -> Case:
        frames = _france.frames(_france.tables(**size))
        by_hand = partial(_baselines.by_numpy, _baselines.arrays(frames), top=TOP)
        for on in (ON, ON + dt.timedelta(days=30)):
            ranked = engine(frames, on).offers
            for column, values in zip(OFFER, by_hand(on), strict=True):
                assert (ranked[column].to_numpy() == values).all(), f"NumPy's {column} differs"
        return cls(frames, on_new_days(partial(engine, frames)), on_new_days(by_hand))

    def measured(self, name: str, rounds: int, ratio: float | None) -> None:
        times = in_turns({"ours": self.ours, "by hand": self.by_hand}, rounds)
        sizes = {"territories": self.frames.territories.height, "offers": engine(self.frames).offers.height}
        keep(name, times["ours"], times["by hand"], ratio=ratio, **sizes)


@pytest.fixture(scope="module")
def france() -> Case:
    return Case.of()


def test_a_region() -> None:
    Case.of(**REGION).measured("region", rounds=100, ratio=5)


def test_communes_of_a_region() -> None:
    Case.of(departements=MIDI_PYRENEES, trainers=30).measured("communes", rounds=15, ratio=None)


def test_france(france: Case) -> None:
    france.measured("france", rounds=9, ratio=1.3)


def test_ten_times_france() -> None:
    Case.of(copies=10).measured("tenfold", rounds=1, ratio=1)


def test_france_by_queries_and_loops(france: Case) -> None:
    ranked = engine(france.frames).offers.select(OFFER)
    database = _queries.database(france.frames)
    ways: dict[str, Callable[[], pl.DataFrame]] = {
        "polars": lambda: _queries.by_polars(france.frames, ON, TOP),
        "duckdb": lambda: _queries.by_duckdb(database, ON, TOP),
    }
    for name, way in ways.items():
        assert way().cast(ranked.schema).equals(ranked), f"the ranking of {name} differs"
    clocks = {name: clock_of(run, 3) for name, run in {**ways, "ours": france.ours, "numpy": france.by_hand}.items()}
    times = in_turns({**ways, "ours": france.ours}, 3)
    for name in ways:
        keep(f"by_{name}", times[name], times["ours"], clock=clocks[name])
    keep("by_ours", times["ours"], clock=clocks["ours"])
    keep("by_numpy", in_turns({"numpy": france.by_hand}, 3)["numpy"], times["ours"], clock=clocks["numpy"])


def test_france_by_loops(france: Case) -> None:
    start = process_time()
    by_loops = _baselines.by_loops(france.frames, ON, TOP)
    loops = process_time() - start
    assert by_loops == engine(france.frames).offers.select(OFFER).rows(), "the ranking of the loops differs"
    del by_loops
    gc.collect()
    keep("by_loops", [loops] * PASSES, in_turns({"ours": france.ours}, 3)["ours"])


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_memory(tmp_path: Path) -> None:
    for name, copies, most in (("memory", 1, None), ("tenfold_memory", 10, 300)):
        # Prepared here and measured in new processes, which have no freed memory to use again.
        prepared = tmp_path / "frames.pickle"
        prepared.write_bytes(pickle.dumps(_france.frames(_france.tables(copies=copies))))
        added = [taken_alone(MEMORY, str(prepared)).added for _ in range(PASSES)]
        keep(name, added, most=most, arrays=taken_alone(MEMORY, str(prepared), "arrays").added)


class Days:
    """A bundled region that is asked about a new day each time."""

    def __init__(self) -> None:
        self.programme, self.days = Programme.example(), count()
        self.answers: Answers = self.programme.recommend(ON).answers

    def recommend(self) -> None:
        self.answers = self.programme.recommend(ON + dt.timedelta(days=next(self.days) % 180)).answers

    def judge(self) -> list[object]:
        """Read all that the rules say of every offer of the last answers: states, what holds and points."""
        judgement = self.answers.judgement
        parts = (judgement.states, judgement.holds, judgement.units, judgement.is_known)
        return [values for part in parts for values in part.values()]


def test_the_bundled_region_beside_the_code_before() -> None:
    keep("bundled", *_before.beside(BEFORE, rounds=60)["recommend"])


def test_one_territory_of_a_region() -> None:
    new, known = Days(), Programme.example()
    one = known.territories[0].id
    runs = {
        "new day": new.recommend,
        "known day": lambda: known.recommend(ON),
        "one": lambda: known.recommend(ON, territories=one),
    }
    times = in_turns(runs, rounds=50)
    keep("territory", times["one"], times["new day"], ratio=0.35, region_on_a_known_day=min(times["known day"]))


def test_all_that_the_rules_say_of_the_offers() -> None:
    region = Days()
    times = in_turns({"recommend": region.recommend, "judge": region.judge}, rounds=50)
    offers = region.answers.ranking.offers.height
    keep("judgement", times["judge"], times["recommend"], ratio=1, offers=offers)
