"""The words of needs are forgotten, and what was read in them stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

import lively
import made
from prai_match import Programme, ProgrammeError, Recommendation, charts, reproduce, testing
from prai_match.model import Need
from prai_match.offers import needs_read
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

SIZES = testing.Sizes(territories=3, partners=2, trainers=2, needs=6, sessions=2, attendances=4)
TEXTS = ["refonte du site internet", "la cantine est fermée", "un SIG pour le cadastre"]
DAY = dt.date(2007, 6, 1)
SPOKEN = [
    {"collectivity": "09001", "date": f"2007-0{5 + n}-01", "text": text, "people": 4} for n, text in enumerate(TEXTS)
]


def needs(programme: Programme) -> list[tuple[Any, ...]]:
    return programme.needs.to_polars().select("text", "workshop", "axis", "score").rows()


def without_quotes(rec: Recommendation) -> list[tuple[Any, ...]]:
    """What reasons say besides the facts, of which some quote a need."""
    why = rec.why("en")
    return [
        (why.title, why.conditions),
        *((*part, bool(fact)) for *part, fact in map(astuple, (*why.details, *why.priority))),
    ]


def test_words_before_the_day_are_dropped_and_what_was_read_is_kept() -> None:
    before = made.programme(needs=[*SPOKEN, {**made.SMALL["needs"][0], "text": "une phrase"}])
    read = before.classify(TEXTS[0])
    after = before.forget(texts_before=DAY)
    assert needs(after) == [
        ("", read["workshop"].item(), read["axis"].item(), read["score"].item()),
        (TEXTS[1], None, None, None),
        (TEXTS[2], None, None, None),
        ("", "site_internet", "refonte", None),
    ]
    assert needs(before)[0] == (TEXTS[0], None, None, None)
    assert needs(before.forget(texts_before=dt.date(2007, 7, 1)))[1] == ("", None, None, 0.0)


@examples(15)
@given(
    testing.programmes(sizes=SIZES, texts=testing.need_texts()),
    st.dates(dt.date(2006, 9, 1), dt.date(2009, 1, 1)),
    st.booleans(),
)
def test_answers_fingerprints_and_records_stay(programme: Programme, day: dt.date, asked: bool) -> None:  # noqa: FBT001 - drawn
    whole = Programme.model_validate(programme.model_dump())
    recs = whole.recommend(made.ON)
    if asked:
        programme.recommend(made.ON)
    after = programme.forget(texts_before=day)
    # One that is read from data has nothing that was computed before.
    for kept in (after, Programme.model_validate_json(after.model_dump_json())):
        assert kept == after
        again = kept.recommend(made.ON)
        # Reasons quote the words of a need that has any; all else in them stays.
        assert again.to_polars("en", public=True).equals(recs.to_polars("en", public=True))
        assert [rec.why("en", public=True) for rec in again] == [rec.why("en", public=True) for rec in recs]
        assert [without_quotes(rec) for rec in again] == [without_quotes(rec) for rec in recs]
        assert again.fingerprint == recs.fingerprint
        assert not len(again - recs)
    assert all(not need.text for need in after.needs if need.date < day)
    assert reproduce(next(iter(recs)).record(), after).same_inputs
    assert after.forget(texts_before=day) == after


def test_the_lively_programme_forgets_all() -> None:
    recs = lively.programme().recommend(lively.ON)
    after = lively.programme().forget(texts_before=dt.date(2009, 1, 1))
    assert set(after.needs.to_polars()["text"]) == {""}
    again = after.recommend(lively.ON)
    assert again.to_polars("en", public=True).equals(recs.to_polars("en", public=True))
    assert again.fingerprint == recs.fingerprint
    assert again["A1"].notice().text() == recs["A1"].notice().text()


@pytest.mark.parametrize("format", ["csv", "parquet", "json"])
def test_what_is_forgotten_is_saved_and_loaded(format: Any, tmp_path: Path) -> None:
    after = made.programme(needs=SPOKEN).forget(texts_before=dt.date(2008, 1, 1))
    after.save(tmp_path / "saved", format)
    loaded = Programme.load(tmp_path / "saved", strict=True)
    assert loaded == after
    assert needs(loaded)[1] == ("", None, None, 0.0)


@pytest.mark.parametrize(
    ("need", "told"),
    [
        ({"text": " "}, "needs[1].text: found nothing, expected a text or a workshop"),
        ({"text": "", "score": 5}, "needs[1].text: found nothing, expected a text or a workshop"),
        ({"text": "un SIG", "score": 0.1}, "needs[1].score: found 0.1, expected the score of the workshop stated"),
        ({"text": "un SIG", "score": 40}, "needs[1].score: found 40.0, expected the score of the workshop stated"),
        ({"workshop": "sig", "score": 101}, "needs[1].score: found 101"),
    ],
)
def test_a_score_stands_beside_a_workshop_or_says_that_nothing_was_read(need: dict[str, Any], told: str) -> None:
    with pytest.raises(ProgrammeError) as raised:
        made.programme(needs=[{"collectivity": "09001", "date": "2007-05-01", **need}])
    assert raised.value.problems[0].text("en").startswith(told)
    with pytest.raises(ProgrammeError):
        made.programme().with_needs([{"collectivity": "09001", "date": "2007-05-01", **need}])


@pytest.mark.parametrize("text", ["un SIG pour le cadastre", "refonte du site internet"])
def test_an_officer_states_that_a_text_asks_for_nothing(text: str) -> None:
    asked = {"collectivity": "09001", "date": "2007-05-01", "text": text, "people": 4}
    programme = made.programme(needs=[{**asked, "score": 0}])
    assert programme == made.programme(needs=[]).with_needs([{**asked, "score": 0}])
    assert needs(programme) == [(text, None, None, 0.0)]
    read = needs_read(programme).select("workshop", "axis", "score").rows()
    assert (
        read
        == [(None, None, 0.0)]
        != needs_read(made.programme(needs=[asked])).select("workshop", "axis", "score").rows()
    )
    after = programme.forget(texts_before=DAY)
    assert needs(after) == [("", None, None, 0.0)]
    recs = programme.recommend(made.ON)
    assert after.recommend(made.ON).fingerprint == recs.fingerprint
    assert recs.to_polars("en").equals(after.recommend(made.ON).to_polars("en"))


def test_a_score_is_that_of_the_need() -> None:
    asked = {"collectivity": "09005", "date": made.ON, "workshop": "sig", "people": 4}
    for score, counted in ((None, 100.0), (40, 40.0), (0, 0.0)):
        frames = lively.day(made.programme(needs=[Need.model_validate({**asked, "score": score})])).frames
        assert frames.needs["score"].to_list() == [counted]


def test_the_chart_counts_what_was_read_as_read() -> None:
    before = made.programme(needs=SPOKEN[:1])
    after = before.forget(texts_before=dt.date(2008, 1, 1))
    assert charts.need_counts(after).to_dict()["datasets"] == charts.need_counts(before).to_dict()["datasets"]


def test_the_day_is_a_day() -> None:
    assert needs(made.programme(needs=SPOKEN).forget(texts_before="2008-01-01"))[2][0] == ""  # type: ignore[arg-type]


def test_what_is_forgotten_is_no_difference() -> None:
    made = Programme.example()
    day = dt.date(2007, 9, 3)
    with_words, without = made.recommend(day), made.forget(texts_before=day).recommend(day)
    assert (with_words - without).facts == (without - with_words).facts == ()
    more = made.with_needs([{"collectivity": "09122", "date": day, "text": "un SIG"}]).recommend(day)
    assert [cause.code for cause in (more - without).facts] == ["needs_added"]
