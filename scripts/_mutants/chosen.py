"""Tests that pytest runs in a given order, and their results."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pytest


def files(tests: Iterable[str]) -> list[str]:
    """Return the files that hold these tests, once each.

    Example:
        >>> files(["tests/a.py::one", "tests/a.py::two", "src/b.py::b.f"])
        ['tests/a.py', 'src/b.py']
    """
    return list(dict.fromkeys(test.partition("::")[0] for test in tests))


class Chosen:
    """Keeps the chosen tests, in their order, and records which one fails."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._order = {test: place for place, test in enumerate(tests)}
        self.ran = 0
        self.failed = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self._order), key=lambda i: self._order[i.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "teardown"
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = f"collecting {report.nodeid}"
