"""Decisions: the recommender is the real one, the quick planner keeps a plan's conditions, the solver is exact."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, strategies as st

import made
from prai_match import Policy, Programme
from prai_match.plan import plan as planned
from prai_match.recommend import recommend
from prai_match.simulate import Scenario, _planners
from prai_match.simulate._worlds import Worlds
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.simulate._state import Bookings
    from prai_match.simulate._worlds import DecisionMonth, Offers

START, END = dt.date(2007, 9, 1), dt.date(2008, 9, 30)
_BUSY: dict[str, Any] = {"sessions_a_month": 4.0, "asks_a_year": 12.0}


_RATED = (
    Policy.default()
    .prefer("kind_bookings / 99", id="kinds", weight=20)
    .prefer("partner_acceptance - partner_cancellation", id="relays", stage="partner", weight=20)
    .prefer("trainer_no_answer + trainer_bookings / 99", id="trainers", stage="trainer", weight=20)
)


@pytest.mark.parametrize("policy", [Policy.default(), _RATED], ids=["default", "rates"])
def test_the_recommender_is_the_real_one(example: Programme, monkeypatch: pytest.MonkeyPatch, policy: Policy) -> None:
    cancelled = [{"date": "2007-08-30", "event": "cancelled", "held": each.id} for each in example.sessions[:9]]
    example = example.with_decisions(cancelled)
    seen: list[tuple[dt.date, Offers]] = []
    traces: list[Any] = []
    offers, quick = Worlds.offers, _planners.quick

    def watched(self: Worlds, state: Any, on: dt.date, policy: Policy, blackouts: Any) -> Offers:
        found = offers(self, state, on, policy, blackouts)
        seen.append((on, found))
        return found

    def decided(case: DecisionMonth) -> Bookings:
        if len(traces) % 4 == 0:
            _compare(case, policy, *seen[-1])
        traces.append(case)
        return quick(case)

    monkeypatch.setattr(Worlds, "offers", watched)
    monkeypatch.setattr(_planners, "quick", decided)
    example.simulate(Scenario.of("now", with_policy=policy), START, END, replications=2, seed=3)
    assert len(traces) > 6


def _compare(case: DecisionMonth, policy: Policy, on: dt.date, found: Offers) -> None:
    for world in range(2):
        programme = case.trace.programme(world)
        alone = policy.require("NOT joins_booked", id="alone", stage="place")
        ranked = recommend(programme, on, top=8, policy=alone).ranking.offers
        ranked = ranked.filter(pl.col("h") == pl.col("t"))  # simulations hold sessions at the territories' own places
        at = (world, ranked["t"].to_numpy(), ranked["s"].to_numpy())
        assert found.possible[world].sum() == ranked.height
        for mine, theirs in ((found.score, "score"), (found.axis, "x"), (found.relay, "p"), (found.trainer, "r")):
            assert (mine[at] == ranked[theirs].to_numpy()).all(), theirs


def _line() -> Programme:
    """Twelve territories along a line, of which a session can be held for some and not for all."""
    names = [f"09{number:03}" for number in range(1, 25)]
    collectivities = [{**made.small()["collectivities"][0], "code": code, "name": code} for code in names]
    territories = [
        {
            **made.small()["territories"][0],
            "id": f"T{n}",
            "members": names[2 * n : 2 * n + 2],
            "latitude": 42.8 + 0.1 * n,
        }
        for n in range(12)
    ]
    return made.programme(collectivities=collectivities, territories=territories)


@pytest.mark.parametrize("made_of", [_line, Programme.example])
@pytest.mark.parametrize("name", ["quick", "requests"])
def test_the_quick_planner_keeps_the_conditions_of_a_plan(
    monkeypatch: pytest.MonkeyPatch, name: Literal["quick", "requests"], made_of: Callable[[], Programme]
) -> None:
    scenario = Scenario.of(name, planner=name, **({} if made_of == Programme.example else _BUSY))
    decide = getattr(_planners, name)
    checked: list[int] = []

    def watched(case: DecisionMonth) -> Bookings:
        found: Bookings = decide(case)
        _check(case, found)
        checked.append(len(found))
        return found

    monkeypatch.setattr(_planners, name, watched)
    made_of().simulate(scenario, START, dt.date(2008, 7, 31), replications=1, seed=2)
    assert sum(checked) > 10


def _check(case: DecisionMonth, found: Bookings) -> None:
    """Judge the decisions of a month as a plan's own check does."""
    region = case.trace.region
    programme = case.trace.programme()
    calendar = programme.calendar.model_copy(update={"blackouts": case.blackouts})
    programme = programme.model_copy(update={"calendar": calendar})
    first, last = (dt.date.fromordinal(case.first + day) for day in (0, len(case.open) - 1))
    plan = planned(programme, first, last, on=dt.date.fromordinal(case.today), time_limit=0)
    frames = region.frames
    codes = {
        name: frames.__dict__[table][name].to_list()
        for table, name in (
            ("sessions", "session"),
            ("territories", "territory"),
            ("partners", "partner"),
            ("trainers", "trainer"),
        )
    }
    rows = {
        "id": [f"n{n}" for n in range(len(found))],
        "session": [codes["session"][n] for n in found.session],
        "date": [dt.date.fromordinal(int(day)) for day in found.day],
        "host": [codes["territory"][n] for n in found.host],
        "partner": [codes["partner"][n] for n in found.relay],
        "trainer": [codes["trainer"][n] for n in found.trainer],
        "cost": [cents / 100 for cents in found.cents],
    }
    booked = plan.sessions.filter("booked").select(*rows)
    n, t = np.nonzero(found.invited)
    wanted = dict(
        zip(
            plan.inputs.demands.select("t", "s").iter_rows(),
            plan.inputs.demands.select("elected", "technicians").iter_rows(),
            strict=True,
        )
    )
    seats = [
        (f"n{row}", codes["territory"][territory], *wanted[territory, found.session[row]])
        for row, territory in zip(n, t, strict=True)
    ]
    assert [sum(each[2:]) for each in seats] == list(found.invited[n, t])
    schema = {"session": pl.String, "territory": pl.String, "elected": pl.Int64, "technicians": pl.Int64}
    made_plan = plan.with_sessions(
        pl.concat([booked, pl.DataFrame(rows, schema=booked.schema)]), pl.DataFrame(seats, schema=schema, orient="row")
    )
    faults = made_plan.check("en")
    assert faults.is_empty(), faults["sentence"].to_list()


