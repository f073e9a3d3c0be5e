"""What notebooks show of a lexicon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from markup import Markup
from prai_match.needs import Lexicon

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
[[terme]]
atelier = "jardin"
axe = "potager"
niveau = "fort"
mots = ["bêche", "râteau", "serfouette"]
ensembles = ["pelle + terre"]

[[terme]]
atelier = "cuisine"
niveau = "fort"
mots = ["<b>four</b>"]

[[terme]]
atelier = "jardin"
axe = "fleurs"
niveau = "moyen"
mots = ["rose", "tulipe", "iris"]
"""
ROWS = [
    ["jardin", "fleurs, potager", "7", "bêche, râteau, serfouette, pelle + terre, rose"],
    ["cuisine", "", "1", "<b>four</b>"],
]


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    path = tmp_path / "lexique.toml"
    path.write_text(TEXT, encoding="utf-8")
    return Lexicon.load(path)


@pytest.mark.parametrize(
    ("lang", "title", "caption", "heads"),
    [
        (
            "fr", "Lexique lexique.toml", "Ateliers que le lexique reconnaît",
            ["Atelier", "Axes", "Mots et expressions", "Par exemple"],
        ),
        (
            "en", "Lexicon lexique.toml", "Workshops that the lexicon recognises",
            ["Workshop", "Axes", "Words and phrases", "For example"],
        ),
    ],
)  # fmt: skip
def test_a_row_a_workshop_with_its_first_five_phrases(
    lexicon: Lexicon, lang: Literal["fr", "en"], title: str, caption: str, heads: list[str]
) -> None:
    shown = Markup(lexicon.html(lang))
    assert shown.cells == [heads, *ROWS]
    assert title in shown.texts
    assert caption in shown.texts


def test_every_workshop_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "lexique.toml"
    path.write_text(
        "".join(f'[[terme]]\natelier = "a{rank}"\nniveau = "fort"\nmots = ["mot{rank}"]\n' for rank in range(60)),
        encoding="utf-8",
    )
    assert len(Markup(Lexicon.load(path).html("fr")).cells) == 61


@pytest.mark.french
def test_notebooks_show_it_in_french(lexicon: Lexicon) -> None:
    shown: Any = lexicon
    assert shown._repr_html_() == lexicon.html() == lexicon.html("fr")
    assert lexicon.html("en") != lexicon.html("fr")
