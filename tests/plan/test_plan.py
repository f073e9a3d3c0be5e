"""Plans of programmes whose numbers are known: what is planned, and how it is told."""

from __future__ import annotations

import _thread
import datetime as dt
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from made import POLICY, small
from plan import plans
from prai_match import Programme
from prai_match.charts import plan_calendar
from prai_match.errors import PraiError, ProgrammeError, UnknownCodeError
from prai_match.packing import tables
from prai_match.plan import PlanOptions, Progress, Weights, _search, plan
from prai_match.plan._conditions import model_of
from prai_match.plan._options import PlanRequest, SearchLimits
from prai_match.plan._solver import relax
from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prai_match.packing import Draft

PEOPLE = pl.col("elected") + pl.col("technicians")


def test_what_can_be_served_is_served() -> None:
    made = plans.planned(time_limit=None)
    assert made.check().is_empty()
    assert set(made.sessions.filter(~pl.col("booked"))["session"]) == {"site_internet", "sig", "b_geo"}
    people = made.seats.group_by(pl.col("session").str.slice(8)).agg(PEOPLE.sum()).rows()
    assert {name.rpartition("-")[0]: count for name, count in people} == {
        "b_geo": 18, "sig": 13, "site_internet": 12, "": 6,  # at the session that is booked
    }  # fmt: skip
    assert made.status == "optimal"
    assert 0 < made.gap <= 0.002


def test_a_follow_up_waits_for_the_lag_after_its_buffet_in_the_plan() -> None:
    made = plans.following()
    assert plans.session(made, "sig")["date"] - plans.session(made, "b_geo")["date"] >= dt.timedelta(days=90)
    short = plans.following(end=dt.date(2007, 11, 30))
    assert {"sig", "b_geo"} - set(short.sessions["session"])
    assert set(short.unserved()["label"]) >= {"lag"}


def test_who_asks_for_a_workshop_waits_for_no_buffet() -> None:
    made = plans.planned(time_limit=None)
    assert plans.session(made, "sig")["date"] < plans.session(made, "b_geo")["date"] + dt.timedelta(days=90)


def test_a_booked_session_stays_and_those_who_asked_for_it_are_seated_there() -> None:
    needs = [
        *plans.data()["needs"],
        {"collectivity": "09006", "date": "2007-07-01", "workshop": "teleservices", "people": 10},
    ]
    made = plans.planned(plans.programme(needs=needs))
    booked = made.sessions.filter("booked").row(0, named=True)
    assert (booked["id"], booked["date"], booked["cost"]) == ("b1", dt.date(2007, 10, 2), Decimal("600.00"))
    assert made.seats.filter(session="b1")["territory"].to_list() == ["T2"]
    host = made.unserved().filter(territory="T3", session="teleservices")
    assert host["rule"].to_list() == ["not_booked"]
    assert made.check().is_empty()


def test_the_trainer_of_a_booked_session_is_taken_and_its_relay_hosts_one_session_less() -> None:
    one = plans.with_trainers(lambda trainer: {**trainer, "sessions_a_month": 1})
    made = plans.planned(plans.programme(trainers=one), start=dt.date(2007, 9, 10), end=dt.date(2007, 10, 31))
    assert "site_internet" not in set(made.sessions["session"])
    assert plans.planned(plans.programme(trainers=one)).check().is_empty()


def test_the_objective_is_the_sum_of_its_parts_and_no_more_than_the_bound() -> None:
    made = plans.planned(time_limit=None)
    assert made.objective == pytest.approx(sum(made.parts.values()))
    assert made.objective <= made.bound
    assert made.parts["score"] + made.parts["early"] + made.parts["km"] == pytest.approx(
        made.seats["value"].sum(), abs=1e-4
    )


def test_the_solver_counts_a_plan_as_the_objective_does() -> None:
    made = plans.planned(time_limit=None, weights=Weights(early=0, spread=0))
    assert made.status == "optimal"
    assert made.bound == pytest.approx(made.objective, rel=0.002)


def test_the_plan_made_at_once_is_never_better_than_the_solved_one() -> None:
    assert plans.planned(time_limit=None).objective >= plans.planned().objective


def test_the_same_inputs_give_the_same_plan() -> None:
    one, two = (plans.planned(time_limit=None) for _ in range(2))
    assert one.sessions.equals(two.sessions)
    assert one.seats.equals(two.seats)
    assert one.bound == two.bound


