"""Leaks from the future into a simulation, each with a test of its own: what isn't known yet changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

import made
from prai_match import Policy
from prai_match.calendar import EPOCH
from prai_match.offers import sift
from prai_match.simulate import Scenario, _planners
from prai_match.simulate._worlds import Worlds

if TYPE_CHECKING:
    import pytest

    from prai_match import Programme
    from prai_match.offers import EveryDay
    from prai_match.simulate._planners import DecisionMonth, Decisions
    from prai_match.simulate._state import State

START, END = dt.date(2007, 9, 1), dt.date(2007, 12, 31)
BUSY = Scenario.of(
    "busy",
    sessions_a_month=4.0,
    asks_a_year=12.0,
    usual_people=8.0,
    comes=1.0,
    preparation_months=0,
    restart_months=0,
    quiet_months=(),
)


def outcomes(scenario: Scenario = BUSY, **changes: Any) -> pl.DataFrame:
    return made.programme(**changes).simulate(scenario, START, END, replications=2).to_polars()


def decisions(monkeypatch: pytest.MonkeyPatch, programme: Programme, scenario: Scenario = BUSY) -> list[dict[str, Any]]:
    """What a simulation knows on each day on which it decides."""
    known: list[dict[str, Any]] = []
    decide = _planners.PLANNERS["priority"]

    def watched(case: DecisionMonth) -> Decisions:
        state = case.trace.state
        known.append(
            {
                "day": case.day.on,
                "renewed": dt.date.fromordinal(max(1, state.renewal)),
                "last_attendance": dt.date.fromordinal(int(state.visits["date"].max()) + EPOCH),
                "blackouts": case.day.frames.calendar.blackouts,
            }
        )
        return decide(case)

    monkeypatch.setitem(_planners.PLANNERS, "priority", watched)
    programme.simulate(scenario, START, END, replications=1)
    assert len(known) >= 3
    return known


def test_the_simulations_of_these_tests_serve_territories_in_several_months() -> None:
    assert outcomes().filter(pl.col("measure") == "served", pl.col("value") > 0).height > 1


def test_needs_of_later_days_are_in_no_world() -> None:
    later = {"collectivity": "09001", "date": "2007-10-15", "workshop": "sig", "people": 10}
    assert outcomes(needs=[*made.small()["needs"], later]).equals(outcomes())


def test_attendances_of_later_days_are_in_no_world() -> None:
    later = {"collectivity": "09001", "session": "site_internet", "date": "2007-10-15", "elected": 5}
    assert outcomes(attendances=[*made.small()["attendances"], later]).equals(outcomes())


def test_sessions_are_in_no_world_before_they_are_booked() -> None:
    later = {
        "id": "h9",
        "session": "sig",
        "date": "2007-10-15",
        "host": "T1",
        "booked_on": "2007-09-20",
        "cost": "9000",
    }
    little = {"total": "9700"}
    apart = outcomes(budget=little)
    assert outcomes(budget=little, sessions=[*made.small()["sessions"], later]).equals(apart)


def test_needs_of_the_month_to_come_are_not_seen_at_the_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    knows = Worlds.day
    asked: list[bool] = []

    def points(day: EveryDay) -> bytes:
        return sift(day, Policy.default(), day.frames.territories["t"], alone=True).units.tobytes()

    def watched(self: Worlds, state: State, on: dt.date, blackouts: Any) -> EveryDay:
        day = knows(self, state, on, blackouts)
        before = points(day)
        everybody = np.arange(len(state.region.member))
        state.ask(
            {
                "w": np.zeros_like(everybody),
                "c": everybody,
                "s": np.full_like(everybody, int(np.flatnonzero(state.region.workshop)[0])),
                "x": np.zeros_like(everybody),
                "score": np.full(len(everybody), 100.0),
                "day": np.full_like(everybody, on.replace(day=10).toordinal()),
                "people": np.full_like(everybody, 10),
                "chosen": np.zeros_like(everybody),
            }
        )
        asked.append(points(knows(self, state, on, blackouts)) == before)
        return day

    monkeypatch.setattr(Worlds, "day", watched)
    made.programme(needs=[]).simulate(BUSY, START, dt.date(2007, 9, 30), replications=1)
    assert asked == [True]


def test_who_comes_in_a_month_is_not_known_when_it_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    known = decisions(monkeypatch, made.programme(notice_days=40))  # what is decided in a month is held in the next
    assert known[-1]["last_attendance"] > START
    assert [each["day"] for each in known if each["last_attendance"] >= each["day"]] == []


def test_a_renewal_of_the_councils_is_not_known_before_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    elections = [{"date": "2007-11-18", "name": made.both("Élections")}]
    known = decisions(monkeypatch, made.programme(calendar={"blackouts": [], "elections": elections}))
    assert known[-1]["renewed"] == dt.date(2007, 11, 18)
    assert [each["day"] for each in known if each["renewed"] >= each["day"]] == []


def test_a_freeze_that_nobody_foresees_is_not_known_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze = {"start": "2007-11-20", "end": "2007-12-20", "reason": made.both("Gel")}
    programme = made.programme(calendar={"blackouts": [freeze], "elections": []})
    known = decisions(monkeypatch, programme, BUSY.with_("unforeseen", freeze_known_days=0))
    assert [len(each["blackouts"]) for each in known] == [0, 0, 0, 1]
