"""What a territory declined isn't offered again until something in the offer, or behind it, changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, strategies as st

from agreement import compare
from made import both, programme, small
from prai_match import Policy, Programme, offers
from thorough import examples

DEFAULT = Policy.default()
ON = dt.date(2007, 9, 3)
ASKED = [{**row, "people": 20} for row in small()["needs"][:1]]
NO: dict[str, Any] = {"date": "2007-06-01", "event": "declined", "territory": "T1", "session": "site_internet"}
OTHER_RELAY = {"id": "new", "name": "Nouveau", "kind": "association", "departements": ["09"], "since": "2007-07-01"}
GONE = {"until": "2007-08-01"}


def declining(*decisions: dict[str, Any], **fields: Any) -> Programme:
    bare: dict[str, Any] = {"sessions": [], "attendances": [], "needs": ASKED, "decisions": [NO, *decisions]}
    return programme(**{**bare, **fields})


def said(made: Programme, on: dt.date = ON, session: str = "site_internet") -> str:
    snapshot = made.recommend(on, policy=DEFAULT).answers.snapshot
    every = offers.sessions_of(snapshot, snapshot.frames.territories["t"])
    grid = offers.with_columns(snapshot, every, ["territory", "session", "declined"])
    return str(grid.filter(territory="T1", session=session)["declined"].item())


def test_what_an_officer_chose_instead_is_no_answer_of_the_territory() -> None:
    chosen = {**NO, "date": "2007-07-02", "event": "replaced", "replaced_by": "b_web"}
    assert said(declining(chosen)) == said(declining()) == "unchanged"
    assert said(declining({**NO, "date": "2007-07-02", "event": "accepted"})) == "no"


def test_nothing_else_is_offered_before_something_changes() -> None:
    made = declining()
    recs = made.recommend(ON, policy=DEFAULT)
    assert (
        programme(sessions=[], attendances=[], needs=ASKED).recommend(ON, policy=DEFAULT)["T1"].session == NO["session"]
    )
    assert recs["T1"].session != NO["session"]
    refusal = recs["T1"].why_not(session="site_internet", lang="en")
    assert "declined, and nothing has changed since" in str(refusal)
    assert said(made, dt.date(2007, 5, 31)) == "no"
    assert said(made, session="sig") == "no"


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ("need", {"needs": [*ASKED, {**ASKED[0], "date": "2007-07-02"}]}),
        ("attendance", {"attendances": [{"collectivity": "09001", "session": "b_web", "date": "2007-07-02"}]}),
        ("renewal", {"calendar": {"elections": [{"date": "2007-07-01", "name": both("Municipales")}]}}),
        ("relay", {"partners": [*small()["partners"], OTHER_RELAY]}),
        (
            "trainer",
            {"trainers": [*small()["trainers"], {**small()["trainers"][0], "id": "new", "since": "2007-07-01"}]},
        ),
    ],
)
def test_what_changed_since_is_said(change: str, fields: dict[str, Any]) -> None:
    made = declining(**fields)
    assert said(made) == change
    if change != "renewal":  # the new council's need is to be confirmed first
        rec = made.recommend(ON, policy=DEFAULT)["T1"]
        assert rec.session == "site_internet"
        (state,) = (each for each in rec.why("fr").conditions if each.rule == "not_declined")
        assert "(déclinée, puis " in state.sentence


def test_a_need_confirmed_is_a_change_too_and_what_a_buffet_leads_to_counts() -> None:
    confirmed = {"date": "2007-07-02", "event": "confirmed", "collectivity": "09001", "session": "site_internet"}
    assert said(declining(confirmed)) == "need"
    buffet = {**NO, "session": "b_web"}
    assert said(declining(confirmed, buffet), session="b_web") == "need"
    assert said(declining(buffet), session="b_web") == "unchanged"


def test_the_relay_or_the_trainer_of_the_offer_left() -> None:
    partners = [{**small()["partners"][0], **GONE}, small()["partners"][1]]
    trainers = [{**small()["trainers"][0], **GONE}, small()["trainers"][1]]
    assert said(declining({**NO, "partner": "adm09"}, partners=partners)) == "relay"
    assert said(declining({**NO, "trainer": "web"}, trainers=trainers)) == "trainer"
    assert said(declining({**NO, "partner": "cg09"}, partners=partners)) == "unchanged"


def test_who_is_to_come_or_left_again_is_no_change() -> None:
    """Who is booked before the day on which they come is known, and can't be offered yet."""
    relay, trainer = {**OTHER_RELAY, "since": "2007-09-17"}, {**small()["trainers"][0], "id": "new"}
    booked = {"id": "later", "session": "site_internet", "date": "2007-09-20", "booked_on": "2007-08-01", "host": "T2"}
    coming: dict[str, Any] = {
        "partners": [*small()["partners"], relay],
        "trainers": [*small()["trainers"], {**trainer, "since": "2007-09-17"}],
        "sessions": [{**booked, "partner": "new", "trainer": "new"}],
        "registrations": [],
    }
    assert said(declining(**coming)) == "unchanged"
    assert said(declining(**coming), dt.date(2007, 9, 17)) == "relay"
    left = {"since": "2007-07-01", "until": "2007-08-31"}
    assert said(declining(partners=[*small()["partners"], {**OTHER_RELAY, **left}])) == "unchanged"
    assert said(declining(trainers=[*small()["trainers"], {**trainer, **left}])) == "unchanged"
    for made in (declining(**coming), declining(partners=[*small()["partners"], {**OTHER_RELAY, **left}])):
        assert compare(made, ON, DEFAULT).disagreements == ()


def test_the_last_answer_counts() -> None:
    assert said(declining({**NO, "date": "2007-06-02", "event": "accepted"})) == "no"
    assert said(declining({**NO, "date": "2007-05-02", "event": "accepted"})) == "unchanged"
    assert said(declining({**NO, "event": "accepted"})) == "unchanged"


@given(wait=st.integers(0, 400), top=st.integers(1, 5))
@examples(10)
def test_it_does_not_come_back_by_itself(wait: int, top: int) -> None:
    made = declining(calendar={})
    on = dt.date(2007, 6, 1) + dt.timedelta(days=wait)
    rec = made.recommend(on, policy=DEFAULT, top=top)["T1"]
    assert NO["session"] not in {offer.session for offer in (rec.next, *rec.alternatives) if offer}
    assert said(made, on) == "unchanged"


@given(order=st.permutations(range(4)))
@examples(6)
def test_the_order_of_decisions_changes_nothing(order: list[int]) -> None:
    rows = [
        NO,
        {**NO, "event": "accepted"},
        {**NO, "territory": "T2"},
        {**NO, "event": "accepted", "date": "2007-07-01"},
    ]
    made = declining(decisions=[rows[place] for place in order])
    assert said(made) == "no"
