"""What people read of a backtest, in French and English, as text and in notebooks."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from histories import LOOSE, SPLIT, Came, history
from hostile import ATTACK
from made import POLICY
from markup import OURS, OWN, Markup
from prai_match import UnknownCodeError
from prai_match.backtest import Backtest, choose_strength
from prai_match.text import plain

if TYPE_CHECKING:
    from goldens import Golden

NEXT = ("site_internet", "sig", "teleservices", "b_geo")


def _came() -> list[Came]:
    came: list[Came] = []
    for n in range(1, 13):
        came.append((n, "b_web" if n % 3 else "b_geo", dt.date(2007, 2, n)))
        came.append((n, NEXT[n % 4], dt.date(2007, 4 + 3 * (n % 2), n)))
        came.append((n, "b_geo" if n % 3 else "b_web", dt.date(2007, 7, n)))
    return sorted({(n, session): (n, session, day) for n, session, day in reversed(came)}.values())


@pytest.fixture(scope="module")
def found() -> Backtest:
    policies = {"défaut": POLICY, "équité": POLICY.with_weights(equity=40)}
    return history(12, _came(), calendar={}).backtest([dt.date(2007, 3, 1), SPLIT], policies, **LOOSE)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_text_is_as_it_was_read(found: Backtest, golden: Golden, lang: str) -> None:
    golden(f"backtest_{lang}.txt", found.text(lang))  # type: ignore[arg-type]


@pytest.mark.french
def test_the_french_display_is_as_it_was_read(found: Backtest, golden: Golden) -> None:
    html = re.sub(r"<(style|script)\b.*?</\1>\n?", "", found._repr_html_(), flags=re.DOTALL) + "\n"
    golden("backtest_fr.html", html)


def test_a_display_is_whole(found: Backtest) -> None:
    strengths = choose_strength(history(12, _came(), calendar={}), [SPLIT], **LOOSE)
    for html in (found.html("fr"), found.html("en"), strengths.html("fr"), strengths.html("en")):
        parsed = Markup(html)
        assert {*parsed.tags} <= OURS
        assert parsed.attributes <= OWN
        assert "None" not in parsed.text
        assert "{" not in parsed.text


@pytest.mark.parametrize("shown", ["text", "html"])
def test_an_unknown_language_is_refused(found: Backtest, shown: str) -> None:
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'"):
        getattr(found, shown)("de")


def test_hostile_names_stay_texts() -> None:
    programme = history(12, _came(), calendar={}, name={"fr": ATTACK, "en": ATTACK})
    found = programme.backtest([SPLIT], {ATTACK: POLICY}, **LOOSE)
    parsed = Markup(found.html())
    assert {*parsed.tags} <= OURS
    assert parsed.attributes <= OWN
    assert plain(ATTACK)[:60] in parsed.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", found.text())
