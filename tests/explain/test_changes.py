"""Changes to a programme, as data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from made import ON, programme, small
from prai_match import Programme, ProgrammeError, UnknownCodeError
from prai_match.explain import Changes, Departure, apply

CAME: dict[str, Any] = {"collectivity": "09001", "session": "b_geo", "date": "2007-07-01", "elected": 2}
WEB, GEO = small()["trainers"]
TERRITORY = small()["territories"][0]
NEED: dict[str, Any] = {"collectivity": "09002", "date": "2007-07-01", "workshop": "sig"}


def changed(**fields: Any) -> Programme:
    return apply(programme(), Changes.of(**fields))


def test_without_changes_it_is_the_programme_itself() -> None:
    made = programme()
    assert apply(made, Changes()) is made
    assert apply(made, Changes.of(on=ON, weights={"equity": 3})) is made


def test_rows_are_added() -> None:
    booked = {"id": "h2", "session": "sig", "date": "2007-10-01", "host": "T1", "trainer": "geo"}
    made = changed(with_needs=[NEED], with_attendances=[CAME], with_sessions=[booked])
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
    assert [need.collectivity for need in changed(without_needs=[pattern]).needs] == left


def test_attendances_are_taken_away() -> None:
    assert len(changed(without_attendances=[{"collectivity": "09003", "session": "b_web"}]).attendances) == 0


def test_the_history_no_longer_names_who_is_gone() -> None:
    made = changed(without_trainers=["web"], without_partners=["adm09"])
    assert [trainer.id for trainer in made.trainers] == ["geo"]
    assert [partner.id for partner in made.partners] == ["cg09"]
    assert (made.sessions[0].trainer, made.sessions[0].partner, made.sessions[0].id) == (None, None, "h1")
    made = changed(without_sessions=["h1"])
    assert (len(made.sessions), made.attendances[0].held) == (0, None)


def test_taken_away_and_added_again_is_replaced() -> None:
    made = changed(without_trainers=["web"], with_trainers=[{**WEB, "fee": "9"}])
    assert [(trainer.id, str(trainer.fee)) for trainer in made.trainers] == [("geo", "400"), ("web", "9")]
    assert made.sessions[0].trainer == "web"
    session = {**small()["sessions"][0], "cost": "1"}
    assert changed(without_sessions=["h1"], with_sessions=[session]).attendances[0].held == "h1"


def test_the_words_are_those_of_the_verbs() -> None:
    made = programme()
    rows: dict[str, Any] = {
        "needs": [NEED],
        "attendances": [CAME],
        "sessions": [{**small()["sessions"][0], "cost": "1"}],
        "trainers": [{**WEB, "fee": "9"}],
        "partners": [{**small()["partners"][0], "name": "Other"}],
        "collectivities": [{"code": "09099", "name": "Other", "kind": "commune", "departement": "09"}],
        "territories": [{**TERRITORY, "name": "Other"}],
    }
    for table, new in rows.items():
        word = f"with_{table}"
        assert changed(**{word: new}) == getattr(made, word)(new), table
    policy = made.policy.with_weights(equity=20)
    calendar = {"blackouts": [{"start": "2007-12-01", "end": "2007-12-31", "reason": {"fr": "x", "en": "x"}}]}
    for word, value in (("with_calendar", calendar), ("with_budget", {"total": "900"}), ("with_policy", policy)):
        assert changed(**{word: value}) == made.model_copy(update={word.removeprefix("with_"): value}), word
    since = dt.date(2007, 8, 1)
    for kind, code in (("trainer", "web"), ("partner", "adm09")):
        gone = changed(**{f"without_{kind}s": [{"id": code, "since": since}]})
        assert gone == getattr(made, f"without_{kind}")(code, since=since)


def test_who_leaves_stays_in_the_past() -> None:
    made = changed(without_trainers=[Departure(id="web", since=dt.date(2007, 8, 1)), "geo"])
    assert [(trainer.id, trainer.until) for trainer in made.trainers] == [("web", dt.date(2007, 7, 31))]
    assert made.sessions[0].trainer == "web"
    recs = programme().recommend(ON)
    assert {rec.trainer for rec in recs.what_if(without_trainers=["web"]).after} == {
        rec.trainer for rec in recs.what_if(without_trainers=[{"id": "web", "since": ON}]).after
    }


def test_a_territory_more_is_answered_for() -> None:
    new = {**TERRITORY, "id": "T9", "members": ["09099"]}
    place = {"code": "09099", "name": "Other", "kind": "commune", "departement": "09"}
    difference = programme().recommend(ON).what_if(with_territories=[new], with_collectivities=[place])
    assert difference.after["T9"].territory == "T9"
    assert "T9" in {each.territory for each in difference}


def test_settings_are_set() -> None:
    made = changed(travel_km=30, notice_days=5, with_budget=None)
    assert (made.travel_km, made.notice_days, made.budget) == (30, 5, None)
    assert changed(notice_days=5).budget == programme().budget


def test_the_programme_given_stays_as_it_is() -> None:
    made = programme()
    made.recommend(ON)
    before = made.model_copy()
    after = apply(made, Changes.of(without_trainers=["web"], with_needs=[NEED]))
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
        ({"with_need": []}, r"with_need: found \[\], expected a known change; did you mean with_needs"),
        ({"zzz": 1}, "zzz: found 1, expected a known change$"),
        ({"with_needs": [{**NEED, "text_": "x"}]}, r"with_needs\[1\].text_: found 'x', expected another name: there is no such field"),
        ({"with_needs": [{"collectivity": "09001"}]}, r"with_needs\[1\].date: found nothing"),
        ({"without_needs": ["09001"]}, r"without_needs\[1\]: '09001' is not a set of fields"),
        ({"on": "soon"}, "on: 'soon' is not a valid date"),
        ({"with_policy": "default"}, "with_policy: found 'default', expected an instance of Policy"),
        ({"without_needs": [{"collectivity": "09001", "workshop": "sig"}]}, r"without_needs\[1\]: found collectivity 09001, workshop sig, expected needs of the programme"),
        ({"with_needs": [{**NEED, "collectivity": "x"}]}, r"- with_needs\[1\].collectivity: 'x' is not a known collectivity"),
        ({"with_needs": [NEED, {**NEED, "collectivity": "x"}], "without_needs": [{"collectivity": "09001"}]}, r"- with_needs\[2\].collectivity: 'x' is not a known collectivity"),
        ({"with_trainers": [GEO, {**WEB, "home": "x", "latitude": 91}]}, r"with_trainers\[2\].latitude: found 91"),
        ({"with_trainers": [GEO, {**WEB, "expertise": [{"session": "b_wen"}]}]}, r"- with_trainers\[2\].expertise\[1\].session: 'b_wen' is not a known session"),
        ({"with_territories": [{**TERRITORY, "members": ["x"]}]}, r"- with_territories\[1\].members\[1\]: 'x' is not a known collectivity"),
        ({"without_trainers": [{"id": "web", "until": "2007-10-01"}]}, r"without_trainers\[1\]"),
        ({"without_sessions": ["h1"], "with_attendances": [{**CAME, "held": "h1"}]}, r"- with_attendances\[1\].held: 'h1' is not a known held or booked session"),
        ({"travel_km": -1}, "travel_km: found -1.0, expected a value above 0"),
        ({"notice_days": None}, "notice_days: found None"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ProgrammeError, match=message):
        changed(**fields)


def test_what_is_wrong_is_said_in_french() -> None:
    with pytest.raises(ProgrammeError) as error:
        Changes.of(without_trainer=["web"])  # type: ignore[call-arg]
    assert "un changement connu ; vouliez-vous dire without_trainers" in error.value.text("fr")
    with pytest.raises(ProgrammeError) as error:
        changed(without_attendances=[{"collectivity": "09001"}])
    assert "il faut des participations du programme" in error.value.text("fr")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"without_trainers": ["webb"]}, "unknown trainer: 'webb'; did you mean web?"),
        ({"without_partners": ["adm9"]}, "unknown relay partner: 'adm9'; did you mean adm09?"),
        ({"without_sessions": ["h2"]}, "unknown held or booked session: 'h2'"),
        ({"without_needs": [{"collectivity": "0900"}]}, "unknown collectivity: '0900'; did you mean 0900"),
        ({"without_attendances": [{"collectivity": "09003", "session": "b_wbe"}]}, "unknown session: 'b_wbe'; did you mean b_web"),
    ],
)  # fmt: skip
def test_what_is_not_there_cannot_be_taken_away(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UnknownCodeError) as error:
        changed(**fields)
    assert str(error.value).startswith(message)


def test_a_date_is_read_as_elsewhere() -> None:
    assert Changes.of(on="2007-10-01").on == dt.date(2007, 10, 1)
