"""What a card says, in French: known texts, and the same numbers as the explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from page import Page
from prai_match.text import number

if TYPE_CHECKING:
    from goldens import Golden
    from prai_match import Recommendations


@pytest.mark.parametrize("name", ["fr", "en", "frozen"])
@pytest.mark.french
def test_a_card_is_as_it_is_known(request: pytest.FixtureRequest, golden: Golden, name: str) -> None:
    page = Page(request.getfixturevalue(f"page_{name}"))
    golden(f"card_{name}.txt", "\n".join(page.lines("t-T2")) + "\n")


def test_a_card_has_the_points_of_the_explanation(small_recs: Recommendations, page_fr: str) -> None:
    page = Page(page_fr)
    for rec in small_recs:
        shown = page.lines(f"t-{rec.territory}")
        for detail in rec.why("fr").details:
            assert any(number(detail.points, 1, "fr") in line for line in shown)
        assert rec.offer is not None
        assert f"Score {number(rec.offer.score, 1, 'fr')} sur 100" in shown


def test_every_other_session_is_told(small_recs: Recommendations, page_fr: str) -> None:
    page, names = Page(page_fr), small_recs.names("fr")
    losers = small_recs.why_not("fr")
    for territory, session in losers.select("territory", "session").iter_rows():
        assert names[session] in page.content[f"t-{territory}"]


def test_what_it_would_take_is_told(small_recs: Recommendations, page_fr: str) -> None:
    page = Page(page_fr)
    needed = small_recs.what_would_it_take("fr")
    assert needed
    for territory, found in needed.items():
        shown = page.content[f"t-{territory}"].replace("\N{NO-BREAK SPACE}", " ")
        assert found.title["fr"] in shown
        for answer in found:
            assert answer.text("fr") in shown
