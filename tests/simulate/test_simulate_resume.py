"""Simulations on executors, stopped and gone on with: the same bytes, nothing lost, nothing counted twice."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import made
from prai_match.errors import PraiError, ProgrammeError, UnknownCodeError
from prai_match.simulate import Scenario, _entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from prai_match.simulate import Outcomes

START, END = dt.date(2007, 9, 1), dt.date(2007, 12, 31)
SCENARIOS = (Scenario(name="now"), Scenario.of("busy", sessions_a_month=3.0, asks_a_year=8.0))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_entry, "PART", 2)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The parts of a simulation that nothing stopped."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_entry, "PART", 2)
        made.programme().simulate(SCENARIOS, START, END, replications=5, folder=folder)
    return _files(folder)


@pytest.mark.usefixtures("small_parts")
def test_threads_give_the_same_bytes(whole: dict[str, bytes], tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as executor:
        made.programme().simulate(SCENARIOS, START, END, replications=5, folder=tmp_path, executor=executor)
    assert _files(tmp_path) == whole


@pytest.mark.usefixtures("small_parts")
def test_parts_computed_together_or_alone_are_the_same_bytes(
    whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_entry, "_FEW", 0)
    made.programme().simulate(SCENARIOS, START, END, replications=5, folder=tmp_path)
    assert _files(tmp_path) == whole


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(("workers", "together"), [(None, 2), (4, 2), (5, 1)])
def test_each_worker_has_something_to_do(workers: int | None, together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = []

    def compute(*task: Any, **named: Any) -> dict[range, bytes]:
        tasks.append(len(task[1]))
        return each(*task, **named)

    each = _entry.compute
    monkeypatch.setattr(_entry, "compute", compute)
    monkeypatch.setattr(os, "cpu_count", lambda: workers)
    with nullcontext() if workers is None else ThreadPoolExecutor(workers) as executor:
        made.programme().simulate(SCENARIOS, START, START, replications=7, executor=executor)
    assert max(tasks) == together
    assert sum(tasks) == 8


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("threads", [0, 2])
def test_how_much_is_done_is_told_to_the_end(threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[int, list[int]] = {}

    @contextmanager
    def bar(total: int) -> Iterator[Callable[[int], object]]:
        yield told.setdefault(total, []).append

    monkeypatch.setattr(_entry, "bar", bar)
    for replications in (3, 5):
        with ThreadPoolExecutor(threads) if threads else nullcontext() as executor:
            made.programme().simulate(
                SCENARIOS, START, END, replications=replications, folder=tmp_path, executor=executor
            )
    # Of the second run, two replications of each scenario are there in whole parts.
    assert {total: (steps[0], sum(steps)) for total, steps in told.items()} == {6: (0, 6), 10: (4, 10)}


@pytest.mark.usefixtures("small_parts")
def test_processes_give_the_same_bytes(whole: dict[str, bytes], tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        made.programme().simulate(SCENARIOS, START, END, replications=5, folder=tmp_path, executor=executor)
    assert _files(tmp_path) == whole


def test_forked_processes_are_refused() -> None:
    with (
        ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as executor,
        pytest.raises(PraiError, match="spawn"),
    ):
        made.programme().simulate(SCENARIOS, START, END, replications=1, executor=executor)


class Dying(ThreadPoolExecutor):
    """An executor of which a task, after some, finds its process dead."""

    def __init__(self, after: int) -> None:
        super().__init__(1)
        self.left = after

    def submit(self, *args: object, **kwargs: object) -> Future:  # type: ignore[type-arg]
        self.left -= 1
        if self.left >= 0:
            found: Future = super().submit(*args, **kwargs)  # type: ignore[type-arg,arg-type]
            found.exception()
            return found
        broken: Future = Future()  # type: ignore[type-arg]
        broken.set_exception(BrokenProcessPool("dead"))
        return broken


@pytest.mark.usefixtures("small_parts")
def test_a_dead_worker_loses_nothing(whole: dict[str, bytes], tmp_path: Path) -> None:
    programme = made.programme()
    with Dying(2) as executor, pytest.raises(PraiError, match="workers stopped before the work was done"):
        programme.simulate(SCENARIOS, START, END, replications=5, folder=tmp_path, executor=executor)
    outcomes = programme.simulate(SCENARIOS, START, END, replications=5, folder=tmp_path)
    assert _files(tmp_path) == whole
    assert outcomes.to_polars().select(pl.struct("scenario", "replication").n_unique()).item() == 10


@pytest.mark.usefixtures("small_parts")
def test_parts_that_are_there_are_not_computed_again(
    whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in whole.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.setattr(_entry, "compute", pytest.fail)
    outcomes = made.programme().simulate(SCENARIOS, START, END, replications=5, folder=tmp_path)
    assert outcomes.to_polars().height


@pytest.mark.usefixtures("small_parts")
def test_more_replications_and_scenarios_are_added(
    whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = made.programme()
    few = programme.simulate(SCENARIOS[0], START, END, replications=3, folder=tmp_path)
    assert few.seeds.height == 3
    more = programme.simulate(SCENARIOS, START, END, replications=5, folder=tmp_path)
    rows = more.to_polars()
    assert rows.select("scenario", "replication", "month", "measure", "of").is_duplicated().sum() == 0
    assert {name: data for name, data in _files(tmp_path).items() if name in whole}.keys() == whole.keys()
    again = few.to_polars()
    assert again.equals(rows.filter(pl.col("scenario") == "now", pl.col("replication") < 3))
    monkeypatch.setattr(_entry, "compute", pytest.fail)
    fewer = programme.simulate(SCENARIOS, START, END, replications=3, folder=tmp_path)
    assert fewer.to_polars().equals(rows.filter(pl.col("replication") < 3))


def test_another_simulation_is_told(tmp_path: Path) -> None:
    programme = made.programme()
    programme.simulate(SCENARIOS, START, END, replications=1, folder=tmp_path)
    with pytest.raises(PraiError, match="seed"):
        programme.simulate(SCENARIOS, START, END, replications=1, folder=tmp_path, seed=1)
    with pytest.raises(PraiError, match="scenario busy"):
        programme.simulate(SCENARIOS[1].with_("busy", comes=0.5), START, END, replications=1, folder=tmp_path)
    with pytest.raises(PraiError, match="programme"):
        made.programme(travel_km=10).simulate(SCENARIOS, START, END, replications=1, folder=tmp_path)


def test_a_killed_driver_goes_on(whole: dict[str, bytes], tmp_path: Path) -> None:
    program = (
        "import datetime as dt, sys\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "import made\n"
        "from prai_match.simulate import Scenario, _entry\n"
        "_entry.PART = 2\n"
        "scenarios = (Scenario(name='now'), Scenario.of('busy', sessions_a_month=3.0, asks_a_year=8.0))\n"
        "made.programme().simulate(scenarios, dt.date(2007, 9, 1), dt.date(2007, 12, 31), replications=5,"
        " folder=sys.argv[1])\n"
    )
    tests = str(__file__).rpartition(f"simulate{os.sep}")[0]
    command = [sys.executable, "-c", program, str(tmp_path), tests]
    driver = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    while driver.poll() is None and not list(tmp_path.glob("*.parquet")):
        time.sleep(0.01)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    done = len(list(tmp_path.glob("*.parquet")))
    assert 1 <= done < len(whole)
    for left in tmp_path.glob(".saving-*"):
        assert left.is_dir()  # a draft that was killed is not a part
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_entry, "PART", 2)
        made.programme().simulate(SCENARIOS, START, END, replications=5, folder=tmp_path)
    assert _visible(tmp_path) == whole


def _visible(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if not path.name.startswith(".")}


@pytest.mark.parametrize(
    "arguments",
    [
        {"scenarios": (), "replications": 1},
        {"scenarios": SCENARIOS, "replications": 0},
        {"scenarios": (SCENARIOS[0], SCENARIOS[0]), "replications": 1},
    ],
)
def test_what_makes_no_sense_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"scenarios: give at least one|the period ends|replications: 0"):
        made.programme().simulate(start=START, end=END, **arguments)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"scenarios: give at least one|the period ends|replications: 0"):
        made.programme().simulate(SCENARIOS, END, START, replications=1)


def test_what_a_scenario_cites_must_be_there() -> None:
    for scenario, told in (
        (Scenario.of("a", relay_weights={"adm9": 2.0}), "relay partner.*did you mean adm09"),
        (Scenario.of("a", interest={"sgi": 2.0}), "workshop.*did you mean sig"),
        (Scenario.of("a", channels={"fone": 1.0}), "channel.*did you mean phone"),
    ):
        with pytest.raises(UnknownCodeError, match=told):
            made.programme().simulate(scenario, START, END, replications=1)
    stranger = {**made.small()["trainers"][0], "expertise": [{"session": "sgi"}]}
    with pytest.raises(ProgrammeError):
        made.programme().simulate(Scenario.of("a", with_trainers=[stranger]), START, END)


def test_outcomes_say_what_they_are_of(outcomes: Outcomes) -> None:
    assert repr(outcomes).startswith("<Outcomes 2007-03-01 to 2008-06-30: 4 replications of baseline, same")
