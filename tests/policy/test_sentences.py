"""Sentences of rules: values, the words that go with them, and rules for one kind of session."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from made import ON, POLICY, programme
from prai_match.policy import Vocabulary, fill
from prai_match.text import singular

COLUMNS = {column.name: column for column in Vocabulary.standard().all}
PEOPLE = "{people:personne est venue|personnes sont venues}"


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (0.0, "0 personne", "0 people"),
        (1.0, "1 personne", "1 person"),
        (2.0, "2 personnes", "2 people"),
        (1234.0, "1\u202f234 personnes", "1,234 people"),
        (0.6, "1 personne", "1 person"),
        (1.6, "2 personnes", "2 people"),
        (None, "inconnu", "unknown"),
    ],
)
def test_the_word_follows_the_number_as_it_is_written(value: float | None, french: str, english: str) -> None:
    assert fill("{people:personne|personnes}", {"people": value}, COLUMNS, "fr") == french
    assert fill("{people:person|people}", {"people": value}, COLUMNS, "en") == english


@pytest.mark.parametrize(("value", "written"), [(0.0, "none"), (0.4, "none"), (1.0, "1 day"), (None, "unknown")])
def test_a_third_form_stands_for_nothing(value: float | None, written: str) -> None:
    assert fill("{wait_days:day|days|none}", {"wait_days": value}, COLUMNS, "en") == written
    assert fill("{wait_days:||none}", {"wait_days": 2.0}, COLUMNS, "en") == "2"


def test_a_rule_as_it_is_stated_has_the_form_for_many() -> None:
    french, english = "Soit {people:un|cent|aucun}.", "{people:||no}."
    policy = POLICY.prefer("people / 100", id="asked", stage="place", weight=9, fr=french, en=english)
    assert "Soit {people} cent." in policy.describe("fr").text()
    assert "{people}." in policy.describe("en").text()


def test_the_french_singular_goes_up_to_two() -> None:
    assert fill("{trainer_load:point|points}", {"trainer_load": 1.99}, COLUMNS, "fr") == "1,99 point"
    assert fill("{trainer_load:point|points}", {"trainer_load": 1.99}, COLUMNS, "en") == "1.99 points"


@given(st.floats(0, 1e6), st.sampled_from(["fr", "en"]))
def test_one_of_the_two_forms_is_written(value: float, lang: str) -> None:
    written = fill(PEOPLE, {"people": value}, COLUMNS, lang)  # type: ignore[arg-type]
    assert written.endswith(" personne est venue" if singular(round(value), lang) else " personnes sont venues")  # type: ignore[arg-type]


def test_a_value_is_never_read_as_a_field() -> None:
    assert (
        fill("{territory} {kind}", {"territory": "{kind:a|b}", "kind": "buffet"}, COLUMNS, "fr") == "{kind:a|b} buffet"
    )


def test_a_rule_for_workshops_lets_buffets_pass_and_is_not_told_of_them() -> None:
    asked = POLICY.require("people >= 10000", id="crowd", kind="workshop", reason="too_few_people")
    recs = programme().recommend(on=ON, policy=asked)
    assert {rec.kind for rec in recs} == {"buffet"}
    told = [condition.rule for rec in recs for condition in rec.why().conditions]
    assert told
    assert {"crowd", "enough_people", "buffet_or_need_first"}.isdisjoint(told)
    assert "buffet_is_useful" in told
    refused = next(iter(recs)).why_not(session="sig")
    assert "crowd" in [finding.rule for finding in refused.refuting]
    assert "buffet_is_useful" not in [finding.rule for finding in refused.conditions]


def test_a_rule_for_a_kind_is_the_same_as_the_condition_written_out() -> None:
    short = POLICY.require("people >= 20", id="crowd", kind="workshop", reason="too_few_people")
    long = POLICY.require("kind = 'buffet' OR people >= 20", id="crowd", reason="too_few_people")
    prog = programme()
    assert prog.recommend(on=ON, policy=short).to_polars().equals(prog.recommend(on=ON, policy=long).to_polars())


def test_a_reason_with_braces_is_said_for_all_candidates_and_each_condition_with_its_values() -> None:
    many = "Il faut {min_seats:personne|personnes} ({people} ici)."
    policy = POLICY.require("people >= 10000", id="crowd", fr=many, en="{people:person is|people are} too few.")
    recs = programme().recommend(on=ON, policy=policy)
    assert recs.without() == {"crowd": 3}
    assert recs.to_polars("fr")["because"].to_list() == ["Il faut … personnes (… ici)."] * 3
    assert "… people are too few." in recs.html("en")
    why = recs["T1"].why("fr")
    assert why.title.endswith(" : Il faut … personnes (… ici).")
    assert any("Il faut 10 personnes (" in condition.sentence for condition in why.conditions)
    for text in (
        str(why),
        str(recs["T1"].notice("fr")),
        str(recs["T1"].why_not(session="sig", lang="fr")),
        recs.html("fr"),  # its styles have braces of their own
        (programme().recommend(on=ON) - recs).text("fr"),
    ):
        assert not re.search(r"\{(people|min_seats)", text)


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("Rating: {session_rating}.", "Unknown, 25% of the points: “Rating: …”"),
        ("Rating: {session_rating:point|points}!", "Unknown, 25% of the points: “Rating: … points!”"),
        ("It was well rated.", "Unknown, 25% of the points: “It was well rated.”"),
    ],
)
def test_what_is_unknown_is_said_and_said_once(english: str, said: str) -> None:
    policy = POLICY.prefer("session_rating / 4", id="rated", weight=900, unknown=0.25, fr="Bien notée.", en=english)
    recs = programme(attendances=[], sessions=[]).recommend(on=ON, policy=policy)
    (detail,) = [detail for detail in recs["T1"].why("en").details if detail.rule == "rated"]
    assert detail.sentence == said
    main = recs["T1"].why("en").main
    assert recs.to_polars("en")["because"][0] == main, "the frame says what the explanation says"
    told = {part.rule: part.sentence for part in recs["T1"].why("fr").details}
    assert told["rated"] == "Donnée inconnue, 25 % des points : « Bien notée. »"
