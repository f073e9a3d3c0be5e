"""The section of the page on a plan."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from hostile import ATTACK, hostile_programme
from made import ON
from page import Page
from plan import plans
from prai_match import Programme, plan, report

if TYPE_CHECKING:
    from prai_match import Recommendations
    from prai_match.model import Lang


def shown(made: Programme, lang: str = "fr", **asked: object) -> Page:
    plan = plans.planned(made, **asked)
    return Page(report.html(made.recommend(on=ON), lang=lang, plan=plan))  # type: ignore[arg-type]


def test_without_a_plan_it_tells_what_can_be_held_together(small_recs: Recommendations, page_fr: str) -> None:
    page, season = Page(page_fr), small_recs.together()
    assert report.html(small_recs, lang="fr", service="Direction <de la> formation", plan=season) == page_fr
    said = page.content["plan"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Établi par ordre de priorité" in said
    assert any(attributes.get("href") == "#plan" for _, attributes in page.elements)
    sections = [attributes.get("id") for tag, attributes in page.elements if tag == "section"]
    assert sections.index("plan") < sections.index("table")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_cards_tell_what_became_of_first_offers_and_what_they_compete_for(
    small_recs: Recommendations, request: pytest.FixtureRequest, lang: Lang
) -> None:
    page = Page(request.getfixturevalue(f"page_{lang}").replace("\N{NO-BREAK SPACE}", " "))
    compared = small_recs.together().compare(small_recs, lang)
    told = [*compared.select("territory", "sentence").rows()]
    told += small_recs.contention(lang).select("territory", "sentence").rows()
    assert len(told) > len(small_recs)
    for territory, sentence in told:
        assert sentence in page.content[f"t-{territory}"]
    assert plan.outcomes(compared, lang) in page.content["summary"]


def test_the_season_of_some_is_that_of_all(small_recs: Recommendations) -> None:
    one = Page(report.html(small_recs.where(territory="T2"), lang="en"))
    assert one.content["plan"] == Page(report.html(small_recs, lang="en")).content["plan"]
    assert "at Territoire 1 (22 km)" in one.content["t-T2"]
    assert "need the trainer" not in one.content["t-T2"]


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "fr",
            (
                "Plan du 3 septembre 2007 au 31 janvier 2008",
                "déjà programmée",
                "02/10/2007",
                "Invités",
                "ADM de l'Ariège",
            ),
        ),
        (
            "en",
            ("Plan from 3 September 2007 to 31 January 2008", "already booked", "2007-10-02", "Invited"),
        ),
    ],
)
def test_sessions_and_who_is_invited_are_told(lang: str, told: tuple[str, ...]) -> None:
    page = shown(plans.programme(), lang)
    said = " ".join(page.content["plan"].replace("\N{NO-BREAK SPACE}", " ").split())
    for text in told:
        assert text in said
    assert {"chart-plan-calendar", "chart-plan-map"} <= page.content.keys()
    assert any(attributes.get("href") == "#plan" for _, attributes in page.elements)
    levels = [level for level, _ in page.headings]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_what_is_not_served_is_told_with_some_names() -> None:
    made = plans.programme()
    page = shown(made, budget=0)
    said = " ".join(page.content["unserved"].replace("\N{NO-BREAK SPACE}", " ").split())
    assert "Demandes non satisfaites" in said
    waiting = plans.planned(made, budget=0).unserved().filter(label="budget")["territory"].len()
    assert waiting > 6
    assert f"et {waiting - 5} autres" in said


def test_a_plan_without_sessions_says_so() -> None:
    page = shown(plans.programme(trainers=[], sessions=[], attendances=[]))
    assert "Aucune session ne peut être tenue." in page.content["plan"]
    assert "chart-plan-map" not in page.content


def test_attacks_stay_text() -> None:
    page = shown(hostile_programme())
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert ATTACK[:27] in page.content["plan"]
    assert not {"\u202e", "\u2067"} & set(page.content["plan"])
