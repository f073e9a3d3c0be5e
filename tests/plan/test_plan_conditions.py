"""Each condition has a plan, made faulty by hand, that the check names by its label."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from made import POLICY, small
from plan import plans
from prai_match.plan import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Callable

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


def test_every_condition_has_a_case() -> None:
    assert set(CASES) == {condition.label for condition in CONDITIONS}


@pytest.mark.parametrize("label", CASES)
def test_the_check_names_the_condition(label: str) -> None:
    faults = CASES[label]().check("en")
    assert label in set(faults["label"]), faults
    assert faults["sentence"].null_count() == 0
    assert not faults["sentence"].str.contains("[{}\0]").any()
