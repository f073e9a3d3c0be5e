"""Planning again after a change: as little changes as can be, and what does is told."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from plan import plans
from prai_match import Programme
from prai_match.errors import UnknownCodeError
from prai_match.explain import Changes
from prai_match.plan import PlanDifference, plan, replan

LATER = dt.date(2007, 11, 5)


def test_without_a_change_nothing_changes() -> None:
    before = plans.planned(time_limit=None)
    after = replan(before, time_limit=None)
    assert after.sessions.equals(before.sessions)
    assert after.seats.equals(before.seats)
    assert after.parts["stay"] == pytest.approx(3 * 20 + 8 * 2)
    assert not after - before
    assert (after - before).text("en") == "Both plans have the same sessions and the same people."


def test_sessions_past_stay_and_one_on_a_lost_day_moves() -> None:
    before = plans.following(each=3)
    lost = plans.session(before, "sig")["date"]
    after = replan(before, on=LATER, lost=[lost], time_limit=None)
    assert after.check().is_empty()
    difference = after - before
    assert difference.changes() == {"added": 0, "removed": 0, "changed": 1}
    row = difference.sessions.row(0, named=True)
    assert (row["session"], row["date_before"], row["trainer_after"]) == ("sig", lost, "geo")
    assert row["date_after"] > lost
    assert difference.text("fr").splitlines()[0] == "1 session change"
    assert "déplacée du 24 décembre 2007 au 26 décembre 2007" in difference.text("fr")
    assert set(after.sessions.filter("booked")["id"]) == {
        "b1",
        *before.sessions.filter(pl.col("date") < LATER, ~pl.col("booked"))["id"],
    }


def test_a_trainer_who_falls_ill_takes_no_session_of_another_along() -> None:
    before = plans.planned(time_limit=None)
    after = replan(before, Changes(without_trainers=("geo",)), time_limit=None)
    assert after.check().is_empty()
    assert (after - before).changes() == {"added": 0, "removed": 2, "changed": 0}
    assert "SIG at Territoire 1: removed (was on 1 October 2007)" in (after - before).text("en")
    assert (before - after).changes()["added"] == 2
    assert repr(after - before) == "<PlanDifference: 0 added, 2 removed, 0 changed>"


def test_another_trainer_takes_over() -> None:
    before = plans.planned(time_limit=None)
    second = {**plans.data()["trainers"][1], "id": "geo2", "organisation": "Université"}
    changes = Changes.of(without_trainers=["geo"], with_trainers=[second])
    after = replan(before, changes, time_limit=None)
    difference: PlanDifference = after - before
    assert difference.changes() == {"added": 0, "removed": 0, "changed": 2}
    assert "intervenant : Université (Géomaticien), au lieu de Syndicat (Géomaticien)" in difference.text("fr")


def test_a_confirmed_session_stays_though_the_budget_is_cut() -> None:
    before = plans.planned(time_limit=None)
    kept = plans.session(before, "b_geo")
    after = replan(before, budget=kept["cost"], confirmed=[kept["id"]], time_limit=None)
    assert after.check().is_empty()
    assert after.inputs.budget == 0
    assert set(after.sessions["id"]) == {kept["id"], "b1"}
    assert after.seats.filter(session=kept["id"]).equals(before.seats.filter(session=kept["id"]))


def test_what_is_not_there_cannot_be_taken_away() -> None:
    with pytest.raises(UnknownCodeError):
        replan(plans.planned(), Changes(without_trainers=("nobody",)))


def test_few_sessions_of_a_region_change() -> None:
    before = plan(Programme.example(), dt.date(2007, 9, 3), dt.date(2008, 2, 29), time_limit=0)
    busy = before.sessions.filter(~pl.col("booked"))["trainer"].value_counts().sort("count", "trainer")["trainer"][-1]
    after = replan(before, Changes(without_trainers=(busy,)), time_limit=0)
    assert after.check().is_empty()
    led = before.sessions.filter(trainer=busy).height
    assert (after - before).sessions.filter(pl.col("change") == "removed").height <= led
    assert sum((after - before).changes().values()) <= before.sessions.height / 2


def test_planned_again_at_once_the_sessions_of_the_others_stay() -> None:
    made = plan(Programme.example(), dt.date(2007, 9, 3), dt.date(2007, 12, 31), time_limit=0)
    lost = "sig_figeac"
    again = replan(made, Changes(without_trainers=(lost,)), time_limit=0)
    stays = made.sessions.filter(pl.col("trainer") != lost)
    assert stays.join(again.sessions, on=["session", "host", "date", "partner", "trainer"], how="anti").is_empty()
    assert replan(made, time_limit=0).to_polars().drop("id").equals(made.to_polars().drop("id"))
