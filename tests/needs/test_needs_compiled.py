"""What a lexicon is made of: its workshops, groups, what it takes over, and how much it may have."""

from __future__ import annotations

import gzip
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest

from build_lexicon import packed
from needs.jardin import lexicon
from prai_match import LexiconError
from prai_match.needs import Lexicon, classify

if TYPE_CHECKING:
    from pathlib import Path

TERM = "[[terme]]\natelier = 'cuisine'\nniveau = 'fort'\nmots = ['{}']\n"
MOST = 1 << 19


def load(folder: Path, text: str | bytes) -> Lexicon:
    path = folder / "lexique.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Lexicon.load(str(path))


def told(folder: Path, text: str) -> LexiconError:
    with pytest.raises(LexiconError) as caught:
        load(folder, text)
    return caught.value


def chain(depth: int) -> str:
    """Groups within one another: g0 in g1, g1 in g2…"""
    named = [f"g{rank} = ['{{g{rank + 1}}}']\n" for rank in range(depth - 1)]
    return TERM.format("{g0}") + "[groupes]\n" + "".join(named) + f"g{depth - 1} = ['four']\n"


def test_the_workshops_are_those_of_the_file_in_its_order_with_their_axes() -> None:
    assert list(lexicon().workshops.items()) == [
        ("astronomie", ("lune", "soleil")),
        ("cuisine", ()),
        ("jardin", ()),
        ("outillage", ()),
    ]
    assert repr(lexicon()) == "<Lexicon lexique_jardin.toml: 4 workshops>"
    assert lexicon().name == "lexique_jardin.toml"


def test_the_bundled_lexicon_is_what_its_file_compiles_to() -> None:
    source = files("prai_match.needs").joinpath("data/lexique_prai.toml")
    with as_file(source) as path:
        compiled = Lexicon.load(path)
    assert Lexicon.bundled() == compiled, "run scripts/build_lexicon.py"
    assert list(Lexicon.bundled().compiled.speller.symbol_of) == list(compiled.compiled.speller.symbol_of)


def test_it_is_built_as_the_same_bytes() -> None:
    shipped = files("prai_match.needs").joinpath("data/lexique_prai.json.gz").read_bytes()
    assert gzip.decompress(packed(Lexicon.bundled())) == gzip.decompress(shipped)


def test_a_letter_of_another_encoding_spoils_its_own_word_alone(tmp_path: Path) -> None:
    text = f"# été\n{TERM.format('four')}{TERM.format('poêle')}".encode("latin-1")
    assert classify(["four", "poêle"], load(tmp_path, text))["workshop"].to_list() == ["cuisine", None]


def test_half_a_megabyte_is_read_and_no_more(tmp_path: Path) -> None:
    text = TERM.format("four")
    assert load(tmp_path, text + "#" * (MOST - len(text))).workshops
    error = told(tmp_path, text + "#" * (MOST - len(text) + 1))
    assert error.subject == "lexique.toml"
    assert error.problems[0].text("fr").endswith("plus de 524288 octets ; il faut au plus 524288 octets")


def test_ten_groups_are_read_within_one_another_and_no_more(tmp_path: Path) -> None:
    assert classify(["four"], load(tmp_path, chain(10)))["workshop"].to_list() == ["cuisine"]
    (problem,) = told(tmp_path, chain(11)).problems
    assert problem.text("en").endswith("(terme[1].mots): found 'g10', expected at most 10 nested groups")
    assert problem.text("fr").endswith("« g10 » ne convient pas ; il faut au plus 10 groupes imbriqués")


