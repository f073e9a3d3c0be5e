"""Plans made région by région: joined, valid, bounded, and the same wherever the régions were planned."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import crowded
from plan import plans
from plan.test_plan_laws import DAYS
from prai_match import PraiError, Programme
from prai_match.plan import RegionalPlan, _entry, _solver, plan, plan_by_region
from prai_match.plan._search import search
from prai_match.plan._solver import Solution
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.packing import Tables
    from prai_match.plan._options import SearchLimits
    from prai_match.plan._search import Result

ARIEGE, BEARN = "09", "64"
OCCITANIE, AQUITAINE = "76", "75"
FRAMES = ("sessions", "seats", "regions")


def two_regions(**changes: Any) -> dict[str, Any]:
    """Three territories in each of two régions that share a relay, two trainers, a budget, and a border."""
    rows = plans.data()
    for n in range(4, 7):
        members = [f"6400{2 * n - 7}", f"6400{2 * n - 6}"]
        twin = rows["territories"][n - 4]
        rows["territories"].append(
            {**twin, "id": f"T{n}", "name": f"Territoire {n}", "departement": BEARN, "members": members}
            | {"longitude": 1.9}
        )
        rows["collectivities"] += [
            {"code": code, "name": code, "kind": "commune", "departement": BEARN} for code in members
        ]
    rows["needs"] += [{**need, "collectivity": f"64{need['collectivity'][2:]}"} for need in rows["needs"]]
    shared = {"id": "shared", "name": "Relais", "kind": "syndicat", "departements": [ARIEGE, BEARN]}
    rows["partners"] = [rows["partners"][0], {**shared, "sessions_a_year": 5}]
    return {**rows, **changes}


def planned(rows: dict[str, Any] | None = None, **asked: Any) -> RegionalPlan:
    made = Programme.model_validate(rows or two_regions())
    return made.plan_by_region(plans.START, plans.END, **{"time_limit": None, **asked})


def same(one: RegionalPlan, two: RegionalPlan) -> bool:
    return one.bound == two.bound and all(getattr(one, name).equals(getattr(two, name)) for name in FRAMES)


def test_both_regions_are_planned() -> None:
    made = planned()
    assert made.check().is_empty()
    assert made.regions["region"].to_list() == [AQUITAINE, OCCITANIE]
    hosts = set(made.sessions.filter(~pl.col("booked"))["host"])
    assert hosts & {"T1", "T2", "T3"}
    assert hosts & {"T4", "T5", "T6"}
    assert made.regions["demands"].sum() == made.inputs.demands.height
    assert set(made.sessions.filter("booked")["id"]) == {"b1"}


def test_the_joined_plan_costs_the_regional_ones_little_and_is_no_better_than_the_bound_of_the_whole() -> None:
    made = planned()
    whole = plan(made.inputs.programme, plans.START, plans.END, time_limit=None)
    same_day = made.sessions.height - made.sessions["date"].n_unique()  # of several régions: they lose points
    assert made.objective >= float(made.regions["objective"].sum()) - made.weights.spread * same_day - 1e-6
    assert made.objective <= made.bound
    assert whole.objective <= made.bound + 1e-6
    assert made.regions.filter(pl.col("objective") > pl.col("bound") + 1e-6).is_empty()
    assert made.regional_bound == pytest.approx(made.regions["bound"].sum())
    assert made.shared_loss == pytest.approx(max(0.0, 1 - made.regional_bound / made.bound))


@pytest.mark.parametrize(
    "pool",
    [
        lambda: ThreadPoolExecutor(2),
        lambda: ProcessPoolExecutor(1, multiprocessing.get_context("spawn")),
        lambda: ProcessPoolExecutor(2, multiprocessing.get_context("spawn")),
    ],
    ids=["threads", "process", "processes"],
)
def test_the_executor_does_not_matter(pool: Callable[[], Any]) -> None:
    with pool() as executor:
        assert same(planned(), planned(executor=executor))


def test_the_order_of_rows_does_not_matter() -> None:
    rows = two_regions()
    turned = {name: value[::-1] if isinstance(value, list) else value for name, value in rows.items()}
    assert same(planned(rows), planned(turned))


def test_money_is_shared_out_and_what_is_left_is_spent_together() -> None:
    made = planned(budget=2000)
    assert made.check().is_empty()
    assert made.regions["budget"].sum() == pytest.approx(2000, abs=0.02)
    assert float(made.sessions.filter(~pl.col("booked"))["cost"].sum()) <= 2000
    assert made.sessions.filter(~pl.col("booked")).height > made.regions["sessions"].sum()


def test_a_relay_that_regions_share_hosts_one_session_a_day_and_no_more_than_it_can() -> None:
    rows = two_regions()
    rows["partners"] = rows["partners"][1:]
    rows["sessions"] = [{**row, "partner": None} for row in rows["sessions"]]
    made = planned(rows, time_limit=0)
    assert made.check().is_empty()
    new = made.sessions.filter(~pl.col("booked"))
    assert new["partner"].unique().to_list() == ["shared"]
    assert new["date"].is_unique().all()
    assert 1 < new.height <= 5
    assert made.regions.filter(sessions=0).is_empty()


def test_a_region_alone_has_all() -> None:
    made = plan_by_region(plans.programme(), plans.START, plans.END, time_limit=None)
    (row,) = made.regions.rows(named=True)
    assert (row["region"], row["budget"]) == (OCCITANIE, made.inputs.budget)
    assert made.objective >= plans.planned(time_limit=None).objective


def test_a_departement_that_the_register_does_not_know_is_a_region() -> None:
    rows = json.loads(json.dumps(two_regions()).replace(f'"{BEARN}"', '"99"'))
    assert planned(rows, time_limit=0).regions["region"].to_list() == [OCCITANIE, "99"]


def test_without_limits_nothing_is_shared_out() -> None:
    rows = two_regions(budget=None)
    rows["partners"][1] |= {"sessions_a_year": None}
    made = planned(rows)
    assert made.check().is_empty()
    assert made.regions["budget"].null_count() == 2
    assert made.sessions.height > 2


@pytest.mark.parametrize("missing", ["trainers", "partners"])
def test_where_there_is_nothing_the_plan_is_empty(missing: str) -> None:
    rows = two_regions(**{missing: []})
    rows |= {"sessions": [], "attendances": []}
    made = planned(rows)
    assert (made.status, made.objective, made.check().height) == ("empty", 0.0, 0)
    assert made.shared_loss == 0.0


def test_a_search_that_is_interrupted_leaves_the_other_regions_a_plan_made_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds: list[float | None] = []

    def interrupted(known: Tables, limits: SearchLimits, told: None) -> Result:
        seconds.append(limits.time_limit)
        return replace(search(known, limits, told), status="interrupted")

    monkeypatch.setattr(_entry, "search", interrupted)
    made = planned(gap=0)
    assert (made.status, seconds) == ("interrupted", [None, 0])
    assert made.check().is_empty()


class Stopped(Executor):
    """An executor that is stopped by Ctrl-C: its first task is finished, the second never is."""

    def __init__(self, *, submitting: bool, failing: bool) -> None:
        self.submitting, self.failing = submitting, failing
        self.futures: list[Future[Any]] = []

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if not self.futures:
            future.set_result(task(*args, **kwargs))
        elif self.submitting:
            raise KeyboardInterrupt
        elif self.failing:  # as a worker that Ctrl-C reached does
            future.set_exception(KeyboardInterrupt())
        else:
            future.result = self.interrupted  # type: ignore[method-assign]
        self.futures.append(future)
        return future

    def interrupted(self, timeout: float | None = None) -> Any:
        raise KeyboardInterrupt(timeout)


@pytest.mark.parametrize(
    ("submitting", "failing"), [(False, False), (True, False), (False, True)], ids=["waiting", "submitting", "workers"]
)
def test_ctrl_c_keeps_the_regions_that_an_executor_has_finished(*, submitting: bool, failing: bool) -> None:
    whole, at_once = planned(gap=0), planned(time_limit=0)
    executor = Stopped(submitting=submitting, failing=failing)
    made = planned(gap=0, executor=executor)
    assert made.status == "interrupted"
    assert made.check().is_empty()
    first, second = made.regions["region"].sort().to_list()
    finished = made.regions.filter(status="bounded")["region"].item()
    assert made.regions.filter(region=finished).equals(whole.regions.filter(region=finished))
    stopped = ({first, second} - {finished}).pop()
    told = pl.col("region", "sessions", "served", "objective")
    assert made.regions.filter(region=stopped).select(told).equals(at_once.regions.filter(region=stopped).select(told))
    assert made.regions.filter(region=stopped)["status"].item() == "interrupted"
    assert all(future.done() for future in executor.futures)


def test_an_error_on_an_executor_is_raised_and_what_waits_is_cancelled() -> None:
    class Failing(Executor):
        futures: ClassVar[list[Future[Any]]] = []

        def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ARG002
            future: Future[Any] = Future()
            if not self.futures:
                future.set_exception(OSError("no room"))
            self.futures.append(future)
            return future

    with pytest.raises(OSError, match="no room"):
        planned(executor=Failing())
    assert [future.cancelled() for future in Failing.futures] == [False, True]


def test_interrupted_before_the_regions_everything_is_planned_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = Solution(values=None, bound=float("inf"), is_proven=False, interrupted=True)
    monkeypatch.setattr(_entry, "relax", lambda *_: stopped)
    made = planned(gap=0)
    assert made.status == "interrupted"
    assert set(made.regions["status"]) == {"interrupted"}
    assert made.objective > 0
    assert made.gap < 1
    assert made.check().is_empty()


def test_a_wide_relaxation_goes_through_the_inside_to_the_same_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    bound = planned(time_limit=0).bound
    monkeypatch.setattr(_solver, "WIDE", 0)
    made = planned(time_limit=0)
    assert made.bound == pytest.approx(bound)
    assert made.check().is_empty()


def test_what_is_asked_for_is_checked() -> None:
    with pytest.raises(ValueError, match="period"):
        plan_by_region(plans.programme(), plans.END, plans.START)


def test_it_is_a_plan_that_can_be_edited_and_planned_again() -> None:
    made = planned(time_limit=0)
    assert repr(made).startswith("<Plan 2007-09-03")
    assert made.with_sessions(made.sessions).objective == made.objective
    assert made.unserved().height + made.seats.height >= made.inputs.demands.height


@given(rows=crowded(), on=DAYS, budget=st.sampled_from([None, 900, 3000]), solved=st.booleans())
@examples(25)
def test_every_joined_plan_is_valid_and_no_better_than_its_bound(
    rows: dict[str, Any], on: dt.date, budget: int | None, *, solved: bool
) -> None:
    rows = json.loads(json.dumps(rows).replace('"31"', f'"{BEARN}"'))
    end = on + dt.timedelta(weeks=20)
    limits: dict[str, Any] = {"time_limit": None, "node_limit": 50} if solved else {"time_limit": 0}
    made = plan_by_region(Programme.model_validate(rows), on, end, budget=budget, **limits)
    assert made.check().is_empty()
    assert made.objective <= made.bound + 1e-4
    said = [row for row in rows["decisions"] if row.get("held") and dt.date.fromisoformat(row["date"]) <= on]
    words = sorted((row["date"], row["event"] == "cancelled", row["held"]) for row in said)
    gone = {held: cancelled for _, cancelled, held in words}  # the last word counts
    booked = {
        row["id"]
        for row in rows["sessions"]
        if on <= dt.date.fromisoformat(row["date"]) <= end and row["booked_on"] and not gone.get(row["id"])
    }
    assert set(made.sessions.filter("booked")["id"]) == booked
    assert made.regions["demands"].sum() == made.inputs.demands.height


def test_forked_processes_are_refused_before_anything_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_entry, "relax", None)
    with (
        ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as executor,
        pytest.raises(PraiError, match="spawn"),
    ):
        planned(executor=executor)


def test_workers_that_die_are_an_error_that_says_what_to_do() -> None:
    with (
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=os._exit, initargs=(1,)) as executor,
        pytest.raises(PraiError, match="create a new executor"),
    ):
        planned(executor=executor)
