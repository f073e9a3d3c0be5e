"""Where the reading of a text stops: each bound just within and just beyond, with a lexicon made for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from prai_match import LexiconError
from prai_match.needs import REASONS, Lexicon, classify, reason_sentence

if TYPE_CHECKING:
    from pathlib import Path

LEXICON = """
mots_vides = ["de la le du des pour"]

[[terme]]
atelier = "astronomie"
niveau = "fort"
mots = ["télescope", "anticonstitutionnellementtelescopiquement"]

[[terme]]
atelier = "cuisine"
niveau = "moyen"
mots = ["pain"]

[[terme]]
atelier = "jardin"
niveau = "faible"
mots = ["rose", "bassin"]

[[terme]]
atelier = "jardin"
niveau = "faible"
mots = ["haie"]

[[terme]]
atelier = "jardin"
niveau = "faible"
mots = ["pelouse"]

[[contexte]]
nom = "musée"
ecarte = ["astronomie"]
mots = ["musée"]

[[contexte]]
nom = "exposition"
portee = "objet"
ecarte = ["astronomie"]
mots = ["exposition"]

[tournures]
negation = ["pas de"]
lieu_interne = ["mairie"]
"""


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path = tmp_path_factory.mktemp("lexicon") / "lexique.toml"
    path.write_text(LEXICON, encoding="utf-8")
    return Lexicon.load(path)


@pytest.mark.parametrize(
    ("text", "workshop"),
    [
        # The subject that a term serves lies at most eight words away, wherever in the text.
        ("télescope x x x x x x x x exposition", None),
        ("télescope x x x x x x x x x exposition", "astronomie"),
        ("x x x x x x x x x x télescope x exposition", None),
        # Places are named together when a comma or "et" parts them, and six words at most.
        ("télescope musée, mairie", "astronomie"),
        ("télescope musée x mairie", None),
        ("télescope musée et x mairie", "astronomie"),
        ("télescope musée, x x x x x mairie", "astronomie"),
        ("télescope musée, x x x x x x mairie", None),
        # A line that begins with a capital is another sentence: the refusal doesn't reach it.
        ("Pas de pain\nTélescope", "astronomie"),
        ("Pas de pain\ntélescope", None),
        # A refusal goes on after a comma where a link comes at once.
        ("Pas de pain, ni télescope", None),
        ("Pas de pain, x ni télescope", "astronomie"),
        # Weak words alone never count more than a middling one.
        ("rose, haie, pelouse", "jardin"),
        ("rose, haie, pelouse, pain", "cuisine"),
        # One letter in a word of six, none in a shorter one.
        ("bassim, haie, pelouse", "jardin"),
        ("bassin, haie, pelousse", "jardin"),
        ("bassin, haix, pelouse", None),
        # Two letters too many or too few in a long word; one in the forty letters that a word may have.
        ("telesscoppe", "astronomie"),
        ("tlescop", "astronomie"),
        ("telessscoppe", None),
        ("anticonstitutionnellementtelescopiquemen", "astronomie"),
        ("anticonstitutionnellementtelescopiquemant", None),
    ],
)
def test_just_within_a_bound_and_just_beyond(lexicon: Lexicon, text: str, workshop: str | None) -> None:
    assert classify([text], lexicon=lexicon)["workshop"].to_list() == [workshop]


def test_a_key_that_is_missing_is_told_in_its_own_table(tmp_path: Path) -> None:
    path = tmp_path / "lexique.toml"
    path.write_text('[[terme]]\natelier = "a"\nmots = ["b"]\n\n[[contexte]]\nnom = "nothing"\n', encoding="utf-8")
    with pytest.raises(LexiconError, match=r"lexique\.toml:1 \(terme\[1\]\.niveau\)"):
        Lexicon.load(path)


def test_a_long_word_is_told_in_its_line_and_what_is_no_toml_in_its_file(tmp_path: Path) -> None:
    path = tmp_path / "lexique.toml"
    path.write_text(f'[[terme]]\natelier = "a"\nniveau = "fort"\nmots = ["{"b" * 201}"]\n', encoding="utf-8")
    with pytest.raises(LexiconError, match=r"lexique\.toml:4 \(terme\[1\]\.mots\[1\]\)"):
        Lexicon.load(path)
    path.write_text("terme = ", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"^lexique\.toml: 1 problem\n"):
        Lexicon.load(path)


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_reason_is_a_sentence_in_both_languages(reason: str) -> None:
    for sentence in (reason_sentence(reason, "fr"), reason_sentence(reason, "en")):
        assert re.fullmatch(r"[A-ZÀ-Ü].*[a-zé)]\.", sentence)


def test_five_words_of_a_workshop_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "lexique.toml"
    words = ["abricot", "banane", "cerise", "datte", "fraise", "groseille"]
    path.write_text(f'[[terme]]\natelier = "fruits"\nniveau = "fort"\nmots = {words}\n', encoding="utf-8")
    shown = Lexicon.load(path).html("fr")
    assert [word in shown for word in words] == [True] * 5 + [False]