@pytest.mark.parametrize(("name", "value"), [("km", -1.0), ("score", float("nan")), ("early", float("inf"))])
def test_a_weight_is_a_number_from_0(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        Weights(**{name: value})


def test_weights_decide() -> None:
    near = plans.planned(weights=Weights(km=10), time_limit=None)
    assert near.sessions.filter(~pl.col("booked")).is_empty()
    valued = plans.planned().with_weights(Weights(score=2))
    assert valued.parts["score"] == pytest.approx(2 * plans.planned().parts["score"])
    assert (valued.status, valued.gap) == ("edited", 1.0)


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ({"trainers": []}, "trainer_expertise"),
        ({"partners": []}, "relay_covers"),
        ({"budget": {"total": "1250"}}, "budget"),
    ],
)
def test_what_nothing_can_serve_is_named_at_once(asked: dict[str, Any], label: str) -> None:
    rows = plans.data(**asked)
    rows["sessions"] = [{**row, "trainer": None, "partner": None} for row in rows["sessions"]]
    made = plans.planned(plans.programme(**rows), time_limit=None)
    assert made.sessions.filter(~pl.col("booked")).is_empty()
    assert made.check().is_empty()
    assert made.gap == pytest.approx(0, abs=1e-6)
    blocked = made.unserved("en").filter(pl.col("label") != "policy")
    assert set(blocked["label"]) <= {label, "seats_min"}
    assert label in set(blocked["label"])


def test_a_period_without_an_open_day_is_named_at_once() -> None:
    freeze = {"start": "2007-01-01", "end": "2009-01-01", "reason": {"fr": "Gel", "en": "Freeze"}}
    rows = plans.data(calendar={"blackouts": [freeze]}, sessions=[], attendances=[])
    made = plans.planned(plans.programme(**rows), time_limit=None)
    assert made.sessions.is_empty()
    assert made.check().is_empty()
    assert set(made.unserved("en").filter(session="sig")["rule"]) == {"open_day"}


def test_one_person_cannot_fill_a_session() -> None:
    needs = [{"collectivity": "09001", "date": "2007-05-02", "workshop": "sig", "people": 1}]
    rows = plans.data(needs=needs, sessions=[], attendances=[])
    made = plans.planned(plans.programme(**rows), time_limit=None)
    assert made.sessions.is_empty()
    assert made.status == "empty"
    waiting = made.unserved("fr").filter(territory="T1", session="sig").row(0, named=True)
    assert (waiting["label"], waiting["rule"]) == ("seats_min", None)


def test_an_empty_plan_has_no_rows_and_no_objective() -> None:
    made = plans.planned(plans.programme(trainers=[], sessions=[], attendances=[]), time_limit=None)
    assert (made.objective, made.gap, made.status) == (0.0, 0.0, "empty")
    assert made.to_polars().is_empty()
    assert made.text("en").splitlines()[2] == "No session can be held."


@pytest.mark.parametrize(
    ("asked", "changes", "label"),
    [
        ({"budget": 700}, {}, "budget"),
        ({"each": 1}, {}, "each"),
        ({}, {"partners": [{**small()["partners"][0], "sessions_a_year": 3}]}, "relay_room"),
        (
            {},
            {
                "trainers": plans.with_trainers(
                    lambda row: {**row, "free": [{"start": "2007-10-08", "end": "2007-10-08"}]}
                )
            },
            "trainer_free",
        ),
    ],
)
def test_unserved_says_what_is_in_the_way(asked: dict[str, Any], changes: dict[str, Any], label: str) -> None:
    made = plans.planned(plans.programme(**changes), time_limit=None, **asked)
    assert made.check().is_empty()
    found = made.unserved("en")
    assert label in set(found["label"])
    assert found["sentence"].null_count() == 0
    served = made.seats.height
    assert served + found.filter(pl.col("label") != "policy").height == made.inputs.demands.height


def test_a_demand_that_a_worse_plan_leaves_is_told_to_be_outdone() -> None:
    made = plans.planned()
    less = made.with_sessions(
        made.sessions.filter(pl.col("session") != "site_internet"),
        made.seats.filter(~pl.col("session").str.contains("site")),
    )
    assert less.check().is_empty()
    assert "better" in set(less.unserved()["label"])


@pytest.mark.parametrize(
    ("package", "asked"),
    [("vacances_scolaires_france", {}), ("highspy", {"time_limit": None})],
)
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, package: str, asked: dict[str, Any]) -> None:
    holidays = {} if asked else {"school_holidays": "B"}
    made = plans.programme(calendar={**small()["calendar"], **holidays})
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(PraiError, match=r"prai-match\[plan\]"):
        plans.planned(made, **asked)


@pytest.mark.parametrize("asked", [{"end": dt.date(2007, 9, 2)}, {"each": 0}, {"budget": -1}])
def test_a_plan_that_makes_no_sense_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"the period ends|each: |budget: "):
        plans.planned(**asked)


