"""What holds of every plan of every programme."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, strategies as st

from made import crowded
from plan.brute import best_objective
from prai_match import Programme
from prai_match.plan import plan
from thorough import examples

if TYPE_CHECKING:
    from prai_match.plan import Plan

FEWER, MORE = (
    examples(count, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]) for count in (15, 40)
)
DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 9, 1))


def planned(rows: dict[str, Any], on: dt.date, weeks: int = 20, **asked: Any) -> Plan:
    made = Programme.model_validate(rows)
    return plan(made, on, on + dt.timedelta(weeks=weeks), **{"time_limit": None, "node_limit": 200, **asked})


@given(rows=crowded(), on=DAYS, solved=st.booleans())
@examples(40)
def test_every_plan_is_valid_and_no_better_than_its_bound(rows: dict[str, Any], on: dt.date, *, solved: bool) -> None:
    made = planned(rows, on, **({} if solved else {"time_limit": 0}))
    assert made.check().is_empty()
    assert made.objective <= made.bound + 1e-4
    assert made.objective >= 0
    served = made.seats.height + made.unserved().filter(pl.col("label") != "policy").height
    assert served == made.inputs.demands.height
    booked_sessions_stay(rows, on, made)
    of_its_own_sessions_it_is_the_same(made)


def booked_sessions_stay(rows: dict[str, Any], on: dt.date, made: Plan) -> None:
    end = on + dt.timedelta(weeks=20)
    booked = {
        row["id"] for row in rows["sessions"] if on <= dt.date.fromisoformat(row["date"]) <= end and row["booked_on"]
    }
    assert set(made.sessions.filter("booked")["id"]) == booked


def of_its_own_sessions_it_is_the_same(made: Plan) -> None:
    again = made.with_sessions(made.sessions, made.seats)
    assert again.sessions.equals(made.sessions)
    assert again.seats.equals(made.seats)
    assert again.objective == made.objective
    assert again.check().is_empty()


@given(rows=crowded(), on=DAYS, seed=st.randoms(use_true_random=False))
@FEWER
def test_the_order_of_rows_does_not_matter(rows: dict[str, Any], on: dt.date, seed: Any) -> None:
    shuffled = {
        name: seed.sample(value, len(value)) if isinstance(value, list) else value for name, value in rows.items()
    }
    one, two = planned(rows, on), planned(shuffled, on)
    assert one.sessions.equals(two.sessions)
    assert one.seats.equals(two.seats)


@given(rows=crowded(), on=DAYS, what=st.sampled_from(["trainer", "partner", "week", "euro"]))
@FEWER
def test_with_less_no_plan_is_proven_better(rows: dict[str, Any], on: dt.date, what: str) -> None:
    full = planned(rows, on)
    assume(full.sessions.filter(~pl.col("booked")).height)
    first = full.sessions.filter(~pl.col("booked")).row(0, named=True)
    asked: dict[str, Any] = {}
    less = dict(rows)
    match what:
        case "trainer" | "partner":
            gone = first[what]
            less[f"{what}s"] = [row for row in rows[f"{what}s"] if row["id"] != gone]
            less["sessions"] = [{**row, what: None if row[what] == gone else row[what]} for row in rows["sessions"]]
        case "week":
            asked = {"weeks": 19}
        case "euro":
            asked = {"budget": max(0, float(full.sessions.filter(~pl.col("booked"))["cost"].sum()) - 1)}
    fewer = planned(less, on, **asked)
    # A plan of less is a plan of more, but for points that are counted from the last day of the period.
    slack = sum(full.inputs.demands["age"]) * full.weights.early if what == "week" else 0.0
    assert fewer.objective <= full.bound + slack + 1e-4


@given(rows=crowded(), on=DAYS, width=st.integers(1, 3), lag=st.integers(0, 3))
@MORE
def test_small_instances_match_all_plans_tried(rows: dict[str, Any], on: dt.date, width: int, lag: int) -> None:
    rows["notice_days"] = 0
    rows["catalogue"] = {
        **rows["catalogue"],
        "follow_ups": [
            {**edge, "lag_days": lag * (index % 2)} for index, edge in enumerate(rows["catalogue"]["follow_ups"])
        ],
    }
    late = [
        {**row, "session": "b_geo", "date": (on - dt.timedelta(days=1)).isoformat(), "held": None}
        for row in rows["attendances"][:2]
    ]
    rows["attendances"] = rows["attendances"] + late
    made = plan(Programme.model_validate(rows), on, on + dt.timedelta(days=width), time_limit=None, gap=0)
    assume(made.inputs.demands.height <= 9)
    best = best_objective(made)
    assert made.objective <= best + 1e-4
    assert best <= made.bound + 1e-4
    if made.status == "optimal":
        assert made.objective == pytest.approx(best, abs=1e-3)
