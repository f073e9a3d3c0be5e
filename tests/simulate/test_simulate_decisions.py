"""Decisions: the recommender is the real one, each seat is possible, and a plan is played as it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import polars as pl
import pytest
from hypothesis import given, strategies as st

import made
import seats
from prai_match import Policy, Programme
from prai_match.errors import UnknownCodeError
from prai_match.model import Pace
from prai_match.plan import plan as planned
from prai_match.policy import GRID
from prai_match.recommend import recommend
from prai_match.simulate import Scenario, SeasonPlan, _planners
from prai_match.simulate._scenario import Planner
from prai_match.simulate._state import Bookings
from prai_match.testing import programmes
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prai_match.simulate._planners import DecisionMonth, Decisions

PLANNERS: tuple[Planner, ...] = get_args(Planner)
START, END = dt.date(2007, 9, 1), dt.date(2008, 9, 30)
AUTUMN = dt.date(2007, 9, 3), dt.date(2007, 10, 31)
_BUSY: dict[str, Any] = {"sessions_a_month": 4.0, "asks_a_year": 12.0}
# What is decided in each month of a simulation, sessions that are joined last, with the programme of each world before.
Decided = list[tuple["DecisionMonth", "Bookings", list[Programme]]]


@pytest.fixture
def months(monkeypatch: pytest.MonkeyPatch) -> Iterator[Decided]:
    with monkeypatch.context() as patch:
        yield watched(patch)


def watched(patch: pytest.MonkeyPatch) -> Decided:
    """Note what is decided from now on."""
    noted: Decided = []

    def note(decide: Callable[[DecisionMonth], Decisions]) -> Callable[[DecisionMonth], Decisions]:
        def noting(case: DecisionMonth) -> Decisions:
            worlds: list[Any] = [case.trace.programme(world) for world in range(case.trace.state.count)]
            ahead = case.trace.state.ahead
            new, joined = decide(case)
            most = case.trace.region.most[ahead.session]
            assert ((joined + ahead.invited).sum(axis=1) <= most)[joined.any(axis=1)].all()
            noted.append(
                (case, Bookings.concat(new, replace(ahead, invited=joined).only(np.any(joined, axis=1))), worlds)
            )
            return new, joined

        return noting

    patch.setattr(_planners, "PLANNERS", {name: note(each) for name, each in _planners.PLANNERS.items()})
    return noted


def season(case: DecisionMonth, bookings: Bookings, world: int) -> seats.Seats:
    """The sessions of a month in one world, new or joined, and the seats at them, as a plan has them."""
    frames, mine = case.trace.region.frames, bookings.only(bookings.world == world)
    codes = {
        name: getattr(frames, table)[code].to_list()
        for name, table, code in (
            ("session", "sessions", "session"),
            ("host", "territories", "territory"),
            ("partner", "partners", "partner"),
            ("trainer", "trainers", "trainer"),
        )
    }
    booked = (mine.known < case.day.on.toordinal()).tolist()
    ids = [
        f"{dt.date.fromordinal(day)}-{codes['session'][session]}-{codes['host'][host]}" if was else f"n{number}"
        for number, (was, day, session, host) in enumerate(
            zip(booked, mine.day.tolist(), mine.session.tolist(), mine.host.tolist(), strict=True)
        )
    ]
    rows = {
        "id": ids,
        "session": [codes["session"][number] for number in mine.session],
        "axis": [None] * len(mine),
        "date": [dt.date.fromordinal(int(day)) for day in mine.day],
        "host": [codes["host"][number] for number in mine.host],
        "partner": [codes["partner"][number] for number in mine.relay],
        "trainer": [codes["trainer"][number] for number in mine.trainer],
        "cost": [None if cents < 0 else cents / 100 for cents in mine.cents],
        "booked": booked,
    }
    schema: dict[str, Any] = dict.fromkeys(("id", "session", "axis", "host", "partner", "trainer"), pl.String)
    schema |= {"date": pl.Date, "cost": pl.Decimal(12, 2), "booked": pl.Boolean}
    row, territory = np.nonzero(mine.invited)
    people = {
        "session": [ids[number] for number in row],
        "territory": [codes["host"][number] for number in territory],
        "elected": mine.invited[row, territory],
        "technicians": np.zeros(len(row), np.int64),
    }
    whom = dict.fromkeys(("session", "territory"), pl.String) | dict.fromkeys(("elected", "technicians"), pl.Int64)
    return SimpleNamespace(sessions=pl.DataFrame(rows, schema=schema), seats=pl.DataFrame(people, schema=whom))


def judge(noted: Decided, policy: Policy | None = None) -> int:
    """Ask `why_not` about every seat of every month, and what is taken twice; return how many seats there are."""
    count = 0
    for case, bookings, worlds in noted:
        for world, programme in enumerate(worlds):
            made_of = season(case, bookings, world)
            if not made_of.sessions.height:
                continue
            prog = programme if policy is None else programme.with_policy(policy)
            refused = [(each.held, each.territory, each.rule) for each in seats.refusals(prog, made_of, case.day.on)]
            assert not refused
            assert not seats.told_nothing(prog, made_of, case.day.on)
            assert not +seats.collisions(prog, made_of, case.day.on)
            count += made_of.seats.height
    return count


_RATED = (
    Policy.default()
    .prefer("kind_bookings / 99", id="kinds", weight=20)
    .prefer("partner_acceptance - partner_cancellation", id="relays", stage="partner", weight=20)
    .prefer("trainer_no_answer + trainer_bookings / 99", id="trainers", stage="trainer", weight=20)
)


_NEXT = (
    Policy.default()
    .without("follow_up")
    .prefer("next_probability", id="follow_up", kind="workshop", weight=28)
    .prefer("began_with / (began + 10.0)", id="start", kind="buffet", weight=20)
)


@pytest.mark.parametrize("policy", [Policy.default(), _RATED, _NEXT], ids=["default", "rates", "next"])
def test_the_recommender_is_the_real_one(example: Programme, months: Decided, policy: Policy) -> None:
    cancelled = [{"date": "2007-08-30", "event": "cancelled", "held": each.id} for each in example.sessions[:9]]
    scenario = Scenario.of("now", with_policy=policy, planner="points")
    example.with_decisions(cancelled).simulate(scenario, START, END, replications=2, seed=3)
    assert len(months) > 6
    alone = policy.require("NOT joins_booked", id="alone", stage="place")
    for case, _, worlds in months[::4]:
        known = _planners.seasons(case, case.trace.region.near)
        before = case.trace.state.sessions.known < case.day.on.toordinal()
        sessions = type(known.known)(*(each[before] for each in known.known))
        # What can be held is asked for where a relay has time alone.
        known = replace(known, pace=Pace(), slots=np.ones_like(case.slots), known=sessions, joins=False)
        for world, programme in enumerate(worlds):
            offers = recommend(programme, case.day.on, top=8, policy=alone).ranking.offers
            offers = offers.filter(pl.col("h") == pl.col("t"))
            at = (world, offers["t"].to_numpy(), offers["s"].to_numpy())
            assert (known.hosts[at] | ~known.may[at]).all()
            assert known.hosts[world].sum() == known.may[at].sum()
            here = known.may[at]
            assert (known.axis[at] == offers["x"].to_numpy()).all()
            assert (np.round(known.units[at] / GRID, 9) == np.round(offers["score"].to_numpy(), 9))[here].all()


@pytest.mark.parametrize("planner", PLANNERS)
@pytest.mark.parametrize("region", ["midi_pyrenees", "occitanie_2026"])
def test_each_seat_of_a_month_is_one_that_why_not_calls_possible(
    months: Decided, planner: Planner, region: Literal["midi_pyrenees", "occitanie_2026"]
) -> None:
    prog = Programme.example(region)
    first = {"midi_pyrenees": dt.date(2007, 11, 1), "occitanie_2026": dt.date(2026, 10, 1)}[region]
    prog.simulate(Scenario.of("now", planner=planner), first, first + dt.timedelta(days=89), replications=1, seed=2)
    assert judge(months) > 20


@pytest.mark.parametrize("planner", ["priority", "points"])
def test_sessions_of_earlier_months_are_joined(months: Decided, example: Programme, planner: Planner) -> None:
    scenario = Scenario.of("much", planner=planner, sessions_a_month=4.0, asks_a_year=8.0)
    example.simulate(scenario, dt.date(2007, 1, 1), dt.date(2007, 5, 31), replications=2)
    joined = [(case, made_of.only(made_of.known < case.day.on.toordinal()), each) for case, made_of, each in months]
    assert judge(joined) > 5


@given(st.data())
@examples(8)
def test_each_seat_of_drawn_programmes_is_possible(data: st.DataObject) -> None:
    prog = data.draw(made.crowded().map(Programme.model_validate) | programmes(case="busy"))
    planner = data.draw(st.sampled_from(PLANNERS))
    freeze = data.draw(st.sampled_from([None, 0]))
    scenario = Scenario.of("busy", planner=planner, freeze_known_days=freeze, preparation_months=0, **_BUSY)
    with pytest.MonkeyPatch.context() as patch:
        noted = watched(patch)
        prog.simulate(scenario, START, dt.date(2008, 5, 31), replications=1, seed=data.draw(st.integers(0, 9)))
    judge(noted)


@pytest.mark.parametrize("planner", PLANNERS)
def test_a_world_does_not_depend_on_how_many_there_are(example: Programme, planner: Planner) -> None:
    scenario, months = Scenario.of("now", planner=planner), (dt.date(2007, 9, 1), dt.date(2007, 11, 30))
    one, three = (example.simulate(scenario, *months, replications=count).to_polars() for count in (1, 3))
    assert three.filter(pl.col("replication") == 0).equals(one)


def test_a_month_by_priority_is_what_is_held_together(months: Decided, example: Programme) -> None:
    much: dict[str, Any] = {"sessions_a_month": 30.0, "preparation_months": 0, "restart_months": 0, "quiet_months": ()}
    day = dt.date(2007, 9, 1)
    example.simulate(Scenario.of("all", **much), day, day + dt.timedelta(days=119), replications=1)
    bookings, together = months[0][1], example.recommend(day).together(day + dt.timedelta(days=119))
    new = together.sessions.filter(~pl.col("booked"))
    seated = together.seats.filter(pl.col("session").is_in(new["id"].implode()))["territory"].n_unique()
    assert len(bookings) == new.height > 20
    assert abs(int((bookings.invited > 0).any(axis=0).sum()) - seated) <= 5


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


@pytest.mark.parametrize(("made_of", "each"), [(_line, 1), (Programme.example, 9)])
@pytest.mark.parametrize("planner", PLANNERS)
def test_planners_keep_the_conditions_of_a_plan(
    months: Decided, planner: Planner, made_of: Callable[[], Programme], each: int
) -> None:
    scenario = Scenario.of(planner, planner=planner, **({} if made_of == Programme.example else _BUSY))
    made_of().simulate(scenario, START, dt.date(2008, 7, 31), replications=1, seed=2)
    for case, bookings, worlds in months[::each]:
        _check(case, bookings, worlds[0])
    assert sum(len(bookings) for _, bookings, _ in months) > 10


def _check(case: DecisionMonth, bookings: Bookings, programme: Programme) -> None:
    """Judge the decisions of a month as a plan's own check does."""
    calendar = programme.calendar.model_copy(update={"blackouts": case.day.frames.calendar.blackouts})
    programme = programme.model_copy(update={"calendar": calendar})
    first = case.day.on + dt.timedelta(days=programme.notice_days)
    last = first + dt.timedelta(days=case.day.length - 1)
    plan, made_of = planned(programme, first, last, on=case.day.on, time_limit=0), season(case, bookings, 0)
    people = plan.inputs.demands.join(plan.inputs.snapshot.frames.territories.select("t", "territory"), on="t")
    people = people.join(plan.inputs.snapshot.frames.sessions.select("s", what="session"), on="s")
    invited = made_of.seats.join(made_of.sessions.select("id", what="session"), left_on="session", right_on="id")
    invited = invited.select("session", "territory", "what", total=pl.col("elected"))
    numbers = people.select("territory", "what", pl.col("elected", "technicians").cast(pl.Int64)).unique()
    wanted = invited.join(numbers, on=["territory", "what"], how="left", maintain_order="left")
    assert wanted.filter(pl.col("elected") + pl.col("technicians") != pl.col("total")).is_empty()
    columns = [name for name in plan.sessions.columns if name != "booked"]
    before = plan.sessions.filter("booked").select(columns)
    every = pl.concat([before, made_of.sessions.filter(~pl.col("booked")).select(columns).cast(before.schema)])
    faults = plan.with_sessions(every, wanted.select("session", "territory", "elected", "technicians")).check("en")
    assert faults.is_empty(), faults["sentence"].to_list()