def test_every_entry_takes_the_options_that_it_is_asked_with() -> None:
    assert [*PlanOptions.__annotations__] == [
        name for field in fields(PlanRequest) if (name := field.name) not in {"start", "end"}
    ]
    assert all(f"``{name}``" in (Programme.plan.__doc__ or "") for name in PlanOptions.__annotations__)
    for entry in (Programme.plan, Programme.plan_by_region):
        with pytest.raises(TypeError, match="buget"):
            entry(plans.programme(), plans.START, plans.END, buget=3000)  # type: ignore[call-arg]


@pytest.mark.parametrize("budget", [700, 1000, None])
def test_a_plan_made_at_once_has_the_bound_of_the_relaxation(budget: float | None) -> None:
    at_once, searched = (plans.planned(budget=budget, time_limit=limit, gap=0) for limit in (0, None))
    relaxed = relax(model_of(tables(at_once.inputs, at_once.weights)).matrix, SearchLimits()).bound
    assert at_once.bound == pytest.approx(relaxed)
    assert searched.objective <= at_once.bound + 1e-6
    assert at_once.status == "at_once"


def test_a_plan_made_at_once_says_what_its_gap_means_and_what_narrows_it() -> None:
    french, english = (plans.planned(gap=0).summary(lang)[2:] for lang in LANGUAGES)
    assert french == (
        "Établi immédiatement, sans recherche, à 0,1 % au plus du meilleur plan possible.",
        "Une recherche peut l’améliorer et réduire cet écart : prévoir un temps de calcul, par exemple 60 secondes.",
    )
    assert english == (
        "Made at once, without a search, within 0.1% of the best plan possible.",
        "A search can improve it and narrow this gap: give it time, for instance 60 seconds.",
    )
    assert len(plans.planned(time_limit=None).summary("fr")) == 3


def test_a_plan_made_at_once_that_is_close_enough_is_proven() -> None:
    assert plans.planned(gap=0.5).status == "optimal"


def test_of_a_wide_model_a_plan_made_at_once_knows_no_more_than_what_all_demands_bring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_search, "WIDE", 0)
    made = plans.planned(gap=0)
    assert made.bound == model_of(tables(made.inputs, made.weights)).most()
    assert made.status == "at_once"


def test_the_bound_of_a_plan_made_at_once_can_be_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, "relax", values=None, bound=float("inf"), interrupted=True)
    made = plans.planned()
    assert made.status == "interrupted"
    assert made.check().is_empty()
    assert made.gap < 1


def test_progress_is_told() -> None:
    told: list[Progress] = []
    made = plans.planned(time_limit=None, progress=told.append)
    assert told
    assert told[-1].objective == pytest.approx(made.objective)
    assert told[-1].bound == pytest.approx(made.bound)


