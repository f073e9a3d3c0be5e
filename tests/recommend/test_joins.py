"""A booked session that has room is joined by who is near, on its day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from made import POLICY, data, programme, small, with_policy
from prai_match import Programme
from prai_match.recommend import Offer
from thorough import examples

ON = dt.date(2007, 9, 3)
ASKS = [
    {"collectivity": f"0900{2 * n - 1}", "date": "2007-05-02", "workshop": "site_internet", "people": 12}
    for n in (1, 2, 3)
]
BOOKED: dict[str, Any] = {
    "id": "held", "session": "site_internet", "date": "2007-09-20", "booked_on": "2007-08-01", "host": "T2",
    "axis": None, "partner": "adm09", "trainer": "web", "cost": "900",
}  # fmt: skip


def changed(*booked: dict[str, Any], **fields: Any) -> Programme:
    """Everybody asks for the workshop. T1 is at 43.2, T2 at 43.4, T3 at 43.6: 22 km apart."""
    return programme(**{"sessions": list(booked or [BOOKED]), "attendances": [], "needs": ASKS, **fields})


def offer(made: Programme, territory: str, **options: Any) -> Offer | None:
    rec = made.recommend(ON, top=9, **options)[territory]
    offers = [each for each in (rec.next, *rec.alternatives) if each and each.session == "site_internet"]
    return offers[0] if offers else None


def test_who_is_near_joins_it_with_its_relay_trainer_and_day() -> None:
    joined = offer(changed(), "T1")
    assert joined is not None
    assert (joined.joins, joined.host, joined.day) == ("held", "T2", dt.date(2007, 9, 20))
    assert (joined.partner, joined.trainer, joined.cost) == ("adm09", "web", Decimal(0))


def test_its_host_isnt_offered_it() -> None:
    assert offer(changed(), "T2") is None


def test_it_goes_before_the_own_place_and_counts_as_a_session_there() -> None:
    alone = offer(changed({**BOOKED, "booked_on": "2007-09-04"}), "T1")
    assert alone is not None
    assert (alone.joins, alone.host) == (None, "T1")


@pytest.mark.parametrize(
    ("booked", "fields"),
    [
        ({"date": "2007-09-09"}, {}),
        ({"date": "2008-02-20"}, {}),
        ({"session": "sig", "trainer": "geo"}, {}),
        ({}, {"travel_km": 20}),
        ({}, {"join_notice_days": 18}),
        ({}, {"decisions": [{"held": "held", "date": "2007-08-20", "event": "cancelled"}]}),
        ({}, {"registrations": [{"session": "held", "collectivity": "09003", "people": 20}]}),
    ],
    ids=["too soon", "beyond the horizon", "another session", "too far", "shorter notice", "cancelled", "full"],
)
def test_what_cant_be_joined_isnt_offered(booked: dict[str, Any], fields: dict[str, Any]) -> None:
    made = offer(changed({**BOOKED, **booked}, **fields), "T1")
    assert made is not None
    assert made.joins is None


@pytest.mark.parametrize(
    ("registrations", "seats"),
    [
        ([], None),
        ([("09003", 19)], 1),
        ([("09003", 12), ("09004", 3)], 5),
        ([("09003", None)], None),
    ],
)
def test_the_seats_left_are_known_where_registrations_are_kept(
    registrations: list[tuple[str, int | None]], seats: int | None
) -> None:
    rows = [{"session": "held", "collectivity": code, "people": people} for code, people in registrations]
    roomy = POLICY.require("seats_left >= 6", id="roomy", stage="place", unknown="accept")
    made = offer(changed(registrations=rows), "T1", policy=roomy)
    assert made is not None
    assert (made.joins is None) == (seats is not None)


def test_the_nearest_goes_before_the_soonest_and_that_before_the_first_code() -> None:
    far = {**BOOKED, "id": "far", "host": "T3", "date": "2007-09-18"}
    assert getattr(offer(changed(far, BOOKED), "T1"), "joins", None) == "held"
    sooner = {**BOOKED, "id": "sooner", "date": "2007-09-19"}
    assert getattr(offer(changed(BOOKED, sooner), "T1"), "joins", None) == "sooner"
    same = {**BOOKED, "id": "a"}
    assert getattr(offer(changed(BOOKED, same), "T1"), "joins", None) == "a"


def test_a_follow_up_joins_after_its_lag_only() -> None:
    buffet = {**small()["sessions"][0], "date": "2007-08-01"}
    came = {**small()["attendances"][0], "collectivity": "09001", "date": "2007-08-01", "held": "h1"}
    asked = [{**ASKS[0], "score": 40}, *ASKS[1:]]  # the lag ends on 30 September
    made = changed(buffet, BOOKED, attendances=[came], needs=asked)
    assert getattr(offer(made, "T1"), "joins", None) is None
    later = changed(buffet, {**BOOKED, "date": "2007-10-02"}, attendances=[came], needs=asked)
    assert getattr(offer(later, "T1"), "joins", None) == "held"


def test_relay_and_trainer_are_booked_and_may_be_unknown() -> None:
    joined = offer(changed({**BOOKED, "partner": None, "trainer": None}), "T1")
    assert joined is not None
    assert (joined.joins, joined.partner, joined.trainer) == ("held", None, None)
    away = [{**small()["trainers"][0], "until": "2007-08-31"}, small()["trainers"][1]]
    assert getattr(offer(changed(trainers=away), "T1"), "joins", None) == "held"


def test_a_session_whose_trainer_isnt_named_is_joined_where_no_trainer_is_known() -> None:
    joined = offer(changed({**BOOKED, "trainer": None}, trainers=[]), "T1")
    assert joined is not None
    assert (joined.joins, joined.could_come) == ("held", 24)


def test_rules_of_the_place_can_refuse_joining() -> None:
    alone = offer(changed(), "T1", policy=POLICY.require("NOT joins_booked", id="own_sessions", stage="place"))
    assert alone is not None
    assert (alone.joins, alone.host) == (None, "T1")


def test_the_booked_trainer_knows_the_axis_of_who_joins() -> None:
    web = {**small()["trainers"][0], "expertise": [{"session": "site_internet", "axes": ["creation"]}]}
    for axis, joins in (("creation", "held"), ("refonte", None), (None, "held")):
        made = changed(
            needs=[{**ASKS[0], "axis": axis}, *ASKS[1:]],
            trainers=[web, {**web, "id": "x", "expertise": small()["trainers"][0]["expertise"]}],
        )
        assert getattr(offer(made, "T1"), "joins", None) == joins


@given(data(), st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31)))
@examples(20)
def test_sessions_that_are_joined_are_near_have_room_and_keep_their_day(made: dict[str, Any], on: dt.date) -> None:
    prog = with_policy(Programme.model_validate(made))
    booked = {row.id: row for row in prog.sessions}
    for rec in prog.recommend(on, top=9):
        for each in (rec.next, *rec.alternatives):
            if each and each.joins:
                held = booked[each.joins]
                assert (each.session, each.host, each.day) == (held.session, held.host, held.date)
                assert (each.partner, each.trainer, each.cost) == (held.partner, held.trainer, Decimal(0))
                assert held.host != rec.territory
                assert on + dt.timedelta(prog.join_notice_days) <= held.date