CALM: dict[str, Any] = {
    "comes": 1.0,
    "distance_km": None,
    "renewed": 1.0,
    "before_election": 1.0,
    "asks_a_year": 0.0,
    "asks_after_buffet": 0.0,
    "asks_after_workshop": 0.0,
}


@pytest.mark.parametrize("region", ["midi_pyrenees", "occitanie_2026"])
def test_a_plan_that_is_played_without_chance_is_held(region: Literal["midi_pyrenees", "occitanie_2026"]) -> None:
    prog = Programme.example(region)
    first, last = {
        "midi_pyrenees": (dt.date(2007, 9, 3), dt.date(2007, 12, 31)),
        "occitanie_2026": (dt.date(2026, 9, 7), dt.date(2026, 12, 31)),
    }[region]
    season_of = prog.recommend(first).together(last)
    outcomes = prog.simulate(Scenario.of("plan", planner=SeasonPlan(season_of), **CALM), first, last, replications=2)
    after = outcomes.again(1)
    columns = ("session", "date", "host", "partner", "trainer", "cost")
    new = season_of.sessions.filter(~pl.col("booked"))
    held = after.sessions.to_polars().filter(pl.col("booked_on") == first)
    assert new.height > 20
    assert held.select(columns).sort(columns).equals(new.select(columns).sort(columns))
    _came(after, season_of)
    assert outcomes.totals().filter(measure="called_off")["value"].sum() == 0


