"""Changes to a programme, as data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from made import ON, programme, small
from prai_match import Policy, Programme, ProgrammeError, UnknownCodeError
from prai_match.explain import Changes, apply

CAME: dict[str, Any] = {"collectivity": "09001", "session": "b_geo", "date": "2007-07-01", "elected": 2}
WEB, GEO = small()["trainers"]
NEED: dict[str, Any] = {"collectivity": "09002", "date": "2007-07-01", "workshop": "sig"}


def changed(**fields: Any) -> Programme:
    return apply(programme(), Changes.of(**fields))


def test_without_changes_it_is_the_programme_itself() -> None:
    made = programme()
    assert apply(made, Changes()) is made
    assert apply(made, Changes.of(on=ON, policy=Policy.default(), weights={"equity": 3})) is made


def test_rows_are_added() -> None:
    booked = {"id": "h2", "session": "sig", "date": "2007-10-01", "host": "T1", "trainer": "geo"}
    made = changed(add_needs=[NEED], add_attendances=[CAME], add_sessions=[booked])
    raw = small()
    assert made == programme(
        needs=[*raw["needs"], NEED], attendances=[*raw["attendances"], CAME], sessions=[*raw["sessions"], booked]
    )


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ({"collectivity": "09001"}, ["09003", "09005"]),
        ({"collectivity": "09003", "workshop": "site_internet"}, ["09001", "09005"]),
        ({"collectivity": "09005", "date": "2007-06-15"}, ["09001", "09003"]),
    ],
)
def test_rows_are_taken_away_by_what_is_said_of_them(pattern: dict[str, Any], left: list[str]) -> None:
    assert [need.collectivity for need in changed(remove_needs=[pattern]).needs] == left


def test_attendances_are_taken_away() -> None:
    assert len(changed(remove_attendances=[{"collectivity": "09003", "session": "b_web"}]).attendances) == 0


def test_the_history_no_longer_names_who_is_gone() -> None:
    made = changed(remove_trainers=["web"], remove_partners=["adm09"])
    assert [trainer.id for trainer in made.trainers] == ["geo"]
    assert [partner.id for partner in made.partners] == ["cg09"]
    assert (made.sessions[0].trainer, made.sessions[0].partner, made.sessions[0].id) == (None, None, "h1")
    made = changed(remove_sessions=["h1"])
    assert (len(made.sessions), made.attendances[0].held) == (0, None)


def test_taken_away_and_added_again_is_replaced() -> None:
    made = changed(remove_trainers=["web"], add_trainers=[{**WEB, "fee": "9"}])
    assert [(trainer.id, str(trainer.fee)) for trainer in made.trainers] == [("geo", "400"), ("web", "9")]
    assert made.sessions[0].trainer == "web"
    session = {**small()["sessions"][0], "cost": "1"}
    assert changed(remove_sessions=["h1"], add_sessions=[session]).attendances[0].held == "h1"


def test_settings_are_set() -> None:
    made = changed(travel_km=30, notice_days=5, budget=None)
    assert (made.travel_km, made.notice_days, made.budget) == (30, 5, None)
    assert changed(notice_days=5).budget == programme().budget


def test_the_programme_given_stays_as_it_is() -> None:
    made = programme()
    made.recommend(ON)
    before = made.model_copy()
    after = apply(made, Changes.of(remove_trainers=["web"], add_needs=[NEED]))
    assert made == before
    assert type(after) is Programme
    assert "day" not in after.computed


def test_changes_are_frozen() -> None:
    changes = Changes.of(notice_days=5)
    with pytest.raises(ValidationError, match="frozen"):
        changes.notice_days = 6
    assert Changes.of(notice_days=5) == changes
    assert changes.of_programme == {"notice_days"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"add_need": []}, r"add_need: found \[\], expected a known change; did you mean add_needs"),
        ({"zzz": 1}, "zzz: found 1, expected a known change$"),
        ({"add_needs": [{**NEED, "text_": "x"}]}, r"add_needs\[0\].text_: found 'x', expected no field of that name"),
        ({"add_needs": [{"collectivity": "09001"}]}, r"add_needs\[0\].date: found nothing"),
        ({"remove_needs": ["09001"]}, r"remove_needs\[0\]: found '09001', expected a valid dictionary"),
        ({"on": "soon"}, "on: found 'soon', expected a valid date"),
        ({"policy": "default"}, "policy: found 'default', expected an instance of Policy"),
        ({"remove_needs": [{"collectivity": "09001", "workshop": "sig"}]}, r"remove_needs\[0\]: found collectivity 09001, workshop sig, expected needs of the programme"),
        ({"add_needs": [{**NEED, "collectivity": "x"}]}, r"- add_needs\[0\].collectivity: found 'x'"),
        ({"add_needs": [NEED, {**NEED, "collectivity": "x"}], "remove_needs": [{"collectivity": "09001"}]}, r"- add_needs\[1\].collectivity: found 'x'"),
        ({"add_trainers": [WEB]}, r"- add_trainers\[0\].id: found 'web', expected a value used once"),
        ({"remove_sessions": ["h1"], "add_attendances": [{**CAME, "held": "h1"}]}, r"- add_attendances\[0\].held: found 'h1'"),
        ({"travel_km": -1}, "travel_km: found -1.0, expected greater than 0"),
        ({"notice_days": None}, "notice_days: found None"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ProgrammeError, match=message):
        changed(**fields)


def test_what_is_wrong_is_said_in_french() -> None:
    with pytest.raises(ProgrammeError) as error:
        Changes.of(remove_trainer=["web"])
    assert "un changement connu ; vouliez-vous dire remove_trainers" in error.value.text("fr")
    with pytest.raises(ProgrammeError) as error:
        changed(remove_attendances=[{"collectivity": "09001"}])
    assert "attendu des participations du programme" in error.value.text("fr")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"remove_trainers": ["webb"]}, "unknown trainer: 'webb'; did you mean web?"),
        ({"remove_partners": ["adm9"]}, "unknown relay partner: 'adm9'; did you mean adm09?"),
        ({"remove_sessions": ["h2"]}, "unknown session held: 'h2'"),
        ({"remove_needs": [{"collectivity": "0900"}]}, "unknown collectivity: '0900'; did you mean 0900"),
        ({"remove_attendances": [{"collectivity": "09003", "session": "b_wbe"}]}, "unknown session: 'b_wbe'; did you mean b_web"),
    ],
)  # fmt: skip
def test_what_is_not_there_cannot_be_taken_away(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UnknownCodeError) as error:
        changed(**fields)
    assert str(error.value).startswith(message)


def test_a_date_is_read_as_elsewhere() -> None:
    assert Changes.of(on="2007-10-01").on == dt.date(2007, 10, 1)
