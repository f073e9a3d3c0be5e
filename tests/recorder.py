"""Records how long each test takes: its own work, and its part of the fixtures that it shares with others."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import pytest

import tiers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path


def processor() -> float:
    """Return the seconds that a processor has worked for this process, and for those that it waited for.

    A busy machine hardly changes them.
    """
    return sum(os.times()[:4])


BROWSER: Final = "chromium"
"""The fixture of a process that works for a test and goes on: such a test is measured by the clock on the wall."""


class Recorder:
    """A plugin for a run in one process, which writes the times of all tests that it runs."""

    def __init__(self, file: Path, clock: Callable[[], float] = processor) -> None:
        self._file = file
        self._clock = clock
        self._test = ""
        self._seconds: dict[str, float] = defaultdict(float)
        self._skipped: set[str] = set()
        self._shared: dict[str, float] = defaultdict(float)
        self._users: dict[str, list[str]] = defaultdict(list)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Measure a test, with what it needs and what it leaves behind, and know what it shares."""
        self._test = item.nodeid
        for fixture in getattr(item, "fixturenames", ()):
            self._users[fixture].append(item.nodeid)
        clock = time.perf_counter if BROWSER in getattr(item, "fixturenames", ()) else self._clock
        start = clock()
        result = yield
        self._seconds[item.nodeid] += clock() - start
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Charge the last test with nothing of what all have left behind."""
        start = self._clock()
        result = yield
        if nextitem is None:
            self._seconds[item.nodeid] -= self._clock() - start
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """Take what a shared fixture takes from the test that came first, for all that use it."""
        start = self._clock()
        result = yield
        if fixturedef.scope != "function":
            seconds = self._clock() - start
            self._shared[fixturedef.argname] += seconds
            self._seconds[self._test] -= seconds
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Know what couldn't be run."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self._skipped.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write the file anew. What couldn't be run here keeps its time."""
        for fixture, seconds in self._shared.items():
            for test in self._users[fixture]:
                self._seconds[test] += seconds / len(self._users[fixture])
        old = tiers.read(self._file)
        new = {test: seconds for test, seconds in self._seconds.items() if test not in self._skipped}
        kept = {test: old[test] for test in self._skipped & old.keys()}
        tiers.write(tiers.merge(old, new) | kept, self._file)
