"""What it would take for a candidate to be the recommendation."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from made import CATALOGUE, FREEZE, ON, POLICY, SESSIONS, SMALL, data, programme, small, with_policy
from needed_laws import check
from prai_match import FollowUps, Programme, UnknownCodeError
from prai_match.explain._what_it_takes._result import union
from thorough import examples

if TYPE_CHECKING:
    from goldens import Golden
    from prai_match.explain._what_it_takes._result import Needed

pytestmark = pytest.mark.french

RECS = programme().recommend(ON)


def kinds(needed: Needed) -> list[list[str]]:
    return [[move.kind for move in answer.moves] for answer in needed]


@given(
    data(),
    st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31)),
    st.fixed_dictionaries({"session": st.sampled_from(SESSIONS)}, optional={"trainer": st.just("r0")})
    | st.just({"partner": "p0"}),
)
@examples(5)
def test_every_answer_does_it_and_no_part_of_it_does(raw: dict[str, Any], on: dt.date, asked: dict[str, Any]) -> None:
    for name, code in asked.items():
        if name != "session" and code not in {row["id"] for row in raw[f"{name}s"]}:
            return
    rec = Programme.model_validate(raw).recommend(on)["T0"]
    check(rec, rec.what_would_it_take(**asked))


def test_it_is_already() -> None:
    rec = RECS["T1"]
    needed = rec.what_would_it_take(session=rec.session, partner=rec.partner, trainer=rec.trainer)
    check(rec, needed)
    assert (needed.no_way, needed.tried) == ("already", 0)


@pytest.mark.parametrize("territory", ["T2", "T3"])
@pytest.mark.parametrize("session", ["b_geo", "sig", "teleservices"])
def test_every_session_of_the_small_programme(territory: str, session: str) -> None:
    rec = RECS[territory]
    check(rec, rec.what_would_it_take(session=session))


def test_a_session_attended_is_out_of_reach() -> None:
    needed = RECS["T2"].what_would_it_take(session="b_web", lang="en")
    assert not needed
    assert needed.no_way == "out_of_reach"
    assert "has not attended this session since its council was renewed" in str(needed)
    assert list(needed) == []


def test_a_need_or_a_buffet() -> None:
    rec = programme(needs=[]).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="sig")
    check(rec, needed)
    assert kinds(needed) == [["need"]]
    assert [need.people for need in needed.answers[0].changes.with_needs] == [10]
    rec = programme().recommend(ON)["T3"]
    needed = rec.what_would_it_take(session="teleservices")
    check(rec, needed)


FREEZE_ALONE: dict[str, Any] = {"blackouts": SMALL["calendar"]["blackouts"]}
"""No election is held in it."""


def test_waiting_after_a_blackout() -> None:
    rec = programme(calendar=FREEZE_ALONE).recommend(FREEZE)["T1"]
    assert rec.later is not None
    needed = rec.what_would_it_take(session=rec.later.session)
    check(rec, needed)
    assert kinds(needed)[0] == ["wait"]
    assert needed.answers[0].changes.on == dt.date(2008, 2, 3), "120 days before 2 June"
    endless = {"blackouts": [{"start": "2008-02-01", "end": "9999-12-31", "reason": {"fr": "gel", "en": "freeze"}}]}
    rec = programme(calendar=endless).recommend(FREEZE)["T1"]
    needed = rec.what_would_it_take(session="sig")
    assert needed.no_way == "out_of_reach"


def test_waiting_over_an_election_asks_the_new_council() -> None:
    rec = programme().recommend(FREEZE)["T1"]
    assert rec.later is not None
    needed = rec.what_would_it_take(session=rec.later.session)
    check(rec, needed)
    assert kinds(needed)[0] == ["wait"]
    asked = rec.what_would_it_take(session="site_internet")
    check(rec, asked)
    assert kinds(asked)[0] == ["wait", "need"], "what the council before asked for doesn't count"
    elected = asked.answers[0].changes
    assert elected.on == dt.date(2008, 3, 17), "the day after the election"
    assert [need.date for need in elected.with_needs] == [elected.on]


def test_the_new_council_confirms_its_need() -> None:
    asked = [{**row, "people": 12} for row in small()["needs"]]
    after = programme(needs=asked).recommend(dt.date(2008, 6, 2))["T1"]
    needed = after.what_would_it_take(session="site_internet", lang="fr")
    check(after, needed)
    assert ["confirm"] in kinds(needed)
    assert "Commune 1 confirme son besoin « Site »" in str(needed)
    (change,) = next(answer.changes for answer in needed if len(answer.moves) == 1).with_decisions
    assert (change.collectivity, change.session, change.event) == ("09001", "site_internet", "confirmed")


def test_a_need_is_withdrawn_that_brings_another_session_first() -> None:
    both = [*small()["needs"], {**small()["needs"][0], "workshop": "sig", "axis": None, "people": 12}]
    rec = programme(needs=[{**row, "people": 12} for row in both]).recommend(ON)["T1"]
    (other,) = {"sig", "site_internet"} - {rec.session}
    needed = rec.what_would_it_take(session=other)
    check(rec, needed)
    assert any(move.kind == "withdraw" for answer in needed for move in answer.moves)


def test_a_relay_is_missing_or_full() -> None:
    rec = programme(partners=[], sessions=[], attendances=[]).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="b_geo")
    check(rec, needed)
    assert "relay" in kinds(needed)[0]
    full = [{**small()["partners"][0], "sessions_a_year": 1}]
    rec = programme(partners=full).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet")
    check(rec, needed)
    assert kinds(needed) == [["relay_extended"], ["relay"]]
    assert needed.answers[0].changes.with_partners[0].sessions_a_year == 2
    assert "jusqu'à 2 sessions par an" in str(needed)
    needed = rec.what_would_it_take(partner="adm09")
    check(rec, needed)
    assert kinds(needed) == [["relay_extended"]]


def test_a_trainer_is_missing_or_too_far() -> None:
    rec = programme(trainers=[], sessions=[], attendances=[]).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet")
    check(rec, needed)
    assert kinds(needed) == [["trainer"]]
    assert needed.answers[0].changes.with_trainers[0].home == "09001"
    near = [{**row, "reach_km": 1, "latitude": 45.0} for row in small()["trainers"]]
    near[0]["expertise"] = [{"session": "site_internet", "axes": ["creation"]}]
    near[0]["sessions_a_month"] = 0
    rec = programme(trainers=near).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet", trainer="web")
    check(rec, needed)
    assert [trainer.expertise[0].axes for trainer in needed.answers[0].changes.with_trainers] == [
        ("creation", "refonte")
    ]


def test_a_trainer_who_teaches_it_comes_farther() -> None:
    near = [{**row, "reach_km": 1, "latitude": 45.0} for row in small()["trainers"]]
    rec = programme(trainers=near).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet", trainer="web")
    check(rec, needed)
    assert kinds(needed) == [["travel"]]
    assert len(needed.answers[0].changes.with_trainers[0].expertise) == 3


def test_a_trainer_whom_the_engine_does_not_look_as_far_as_comes_farther() -> None:
    policy = POLICY.without("trainer_within_reach")
    far = [{**small()["trainers"][0], "latitude": 48.0}, *small()["trainers"][1:]]
    rec = programme(trainers=far).recommend(ON, policy=policy)["T1"]
    needed = rec.what_would_it_take(session="site_internet", trainer="web")
    check(rec, needed)
    assert kinds(needed) == [["travel"]]


def test_few_changes_are_too_few() -> None:
    bare: dict[str, Any] = {"partners": [], "trainers": [], "sessions": [], "attendances": [], "needs": []}
    rec = programme(**bare, calendar=FREEZE_ALONE).recommend(FREEZE)["T1"]
    needed = rec.what_would_it_take(session="sig")
    check(rec, needed)
    assert needed.no_way == "too_many"
    assert "tous les changements examinés, réunis, suffiraient" in str(needed)


def test_a_trainer_who_is_taken_is_waited_for() -> None:
    busy = [{**row, "free": [{"start": "2008-01-01", "end": "2008-01-31"}]} for row in small()["trainers"]]
    rec = programme(trainers=busy).recommend(ON)["T1"]
    needed = rec.what_would_it_take(session="site_internet", trainer="web")
    check(rec, needed)
    assert kinds(needed) == [["wait"]]


def test_the_usual_lag_is_waited_for() -> None:
    policy = POLICY.without("enough_people").require(
        "days_since_source >= 200 OR kind = 'buffet'", id="lag", stage="session", fr="délai", en="lag"
    )
    follow_ups = [{**row, "lag_days": 250} for row in CATALOGUE["follow_ups"]]
    rec = programme(catalogue={**CATALOGUE, "follow_ups": follow_ups}).recommend(ON, policy=policy)["T2"]
    needed = rec.what_would_it_take(session="site_internet")
    check(rec, needed)
    assert kinds(needed)[0] == ["wait"]


def test_what_was_asked_of_the_recommendations_is_asked_again() -> None:
    made = programme()
    policy = POLICY.with_column("priority", "number").prefer("priority", id="priority", kind="workshop", weight=5)
    extra = {"territory": ["T1", "T3"], "priority": [1.0, 0.2]}
    declared = FollowUps.declared(made.catalogue)
    rec = made.recommend(ON, policy=policy, territories=["T1"], follow_ups=declared, extra=extra)["T1"]
    check(rec, rec.what_would_it_take(session="sig"))


def test_together_they_are_not_enough() -> None:
    needed = RECS["T1"].what_would_it_take(partner="cg09")
    assert needed.no_way == "not_enough"
    assert "Tous ces changements réunis ne suffiraient pas. Écart de score avec la recommandation :" in str(needed)
    assert "behind the recommendation" in needed.text("en")


@pytest.mark.usefixtures("english")
def test_what_is_asked_is_checked() -> None:
    rec = RECS["T1"]
    with pytest.raises(ValueError, match="give a session, a host, a relay partner or a trainer"):
        rec.what_would_it_take()
    with pytest.raises(UnknownCodeError, match="unknown language"):
        rec.what_would_it_take(session="sig", lang="de")  # type: ignore[arg-type]
    with pytest.raises(UnknownCodeError, match="did you mean sig"):
        rec.what_would_it_take(session="sigg")
    with pytest.raises(UnknownCodeError, match="nobody"):
        rec.what_would_it_take(partner="nobody")
    with pytest.raises(UnknownCodeError, match="nobody"):
        rec.what_would_it_take(trainer="nobody")


def test_the_notebook_shows_text_inert() -> None:
    raw = small()
    raw["territories"][0]["name"] = "<script>{x}"
    needed = programme(**raw).recommend(ON)["T1"].what_would_it_take(session="sig")
    assert "<script>{x}" in str(needed)
    assert "&lt;script&gt;{x}" in needed._repr_html_()


def test_no_moves_change_nothing() -> None:
    assert not union([]).model_fields_set


def test_the_region_in_french(golden: Golden) -> None:
    rec = with_policy(Programme.example()).recommend(dt.date(2007, 9, 3))["200023620"]
    needed = rec.what_would_it_take(session="organisation_interne")
    check(rec, needed)
    golden("needed_200023620_fr.txt", f"{needed}\n")
