"""The faults of `scripts/mutants.py`: what is changed, what isn't, which are drawn, and what a sample says."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, strategies as st

from _mutants.made import mutants_in, sample
from _mutants.reach import Reach
from _mutants.score import score

SOURCE = '''"""Title."""

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["LIMIT", "total"]

LIMIT: "int | None" = 3


def total(values: "list[int]", least: int = 1) -> int:
    """Add up what is large enough."""
    found = [value for value in values if value >= least and value != LIMIT]
    return cast("int", sum(found))


class Box:
    @property
    def size(self) -> int:
        return (
            len(self.items)
            + 2
        )
'''


def test_a_fault_is_one_change_that_still_parses() -> None:
    made = list(mutants_in(SOURCE, "box.py"))
    assert len({mutant.key for mutant in made}) == len(made)
    for mutant in made:
        ast.parse(mutant.source)
        assert mutant.source != SOURCE
        assert mutant.change


def test_comparisons_constants_and_decorated_functions_are_changed() -> None:
    changes = {mutant.change for mutant in mutants_in(SOURCE, "box.py")}
    assert '10: LIMIT: "int | None" = 3 → LIMIT: "int | None" = 4' in changes
    assert any("value > least" in change for change in changes)
    assert any("least: int = 2" in change for change in changes)
    assert "24: + 2 → + 3" in changes


def test_types_docstrings_and_lists_of_names_are_not() -> None:
    changed = {int(mutant.change.split(":")[0]) for mutant in mutants_in(SOURCE, "box.py")}
    assert changed == {10, 13, 15, 16, 23, 24}
    assert not any("XXintXX" in mutant.source for mutant in mutants_in(SOURCE, "box.py"))


def test_a_fault_shows_where_its_statement_runs() -> None:
    lines = {mutant.change: mutant.lines for mutant in mutants_in(SOURCE, "box.py")}
    assert lines["24: + 2 → + 3"] == range(22, 26)


def test_a_change_elsewhere_draws_the_same_faults() -> None:
    longer = SOURCE.replace("LIMIT:", "MORE = 1\nLIMIT:").replace("    found", "    least += 1\n    found")
    before, after = ([mutant.key for mutant in sample(mutants_in(text, "box.py"), "1")] for text in (SOURCE, longer))
    assert [key for key in after if key in before] == before
    assert before != [mutant.key for mutant in sample(mutants_in(SOURCE, "box.py"), "2")]


def test_the_quickest_tests_come_first_and_constants_are_reached_by_all_of_the_file() -> None:
    reach = Reach({"slow": 2.0, "quick": 0.1, "other": 0.5}, {"a.py": {1: [], 3: ["slow", "quick"], 4: ["other"]}})
    assert reach.tests("a.py", range(3, 4)) == ["quick", "slow"]
    assert reach.tests("a.py", range(3, 5)) == ["quick", "other", "slow"]
    assert reach.tests("a.py", range(1, 2)) == ["quick", "other", "slow"]
    assert reach.tests("a.py", range(2, 3)) == []
    assert reach.tests("b.py", range(3, 4)) == []


def test_the_interval_is_wilsons() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263 has 0.2553 to 0.3662 by Wilson's score method.
    found = score(81, 263, 10**9)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 300))
def test_the_interval_holds_the_share_and_closes_when_all_were_tried(counts: tuple[int, int], more: int) -> None:
    killed, tried = counts
    found, whole = score(killed, tried, tried + more), score(killed, tried, tried)
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share - 1e-12 <= found.high <= 1
    assert (whole.low, whole.high) == pytest.approx((whole.share, whole.share))
    assert (
        found.high - found.low <= score(killed, tried, tried + more + 1).high - score(killed, tried, 10**9).low + 1e-9
    )
