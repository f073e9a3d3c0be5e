"""What notebooks show of answers and of the register itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from markup import Markup
from prai_match import register

if TYPE_CHECKING:
    from goldens import Golden
    from prai_match.errors import Lang

TYPED = [
    "Foix",
    "Mairie de Pamiers",
    "Toulouze",
    "Saint-Rémy",
    "Tinchebray",
    "CG 46",
    "SIVOM de Foix",
    None,
    "CCAS de Foix",
]
TYPED += ["CC Arize Lèze", "Paris 12e", "Région Occitanie"]


def shown(html: str) -> str:
    """The texts of a fragment, one a line."""
    return "".join(f"{text.strip()}\n" for text in Markup(html).texts if text.strip())


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_answers_are_counted_and_the_first_ten_shown(golden: Golden, lang: Lang) -> None:
    golden(f"answers_{lang}.txt", shown(register.resolve(TYPED, "09").html(lang)))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_answer_shows_what_it_is_or_the_candidates(golden: Golden, lang: Lang) -> None:
    names = ("Foix", "Toulouze", "Tinchebray", "Saint-Rémy", None)
    golden(f"answer_{lang}.txt", "\n".join(shown(one.html(lang)) for one in register.resolve(names)))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_register_says_what_it_is_made_of(golden: Golden, lang: Lang) -> None:
    about = register.about()
    golden(f"about_{lang}.txt", f"{about.text(lang)}\n\n{shown(about.html(lang))}")


def test_no_answers_are_shown_as_none() -> None:
    assert shown(register.resolve([]).html("en")) == "0 names looked up in the register\n"
