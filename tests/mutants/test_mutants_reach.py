"""Which tests reach which lines."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

from _mutants.reach import measured

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TREE = {
    "src/prai_match/__init__.py": "",
    "src/prai_match/io/__init__.py": "",
    "src/prai_match/io/_grids/__init__.py": "",
    "src/prai_match/io/_grids/_twice.py": "def twice(number):\n    return 2 * number\n",
    # As this suite does for its laws.
    "tests/conftest.py": """
import pytest
from coverage import Coverage

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol():
    if measured := Coverage.current():
        measured.stop()
    return (yield)
""",
    "tests/test_twice.py": """
from prai_match.io._grids._twice import twice

def test_twice():
    assert twice(2) == 4

def test_other():
    assert twice
""",
}


def test_what_a_law_reaches_counts_though_the_suite_doesnt_measure_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("_mutants.reach.CONTEXT", multiprocessing.get_context("spawn"))
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    reach = measured(tmp_path, ["tests"], tmp_path / "reach.json", 5)
    assert set(reach.seconds) == {"tests/test_twice.py::test_twice", "tests/test_twice.py::test_other"}
    assert reach.tests("src/prai_match/io/_grids/_twice.py", [2]) == ["tests/test_twice.py::test_twice"]
