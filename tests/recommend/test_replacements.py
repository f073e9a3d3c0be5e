"""What an officer chose in place of an offer stands, beside the automatic answer."""

from __future__ import annotations

import datetime as dt
import html
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from made import ON, programme
from prai_match.recommend import Replacement

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match import Programme

WHY = "Le <maire> l'a demandé"
CHOICE: dict[str, Any] = {
    "date": "2007-08-01", "event": "replaced", "territory": "T1", "session": "site_internet", "replaced_by": "b_geo",
    "why": WHY,
}  # fmt: skip


def chosen(*decisions: dict[str, Any], **fields: Any) -> Programme:
    return programme(decisions=[CHOICE, *decisions], **fields)


def standing(made: Programme, on: dt.date = ON) -> Replacement | None:
    return made.recommend(on)["T1"].replacement


def test_it_stands_beside_the_automatic_answer() -> None:
    recs, plain = chosen().recommend(ON), programme().recommend(ON)
    assert recs["T1"].replacement == Replacement("b_geo", "site_internet", dt.date(2007, 8, 1), WHY)
    assert recs["T1"].session == plain["T1"].session == "site_internet"
    assert recs["T2"].replacement is None
    row = recs.to_polars("en").row(0, named=True)
    assert (row["session"], row["replacement"], row["replacement_why"]) == ("site_internet", "b_geo", WHY)
    assert recs.spreadsheet("fr")["Session choisie par un agent"].to_list() == ["Buffet geo", None, None]
    assert pickle.loads(pickle.dumps(recs["T1"])).replacement == recs["T1"].replacement  # noqa: S301 - our own


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_it_is_said_with_its_reason_and_escaped_on_pages(lang: Any, tmp_path: Path) -> None:
    rec = chosen().recommend(ON)["T1"]
    assert rec.replacement is not None
    sentence = rec.replacement.text(rec.answers.names[lang], lang)
    assert "Buffet geo" in sentence
    assert WHY in sentence
    assert sentence in rec.notice(lang).text()
    meeting = chosen().recommend(ON).report(tmp_path / "page.html", lang=lang).read_text("utf-8")
    spaces = dict.fromkeys(map(ord, "\u00a0\u202f"), " ")
    assert sentence.partition(WHY)[0].translate(spaces) in html.unescape(meeting).translate(spaces)
    for page in (rec.notice(lang).html(), rec.html(lang), meeting):
        assert "&lt;maire&gt;" in page
        assert "<maire>" not in page
    alone = programme(decisions=[{**CHOICE, "why": ""}]).recommend(ON)["T1"].replacement
    assert alone is not None
    last = {"fr": "à la place de « site_internet »", "en": 'in place of "site_internet"'}
    assert alone.text(lang=lang).endswith(last[lang])


@pytest.mark.parametrize(
    "end",
    [
        {"attendances": [{"collectivity": "09001", "session": "b_geo", "date": "2007-08-20"}]},
        {
            "decisions": [
                CHOICE,
                {**CHOICE, "event": "declined", "session": "b_geo", "replaced_by": None, "date": "2007-08-20"},
            ]
        },
        {"needs_lapse_months": 1},
    ],
)
def test_it_stands_until_it_is_attended_or_declined_or_too_old(end: dict[str, Any]) -> None:
    made = programme(**{"decisions": [CHOICE], **end})
    assert standing(made) is None
    assert standing(made, dt.date(2007, 8, 10)) is not None
    assert standing(made, dt.date(2007, 7, 31)) is None


def test_the_last_choice_stands() -> None:
    later = {**CHOICE, "date": "2007-08-02", "replaced_by": "sig"}
    for made in (chosen(later), programme(decisions=[later, CHOICE])):
        replacement = standing(made)
        assert replacement is not None
        assert replacement.session == "sig"


def test_no_other_session_is_planned_for_the_territory() -> None:
    free, made = (each.plan(ON, dt.date(2007, 12, 31), time_limit=0) for each in (programme(), chosen()))
    assert free.replacements("en").is_empty()
    seats = made.seats.join(made.sessions.select(session="id", code="session"), on="session")
    assert set(seats.filter(territory="T1")["code"]) <= {"b_geo"}
    (row,) = made.replacements("en").iter_rows(named=True)
    assert (row["territory"], row["session"], row["instead_of"], row["why"]) == ("T1", "b_geo", "site_internet", WHY)
    assert row["planned"] is ("b_geo" in set(seats.filter(territory="T1")["code"]))
    assert row["sentence"] in made.text("en")
    assert "&lt;maire&gt;" in made.html("fr")
    assert made.check().is_empty()


def test_a_difference_tells_it() -> None:
    before, after = programme().recommend(ON), chosen({**CHOICE, "event": "made", "replaced_by": None}).recommend(ON)
    difference = after - before
    assert difference.changes() == {"replacement": 1}, "the automatic answer is the same"
    assert "choix d’un agent : – → Buffet geo" in difference["T1"].text("fr")
    assert [cause.code for cause in difference.facts] == ["decisions_added"]
    declined = {**CHOICE, "event": "declined", "session": "b_geo", "replaced_by": None}
    moved = chosen(declined, needs=[]).recommend(ON) - programme().recommend(ON)
    own = moved["T1"].causes
    assert [cause.code for cause in own if cause.code.startswith("offer")] == ["offer_added", "offer_added"]
    assert any("remplacée par un agent (Le <maire> l'a demandé)" in cause.fr for cause in own)
