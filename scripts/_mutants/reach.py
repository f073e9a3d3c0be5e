"""Which tests reach which lines, and how long each takes: one run of the tests under coverage, kept in a file."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from coverage import Coverage

from _mutants.apart import CONTEXT, PYTEST, Quick, enter, forget

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence
    from pathlib import Path

_EXAMPLES = 5


@dataclass(frozen=True)
class Reach:
    """The tests with their seconds of processor, and for each file the tests that reach each line."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]]

    def tests(self, path: str, lines: Iterable[int]) -> list[str]:
        """Return the tests that reach one of ``lines``, the quickest first.

        Lines that run at import alone (constants, defaults) are reached by every test of the file.
        """
        of_file = self.lines.get(path, {})
        known = [of_file[line] for line in lines if line in of_file]
        if known and not any(known):
            known = list(of_file.values())
        return sorted({test for tests in known for test in tests}, key=lambda test: (self.seconds[test], test))

    def save(self, path: Path) -> None:
        """Write to a JSON file."""
        path.write_text(json.dumps({"seconds": self.seconds, "lines": self.lines}), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Reach:
        """Read what :meth:`save` wrote."""
        data = json.loads(path.read_text(encoding="utf-8"))
        lines = {name: {int(line): tests for line, tests in some.items()} for name, some in data["lines"].items()}
        return cls(data["seconds"], lines)


def measured(root: Path, paths: Sequence[str], kept: Path) -> Reach:
    """Run the tests in ``paths`` of the tree at ``root`` under coverage, keep what each reaches in ``kept``, return it.

    Tests that fail are left out: coverage slows down what measures time.

    Raises:
        RuntimeError: If the tests can't be collected.
    """
    process = CONTEXT.Process(target=_measure, args=(root, paths, kept))
    process.start()
    process.join()
    if not kept.exists():
        output = (root / "output.txt").read_text(encoding="utf-8")
        msg = f"The tests fail before any fault is planted; mend them first.\n{output}"
        raise RuntimeError(msg)
    return Reach.load(kept)


def _measure(root: Path, paths: Sequence[str], kept: Path) -> None:
    enter(root)
    forget()
    coverage = Coverage(data_file=None, branch=True, source_pkgs=["prai_match"], config_file=False)
    watch = _Watch(coverage)
    coverage.start()
    code = pytest.main([*PYTEST, *paths], plugins=[Quick(_EXAMPLES), watch])
    coverage.stop()
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        return
    data = coverage.get_data()
    seconds = {test: spent for test, spent in watch.seconds.items() if test not in watch.failed}
    lines: dict[str, dict[int, list[str]]] = {}
    for name in data.measured_files():
        contexts = data.contexts_by_lineno(name)
        path = name.removeprefix(f"{root}/")
        lines[path] = {line: [test for test in tests if test in seconds] for line, tests in contexts.items()}
    Reach(seconds, lines).save(kept)


class _Watch:
    """Counts each test's processor time, and tells coverage which test runs."""

    def __init__(self, coverage: Coverage) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self._coverage = coverage

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._coverage.switch_context(item.nodeid)
        start = time.process_time()
        result = yield
        self.seconds[item.nodeid] = round(time.process_time() - start, 4)
        self._coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)
