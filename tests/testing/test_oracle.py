"""The engine and the oracle agree on every field, whatever the programme, the policy and the day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given

from agreement import compare
from drawn import Case, cases
from prai_match import Programme
from prai_match.policy import Vocabulary
from prai_match.testing._oracle import COLUMNS
from thorough import examples


@examples(25)
@given(cases("plain"))
def test_they_agree_on_programmes_and_policies_that_are_drawn(case: Case) -> None:
    assert compare(*case).disagreements == ()


@examples(10)
@given(cases("long histories"))
def test_they_agree_where_histories_are_long(case: Case) -> None:
    assert compare(*case).disagreements == ()


@examples(10)
@given(cases("booked sessions"))
def test_they_agree_on_who_joins_what_is_booked(case: Case) -> None:
    assert compare(*case).disagreements == ()


@pytest.mark.parametrize(("name", "on"), [("midi_pyrenees", "2007-11-05"), ("occitanie_2026", "2026-06-01")])
def test_they_agree_on_the_bundled_regions(name: str, on: str) -> None:
    region = Programme.example(name)
    some = [each.id for each in region.territories[::50]]
    assert compare(region, dt.date.fromisoformat(on), territories=some).disagreements == ()


@pytest.mark.parametrize(("name", "year"), [("midi_pyrenees", 2006), ("occitanie_2026", 2025)])
def test_they_agree_on_a_day_a_fortnight(name: str, year: int) -> None:
    region, first = Programme.example(name), dt.date(year, 1, 2)
    for number in range(104):
        some = [each.id for each in region.territories[number % 13 :: 13]]
        assert compare(region, first + dt.timedelta(14 * number), territories=some).disagreements == ()


def test_the_oracle_has_every_column_of_the_vocabulary() -> None:
    assert COLUMNS.keys() == {column.name for column in Vocabulary.standard().all}
