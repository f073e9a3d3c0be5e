"""What a search without a solver makes of a plan: better ones, that can be carried out, the same each time."""

from __future__ import annotations

import datetime as dt
from math import inf
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, strategies as st

from made import crowded
from prai_match import Programme
from prai_match.packing import PackingRequest, Weights, greedy, points, prepare, refills, tables
from prai_match.plan import Plan
from thorough import examples

if TYPE_CHECKING:
    from prai_match.packing import Draft, Tables

DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 9, 1))


def season(programme: Programme, start: dt.date, weeks: int = 17) -> Tables:
    return tables(prepare(programme, PackingRequest(start=start, end=start + dt.timedelta(weeks=weeks))), Weights())


def as_plan(draft: Draft) -> Plan:
    return Plan.made(draft.tables.inputs, draft.tables.weights, draft.frames(), inf, "edited")


@given(rows=crowded(), on=DAYS, seed=st.integers(0, 9))
@examples(40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_each_draft_can_be_carried_out_and_none_is_worse_than_the_one_before(
    rows: dict[str, Any], on: dt.date, seed: int
) -> None:
    first = greedy(season(Programme.model_validate(rows), on))
    every = [first, *refills(first, seed)]
    worth = [points(draft) for draft in every]
    assert worth == sorted(worth)
    assert as_plan(every[-1]).check().is_empty()
    assert as_plan(every[-1]).objective == pytest.approx(worth[-1])
    *_, again = [first, *refills(first, seed)]
    assert again.sessions == every[-1].sessions


@pytest.mark.parametrize(("region", "on"), [("midi_pyrenees", "2007-09-03"), ("occitanie_2026", "2026-09-07")])
def test_a_season_of_a_region_gains_one_percent_in_forty_tries(region: str, on: str) -> None:
    first = greedy(season(Programme.example(region), dt.date.fromisoformat(on)))
    drafts = [draft for draft, _ in zip(refills(first, 0), range(40), strict=False)]
    assert points(drafts[-1]) > 1.01 * points(first)
    assert as_plan(drafts[-1]).check().is_empty()
