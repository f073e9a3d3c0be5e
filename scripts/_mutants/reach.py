"""Which tests reach which lines, and how long each takes: two runs of the tests, kept in a file.

The first run is under coverage. The second is like a trial, but without a fault: fastest tests first, with as many
examples of each law as in a trial. A test that fails in either run can't detect faults, and is left out.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from coverage import Coverage

from _mutants.apart import CONTEXT, PYTEST, Quick, enter, forget
from _mutants.chosen import Chosen, files

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from multiprocessing.connection import Connection

_EXAMPLES = 5
_RAN = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}


@dataclass(frozen=True)
class Reach:
    """The tests with their seconds of processor, and for each file the tests that reach each line."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]]

    def tests(self, path: str, lines: Iterable[int]) -> list[str]:
        """Return the tests that reach one of ``lines``, the fastest first.

        Lines that run only at import (constants, defaults) are reached by every test of the file, or by all tests if
        the file has nothing else.
        """
        of_file = self.lines.get(path, {})
        known = [of_file[line] for line in lines if line in of_file]
        if known and not any(known):
            known = list(of_file.values())
            known = known if any(known) else [list(self.seconds)]
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


def measured(root: Path, paths: Sequence[str], kept: Path, examples: int) -> Reach:
    """Run the tests in ``paths`` of the tree at ``root``, keep in ``kept`` what each reaches and takes, and return it.

    Args:
        root: A copy of the project.
        paths: Files and folders of tests, and of sources with examples.
        kept: The JSON file.
        examples: Number of examples that Hypothesis draws of each law in a trial.

    Raises:
        RuntimeError: If the tests can't be collected.
    """
    reached = _apart(root, _reached, [str(root), list(paths)])
    order = sorted(reached.seconds, key=lambda test: (reached.seconds[test], test))
    seconds = _apart(root, _timed, [str(root), order, examples]).seconds if order else {}
    lines = {
        path: {line: [test for test in tests if test in seconds] for line, tests in some.items()}
        for path, some in reached.lines.items()
    }
    found = Reach(seconds, lines)
    found.save(kept)
    return found


def _apart(root: Path, work: Callable[..., None], arguments: list[object]) -> Reach:
    here, there = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=work, args=(*arguments, there))
    process.start()
    there.close()
    try:
        found: Reach = here.recv()
    except EOFError:
        output = (root / "output.txt").read_text(encoding="utf-8")
        msg = f"The tests fail before any fault is planted; mend them first.\n{output}"
        raise RuntimeError(msg) from None
    process.join()
    return found


def _reached(root: str, paths: list[str], answer: Connection) -> None:
    enter(Path(root))
    forget()
    coverage = Coverage(data_file=None, branch=True, source_pkgs=["prai_match"], config_file=False)
    watch = _Watch(coverage)
    coverage.start()
    # The suite stops coverage while a law runs; here, what laws reach counts.
    with patch.object(Coverage, "current", return_value=None):
        code = pytest.main([*PYTEST, *paths], plugins=[Quick(_EXAMPLES), watch])
    coverage.stop()
    if code in _RAN:
        data = coverage.get_data()
        lines = {name.removeprefix(f"{root}/"): data.contexts_by_lineno(name) for name in data.measured_files()}
        answer.send(Reach(watch.passed(), lines))


def _timed(root: str, tests: list[str], examples: int, answer: Connection) -> None:
    enter(Path(root))
    watch = _Watch()
    code = pytest.main([*PYTEST, *files(tests)], plugins=[Quick(examples), Chosen(tests), watch])
    if code in _RAN:
        answer.send(Reach(watch.passed(), {}))


class _Watch:
    """Counts each test's processor time, and tells coverage which test runs."""

    def __init__(self, coverage: Coverage | None = None) -> None:
        self._seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        self._coverage = coverage

    def passed(self) -> dict[str, float]:
        """Return the seconds of the tests that passed."""
        return {test: spent for test, spent in self._seconds.items() if test not in self._failed}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if self._coverage:
            self._coverage.switch_context(item.nodeid)
        start = time.process_time()
        result = yield
        self._seconds[item.nodeid] = round(time.process_time() - start, 4)
        if self._coverage:
            self._coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)
