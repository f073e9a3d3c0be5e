"""What a lexicon file is told, word for word in both languages, and at which line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prai_match import LexiconError
from prai_match.needs import Lexicon, classify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from prai_match import Problem

TEXT = """\
mots_vides = ["de"]

[groupes]
cuire = ["cuire", "dorer"]

[[terme]]
atelier = "cuisine"
axe = "four"
niveau = "fort"
mots = ["pain"]

[[contexte]]
nom = "école"
ecarte = ["cuisine"]
mots = ["classe"]


[[terme]]
atelier = "jardin"
niveau = "moyen"
mots = ["haie"]
ensembles = ["{cuire} + rose"]
"""
LONG = "é" * 101
TERM_KEYS = "atelier, axe, cede, chez_soi, ensembles, malgre, mots, niveau"
FILE_KEYS = "contexte, exemples, groupes, invariables, mots_vides, reprend, sans_faute, terme, tournures"
CONTEXT_KEYS = "ecarte, ensembles, herite, motif, mots, nom, portee"
SPEECH_KEYS = (
    "a_refaire, action, deja, lieu_interne, negation, neutre, opposition, refus, satisfait, souhait"
)  # fmt: skip


def problems(folder: Path, text: str, catalogue: Mapping[str, Sequence[str]] | None = None) -> tuple[Problem, ...]:
    path = folder / "lexique.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(path, catalogue)
    assert caught.value.subject == "lexique.toml"
    return caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "where", "english", "french"),
    [
        pytest.param(
            "mots_vides =", "mots_vide =", "1 (mots_vide)",
            f"found 'mots_vide', expected one of the keys {FILE_KEYS}; did you mean mots_vides?",
            f"« mots_vide » ne convient pas ; il faut l’une de ces clés : {FILE_KEYS} ; vouliez-vous dire mots_vides ?",
            id="a key of the file",
        ),
        pytest.param(
            'atelier = "jardin"\n', 'atelier = "jardin"\nzzz = 1\n', "20 (terme[2].zzz)",
            f"found 'zzz', expected one of the keys {TERM_KEYS}",
            f"« zzz » ne convient pas ; il faut l’une de ces clés : {TERM_KEYS}",
            id="a key of a term",
        ),
        pytest.param(
            "ecarte =", "ecartes =", "14 (contexte[1].ecartes)",
            f"found 'ecartes', expected one of the keys {CONTEXT_KEYS}; did you mean ecarte, herite?",
            f"« ecartes » ne convient pas ; il faut l’une de ces clés : {CONTEXT_KEYS} ; vouliez-vous dire ecarte, herite ?",
            id="a key of a context",
        ),
        pytest.param(
            "[groupes]", "[tournures]\nzzz = 1\n[groupes]", "4 (tournures.zzz)",
            f"found 'zzz', expected one of the keys {SPEECH_KEYS}",
            f"« zzz » ne convient pas ; il faut l’une de ces clés : {SPEECH_KEYS}",
            id="a turn of phrase",
        ),
        pytest.param(
            '"moyen"', '"moyenne"', "20 (terme[2].niveau)",
            "found 'moyenne', expected one of fort, moyen, faible; did you mean moyen?",
            "« moyenne » ne convient pas ; il faut l’une de ces valeurs : fort, moyen, faible ; vouliez-vous dire moyen ?",
            id="a level",
        ),
        pytest.param(
            "ecarte =", 'portee = "objets"\necarte =', "14 (contexte[1].portee)",
            "found 'objets', expected one of lieu, objet, phrase; did you mean objet?",
            "« objets » ne convient pas ; il faut l’une de ces valeurs : lieu, objet, phrase ; vouliez-vous dire objet ?",
            id="a reach",
        ),
        pytest.param(
            'niveau = "moyen"\n', "", "18 (terme[2].niveau)",
            "found nothing, expected the key 'niveau'", "aucune valeur ; il faut la clé « niveau »",
            id="a key that is missing",
        ),
        pytest.param(
            'mots = ["haie"]', 'mots = ["haie", ""]', "18 (terme[2].mots[2])",
            "found '', expected a word: a term can't be empty",
            "un texte vide ne convient pas ; il faut un mot : un terme ne peut pas être vide",
            id="an empty word",
        ),
        pytest.param(
            'mots = ["haie"]', 'mots = ["haie", 42]', "21 (terme[2].mots[2])",
            "'42' is not text", "« 42 » n’est pas un texte",
            id="a number for a word",
        ),
        pytest.param(
            'nom = "école"', f'nom = "{LONG}"', "13 (contexte[1].nom)",
            f"found '{LONG}', expected text of at most 100 characters",
            f"« {LONG} » ne convient pas ; il faut un texte de 100 caractères au plus",
            id="a long name",
        ),
        pytest.param(
            '"haie"', '"four + haie"', "21 (terme[2].mots)",
            "found 'four + haie', expected consecutive words: a combination of words is written under the key ensembles",
            "« four + haie » ne convient pas ; il faut des mots qui se suivent : une combinaison de mots s’écrit dans la clé ensembles",
            id="a combination among words",
        ),
        pytest.param(
            "{cuire}", "{cuir}", "22 (terme[2].ensembles)",
            "'cuir' is not a known name; did you mean cuire?",
            "« cuir » n’est pas un nom connu ; vouliez-vous dire cuire ?",
            id="a group",
        ),
        pytest.param(
            '"dorer"', '"{rissoler}"', "4 (groupes.cuire)",
            "'rissoler' is not a known name", "« rissoler » n’est pas un nom connu",
            id="a group within a group",
        ),
        pytest.param(
            '"classe"', '"{ecole}"', "15 (contexte[1].mots)",
            "'ecole' is not a known name", "« ecole » n’est pas un nom connu",
            id="a group in a context",
        ),
        pytest.param(
            'ecarte = ["cuisine"]', 'ecarte = ["jardins"]', "14 (contexte[1].ecarte)",
            "'jardins' is not a known name; did you mean jardin?",
            "« jardins » n’est pas un nom connu ; vouliez-vous dire jardin ?",
            id="a workshop of a context",
        ),
        pytest.param(
            'mots = ["haie"]\nensembles = ["{cuire} + rose"]\n', "", "19 (terme[2])",
            "found 'jardin', expected the key mots, the key ensembles or both",
            "« jardin » ne convient pas ; il faut la clé mots, la clé ensembles ou les deux",
            id="a term without words",
        ),
        pytest.param(
            '"dorer"', '"{cuire} bien"', "22 (terme[2].ensembles)",
            "found 'cuire', expected a group that does not contain itself",
            "« cuire » ne convient pas ; il faut un groupe qui ne se contient pas lui-même",
            id="a group in itself",
        ),
        pytest.param(
            '"haie"', '"pain"', "21 (terme[2].mots)",
            "found 'pain', expected a term of one workshop only: it already names 'cuisine'",
            "« pain » ne convient pas ; il faut un terme d’un seul atelier : il désigne déjà « cuisine »",
            id="a term of two workshops",
        ),
        pytest.param(
            '"haie"', '"de"', "21 (terme[2].mots)",
            "found 'de', expected at least one word that is not in mots_vides",
            "« de » ne convient pas ; il faut au moins un mot qui ne soit pas dans mots_vides",
            id="words without meaning",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_both_languages(  # noqa: PLR0913, PLR0917 - what is written, and all that is told of it
    tmp_path: Path, old: str, new: str, where: str, english: str, french: str
) -> None:
    assert old in TEXT
    told = problems(tmp_path, TEXT.replace(old, new, 1))[0]
    assert told.text("en") == f"lexique.toml:{where}: {english}"
    assert told.text("fr") == f"lexique.toml:{where} : {french}"


def test_what_the_catalogue_does_not_have_is_told(tmp_path: Path) -> None:
    told = problems(tmp_path, TEXT, {"cuisine": ("fours",)})
    assert [str(problem) for problem in told] == [
        ("lexique.toml:8 (terme[1].axe): 'four' is not an axis of that workshop in the catalogue; did you mean fours?"),
        "lexique.toml:19 (terme[2].atelier): 'jardin' is not a workshop of the catalogue",
    ]
    said = "« four » n’est pas un axe de cet atelier dans le catalogue ; vouliez-vous dire fours ?"
    assert told[0].text("fr").endswith(said)


def test_a_catalogue_says_which_workshops_a_context_may_exclude(tmp_path: Path) -> None:
    (tmp_path / "lexique.toml").write_text(TEXT.replace('["cuisine"]', '["voirie"]'), encoding="utf-8")
    catalogue = {"cuisine": ("four",), "jardin": (), "voirie": ()}
    assert set(Lexicon.load(tmp_path / "lexique.toml", catalogue).workshops) == {"cuisine", "jardin"}


def test_a_word_is_looked_for_whole_and_in_its_own_table(tmp_path: Path) -> None:
    text = """\
