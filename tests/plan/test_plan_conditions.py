"""Each condition has a plan, made faulty by hand, that the check names by its label."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from made import POLICY, small
from plan import plans
from prai_match.packing import ASIDE, tables
from prai_match.plan import CONDITIONS
from prai_match.plan._conditions import model_of
from prai_match.plan._unserved_demands import _ANY_RULE, _NO_RULE
from prai_match.policy import Vocabulary
from prai_match.text import LANGUAGES, messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.model import Lang
    from prai_match.plan import Plan
    from prai_match.policy import Stage

DAY = dt.date(2007, 10, 10)
"""A quiet Wednesday."""


@cache
def base(**asked: Any) -> Plan:
    made = plans.planned(**asked)
    assert made.check().is_empty()
    return made


def region(**changes: Any) -> Plan:
    made = plans.planned(plans.programme(**changes))
    assert made.check().is_empty()
    return made


def moved(date: dt.date, kind: str = "site_internet", **asked: Any) -> Plan:
    return plans.edited(base(**asked), kind, date=date)


def far_trainer() -> Plan:
    """The trainer's reach is cut after the plan was made."""
    short = plans.with_trainers(lambda trainer: {**trainer, "reach_km": 80 if trainer["id"] == "geo" else 0.5})
    made = plans.planned(plans.programme(trainers=short, sessions=small()["sessions"]))
    return with_site(made, host="T2")


def with_site(made: Plan, **changes: Any) -> Plan:
    """The session of the base plan on sites, put into another plan."""
    site = base().sessions.filter(pl.col("session") == "site_internet")
    rows = [{**row, "cost": None, **changes} for row in site.rows(named=True)]
    sessions = pl.concat(
        [made.sessions.filter(pl.col("session") != "site_internet"), pl.DataFrame(rows, schema=site.schema)]
    )
    ids = sessions["id"].implode()
    seats = pl.concat([made.seats, base().seats]).filter(pl.col("session").is_in(ids))
    return made.with_sessions(sessions, seats.unique(["session", "territory"]))


def another_session(**changes: Any) -> Plan:
    """The base plan with one more session of the trainer and the relay of the one on sites."""
    row = {**plans.session(base(), "site_internet"), "id": "more", "date": DAY, "cost": None, **changes}
    sessions = pl.concat([base().sessions, pl.DataFrame([row], schema=base().sessions.schema)])
    return base().with_sessions(sessions)


def stricter(rule: str, stage: Stage, condition: str) -> Plan:
    """The base plan under a policy with one more rule."""
    policy = POLICY.require(condition, id=rule, stage=stage)
    return with_site(plans.planned(policy=policy))


CASES: dict[str, Callable[[], Plan]] = {
    "known": lambda: plans.edited(base(), "site_internet", trainer="nobody"),
    "booked": lambda: base().with_sessions(base().sessions.filter(~pl.col("booked"))),
    "day": lambda: moved(plans.END + dt.timedelta(days=1)),
    "notice": lambda: moved(plans.START + dt.timedelta(days=20)),
    "blackout": lambda: moved(dt.date(2008, 2, 4), end=dt.date(2008, 2, 20)),
    "weekend": lambda: moved(dt.date(2007, 10, 6)),
    "holiday": lambda: moved(dt.date(2007, 11, 1)),
    "school_holiday": lambda: plans.edited(
        region(calendar={**small()["calendar"], "school_holidays": "A"}), "site_internet", date=dt.date(2007, 10, 29)
    ),
    "offered": lambda: plans.seated(base(), "site_internet", "T3"),
    "place": lambda: stricter("at_home", "place", "own_place"),
    "people": lambda: plans.seated(base(), "site_internet", "T1", elected=7),
    "seats_min": lambda: plans.without_seats(base(), "site_internet", "T2"),
    "seats_max": lambda: plans.seated(base(), "site_internet", "T1", elected=19),
    "host": lambda: plans.without_seats(base(), "site_internet", plans.session(base(), "site_internet")["host"]),
    "travel": lambda: with_site(region(travel_km=20), host="T1"),
    "pair": lambda: plans.seated(base(), "site_internet", "T1", elected=6, technicians=0),
    "once": lambda: base().with_sessions(base().sessions, pl.concat([base().seats, base().seats.head(1)])),
    "each": lambda: plans.planned(each=1).with_sessions(base().sessions, base().seats),
    "territory_day": lambda: moved(plans.session(base(), "b_geo")["date"]),
    "lag": lambda: plans.edited(plans.following(), "sig", date=DAY),
    "trainer_expertise": lambda: plans.edited(base(), "site_internet", trainer="geo"),
    "trainer_reach": far_trainer,
    "trainer_rules": lambda: stricter("cheap", "trainer", "cost <= 450"),
    "trainer_free": lambda: with_site(
        region(trainers=plans.with_trainers(lambda row: {**row, "taken": ["2007-10-10"]})), date=DAY
    ),
    "trainer_day": lambda: moved(dt.date(2007, 10, 2)),
    "trainer_month": lambda: with_site(
        region(trainers=plans.with_trainers(lambda row: {**row, "sessions_a_month": 1})), date=DAY
    ),
    "trainer_load": lambda: with_site(region(trainer_load_limit=0.1), date=DAY),
    "relay_covers": lambda: with_site(region(partners=relays(cg09={"departements": ["31"]})), partner="cg09"),
    "relay_carries": lambda: with_site(region(partners=relays(cg09={"carries": ["sig", "b_geo"]})), partner="cg09"),
    "relay_rules": lambda: stricter("adm_only", "partner", "partner_kind = 'adm'"),
    "relay_room": lambda: with_site(region(partners=relays(adm09={"sessions_a_year": 2})), partner="adm09"),
    "pace_team": lambda: with_site(region(pace={"team": {"per_week": 1}}), date=dt.date(2007, 10, 3)),
    "pace_relay": lambda: with_site(
        region(pace={"relay": {"per_week": 1}}), date=dt.date(2007, 10, 3), partner="adm09"
    ),
    "cost": lambda: plans.edited(base(), "site_internet", cost=1),
    "priced": lambda: with_site(region(trainers=plans.with_trainers(lambda row: {**row, "fee": None}))),
    "budget": lambda: with_site(plans.planned(budget=500)),
}


