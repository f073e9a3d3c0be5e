"""What a plan made of each first offer: kept, held elsewhere, another one or none, and what stood in the way."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from made import small
from packing.paired import ON, alone, kept
from plan import plans
from prai_match import Programme

if TYPE_CHECKING:
    from prai_match.model import Lang
    from prai_match.plan import Plan

DAY = [{"start": "2007-10-08", "end": "2007-10-08"}]
ONE_RELAY = [{**small()["partners"][0], "sessions_a_year": 1}]


def compared(made: Programme, until: dt.date | None = None, lang: Lang = "en") -> tuple[Plan, pl.DataFrame]:
    recs = made.recommend(ON)
    season = recs.together(until)
    return season, season.compare(recs, lang)


def of(frame: pl.DataFrame, territory: str) -> dict[str, Any]:
    return frame.row(by_predicate=pl.col("territory") == territory, named=True)


def test_a_first_offer_is_kept_or_attended_elsewhere() -> None:
    season, frame = compared(plans.programme())
    assert frame.select("territory", "outcome").rows() == [("T1", "first"), ("T2", "elsewhere"), ("T3", "first")]
    first, elsewhere = of(frame, "T1"), of(frame, "T2")
    held = plans.session(season, "site_internet")
    assert (first["id"], first["at"], first["date"], first["km"]) == (held["id"], "T1", held["date"], 0)
    assert (elsewhere["id"], elsewhere["host"], elsewhere["at"]) == (held["id"], "T2", "T1")
    assert (elsewhere["label"], elsewhere["before"]) == (None, [])


@pytest.mark.french
def test_sentences_are_in_the_language_asked_for() -> None:
    _, french = compared(plans.programme(), lang="fr")
    _, english = compared(plans.programme())
    assert of(french, "T1")["sentence"] == "Garde sa première proposition : « Site », sur place, le 24 septembre 2007."
    assert (
        of(english, "T1")["sentence"] == "Keeps its first-choice offer: “Site”, at its own place, on 24 September 2007."
    )
    assert of(french, "T2")["sentence"] == (
        "Suit la session de sa première proposition, « Site », mais à Territoire 1 (22 km), le 24 septembre 2007 : "
        "elle n’est pas tenue sur place."
    )
    assert of(english, "T2")["sentence"] == (
        "Attends the session of its first-choice offer, “Site”, but at Territoire 1 (22 km), on 24 September 2007: "
        "it is not held at its own place."
    )


@pytest.mark.parametrize(
    ("label", "changes", "until"),
    [
        ("trainer_free", {"free": DAY}, None),
        ("relay_room", {"partners": ONE_RELAY}, None),
        ("budget", {"budget": {"total": "700"}}, None),
        ("pace_team", {"pace": {"team": {"per_month": 1}}}, dt.date(2007, 9, 30)),
    ],
)
def test_what_is_in_the_way_is_told_with_who_came_before(
    label: str, changes: dict[str, Any], until: dt.date | None
) -> None:
    season, frame = compared(alone("T3", **changes), until)
    (session,) = season.sessions["id"]
    assert frame.select("territory", "outcome").rows() == [("T3", "first"), ("T1", "none")]
    row = of(frame, "T1")
    assert (row["label"], row["before"]) == (label, [session])
    assert [row[name] for name in ("id", "at", "date", "km")] == [None] * 4
    assert "“SIG” (Territoire 3, " in row["sentence"]


@pytest.mark.french
def test_who_is_left_out_by_the_pace_is_told_the_pace_and_how_many_came_before() -> None:
    made = alone("T3", pace={"team": {"per_week": 1, "per_month": 1}})
    _, french = compared(made, dt.date(2007, 9, 30), "fr")
    _, english = compared(made, dt.date(2007, 9, 30))
    assert of(french, "T1")["sentence"].split("Sessions passées", 1)[0] == (
        "N’a pas encore de place. Sa première proposition était « SIG », sur place. Les jours qui conviendraient, l’équipe ne "
        "peut pas tenir de session de plus (au plus 1 par semaine, 1 par mois). "
    )
    assert "Sessions passées avant, par priorité (1) : « SIG » (Territoire 3, " in of(french, "T1")["sentence"]
    assert "can hold no more sessions (at most 1 a week, 1 a month)." in of(english, "T1")["sentence"]
    assert "came first, by priority (1): “SIG” (Territoire 3, " in of(english, "T1")["sentence"]


@pytest.mark.parametrize(("name", "on"), [("midi_pyrenees", ON), ("occitanie_2026", dt.date(2026, 9, 7))])
def test_only_sessions_of_higher_priority_are_said_to_come_before(name: str, on: dt.date) -> None:
    recs = Programme.example(name).recommend(on)
    season, priority = recs.together(), {rec.territory: rec.priority for rec in recs}
    new = season.sessions.filter(~pl.col("booked"))
    hosts, seated = dict(new.select("id", "host").iter_rows()), season.seats.group_by("session").agg("territory")
    came = dict(seated.iter_rows())
    compares = season.compare(recs, "fr").rows(named=True)
    for row in compares:
        before = [id_ for id_ in row["before"] if id_ in hosts]
        assert all(priority[hosts[id_]] > row["priority"] for id_ in before)
        lower = any(priority[each] < row["priority"] for id_ in row["before"] for each in came.get(id_, ()))
        assert ("Des territoires moins prioritaires y ont pris" in row["sentence"]) == (
            row["label"] == "pace_team" and lower
        )
    assert any(row["label"] == "pace_team" for row in compares)


def test_a_session_that_never_brings_enough_people_together_says_so() -> None:
    recs = Programme.example().recommend(ON)
    (row,) = recs.together().compare(recs, "fr").filter(territory="200066363").rows(named=True)
    assert (row["label"], row["before"]) == ("seats_min", [])
    assert "elle ne réunirait que 5 des 15 personnes nécessaires." in row["sentence"]
    (row,) = recs.together().compare(recs, "en").filter(territory="200066363").rows(named=True)
    assert "it would bring together only 5 of the 15 people needed." in row["sentence"]


def test_who_has_another_offer_is_told_what_it_is_instead_of() -> None:
    site = {"collectivity": "09001", "date": "2007-06-15", "workshop": "site_internet", "people": 12}
    trainers = [{**alone("T3").trainers[0].model_dump(mode="json"), "free": DAY}, small()["trainers"][0]]
    made = alone("T3", site, trainers=trainers)
    recs = made.recommend(ON)
    assert recs["T1"].session == "sig"
    outcomes = kept(recs.together(), recs)
    assert (outcomes["T1"], outcomes["T3"]) == ("other", "first")
    row = of(recs.together().compare(recs, "en"), "T1")
    assert row["sentence"].startswith("Attends “Site”, at its own place, on ")
    assert " instead of its first-choice offer: “SIG”, at its own place. The trainers who could come" in row["sentence"]
    assert row["label"] == "trainer_free"


def test_a_solved_plan_is_compared_too() -> None:
    made = plans.programme()
    season = plans.planned(made)
    frame = season.compare(made.recommend(ON))
    assert frame["territory"].to_list() == ["T1", "T2", "T3"]
    seated = {*season.seats["territory"]}
    assert {row["territory"] for row in frame.rows(named=True) if row["outcome"] != "none"} == seated


def test_every_territory_with_an_offer_has_a_row_in_the_order_of_priority() -> None:
    recs = Programme.example().recommend(ON)
    frame = recs.together().compare(recs, "fr")
    offered = {rec.territory: rec.priority for rec in recs if rec.offer is not None}
    assert {*frame["territory"]} == offered.keys()
    assert frame["priority"].is_sorted(descending=True)
    assert not frame["sentence"].str.contains(r"[{}]").any()
    told = frame.filter(pl.col("outcome").is_in(["first", "elsewhere"]) == pl.col("label").is_not_null())
    assert told.is_empty()
    ids = {*recs.together().sessions["id"]}
    assert {id_ for before in frame["before"] for id_ in before} <= ids


def test_recommendations_of_another_day_are_refused() -> None:
    made = plans.programme()
    season = made.recommend(ON).together()
    with pytest.raises(ValueError, match="recs: these are the recommendations of 2007-10-01"):
        season.compare(made.recommend(dt.date(2007, 10, 1)))
    with pytest.raises(TypeError, match="recs"):
        season.compare("2007-09-03")  # type: ignore[arg-type]
