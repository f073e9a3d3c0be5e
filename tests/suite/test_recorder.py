"""What a run records of its tests: their own time, and a part of what they share."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tiers
from recorder import Recorder, processor

pytest_plugins = ["pytester"]

SUITE = """
import pytest

@pytest.fixture(scope="module")
def shared(clock):
    clock.passes(8)
    yield
    clock.passes(100)

@pytest.fixture
def own(clock):
    clock.passes(1)

def test_first(shared, clock):
    clock.passes(2)

def test_second(shared, own):
    pass

def test_alone(clock):
    clock.passes(3)

def test_skipped():
    pytest.skip("not here")
"""


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def passes(self, seconds: float) -> None:
        self.now += seconds

    @pytest.fixture(scope="session")
    def clock(self) -> Clock:
        return self


def test_times_are_those_of_each_test_and_its_part_of_what_is_shared(pytester: pytest.Pytester) -> None:
    clock = Clock()
    file = pytester.path / "times.tsv"
    tiers.write({"test_shop.py::test_skipped": 5.0, "test_shop.py::test_gone": 6.0}, file)
    pytester.makepyfile(test_shop=SUITE)
    pytester.inline_run("-p", "no:benchmark", plugins=[clock, Recorder(file, lambda: clock.now)])
    assert tiers.read(file) == {
        "test_shop.py::test_first": 6.0,
        "test_shop.py::test_second": 5.0,
        "test_shop.py::test_alone": 3.0,
        "test_shop.py::test_skipped": 5.0,
    }


def test_the_clock_counts_the_processes_that_a_test_waits_for() -> None:
    start = processor()
    subprocess.run([sys.executable, "-c", "while __import__('time').process_time() < 0.1: pass"], check=True)
    assert round(processor() - start, 2) >= 0.09  # hundredths are counted


def test_what_a_browser_does_is_measured_by_the_clock_on_the_wall(pytester: pytest.Pytester) -> None:
    file = pytester.path / "times.tsv"
    pytester.makepyfile(
        test_page="import time, pytest\n@pytest.fixture\ndef chromium(): pass\n"
        "def test_shown(chromium): time.sleep(0.05)\ndef test_plain(): time.sleep(0.05)\n"
    )
    pytester.inline_run("-p", "no:benchmark", plugins=[Recorder(file, lambda: 0.0)])
    assert list(tiers.read(file)) == ["test_page.py::test_shown"]