def relays(**changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, **changes.get(row["id"], {})} for row in small()["partners"]]


# Each condition is one object, from which the model, the check and the reasons of the unserved are made.

MODELS: dict[str, Callable[[], Plan]] = {
    "all but the lag": lambda: plans.planned(
        plans.programme(pace={"team": {"per_week": 1}, "relay": {"per_week": 1}}), budget=5000
    ),
    "a lag longer than the period": lambda: plans.following(end=dt.date(2007, 10, 10), time_limit=0),
}


def test_every_condition_is_found_by_the_check() -> None:
    labels = [condition.label for condition in CONDITIONS]
    assert len(set(labels)) == len(labels)
    assert set(CASES) == set(labels)


def test_every_condition_has_rows_in_the_model_or_is_kept_otherwise() -> None:
    models = [model_of(tables(made.inputs, made.weights)) for made in (make() for make in MODELS.values())]
    told = {label for model in models for label, *_ in model.matrix.rows} - {"priority", "load"}
    assert told == {condition.label for condition in CONDITIONS if callable(condition.rows)}
    assert {condition.rows for condition in CONDITIONS if not callable(condition.rows)} == {"possible", "dated"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_condition_has_sentences_and_nothing_else_has(lang: Lang) -> None:
    texts = messages("prai_match.plan", "conditions", lang)
    assert set(texts) == {condition.label for condition in CONDITIONS} | {"better"}
    assert all(set(each) == {"asks", "broken", "serves"} and all(each.values()) for each in texts.values())


def test_what_unserved_names_is_a_condition() -> None:
    known = {condition.label for condition in CONDITIONS}
    assert {*ASIDE, *_NO_RULE.values(), *_ANY_RULE.values()} <= known
    columns = [name for condition in CONDITIONS for name in condition.reads]
    assert len(set(columns)) == len(columns)
    assert set(columns) <= {column.name for column in Vocabulary.standard().all}


BLOCKED: dict[str, Callable[[], Plan]] = {
    "budget": lambda: plans.planned(budget=700),
    "relay_room": lambda: region(partners=[{**row, "sessions_a_year": 1} for row in small()["partners"]]),
    "pace_team": lambda: plans.planned(plans.programme(pace={"team": {"per_month": 1}}), end=dt.date(2007, 10, 31)),
    "lag": lambda: plans.following(end=dt.date(2007, 11, 30), time_limit=0),
    "territory_day": lambda: plans.planned(on=plans.START, start=dt.date(2007, 10, 1), end=dt.date(2007, 10, 2)),
    "trainer_free": lambda: plans.planned(
        plans.programme(trainers=plans.with_trainers(lambda row: {**row, "sessions_a_month": 1})),
        end=dt.date(2007, 9, 30),
    ),
}


@pytest.mark.parametrize("label", ASIDE)
def test_a_condition_that_the_draft_can_leave_aside_is_told_where_it_is_in_the_way(label: str) -> None:
    assert label in set(BLOCKED[label]().unserved()["label"])


@pytest.mark.parametrize("label", CASES)
def test_the_check_names_the_condition(label: str) -> None:
    faults = CASES[label]().check("en")
    assert label in set(faults["label"]), faults
    assert faults["sentence"].null_count() == 0
    assert not faults["sentence"].str.contains("[{}\0]").any()
