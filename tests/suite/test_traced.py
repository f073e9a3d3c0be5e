"""Coverage is measured of tests that reach, together, all that all tests reach."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

import tiers
import traced

if TYPE_CHECKING:
    from pathlib import Path

REACHED = st.dictionaries(st.sampled_from("abcdefgh"), st.frozensets(st.integers(0, 9)), min_size=1)
SECONDS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 9).map(float))


@given(REACHED, SECONDS)
def test_those_chosen_reach_all_with_those_that_take_no_time(
    reached: dict[str, frozenset[int]], seconds: dict[str, float]
) -> None:
    chosen = traced.choose(reached, seconds)
    traced_tests = {*chosen, *(test for test in reached if test not in seconds)}
    assert set(chosen) <= seconds.keys()
    assert set().union(*(reached[test] for test in traced_tests)) == set().union(*reached.values())


def test_what_each_test_reached_is_read_from_a_file_of_coverage(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "reach")) as data:
        data.executescript("""
            CREATE TABLE context (id, context); CREATE TABLE file (id, path); CREATE TABLE arc (file_id, context_id, fromno, tono);
            INSERT INTO context VALUES (1, 'test_a'), (2, 'test_b'); INSERT INTO file VALUES (1, 'plan.py');
            INSERT INTO arc VALUES (1, 1, -1, 2), (1, 1, 2, 3), (1, 2, 2, 4);
        """)
        data.commit()
    assert traced.reach(tmp_path / "reach") == {
        "test_a": {("plan.py", -1, 2), ("plan.py", 2, 3)},
        "test_b": {("plan.py", 2, 4)},
    }


def test_those_chosen_take_time() -> None:
    chosen = traced.read()
    assert chosen <= tiers.read(tiers.FILE).keys()
    assert len(chosen) < len(tiers.read(tiers.FILE)) / 2
