"""The engine and the oracle agree on every field, whatever the programme, the policy and the day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, reject, strategies as st

from agreement import disagreements
from made import crowded, data
from prai_match import Policy, Programme
from prai_match.errors import PolicyError, ProgrammeError
from prai_match.policy import STAGES, TERRITORY, Column, Vocabulary
from prai_match.testing import attributes, days, need_texts, policies, programmes
from prai_match.testing._oracle import COLUMNS
from prai_match.testing._variants import rebuilt
from thorough import examples

REASONS = (None, "declined", "no_relay", "no_trainer", "over_budget")  # None: the rule's own


@st.composite
def rules(draw: st.DrawFn) -> Policy:
    """The default policy or one near it, with rules that read any columns of the vocabulary."""
    policy = draw(policies())
    if far := draw(st.sampled_from([None, "distance_km < 30", "distance_km > 30", "reach_km > 2 * distance_km"])):
        policy = policy.require(far, id="far", stage="trainer")  # so that not all have a place of their own
    if room := draw(st.sampled_from([None, "partner_room / 4", "partner_room / max_seats / (1 + partner_hosted)"])):
        policy = policy.prefer(room, id="room", stage="partner", weight=9, unknown=0.5)
    if draw(st.booleans()):
        policy = policy.with_rules(row for row in policy.rows.rule if row.stage != "session")
    for number in range(draw(st.integers(0, 3))):
        stage = draw(st.sampled_from((TERRITORY, *STAGES)))
        column = draw(st.sampled_from(Vocabulary.standard().columns(stage)))
        rule: dict[str, Any] = {"id": f"own_{number}", "stage": stage}
        try:
            if stage == TERRITORY or column.limit or draw(st.booleans()):
                share = draw(st.sampled_from([0.0, 0.25, 1.0]))
                policy = policy.prefer(draw(shares(column)), weight=9, unknown=share, **rule)
            else:
                rule["reason"] = draw(st.sampled_from(REASONS))
                rule["unknown"] = draw(st.sampled_from(["accept", "refuse"]))
                policy = policy.require(draw(conditions(column)), **rule)
        except PolicyError:  # never holds, alone or with another one
            continue
    return policy


def conditions(column: Column) -> st.SearchStrategy[str]:
    if column.type == "number":
        high = 100.0 if column.high is None else column.high
        numbers = st.sampled_from([0.0, 1.0, high / 3, high])
        return st.builds("{} {} {}".format, st.just(column.name), st.sampled_from(["<=", ">", "<>"]), numbers)
    if column.type == "boolean":
        return st.sampled_from([column.name, f"NOT {column.name}", f"{column.name} IS NULL"])
    return st.sampled_from([f"{column.name} <> '{text}'" for text in (*column.values[:2], "T0", "sig")[:2]])


def shares(column: Column) -> st.SearchStrategy[str]:
    if column.type != "number":
        return conditions(column)
    n = column.name
    return st.sampled_from(
        [f"{n} / 90", f"1 - {n} / 30", f"1 / {n}", f"COALESCE({n}, 5) / 9", f"CASE WHEN {n} > 3 THEN {n} / 50 END",
         f"SQRT({n}) / 9", f"{n} BETWEEN 1 AND 30", f"{n} IN (0, 1)"]
    )  # fmt: skip


SETTINGS = st.fixed_dictionaries(
    {"travel_km": st.sampled_from([60.0, 200.0, 500.0])},
    optional={
        "notice_days": st.sampled_from([0, 7]), "join_notice_days": st.sampled_from([0, 30]), "offer_horizon_days": st.sampled_from([20, 60, 400]),
        "strong_need": st.sampled_from([0, 80]), "trainer_wait_limit": st.sampled_from([0, 300]),
        "trainer_load_limit": st.sampled_from([0.1, 5.0]), "euros_per_km": st.sampled_from([Decimal(0), Decimal("1.15")]),
    },
)  # fmt: skip
PROGRAMMES = programmes(texts=need_texts()) | programmes(case="busy", attributes=attributes()) | programmes()


def agree(drawn: Programme, settings: dict[str, Any], policy: Policy, on: dt.date) -> bool:
    """Tell whether they do, under a policy that the programme takes: not all have the codes that it names."""
    made = rebuilt(drawn.model_copy(update=settings))
    try:
        policy.checked(made)
    except PolicyError:
        reject()
    assert [*disagreements(made, on, policy)] == []
    return True


@examples(25)
@given(PROGRAMMES, SETTINGS, rules(), days())
def test_they_agree_on_programmes_and_policies_that_are_drawn(
    drawn: Programme, settings: dict[str, Any], policy: Policy, on: dt.date
) -> None:
    assert agree(drawn, settings, policy, on)


@examples(10)
@given(data() | crowded(), SETTINGS, rules(), st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31)))
def test_they_agree_where_histories_are_long(
    made: dict[str, Any], settings: dict[str, Any], policy: Policy, on: dt.date
) -> None:
    assert agree(Programme.model_validate(made), settings, policy, on)


@st.composite
def with_bookings(draw: st.DrawFn) -> tuple[Programme, dt.date]:
    """A programme and a day, soon after which sessions are booked that others may join, or a year before which some were."""
    rows, on = draw(crowded()), draw(st.dates(dt.date(2007, 1, 1), dt.date(2008, 6, 30)))
    codes = {name: [each["id"] for each in rows[name]] for name in ("territories", "partners", "trainers")}
    members = [code for each in rows["territories"] for code in each["members"]]
    for number in range(draw(st.integers(1, 8)) if members else 0):
        day = on + dt.timedelta(
            draw(st.integers(0, 70) | st.integers(-364, -250))
        )  # or in a relay's year for some time
        booked = {
            "date": str(day),
            "booked_on": str(min(day, on) - dt.timedelta(draw(st.integers(0, 60)))),
            "session": draw(st.sampled_from(["site_internet", "sig", "b_web"])),
            "host": draw(st.sampled_from(codes["territories"])),
            "partner": draw(st.sampled_from([None, *codes["partners"]])),
            "trainer": draw(st.sampled_from([None, *codes["trainers"]])),
        }
        rows["sessions"].append({"id": f"soon_{number}", **booked})
        who = draw(st.lists(st.sampled_from(members), max_size=2, unique=True))
        people = draw(st.sampled_from([None, 3, 12]))
        rows["registrations"] += [{"session": f"soon_{number}", "collectivity": code, "people": people} for code in who]
    try:
        return Programme.model_validate(rows), on
    except ProgrammeError:  # not all lead, carry or can be there
        reject()


@examples(10)
@given(with_bookings(), SETTINGS, rules())
def test_they_agree_on_who_joins_what_is_booked(
    made: tuple[Programme, dt.date], settings: dict[str, Any], policy: Policy
) -> None:
    assert agree(made[0], settings, policy, made[1])


@pytest.mark.parametrize(("name", "on"), [("midi_pyrenees", "2007-11-05"), ("occitanie_2026", "2026-06-01")])
def test_they_agree_on_the_bundled_regions(name: str, on: str) -> None:
    region = Programme.example(name)
    some = [each.id for each in region.territories[::50]]
    assert [*disagreements(region, dt.date.fromisoformat(on), territories=some)] == []


@pytest.mark.parametrize(("name", "year"), [("midi_pyrenees", 2006), ("occitanie_2026", 2025)])
def test_they_agree_on_a_day_a_fortnight(name: str, year: int) -> None:
    region, first = Programme.example(name), dt.date(year, 1, 2)
    for number in range(104):
        some = [each.id for each in region.territories[number % 13 :: 13]]
        assert [*disagreements(region, first + dt.timedelta(14 * number), territories=some)] == []


def test_the_oracle_has_every_column_of_the_vocabulary() -> None:
    assert COLUMNS.keys() == {column.name for column in Vocabulary.standard().all}
