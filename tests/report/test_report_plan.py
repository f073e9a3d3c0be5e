"""The section of the page on a plan."""

from __future__ import annotations

import itertools

import pytest

from hostile import ATTACK, hostile_programme
from made import ON
from page import Page
from plan import plans
from prai_match import Programme, report


def shown(made: Programme, lang: str = "fr", **asked: object) -> Page:
    plan = plans.planned(made, **asked)
    return Page(report.html(made.recommend(on=ON), lang=lang, plan=plan))  # type: ignore[arg-type]


def test_without_a_plan_nothing_is_said_of_one(page_fr: str) -> None:
    page = Page(page_fr)
    assert "plan" not in page.content
    assert not any(attributes.get("href") == "#plan" for _, attributes in page.elements)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "fr",
            (
                "Plan du 3 septembre 2007 au 31 janvier 2008",
                "déjà réservée",
                "02/10/2007",
                "Territoires invités",
                "ADM de l'Ariège",
            ),
        ),
        (
            "en",
            ("Plan from 3 September 2007 to 31 January 2008", "already booked", "2007-10-02", "Territories invited"),
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
    said = " ".join(page.content["plan"].replace("\N{NO-BREAK SPACE}", " ").split())
    assert "Demandes non servies" in said
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