def _came(after: Programme, season_of: Any) -> None:
    """Those who came to new sessions are those who were invited, as many of each territory."""
    new = season_of.sessions.filter(~pl.col("booked")).select("date", "host", session_id="id")
    new = after.sessions.to_polars().select("date", "host", held="id").join(new, on=["date", "host"])
    of = {member: each.id for each in after.territories for member in each.members}
    came = after.attendances.to_polars().filter(pl.col("date") >= season_of.start)
    came = came.with_columns(territory=pl.col("collectivity").replace_strict(of)).join(new, on="held")
    people = pl.col("elected") + pl.col("technicians")
    seats_of = season_of.seats.filter(pl.col("session").is_in(new["session_id"].implode()))
    invited = seats_of.select("session", "territory", people=people).sort("session", "territory")
    there = came.select("session_id", "territory", people=people).rename({"session_id": "session"})
    assert there.sort("session", "territory").equals(invited)


def test_a_plan_that_is_played_loses_sessions_to_a_freeze_that_nobody_foresaw(example: Programme) -> None:
    season_of = example.plan(*AUTUMN, time_limit=0)
    freeze = {"start": "2007-10-01", "end": "2007-10-31", "reason": made.both("Gel")}
    scenario = Scenario.of("plan", planner=SeasonPlan(season_of), blackouts=[freeze], **CALM)
    totals = example.simulate(scenario, *AUTUMN, replications=1).totals()
    count = dict(totals.filter(pl.col("of").is_null()).select("measure", "value").iter_rows())
    later = season_of.sessions.filter(~pl.col("booked"), pl.col("date") >= dt.date(2007, 10, 1))
    assert count["frozen"] == later.height > 0
    assert count["decided"] == len(SeasonPlan(season_of).sessions)


def test_a_plan_of_somebody_else_is_refused(example: Programme) -> None:
    season_of = example.plan(*AUTUMN, time_limit=0)
    trainer = season_of.sessions.filter(~pl.col("booked"))["trainer"][0]
    scenario = Scenario.of("plan", planner=SeasonPlan(season_of), without_trainers=[trainer])
    with pytest.raises(UnknownCodeError, match=trainer):
        example.simulate(scenario, *AUTUMN, replications=1)


def test_what_is_no_plan_is_not_played() -> None:
    wrong: Any = "a plan"
    with pytest.raises(TypeError, match="Plan"):
        SeasonPlan(wrong)


def test_a_plan_that_is_played_can_be_written_and_read(example: Programme) -> None:
    played = SeasonPlan(example.plan(*AUTUMN, time_limit=0))
    assert played.sessions
    assert SeasonPlan.model_validate_json(played.model_dump_json()) == played
    assert SeasonPlan(**played.model_dump()) == played