_ALIKE = """
id = "alike"
[name]
fr = "Toutes égales"
en = "All alike"
[[rule]]
id = "not_attended"
stage = "session"
require = "NOT attended"
unknown = "refuse"
reason = "all_attended"
fr = "Pas encore suivie."
en = "Not attended yet."
[[rule]]
id = "same"
stage = "session"
prefer = "people >= 0"
weight = 1
fr = "Pareille."
en = "Alike."
"""


@pytest.fixture(scope="session")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """A policy for which every session is worth as much as another."""
    path = tmp_path_factory.mktemp("policy") / "alike.toml"
    path.write_text(_ALIKE, encoding="utf-8")
    return Policy.load(path)


@given(
    data=made.data(),
    budgets=st.lists(st.integers(0, 4_000), min_size=2, max_size=2, unique=True),
    seed=st.integers(0, 9),
)
@examples(8)
def test_more_budget_never_serves_fewer_where_the_planner_is_exact(
    alike: Policy, data: dict[str, Any], budgets: list[int], seed: int
) -> None:
    few = [{**each, "min_seats": 1} for each in made.CATALOGUE["buffets"]]
    catalogue = {
        **made.CATALOGUE,
        "buffets": few,
        "workshops": made.CATALOGUE["workshops"][:1],
        "follow_ups": made.CATALOGUE["follow_ups"][:1],
    }
    kept = {"b_web", "b_geo", "site_internet"}
    programme = Programme.model_validate(
        {
            **data,
            "catalogue": catalogue,
            "territories": data["territories"][:3],
            "collectivities": [c for c in data["collectivities"] if c["code"] in _members(data)],
            "partners": [{**each, "carries": [], "sessions_a_year": None} for each in data["partners"]],
            "trainers": [{**each, "expertise": [{"session": s} for s in sorted(kept)]} for each in data["trainers"]],
            "needs": [],
            "sessions": [],
            "attendances": [],
            "decisions": [],
        }
    )
    scenarios = [
        Scenario.of(
            f"b{budget}",
            with_budget={"total": str(budget)},
            with_policy=alike,
            planner="solver",
            gap=0.0,
            sessions_a_month=4.0,
        )
        for budget in sorted(budgets)
    ]
    month = dt.date(2007, 9, 1), dt.date(2007, 10, 31)
    outcomes = programme.simulate(scenarios, *month, replications=1, seed=seed)
    first = outcomes.scan().filter(pl.col("month") == month[0], pl.col("measure") == "planned").collect()
    less, more = first.sort(pl.col("scenario").str.slice(1).cast(pl.Int64))["value"]
    assert less <= more


def _members(data: dict[str, Any]) -> set[str]:
    return {member for territory in data["territories"][:3] for member in territory["members"]}


def test_the_solver_decides_as_the_plan_does(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    best = _planners._best_plan  # noqa: SLF001 - to see each plan

    def watched(case: DecisionMonth, world: int, extra: pl.DataFrame | None) -> Any:
        found = best(case, world, extra)
        seen.append(found)
        return found

    monkeypatch.setattr(_planners, "_best_plan", watched)
    scenario = Scenario.of("exact", planner="solver", sessions_a_month=4.0, asks_a_year=6.0, usual_people=6.0)
    outcomes = made.programme().simulate(scenario, dt.date(2007, 9, 1), dt.date(2007, 10, 20), replications=2)
    assert seen
    assert all(plan.check().is_empty() for plan in seen)
    decided = outcomes.scan().filter(measure="decided").collect()["value"].sum()
    assert decided == sum(plan.sessions.filter(~pl.col("booked")).height for plan in seen)
