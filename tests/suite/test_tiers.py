"""Recorded times decide when a test is run: they are kept from one machine to the next."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

import tiers
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

TIMES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(2, 1_000).map(lambda hundredths: hundredths / 100))


@pytest.mark.parametrize(
    ("tier", "arguments", "seconds"),
    [
        ("quick", ["tests"], tiers.TIERS["quick"]),
        ("quick", ["tests/test_a.py::test_b"], tiers.TIERS["quick"]),
        (None, ["src", "tests"], tiers.TIERS["test"]),
        (None, ["src", "tests/test_a.py::test_b"], math.inf),
        ("all", [], math.inf),
    ],
)
def test_a_tier_or_a_name_says_how_long_a_test_may_take(tier: str | None, arguments: list[str], seconds: float) -> None:
    assert tiers.limit(tier, arguments) == seconds


def test_each_tier_holds_those_before_it() -> None:
    assert list(tiers.TIERS.values()) == sorted(tiers.TIERS.values())
    assert tiers.TIERS["quick"] > tiers.LEAST


@given(TIMES)
def test_times_are_read_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, times: dict[str, float]) -> None:
    file = tmp_path_factory.mktemp("times") / "times.tsv"
    tiers.write(times, file)
    assert tiers.read(file) == times


def test_what_takes_next_to_nothing_is_not_told_and_no_file_is_no_times(tmp_path: Path) -> None:
    file = tmp_path / "times.tsv"
    assert tiers.read(file) == {}
    tiers.write({"b": 2.0, "nothing": 0.019, "a": 0.02}, file)
    assert file.read_text("utf-8") == "0.02\ta\n2.00\tb\n"


@given(TIMES, st.sampled_from([0.2, 0.5, 2.0, 5.0]))
@examples(60)
def test_another_machine_that_is_slower_in_all_changes_nothing(times: dict[str, float], slower: float) -> None:
    slowed = {test: seconds * slower for test, seconds in times.items() if seconds * slower >= tiers.LEAST}
    assert tiers.merge(times, slowed) == {test: times[test] for test in slowed}


def test_a_time_that_changed_is_told_anew_and_a_test_that_is_gone_is_forgotten() -> None:
    old = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 1.0, "slower": 0.1, "gone": 4.0}
    new = {"a": 1.0, "b": 1.9, "c": 3.3, "d": 1.0, "slower": 0.9, "new": 0.3}
    assert tiers.merge(old, new) == {"a": 1.0, "b": 2.0, "c": 3.0, "d": 1.0, "slower": 0.9, "new": 0.3}


@given(TIMES)
def test_where_no_times_are_recorded_yet_all_are_new(times: dict[str, float]) -> None:
    assert tiers.merge({}, times) == times
    assert tiers.merge({}, {**times, "nothing": 0.001}).keys() == {*times, "nothing"}
