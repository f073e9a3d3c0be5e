"""The offers that can be carried out together: valid, each territory's first where it can be, by priority else."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import POLICY, programme, small
from packing.paired import ON, alone, kept
from plan import plans
from prai_match import Programme
from prai_match.packing import MOST_SEATS
from prai_match.testing import programmes
from thorough import examples

if TYPE_CHECKING:
    from prai_match import Recommendations
    from prai_match.plan import Plan

DAYS = st.dates(dt.date(2006, 11, 1), dt.date(2008, 12, 31))


def carried_out_together(recs: Recommendations, made: Plan) -> None:
    assert made.check().is_empty()
    assert made.status == "by_priority"
    seats = made.seats.join(made.sessions.select("id", what="session"), left_on="session", right_on="id")
    assert seats.select(pl.struct("territory", "what").is_unique().all()).item()
    assert seats["territory"].value_counts()["count"].max() in {None, *range(MOST_SEATS + 1)}
    assert {*seats["territory"]} <= {rec.territory for rec in recs if rec.offer is not None}


@given(programmes(case="busy"), DAYS)
@examples(25)
def test_offers_of_drawn_programmes_can_be_carried_out_together(prog: Programme, on: dt.date) -> None:
    recs = prog.recommend(on=on)
    carried_out_together(recs, recs.together())


@pytest.mark.parametrize(
    ("region", "on"), [("midi_pyrenees", dt.date(2007, 9, 3)), ("occitanie_2026", dt.date(2026, 9, 7))]
)
def test_offers_of_a_region_can_be_carried_out_together(region: str, on: dt.date) -> None:
    recs = Programme.example(region).recommend(on)
    carried_out_together(recs, recs.together())


def test_where_there_is_plenty_of_everything_each_keeps_its_first_offer() -> None:
    needs = [
        {"collectivity": f"0900{member}", "date": "2007-06-15", "workshop": workshop, "people": 12}
        for member, workshop in ((1, "site_internet"), (3, "sig"), (5, "site_internet"))
    ]
    recs = plans.programme(needs=needs, sessions=small()["sessions"]).recommend(ON)
    assert kept(recs.together(), recs) == {"T1": "first", "T2": "first", "T3": "first"}


@pytest.mark.parametrize(("higher", "other"), [("T1", "T3"), ("T3", "T1")])
def test_the_higher_priority_keeps_its_offer_where_two_need_the_one_day_of_a_trainer(higher: str, other: str) -> None:
    recs = alone(higher, free=[{"start": "2007-10-08", "end": "2007-10-08"}]).recommend(ON)
    made = recs.together()
    assert kept(made, recs) == {higher: "first", other: "none"}
    (session,) = made.sessions.rows(named=True)
    assert (session["host"], session["date"]) == (higher, dt.date(2007, 10, 8))


def test_nobody_is_left_without_a_seat_whose_first_offer_another_trainer_can_lead() -> None:
    """One who is worth more than a point less, so that anything else that fits would come before."""
    day = [{"start": "2007-10-08", "end": "2007-10-08"}]
    geo = {**small()["trainers"][1], "expertise": [{"session": "sig"}], "free": day}
    recs = alone("T1", trainers=[geo, {**geo, "id": "far", "latitude": 44.4, "reach_km": 150}]).recommend(ON)
    assert {recs[code].trainer for code in ("T1", "T3")} == {"geo"}
    made = recs.together()
    assert kept(made, recs) == {"T1": "first", "T3": "first"}
    assert dict(made.sessions.select("host", "trainer").iter_rows()) == {"T1": "geo", "T3": "far"}


def test_who_is_elsewhere_on_the_first_day_comes_on_the_next() -> None:
    """Another relay is free on the day of the workshop, but those whom the buffet needs attend that."""
    need = {"collectivity": "09001", "date": "2007-05-02", "workshop": "site_internet", "people": 6}
    recs = programme(needs=[need]).recommend(ON)
    made = recs.together()
    assert kept(made, recs) == {"T1": "first", "T2": "elsewhere", "T3": "other"}
    assert made.sessions["date"].to_list() == [dt.date(2007, 9, 24), dt.date(2007, 9, 25)]


def test_with_another_day_both_keep_theirs() -> None:
    recs = alone("T1", free=[{"start": "2007-10-08", "end": "2007-10-09"}]).recommend(ON)
    assert kept(recs.together(), recs) == {"T1": "first", "T3": "first"}


def test_the_period_is_that_of_offers_unless_it_is_told() -> None:
    recs = alone("T1").recommend(ON)
    prog = recs.programme
    assert recs.together().end == ON + dt.timedelta(days=prog.offer_horizon_days)
    assert recs.together(dt.date(2007, 9, 30)).end == dt.date(2007, 9, 30)
    late = prog.period.end - dt.timedelta(days=9)
    assert prog.recommend(late).together().end == prog.period.end
    with pytest.raises(TypeError, match="until"):
        recs.together(until=3)  # type: ignore[arg-type]


def test_no_solver_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    made = alone("T1").recommend(ON).together()
    assert made.gap == 1.0
    assert made.to_json()["bound"] is None


def test_a_rule_of_the_place_holds_for_seats_too() -> None:
    """Nobody may travel: those who are too few alone have no seat."""
    at_home = POLICY.require("own_place", id="at_home", stage="place")
    recs = plans.programme().with_policy(at_home).recommend(ON)
    assert recs.together().seats.is_empty()


def test_the_best_trainer_is_one_who_knows_the_axes_of_host_and_guest() -> None:
    """Trainers within a point of the best are tried: one who doesn't know the axis of the guest isn't the best."""
    trainers = [  # at T2 and beyond: no other territory is within reach
        {**small()["trainers"][0], "id": axis, "expertise": [{"session": "site_internet", "axes": [axis]}]}
        | {"latitude": latitude, "reach_km": reach}
        for axis, latitude, reach in (("creation", 43.4, 10), ("refonte", 43.8, 50))
    ]
    needs = [
        {"collectivity": code, "date": "2007-06-15", "workshop": "site_internet", "axis": axis, "people": 6}
        for code, axis in (("09001", "refonte"), ("09003", None))
    ]
    made = alone("T1", trainers=trainers, needs=needs)
    recs = made.recommend(ON)
    assert [(recs[code].host, recs[code].trainer) for code in ("T1", "T2")] == [("T2", "refonte"), ("T2", "creation")]
    assert kept(recs.together(), recs) == {"T1": "first", "T2": "first"}


def test_a_relay_that_has_no_room_at_all_is_not_the_best_there_is() -> None:
    """The mayors' association is worth two points more, but hosts nothing this year: the offer is with the other."""
    partners = [{**row, "sessions_a_year": 0 if row["id"] == "adm09" else None} for row in small()["partners"]]
    asks = {"collectivity": "09001", "date": "2007-06-15", "people": 12}
    needs = [{**asks, "workshop": workshop} for workshop in ("sig", "site_internet")]
    recs = plans.programme(partners=partners, needs=needs, sessions=[], attendances=[]).recommend(ON)
    offers = (recs["T1"].offer, *recs["T1"].alternatives)
    assert [each.partner for each in offers if each] == ["cg09"] * 3
    assert kept(recs.together(), recs)["T1"] == "first"
