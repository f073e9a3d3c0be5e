"""What `scripts/check_seats.py` counts, and that it ends with 1 where a seat can't be had."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl
import pytest

import check_seats
from made import POLICY, programme
from plan.plans import START, planned, programme as with_something_to_plan
from prai_match import Programme
from seats import collisions, refusals, told_nothing

if TYPE_CHECKING:
    from prai_match.plan import Plan

PROG = with_something_to_plan()


class Set(NamedTuple):
    """Sessions and seats."""

    sessions: pl.DataFrame
    seats: pl.DataFrame


@pytest.fixture(scope="module")
def season() -> Plan:
    return planned(PROG)


def edited(season: Plan, **changes: Any) -> Set:
    """The plan whose first new session is changed."""
    (first, *_) = season.sessions.filter(~pl.col("booked"))["id"]
    here = pl.col("id") == first
    values = {name: pl.when(here).then(pl.lit(value)).otherwise(name) for name, value in changes.items()}
    return Set(season.sessions.with_columns(**values), season.seats)


def test_no_seat_of_a_plan_is_refused(season: Plan) -> None:
    assert season.seats.height > 3
    assert list(refusals(PROG, season, START)) == []
    assert told_nothing(PROG, season, START) == []
    assert not +collisions(PROG, season, START)
    counts = check_seats.count([(PROG, START)], "plan")
    assert (counts["sets"], counts["sets with seats"], counts["a trainer twice a day"]) == (1, 1, 0)
    assert not [what for what in counts if what.startswith("refused")]


def test_what_simulations_decide_is_checked_month_by_month_in_each_world() -> None:
    counts = check_seats.count([(PROG, START)], "months")
    assert counts["sets"] == 4
    assert counts["seats"] > counts["sessions"] > 3
    assert sum(number for what, number in counts.items() if what not in check_seats.COUNTED) == 0
    assert list(check_seats.months(PROG, dt.date(2006, 8, 1))) == []


def test_no_seat_is_refused_where_a_policy_lets_those_come_who_never_asked() -> None:
    """Once the one who asked has a seat elsewhere, nobody who is interested is left around the others."""
    need = {"collectivity": "09001", "date": "2007-06-15", "workshop": "sig", "people": 12}
    came = [{"collectivity": "09003", "session": "teleservices", "date": "2007-03-01", "elected": 9, "technicians": 3}]
    made = with_something_to_plan(needs=[need], attendances=came, sessions=[])
    made = made.with_policy(POLICY.without("buffet_or_need_first"))
    for season in (planned(made), made.recommend(START).together()):
        assert season.seats.filter(pl.col("session").str.contains("sig"))["territory"].to_list() == ["T1"]
        assert list(refusals(made, season, START)) == []


def test_seats_are_refused_by_what_stands_in_the_way(season: Plan) -> None:
    closed = edited(season, date=dt.date(2007, 12, 25))
    (first, *_) = closed.sessions.filter(~pl.col("booked"))["id"]
    assert {(each.held["id"], each.rule) for each in refusals(PROG, closed, START)} == {(first, "engine:day")}
    (refusal, *_) = refusals(PROG, edited(season, trainer="geo", date=dt.date(2007, 10, 3)), START)
    assert refusal.rule.startswith("trainer_knows")
    assert "geo" in check_seats.described(refusal, START)


def test_a_seat_at_a_session_that_was_booked_must_join_it(season: Plan) -> None:
    (booked,) = season.sessions.filter("booked")["id"]
    stranger = pl.DataFrame({"session": [booked], "territory": ["T1"], "elected": [1], "technicians": [1]})
    made = Set(season.sessions, pl.concat([season.seats.select(stranger.columns), stranger]))
    (refusal,) = refusals(PROG, made, START)
    assert (refusal.held["id"], refusal.territory, refusal.rule) == (booked, "T1", "buffet_or_need_first")


def test_what_is_taken_twice_is_counted(season: Plan) -> None:
    (day,) = season.sessions.filter("booked")["date"]
    crowd = season.seats.with_columns(elected=pl.lit(30))
    found = collisions(PROG, Set(edited(season, date=day, trainer="web", partner="adm09").sessions, crowd), START)
    assert found["a trainer twice a day"] == found["a partner twice a day"] == 1
    assert found["too many people"] == season.sessions.filter(~pl.col("booked")).height  # of the other it isn't known
    assert found["a relay's year"] == 0
    less = with_something_to_plan(
        partners=[{"id": "adm09", "name": "ADM", "kind": "adm", "departements": ["09"], "sessions_a_year": 1}]
    )
    assert collisions(less, edited(season, partner="adm09"), START)["a relay's year"] >= 1
    slow = with_something_to_plan(pace={"team": {"per_month": 1}})
    assert (found["the pace"], collisions(slow, season, START)["the pace"] >= 1) == (1, True)  # the relay's day


def test_a_relay_may_host_twice_a_day_where_its_pace_allows_it(season: Plan) -> None:
    (day,) = season.sessions.filter("booked")["date"]
    able = with_something_to_plan(pace={"relay": {"per_day": 2}})
    found = collisions(able, edited(season, date=day, partner="adm09"), START)
    assert (found["a partner twice a day"], found["the pace"]) == (0, 0)


def test_who_is_told_that_there_is_nothing_is_counted(season: Plan) -> None:
    alone = programme(sessions=[], attendances=[], needs=[], trainers=[])
    assert told_nothing(alone, season, START) == ["T1", "T2", "T3"]


def test_there_are_no_days_beyond_the_period() -> None:
    cases = check_seats.regions(20)
    assert [*cases] == [*check_seats.YEARS]
    assert all(on <= prog.period.end for rows in cases.values() for prog, on in rows)
    assert check_seats.later(dt.date(2007, 9, 3), 4) == dt.date(2008, 1, 2)
    assert check_seats.later(dt.date(2007, 10, 31), 4) == dt.date(2008, 2, 27)


@pytest.mark.parametrize(("refused", "code"), [(0, 0), (2, 1)])
def test_it_ends_with_1_where_a_seat_is_refused(
    refused: int, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Programme, "example", lambda _: PROG)
    counts = Counter({"sets": 3, "sets with seats": 2, "seats": 7, "refused: lag": refused})
    monkeypatch.setattr(check_seats, "count", lambda *_: counts)
    assert check_seats.main(["--every", "40", "--kinds", "plan"]) == code
    assert [line.split(",")[0] for line in capsys.readouterr().out.splitlines() if "," in line] == [*check_seats.YEARS]
