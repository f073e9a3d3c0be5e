"""The part of the page on relay gaps."""

from __future__ import annotations

from typing import Any

import pytest

from made import ON, programme, small
from page import Page
from prai_match import report

RELAY = small()["partners"][0]


def lacking(**more: Any) -> str:
    made = programme(partners=[{**RELAY, "carries": ["b_web", "b_geo"], **more}])
    return report.html(made.recommend(on=ON), lang="en")


def test_the_page_tells_where_relays_are_missing_with_a_map() -> None:
    page = lacking()
    assert '<section id="gaps" class="annex" aria-labelledby="gaps-title">' in page
    assert '<a href="#gaps">Relay gaps</a>' in page
    assert 'id="chart-gaps"' in page
    said = " ".join(Page(page).content["gaps"].split())
    assert "ADM de l'Ariège covers the département but can't organise 3 sessions of 5." in said
    assert "ADM de l'Ariège, by organising these sessions: " in said


def test_no_person_is_named_there() -> None:
    page = lacking(name="Mairie, M. Dupont, jean.dupont@mairie.fr")
    assert "Dupont" not in page
    assert "dupont@" not in page


@pytest.mark.parametrize("page", ["page_fr", "page_en"])
def test_without_a_gap_there_is_no_such_part(page: str, request: pytest.FixtureRequest) -> None:
    text = request.getfixturevalue(page)
    assert 'id="gaps"' not in text
    assert 'href="#gaps"' not in text
