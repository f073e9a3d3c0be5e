"""A lexicon is a file that an officer edits: what it may say, and every mistake told with its line."""

from __future__ import annotations

import gzip
import pickle
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import pytest

from build_words import pack
from prai_match import LexiconError
from prai_match.needs import Lexicon, classify
from prai_match.needs._text import is_french, stem

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = {
    "site_internet": ("creation", "refonte", "extranet", "accessibilite"),
    "dematerialisation": ("actes", "comptabilite", "marches", "archivage", "signature"),
    "sig": ("cadastre", "reseaux", "urbanisme", "adresse"),
    "teleservices": ("urbanisme_en_ligne", "famille", "paiement", "demarches"),
    "organisation_interne": ("equipement", "reseau_telephonie", "logiciels_metier", "securite_rgpd", "competences"),
}

SMALL = """
mots_vides = ["de la le les un des"]

[groupes]
voir = ["voir", "regarder"]

[[terme]]
atelier = "astronomie"
axe = "observation"
niveau = "fort"
mots = ["télé-scope", "{voir} étoiles"]
ensembles = ["{voir} + comète - dessin"]

[[terme]]
atelier = "cuisine"
niveau = "moyen"
mots = ["pain"]

[[contexte]]
nom = "musée"
ecarte = ["astronomie"]
mots = ["musée"]
"""


def load(folder: Path, text: str, catalogue: dict[str, tuple[str, ...]] | None = None) -> Lexicon:
    path = folder / "lexique.toml"
    path.write_text(text, encoding="utf-8")
    return Lexicon.load(path, catalogue)


def problems(folder: Path, text: str, catalogue: dict[str, tuple[str, ...]] | None = None) -> list[str]:
    with pytest.raises(LexiconError) as caught:
        load(folder, text, catalogue)
    return [str(problem) for problem in caught.value.problems]


def test_the_bundled_lexicon_names_the_workshops_and_axes_of_the_bundled_catalogue() -> None:
    lexicon = Lexicon.bundled()
    assert {name: set(axes) for name, axes in lexicon.workshops.items()} == {k: set(v) for k, v in CATALOGUE.items()}
    assert lexicon is Lexicon.bundled()


def test_any_catalogue_can_have_its_lexicon(tmp_path: Path) -> None:
    lexicon = load(tmp_path, SMALL, {"astronomie": ("observation",), "cuisine": ()})
    texts = ["le téléscope", "télé scope", "regarder les étoiles", "voir la comète", "voir le dessin de la comète"]
    found = classify([*texts, "un télescope du musée", "le pain du musée"], lexicon)["workshop"].to_list()
    assert found == ["astronomie", "astronomie", "astronomie", "astronomie", None, None, "cuisine"]
    assert repr(lexicon) == "<Lexicon lexique.toml: 2 workshops>"


def test_a_lexicon_takes_over_what_the_bundled_one_says_of_the_language(tmp_path: Path) -> None:
    text = '[[terme]]\natelier = "cuisine"\nniveau = "fort"\nmots = ["four à pain"]'
    said = ["pas besoin de four à pain", "notre four pour le pain", "four à pain déjà acheté", "un four à pain"]
    alone = load(tmp_path, text)
    assert classify(said, alone)["workshop"].to_list() == ["cuisine", None, "cuisine", "cuisine"]
    whole = load(tmp_path, f'reprend = ["mots_vides", "invariables", "tournures"]\n{text}')
    assert classify(said, whole)["reason"].to_list() == ["negated", "no_term", "already_has", None]
    assert "contre" in whole.compiled.table.invariables
    mine = load(
        tmp_path, f'reprend = ["tournures"]\n{text}\n[groupes]\nrien = ["point"]\n[tournures]\ndeja = ["livré"]'
    )
    found = classify(["point besoin de four à pain", "aucun besoin de four à pain", "four à pain livré"], mine)[
        "reason"
    ]
    assert found.to_list() == ["negated", None, "already_has"]


def test_only_parts_that_are_of_the_language_can_be_taken_over(tmp_path: Path) -> None:
    assert problems(tmp_path, 'reprend = ["terme"]\n' + SMALL) == [
        "lexique.toml:1 (reprend[1]): found 'terme', expected one of mots_vides, invariables, tournures, tout"
    ]