# cuir, avant tout
[[terme]]
atelier = "cuirasse"
malgre = ["cuir"]
niveau = "fort"
mots = ["pain"]
"""
    assert problems(tmp_path, text)[0].where == "lexique.toml:4 (terme[1].malgre)"


def test_what_is_written_otherwise_is_told_at_its_table(tmp_path: Path) -> None:
    text = r"""
[[terme]]
atelier = "cuisine"
niveau = "mo\u0079ens"
mots = ["pain"]

[[terme]]
atelier = "cuisine"
niveau = "moyen"
mots = ["moyens"]
"""
    assert problems(tmp_path, text)[0].where == "lexique.toml:2 (terme[1].niveau)"


@pytest.mark.parametrize(("length", "shown"), [(200, "z" * 200), (201, "z" * 200 + "…")])
def test_two_hundred_characters_of_a_mistake_are_shown(tmp_path: Path, length: int, shown: str) -> None:
    told = problems(tmp_path, TEXT.replace("[groupes]", f"{'z' * length} = 1\n[groupes]"))[0]
    assert told.found == repr(shown)
    assert told.where == f"lexique.toml:3 ({'z' * length})"


def test_all_the_mistakes_of_form_come_before_those_of_meaning(tmp_path: Path) -> None:
    text = TEXT.replace('"fort"', '"fortt"').replace('"moyen"', '"moyenn"').replace("{cuire}", "{cuir}")
    assert [problem.where for problem in problems(tmp_path, text)] == [
        "lexique.toml:9 (terme[1].niveau)",
        "lexique.toml:20 (terme[2].niveau)",
    ]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lexique.toml"
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(path)
    assert str(caught.value) == (
        f"lexique.toml: 1 problem\n  - {path}: found No such file or directory, expected a TOML file"
    )
    assert caught.value.problems[0].text("fr").endswith(" ; il faut un fichier TOML")


def test_what_is_no_toml_is_told_in_both_languages(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, "x = " + "[" * 21 + "]" * 21)
    assert str(told) == "lexique.toml: found more than 20 levels, expected at most 20 nested tables or lists"
    assert told.text("fr").startswith("lexique.toml : plus de 20 niveaux ; il faut au plus 20 tableaux")


@pytest.mark.parametrize(("tables", "most"), [("terme", 1000), ("contexte", 1000)])
def test_a_file_has_a_thousand_tables_of_a_kind(tmp_path: Path, tables: str, most: int) -> None:
    table = {
        "terme": "[[terme]]\natelier = 'a'\nniveau = 'fort'\nmots = ['b']\n",
        "contexte": "[[contexte]]\nnom = 'a'\nmots = ['c']\n",
    }
    path = tmp_path / "lexique.toml"
    path.write_text("".join(table.values()) + table[tables] * (most - 1), encoding="utf-8")
    assert list(Lexicon.load(path).workshops) == ["a"]
    (told,) = problems(tmp_path, "".join(table.values()) + table[tables] * most)
    assert told.text("fr").endswith("il faut une liste de 1000 éléments au plus")


def test_a_lexicon_has_a_term(tmp_path: Path) -> None:
    told = problems(tmp_path, "terme = []")[0]
    assert told.text("fr") == "lexique.toml:1 (terme) : aucune valeur ; il faut la clé « terme »"


@pytest.mark.parametrize(("length", "read"), [(200, True), (201, False)])
def test_a_phrase_has_two_hundred_characters_without_those_around_it(
    tmp_path: Path, length: int, *, read: bool
) -> None:
    phrase = "fenouil " + "x" * (length - 8)
    text = TEXT.replace('"haie"', f'"  {phrase}  "')
    if read:
        (tmp_path / "lexique.toml").write_text(text, encoding="utf-8")
        assert classify([phrase], Lexicon.load(tmp_path / "lexique.toml"))["workshop"].to_list() == ["jardin"]
    else:
        assert problems(tmp_path, text)[0].text("fr").endswith("il faut un texte de 200 caractères au plus")
