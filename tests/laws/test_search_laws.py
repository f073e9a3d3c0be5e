"""The search of the laws: it finds them by collecting, tells what it tried, and how to see again what is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _laws.round import Asked, tried
from search_laws import run, told

if TYPE_CHECKING:
    from pathlib import Path

CONFTEST = """
from hypothesis import settings
settings.register_profile("search", max_examples=30)
"""
LAWS = """
import pytest
from hypothesis import given, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

class Life(RuleBasedStateMachine):
    @rule()
    def passes(self): ...
TestLife = Life.TestCase

@given(st.integers())
def test_that_is_broken(number): assert number < 100

@pytest.mark.law
def test_that_searches_by_itself(): given(st.just(1))(lambda number: None)()

def test_that_draws_nothing(): raise AssertionError
"""


def test_laws_are_found_by_collecting_and_told(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  law: a law", encoding="utf-8")
    (tmp_path / "test_laws.py").write_text(LAWS, encoding="utf-8")
    kept = tmp_path / "kept.jsonl"
    code, output = run(tmp_path, Asked(7, ["test_laws.py"], 0, 1, 9e9, str(kept)))
    found = {each.law.partition("::")[2]: each for each in tried(kept)}
    assert code == 1, output
    assert {law: each.outcome for law, each in found.items()} == {
        "TestLife::runTest": "passed", "test_that_is_broken": "failed", "test_that_searches_by_itself": "passed",
    }  # fmt: skip
    assert found["TestLife::runTest"].examples > 0
    assert found["test_that_is_broken"].examples > 1
    assert found["test_that_searches_by_itself"].examples == 1
    assert "number=100" in output
    lines = told(found.values()).splitlines()
    assert lines[-3].startswith("3 laws, ")
    assert lines[-1] == (
        "  again: pytest test_laws.py::test_that_is_broken --hypothesis-profile=search --hypothesis-seed=7"
    )