def test_a_lexicon_is_frozen_and_crosses_process_borders(tmp_path: Path) -> None:
    lexicon = load(tmp_path, SMALL)
    with pytest.raises(FrozenInstanceError):
        lexicon.name = "other"  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(lexicon))  # noqa: S301 - our own bytes
    assert classify(["le pain"], again).equals(classify(["le pain"], lexicon))


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = """
mots_vides = ["de la"]

[[terme]]
atelier = "astronomi"
niveau = "fort"
mots = ["étoile"]

[[terme]]
atelier = "cuisine"
axe = "boulangerie"
niveau = "fort"
malgre = ["ecole"]
mots = ["pain", "{fours}"]

[[terme]]
atelier = "cuisine"
niveau = "faible"

[[contexte]]
nom = "école"
ecarte = ["cuisin"]
mots = ["école + classe"]
"""
    found = problems(tmp_path, text, {"astronomie": ("observation",), "cuisine": ("patisserie",)})
    assert found == [
        ("lexique.toml:5 (terme[1].atelier): 'astronomi' is not a workshop of the catalogue; did you mean astronomie?"),
        "lexique.toml:11 (terme[2].axe): 'boulangerie' is not an axis of that workshop in the catalogue",
        "lexique.toml:13 (terme[2].malgre): 'ecole' is not a known name; did you mean école?",
        "lexique.toml:17 (terme[3]): found 'cuisine', expected the key mots, the key ensembles or both",
        ("lexique.toml:22 (contexte[1].ecarte): 'cuisin' is not a workshop of the catalogue; did you mean cuisine?"),
        "lexique.toml:14 (terme[2].mots): 'fours' is not a known name",
        (
            "lexique.toml:23 (contexte[1].mots): found 'école + classe', "
            "expected consecutive words: a combination of words is written under the key ensembles"
        ),
    ]


def test_a_term_of_two_workshops_and_words_without_meaning_are_refused(tmp_path: Path) -> None:
    text = """
mots_vides = ["de la"]

[[terme]]
atelier = "cuisine"
niveau = "fort"
mots = ["le pain"]

[[terme]]
atelier = "commerce"
niveau = "fort"
mots = ["LE PAINS", "de la"]
"""
    assert problems(tmp_path, text) == [
        "lexique.toml:12 (terme[2].mots): found 'LE PAINS', expected a term of one workshop only: it already names 'cuisine'",
        ("lexique.toml:12 (terme[2].mots): found 'de la', expected at least one word that is not in mots_vides"),
    ]


def test_a_group_cannot_contain_itself(tmp_path: Path) -> None:
    found = problems(tmp_path, SMALL.replace('"regarder"', '"{voir} bien"'))
    assert "found 'voir', expected a group that does not contain itself" in found[0]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'niveau = "fort"',
            'niveau = "forts"',
            "found 'forts', expected one of fort, moyen, faible; did you mean fort?",
        ),
        (
            'niveau = "fort"',
            'nivo = "fort"',
            "lexique.toml:7 (terme[1].niveau): found nothing, expected the key 'niveau'",
        ),
        ('"pain"', '" "', "expected a word: a term can't be empty"),
        (
            "ecarte =",
            "ecartes =",
            "expected one of the keys ecarte, ensembles, herite, motif, mots, nom, portee; did you mean",
        ),
        ("[groupes]", "[groupe]", "found 'groupe', expected one of the keys contexte, exemples, groupes, invariables"),
        ('mots = ["pain"]', "mots = 3", "'3' is not a list"),
    ],
)
def test_a_mistake_of_form_is_told_with_what_was_meant(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert expected in "\n".join(problems(tmp_path, SMALL.replace(old, new, 1)))


def test_what_is_not_toml_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, "[[terme]\n")[0].startswith("lexique.toml: found ")


def test_the_list_of_french_words_is_made_from_any_list_of_words() -> None:
    assert gzip.decompress(pack(["Églises", "là-bas", "or", "églises"])).decode() == f"{stem('eglises')}\n"
    assert all(map(is_french, ("information", "cathedrale", "abaisser", "zythum")))
    assert not any(map(is_french, ("informatique2000", "aaaa", "zzzz")))


def test_a_byte_order_mark_opens_a_lexicon_and_moves_no_line(tmp_path: Path) -> None:
    text = '[[terme]]\natelier = "sig"\nniveau = "fort"\nmots = ["carte"]\n'
    path = tmp_path / "lexique.toml"
    path.write_text(text, "utf-8-sig")
    assert Lexicon.load(path).workshops == {"sig": ()}
    path.write_text(text.replace("fort", "for"), "utf-8-sig")
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(path)
    assert caught.value.problems[0].where == "lexique.toml:3 (terme[1].niveau)"
