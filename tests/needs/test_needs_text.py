"""How words are read: endings, accents, slips, signs; with a lexicon in which each word is a workshop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from snowballstemmer import stemmer

from needs.jardin import said
from prai_match.needs import Lexicon, classify
from prai_match.needs._text import french_stems, singular, stem

if TYPE_CHECKING:
    from pathlib import Path

TERMS = (
    "œuvre", "cæcum", "SIG", "@ctes", "eau", "jeu", "pou", "lit", "bus", "PLU", "boss", "port", "signer", "fermer",
    "logement", "plan 2005", "numérisation", "téléscope", "organisation", "formation", "arcview", "téléphone",
    "drupal7", "lampe", "boulot", "boulon", "borne de l'eau", "plate-forme",
)  # fmt: skip
LEXICON = """
mots_vides = ["le la les de du", "l"]
invariables = ["organisation", "formations"]
sans_faute = ["Arcview", "téléphones"]
""" + "".join(f'[[terme]]\natelier = "{term}"\nniveau = "fort"\nmots = ["{term}"]\n' for term in TERMS)


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path: Path = tmp_path_factory.mktemp("lexicon") / "lexique.toml"
    path.write_text(LEXICON, encoding="utf-8")
    return Lexicon.load(path)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        # Case, accents, ligatures, dots and what can't be seen.
        ("OEUVRE", "œuvre"),
        ("Œuvres", "œuvre"),
        ("CÆCUM", "cæcum"),
        ("caecum", "cæcum"),
        ("S.I.G.", "SIG"),
        ("s.i.g", "SIG"),
        ("@CTES", "@ctes"),
        ("CTES", None),
        ("nume\u0301risation", "numérisation"),
        ("E\u0301o\u0302a\u0308u\u200b eau", "eau"),
        ("e\u00adau", "eau"),
        ("numé\u200drisation", "numérisation"),
        ("eau_potable", "eau"),
        # A plural mark is dropped from a word of more than three letters.
        ("eaux", "eau"),
        ("jeux", "jeu"),
        ("poux", "pou"),
        ("lits", "lit"),
        ("bus", "bus"),
        ("bu", None),
        ("plu", "PLU"),
        ("plus", None),
        ("boss", "boss"),
        ("bos", None),
        # Words of one family are one word, from five letters on, where four letters of it are left.
        ("signé", "signer"),
        ("signées", "signer"),
        ("fermées", "fermer"),
        ("signature", None),
        ("numériser", "numérisation"),
        ("logements", "logement"),
        ("log", None),
        ("porte", "port"),
        # But for those that the lexicon keeps as they are.
        ("organisations", "organisation"),
        ("organiser", None),
        ("formations", "formation"),
        ("former", None),
        # A number is any number; a small word is none.
        ("plan 2012", "plan 2005"),
        ("plan n 2012", None),
        ("plan x", None),
        ("plan du 14", "plan 2005"),
        ("2005", None),
        ("borne eau", "borne de l'eau"),
        ("la borne de l'eau", "borne de l'eau"),
        # A hyphen may be a blank, or nothing.
        ("plateforme", "plate-forme"),
        ("plate forme", "plate-forme"),
        ("plates-formes", "plate-forme"),
    ],
)
def test_a_word_is_known_however_it_is_written(lexicon: Lexicon, text: str, term: str | None) -> None:
    assert classify([text], lexicon)["workshop"].to_list() == [term]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        # One slip anywhere in a word of six letters or more, the first letter too.
        ("numérisatiom", "numérisation"),
        ("lumérisation", "numérisation"),
        ("nmuérisation", "numérisation"),
        ("logemant", "logement"),
        ("lamppe", None),
        # Two in a long word that begins well.
        ("talescape", "téléscope"),
        ("numérixatiom", "numérisation"),
        ("numétizakion", None),
        ("lumérixation", None),
        ("logemzntx", None),
        ("télsope", None),
        ("nzzzzzzzzzzz", None),
        # Of two as near, the first in the alphabet.
        ("bouloz", "boulon"),
        # No slip of a French word, of a name, or of what isn't letters.
        ("numération", None),
        ("arcvieu", None),
        ("Arcview", "arcview"),
        ("telephane", None),
        ("téléphoner", "téléphone"),
        ("drupalx", None),
        ("drupal7", "drupal7"),
        ("drupal8", None),
        ("drupal7e", None),
    ],
)
def test_a_slip_is_mended_in_a_long_word(lexicon: Lexicon, text: str, term: str | None) -> None:
    assert classify([text], lexicon)["workshop"].to_list() == [term]


@pytest.mark.parametrize("sign", [".", "!", "?", "…", " ;", ". ", '."', ".»", "\n", "\r\n", "\n       "])
def test_a_sign_ends_a_sentence(sign: str) -> None:
    assert said(f"sans x{sign} Télescope") == "Télescope"


@pytest.mark.parametrize("sign", ["", ".", "-", "'", "_", "\n x", "\n        ", ",", " :", " (", " )", " - "])
def test_other_signs_end_none(sign: str) -> None:
    text = f"télescope{sign}" + ("pas besoin" if sign in {".", "-", "'", "_"} else " pas besoin")
    assert said(text) == "negated"


@pytest.mark.parametrize("sign", [",", "/", ")", " •", " -", " –", " —", " *"])
def test_a_sign_parts_a_list(sign: str) -> None:
    assert said(f"sans télescope{sign} x marmite") == "marmite"
    assert said(f"sans télescope{sign} marmite") == "negated"


@pytest.mark.parametrize("sign", ["&", "+", "et", "ou", "ni"])
def test_a_sign_goes_on_with_a_list(sign: str) -> None:
    assert said(f"sans télescope, {sign} x marmite") == "negated"


@pytest.mark.parametrize("sign", [":", "("])
def test_a_sign_opens_what_is_said_of_it(sign: str) -> None:
    assert said(f"télescope jamais x {sign} déjà") == "already_has"
    assert said(f"sans télescope {sign} x marmite") == "negated"


def test_a_line_that_goes_on_in_lower_case_was_only_wrapped() -> None:
    assert said("sans x\ntélescope") == "negated"
    assert said("sans x\nélan télescope") == "negated"
    assert said("sans x\nÉlan télescope") == "télescope"
    assert said("sans x\n- télescope") == "télescope"
    assert said("sans x\n\ntélescope") == "télescope"


@pytest.mark.parametrize("ending", ["", "s", "ions", "issements", "amment", "ivement", "euses", "ie", "qua", "oyer"])
def test_a_stem_is_that_of_the_stemmer_of_french(ending: str) -> None:
    words = [f"{each}{ending}" for each in french_stems().decode().split()[::97] if each.isalpha()]
    stems = zip(words, stemmer("french").stemWords([*map(singular, words)]), strict=True)
    long = {word: own.rstrip("e") for word, own in stems if len(singular(word)) > 4 and len(own.rstrip("e")) >= 4}
    assert len(long) > 100
    assert {word: stem(word) for word in long} == long
