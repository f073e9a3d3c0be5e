"""The pace of a programme: what isn't named has its default, and what could never be reached is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given

from made import programme
from prai_match import Programme, ProgrammeError, reproduce
from prai_match.model import Pace, RelayPace, TeamPace
from prai_match.testing import paces
from thorough import examples

ON = dt.date(2007, 9, 3)


@pytest.mark.parametrize("pace", [{}, {"team": {}}, {"relay": {"per_day": 1}}])
def test_a_relay_hosts_one_session_a_day_and_nothing_else_is_limited(pace: dict[str, Any]) -> None:
    assert programme(pace=pace).pace == programme().pace == Pace()
    assert [*TeamPace().model_dump().values()] == [None, None, None]
    assert [*RelayPace().model_dump().values()] == [1, None, None]


def test_what_is_not_named_beside_another_limit_has_its_default() -> None:
    made = programme(pace={"relay": {"per_week": 2}})
    assert (made.pace.relay.per_day, made.pace.relay.per_week, made.pace.relay.per_month) == (1, 2, None)


FAULTS: list[tuple[dict[str, dict[str, int]], list[str]]] = [
    ({"team": {"per_day": 3, "per_week": 2}}, ["team.per_week: found 2, expected at least 3, the limit pace.team.per_day"]),
    ({"team": {"per_day": 3, "per_month": 2}}, ["team.per_month: found 2, expected at least 3, the limit pace.team.per_day"]),
    ({"relay": {"per_week": 4, "per_month": 3}}, ["relay.per_month: found 3, expected at least 4, the limit pace.relay.per_week"]),
    ({"team": {"per_month": 5}, "relay": {"per_month": 6}}, ["relay.per_month: found 6, expected at most 5, the limit pace.team.per_month"]),
    (
        {"team": {"per_day": 4, "per_week": 2, "per_month": 3}, "relay": {"per_week": 3}},
        [
            "team.per_week: found 2, expected at least 4, the limit pace.team.per_day",
            "team.per_month: found 3, expected at least 4, the limit pace.team.per_day",
            "relay.per_week: found 3, expected at most 2, the limit pace.team.per_week",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("pace", "said"), FAULTS)
def test_a_limit_that_cannot_be_reached_is_refused_with_what_mends_it(
    pace: dict[str, dict[str, int]], said: list[str]
) -> None:
    with pytest.raises(ProgrammeError) as caught:
        programme(pace=pace)
    for problem, start in zip(caught.value.problems, said, strict=True):
        assert str(problem).startswith(f"pace.{start}")
        assert "lower" in problem.expected
        assert "abaisser" in problem.expected_fr


@examples(30)
@given(paces())
def test_a_pace_that_is_drawn_fits_a_programme_and_comes_back_from_json(pace: Pace) -> None:
    made = programme(pace=pace)
    assert made.pace == pace
    assert Programme.model_validate_json(made.model_dump_json()) == made


def test_offers_found_one_by_one_do_not_depend_on_the_pace() -> None:
    slow = {"team": {"per_month": 1}, "relay": {"per_month": 1}}
    record = programme().recommend(ON)["T1"].record()
    assert reproduce(record, programme(pace=slow)).same_inputs
    assert programme(pace=slow).recommend(ON).ranking().equals(programme().recommend(ON).ranking())
