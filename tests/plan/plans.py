"""Programmes with something to plan, whose every number is known."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl

from made import POLICY, small, with_policy
from prai_match import Programme
from prai_match.plan import plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.plan import Plan

WORKSHOPS = ("site_internet", "sig", "teleservices")
START, END = dt.date(2007, 9, 3), dt.date(2008, 1, 31)
BOOKED = {
    "id": "b1",
    "session": "teleservices",
    "date": "2007-10-02",
    "booked_on": "2007-08-20",
    "host": "T3",
    "partner": "adm09",
    "trainer": "web",
    "cost": "600",
}


def data(**changes: Any) -> dict[str, Any]:
    """The small programme with people for a workshop on sites, another on maps and a buffet, and a booked session."""
    rows = small()
    rows["needs"] = [
        {"collectivity": "09001", "date": "2007-05-02", "workshop": "site_internet", "axis": "refonte", "people": 6},
        {"collectivity": "09003", "date": "2007-06-01", "workshop": "site_internet", "people": 5},
        {"collectivity": "09002", "date": "2006-10-15", "workshop": "sig", "people": 7},
        {"collectivity": "09005", "date": "2007-06-15", "workshop": "sig", "people": 6},
    ]
    rows["sessions"].append(dict(BOOKED))
    return {**rows, **changes}


def programme(**changes: Any) -> Programme:
    """The programme of `data` with some of its fields replaced, under the policy of the tests."""
    return with_policy(Programme.model_validate(data(**changes)))


def planned(made: Programme | None = None, **asked: Any) -> Plan:
    """A plan of the small programme, made at once unless a limit is given."""
    start, end = asked.pop("start", START), asked.pop("end", END)
    return plan(made or programme(), start, end, **{"time_limit": 0, **asked})


def following(**asked: Any) -> Plan:
    """A plan in which workshops on maps follow buffets of the plan: nobody asked for one, nobody has to."""
    policy = POLICY.without("buffet_or_need_first").without("enough_people")
    made = programme(needs=data()["needs"][:2])
    return planned(made, **{"policy": policy, "each": 4, "time_limit": None, **asked})


def with_trainers(change: Callable[[dict[str, Any]], dict[str, Any]]) -> list[dict[str, Any]]:
    """The trainers of the small programme, each changed."""
    return [change(trainer) for trainer in small()["trainers"]]


def labels(made: Plan) -> set[str]:
    """The conditions that a plan breaks."""
    return set(made.check("en")["label"])


def session(made: Plan, kind: str) -> dict[str, Any]:
    """The new session of a kind in a plan, as a dictionary."""
    return made.sessions.filter(pl.col("session") == kind, ~pl.col("booked")).row(0, named=True)


def edited(made: Plan, kind: str, **changes: Any) -> Plan:
    """A plan whose new session of a kind is changed by hand; ``cost`` is computed again unless given."""
    id_ = session(made, kind)["id"]
    values = {"cost": None, **changes}
    rows = [{**row, **(values if row["id"] == id_ else {})} for row in made.sessions.iter_rows(named=True)]
    return made.with_sessions(pl.DataFrame(rows, schema=made.sessions.schema))


def seated(made: Plan, kind: str, territory: str, **changes: Any) -> Plan:
    """A plan in which a territory's seat of the new session of a kind is changed by hand, or added."""
    id_ = session(made, kind)["id"]
    rows = made.seats.rows(named=True)
    there = [row for row in rows if (row["session"], row["territory"]) == (id_, territory)]
    if not there:
        rows.append({"session": id_, "territory": territory, "elected": 2, "technicians": 1})
        there = rows[-1:]
    there[0].update(changes)
    return made.with_sessions(made.sessions, pl.DataFrame(rows, schema=made.seats.schema))


def without_seats(made: Plan, kind: str, *territories: str) -> Plan:
    """A plan in which some territories no longer come to the new session of a kind."""
    gone = (pl.col("session") == session(made, kind)["id"]) & pl.col("territory").is_in(territories)
    return made.with_sessions(made.sessions, made.seats.filter(~gone))
