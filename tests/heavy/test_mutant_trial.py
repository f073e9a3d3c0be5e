"""A fault is tried in a process of its own: one that a test finds, one that none does, one that never ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from _mutants.reach import measured
from _mutants.trial import KILLED, SURVIVED, TIMED_OUT, Fault, attempt

if TYPE_CHECKING:
    from pathlib import Path


CODE = "def double(number: int) -> int:\n    return number * 2\n"
TESTS = "from prai_match import double\n\n\ndef test_double() -> None:\n    assert double(2) == 4\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one function and one test, under the name that is measured."""
    for name, text in {"src/prai_match/__init__.py": CODE, "tests/test_double.py": TESTS}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = ['--import-mode=importlib']\n")
    return tmp_path


def test_which_test_reaches_which_line(project: Path) -> None:
    reach = measured(project, ["tests"], project / "reach.json", 5)
    assert reach.tests("src/prai_match/__init__.py", [2]) == ["tests/test_double.py::test_double"]
    assert reach.seconds.keys() == {"tests/test_double.py::test_double"}


def test_a_test_that_fails_finds_nothing_and_a_broken_one_stops_all(project: Path) -> None:
    (project / "tests" / "test_double.py").write_text(TESTS.replace("4", "5"))
    assert measured(project, ["tests"], project / "reach.json", 5).seconds == {}
    (project / "tests" / "test_double.py").write_text(TESTS + "(")
    with pytest.raises(RuntimeError, match=r"(?s)mend them first.*test_double"):
        measured(project, ["tests"], project / "broken.json", 5)


@pytest.mark.parametrize(
    ("before", "after", "outcome", "by"),
    [
        ("* 2", "* 3", KILLED, "tests/test_double.py::test_double"),
        ("* 2", "+ 2", SURVIVED, ""),
        ("return", "while True: pass\n    return", TIMED_OUT, ""),
        ("def double", "def treble", KILLED, "collecting tests/test_double.py"),
    ],
)
def test_the_outcome_of_a_fault(project: Path, before: str, after: str, outcome: str, by: str) -> None:
    fault = Fault("prai_match", CODE.replace(before, after), "")
    (project / "src" / "prai_match" / "__init__.py").write_text(fault.source)
    found, how = attempt(project, fault, ["tests/test_double.py::test_double"], 3)
    assert (found, how if by else "") == (outcome, by)