@pytest.fixture
def _interrupts() -> Iterator[None]:
    """Heed interrupts: a shell's background job is started with them ignored, and a search would never end."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interrupts")
def test_a_search_that_is_interrupted_gives_its_best_plan() -> None:
    sent: list[int] = []

    def interrupt(_: Progress) -> None:
        if not sent:
            sent.append(1)
            _thread.interrupt_main()

    region = Programme.example()
    made = plan(region, dt.date(2007, 9, 3), dt.date(2008, 2, 29), time_limit=None, progress=interrupt)
    assert made.status == "interrupted"
    assert made.check().is_empty()
    assert made.seats.height > 100


def test_a_search_that_is_interrupted_before_the_proof_gives_its_best_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(draft: Draft, _: int) -> Iterator[Draft]:
        yield draft
        raise KeyboardInterrupt

    monkeypatch.setattr(_search, "refills", interrupted)
    made = plans.planned(time_limit=None, gap=0)
    assert made.status == "interrupted"
    assert made.check().is_empty()
    assert made.gap < 0.1


def test_without_a_relaxation_in_time_the_plan_is_better_than_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, "relax", bound=float("inf"), is_proven=False)
    region, period = Programme.example(), (dt.date(2007, 9, 3), dt.date(2007, 10, 31))
    made, at_once = (plan(region, *period, time_limit=limit, node_limit=0) for limit in (None, 0))
    assert made.status == "limit"
    assert made.objective > at_once.objective
    assert made.check().is_empty()


def test_without_tqdm_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.std", None)
    assert plans.planned(time_limit=None).check().is_empty()


def test_a_plan_reads_as_a_table_with_names() -> None:
    made = plans.planned()
    table = made.to_polars("en")
    row = table.filter(session="Site").row(0, named=True)
    assert (row["axis"], row["host"], row["trainer"]) == ("refonte", "Territoire 1", "Agence web (Formatrice)")
    assert (row["territories"], row["elected"], row["technicians"]) == (2, 8, 4)
    assert pl.DataFrame(made).equals(made.to_polars())
    with pytest.raises(UnknownCodeError):
        made.text("de")  # type: ignore[arg-type]


def test_a_plan_reads_as_text() -> None:
    made = plans.planned()
    lines = made.text("fr").splitlines()
    assert lines[0] == "Plan du 3 septembre 2007 au 31 janvier 2008"
    assert lines[1].startswith(
        "3 nouvelles sessions ; 1 déjà programmée ; 8 demandes servies sur 10 ; 49 personnes ; coût : 1\u202f416\xa0€ sur 298\u202f750\xa0€ disponibles"
    )
    assert "Octobre 2007" in lines
    assert any(line.endswith("[programmée : nombre d’inscrits inconnu]") for line in lines)
    assert repr(made).startswith("<Plan 2007-09-03 to 2008-01-31: 3 sessions, 8 of 10 demands served, objective ")
    assert (made.start, made.end) == (plans.START, plans.END)


@pytest.mark.parametrize(
    ("registrations", "french", "english"),
    [
        ([], "nombre d’inscrits inconnu", "number of registrations unknown"),
        ([{"session": "b1", "collectivity": "09005", "people": 3}], "3 inscrits", "3 people registered"),
        ([{"session": "b1", "collectivity": "09005", "people": 1}], "1 inscrit", "1 person registered"),
        ([{"session": "b1", "collectivity": "09005"}], "nombre d’inscrits inconnu", "number of registrations unknown"),
    ],
)
def test_a_booked_session_says_who_is_registered_and_no_number_of_nobody(
    registrations: list[dict[str, Any]], french: str, english: str
) -> None:
    made = plans.planned(plans.programme(registrations=registrations, needs=[], attendances=[]))
    assert made.seats.filter(session="b1").is_empty()
    for lang, told in (("fr", french), ("en", english)):
        lines = made.text(lang).splitlines()  # type: ignore[arg-type]
        (row,) = [number for number, line in enumerate(lines) if line.endswith(f": {told}]")]
        assert "0 " not in lines[row + 1]
        drawn = str(plan_calendar(made, lang).to_dict())  # type: ignore[arg-type]
        assert told in drawn
        assert ("0 territoire" if lang == "fr" else "0 territories") not in drawn


def test_a_plan_edited_by_hand_has_its_cost_computed() -> None:
    made = plans.planned()
    again = made.with_sessions(made.sessions.drop("cost", "booked", "axis").to_dict(as_series=False))
    assert again.sessions.equals(made.sessions)
    assert again.seats.equals(made.seats)
    assert again.status == "edited"


def test_a_table_without_its_columns_is_refused() -> None:
    made = plans.planned()
    with pytest.raises(ProgrammeError, match=r"sessions\.date") as caught:
        made.with_sessions(made.sessions.drop("date", "host"))
    assert len(caught.value.problems) == 2
    soon = made.sessions.with_columns(date=pl.lit("soon"))
    with pytest.raises(ProgrammeError, match=r"sessions\.date, row 1: found 'soon', expected a day") as caught:
        made.with_sessions(soon, made.seats.with_columns(elected=pl.lit([1])))
    assert len(caught.value.problems) == soon.height
    with pytest.raises(ProgrammeError, match=r"seats\.elected, row 1"):
        made.with_sessions(made.sessions, made.seats.with_columns(elected=pl.lit([1])))


def test_a_table_of_texts_is_read(tmp_path: Path) -> None:
    made = plans.planned()
    tables = [(made.sessions, tmp_path / "sessions.csv"), (made.seats, tmp_path / "seats.csv")]
    for frame, path in tables:
        frame.write_csv(path)
    again = made.with_sessions(*(pl.read_csv(path, infer_schema=False) for _, path in tables))
    assert again.sessions.equals(made.sessions)
    assert again.seats.equals(made.seats)
    french = made.sessions.with_columns(date=pl.col("date").dt.to_string("%d/%m/%Y")).rows(named=True)
    french[0]["date"] = made.sessions["date"][0].isoformat() + " "
    assert made.with_sessions(french).sessions.equals(made.sessions)


def test_sentences_tell_names_and_days_in_both_languages() -> None:
    made = plans.edited(plans.planned(), "site_internet", date=dt.date(2007, 10, 6))
    for lang, end in (
        ("fr", "le 6 octobre 2007 est un samedi ou un dimanche."),
        ("en", "6 October 2007 is a Saturday or a Sunday."),
    ):
        (sentence,) = made.check(lang).filter(label="weekend")["sentence"]  # type: ignore[arg-type]
        assert sentence.endswith(end)
        assert "Territoire 1" in sentence


def test_hostile_text_stays_text() -> None:
    made = plans.edited(plans.planned(), "site_internet", trainer="{found}\u202e<b>")
    (sentence,) = made.check("en").filter(label="known")["sentence"]
    assert "{found}\ufffd<b>" in sentence


def answered(monkeypatch: pytest.MonkeyPatch, name: str, **changes: Any) -> None:
    """Make the search get other answers of the solver than those it found."""
    asked = getattr(_search, name)
    monkeypatch.setattr(_search, name, lambda *args, **options: replace(asked(*args, **options), **changes))


@pytest.mark.parametrize(
    ("name", "changes", "status"),
    [
        ("solve", {"is_proven": False}, "limit"),
        ("solve", {"is_proven": False, "interrupted": True}, "interrupted"),
        ("solve", {"is_proven": False, "values": None}, "limit"),
        ("relax", {"values": None, "bound": float("inf")}, "bounded"),
        ("relax", {"interrupted": True}, "interrupted"),
        ("relax", {"values": None, "interrupted": False}, "bounded"),
    ],
)
def test_a_search_that_ends_early_says_why(
    monkeypatch: pytest.MonkeyPatch, name: str, changes: dict[str, Any], status: str
) -> None:
    answered(monkeypatch, name, **changes)
    made = plans.planned(time_limit=None, gap=0)
    assert made.status == status
    assert made.check().is_empty()
    assert made.objective <= made.bound


def test_a_search_can_be_interrupted_while_it_proves(monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, "relax", values=None)
    answered(monkeypatch, "solve", interrupted=True, is_proven=False)
    assert plans.planned(time_limit=None).status == "interrupted"


def test_plans_are_made_side_by_side() -> None:
    made = plans.programme()
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda _: plans.planned(made, time_limit=None, node_limit=50), range(2))
    assert one.sessions.equals(two.sessions)


def test_a_limit_of_time_ends_the_search() -> None:
    made = plans.planned(time_limit=30)
    assert made.check().is_empty()
    assert made.objective == plans.planned(time_limit=None).objective


def test_a_demand_before_its_lag_in_a_short_period_is_told() -> None:
    attended = [
        {**row, "session": "b_geo", "date": "2007-08-20", "held": None, "collectivity": "09001"}
        for row in small()["attendances"]
    ]
    needs = [row for row in plans.data()["needs"] if row["collectivity"] != "09002"]
    changed = plans.programme(attendances=attended, needs=needs)
    made = plans.planned(changed, end=dt.date(2007, 10, 31), time_limit=None)
    row = made.unserved().filter(territory="T1", session="sig").row(0, named=True)
    assert (row["label"], row["rule"]) == ("policy", "lag_over")


def test_what_finds_no_day_is_left_out_and_chosen_again() -> None:
    """T2 waits for the lag between workshops, of which the only trainer can lead three in three days."""
    rows = plans.data(attendances=[], sessions=[], strong_need=100)
    rows["needs"] = [
        {"collectivity": code, "date": "2007-05-02", "workshop": workshop, "people": 5}
        for code in ("09001", "09005")
        for workshop in ("site_internet", "sig", "teleservices")
    ]
    trainer = rows["trainers"][0]
    free = [{"start": "2007-10-08", "end": "2007-10-10"}]
    rows["trainers"] = [{**trainer, "expertise": [{"session": name} for name in plans.WORKSHOPS], "free": free}]
    rows["catalogue"]["follow_ups"] = [
        {"source": "site_internet", "target": "sig", "prior": 0.5, "lag_days": 2},
        {"source": "sig", "target": "teleservices", "prior": 0.5, "lag_days": 2},
    ]
    policy = POLICY.without("buffet_or_need_first")
    made = plans.planned(plans.programme(**rows), time_limit=None, policy=policy)
    assert made.check().is_empty()
    assert made.status == "bounded"
    assert made.sessions["session"].sort().to_list() == ["sig", "site_internet", "teleservices"]
    waits = plans.session(made, "sig")["date"] - plans.session(made, "site_internet")["date"]
    assert waits == dt.timedelta(days=2)
    assert made.unserved().select("territory", "session").rows() == [("T2", "teleservices")]


def test_a_plan_held_where_no_demand_is_still_serves_those_who_come() -> None:
    made = plans.planned()
    moved = plans.edited(made, "site_internet", host="T3")
    assert moved.unserved().filter(pl.col("label") != "policy").height == 2