def test_no_more_than_a_hundred_thousand_runs_of_words_are_read(tmp_path: Path) -> None:
    first, second = ([f"{letter}{rank}" for rank in range(count)] for letter, count in (("a", 100), ("b", 990)))
    # The words of the groups count too: 100 + 990 + 100 × 990.
    text = TERM.format("{premier} {second}") + f"[groupes]\npremier = {first}\nsecond = {second}\n"
    (problem,) = told(tmp_path, text).problems
    assert problem.where == "lexique.toml:4 (terme[1].mots)"
    assert problem.found == "'{premier} {second}'"
    assert problem.expected == "phrases that yield at most 100000 sequences of words in all"
    assert problem.expected_fr == "des tournures qui donnent au plus 100000 suites de mots en tout"


def test_a_group_stands_for_each_of_its_phrases(tmp_path: Path) -> None:
    text = TERM.format("{cuire} pain") + "[groupes]\ncuire = ['cuire', 'mettre au {four}']\nfour = ['four', 'feu']\n"
    texts = ["cuire pain", "mettre au four pain", "mettre au feu pain", "pain", "four pain", "mettre au pain"]
    assert classify(texts, load(tmp_path, text))["workshop"].to_list() == ["cuisine"] * 3 + [None] * 3


def test_problems_come_in_the_order_of_groups_terms_contexts_and_turns(tmp_path: Path) -> None:
    text = """
[tournures]
refus = ["{h}"]
negation = ["{g}"]
[[contexte]]
nom = "x"
ensembles = ["{f} + x"]
mots = ["{e}"]
[[terme]]
atelier = "cuisine"
niveau = "fort"
ensembles = ["{d} + x"]
mots = ["{c}"]
[groupes]
a = ["{b}"]
"""
    assert [(problem.where, problem.found) for problem in told(tmp_path, text).problems] == [
        ("lexique.toml:15 (groupes.a)", "'b'"),
        ("lexique.toml:13 (terme[1].mots)", "'c'"),
        ("lexique.toml:12 (terme[1].ensembles)", "'d'"),
        ("lexique.toml:8 (contexte[1].mots)", "'e'"),
        ("lexique.toml:7 (contexte[1].ensembles)", "'f'"),
        ("lexique.toml:4 (tournures.negation)", "'g'"),
        ("lexique.toml:3 (tournures.refus)", "'h'"),
    ]


@pytest.mark.parametrize(
    ("taken", "words", "texts", "reasons"),
    [
        ([], "four pain", ["four à pain", "pas besoin de four pain"], ["no_term", None]),
        (["mots_vides"], "four pain", ["four à pain", "four à grand pain"], [None, "no_term"]),
        ([], "maire", ["maire", "mairie"], [None, None]),
        (["invariables"], "maire", ["maire", "mairie"], [None, "no_term"]),
        (
            ["tournures"],
            "four",
            ["besoin de four", "pas besoin four", "four déjà fait"],
            [None, "negated", "already_has"],
        ),
    ],
)
def test_each_part_is_taken_over_by_itself(
    tmp_path: Path, taken: list[str], words: str, texts: list[str], reasons: list[str | None]
) -> None:
    found = classify(texts, load(tmp_path, f"reprend = {taken}\n{TERM.format(words)}"))
    assert found["reason"].to_list() == reasons


@pytest.mark.parametrize(
    ("taken", "own", "text", "alone", "whole"),
    [
        ("mots_vides", "mots_vides = ['grand']", "four à grand pain", "no_term", None),
        ("tournures", "tournures.deja = ['livré']", "four pain livré", "already_has", "already_has"),
        ("tournures", "tournures.deja = ['livré']", "four pain déjà fait", None, "already_has"),
    ],
)
def test_what_a_lexicon_says_itself_is_added(  # noqa: PLR0913, PLR0917 - what is written, and read without and with it
    tmp_path: Path, taken: str, own: str, text: str, alone: str | None, whole: str | None
) -> None:
    for head, reason in (("", alone), (f"reprend = ['{taken}']\n", whole)):
        lexicon = load(tmp_path, f"{head}{own}\n{TERM.format('four pain')}")
        assert classify([text], lexicon)["reason"].to_list() == [reason]
