"""The catalogues of words: both languages everywhere, alike in shape, and no words that nobody says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

import pytest

import prai_match
from folder_by_hand import change
from prai_match import ProgrammeError, io

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.errors import Lang, PraiError

ROOT: Final = Path(prai_match.__file__).parent
DATA: Final = {
    "behaviour", "labels", "lexique_prai", "masks", "politique_prai", "replay", "scenarios", "texts", "vocabulary",
    "wording",
}  # fmt: skip
"""What holds other things than the words of the library: rules, columns, parameters and forms of names."""
CATALOGUES: Final = sorted(file for file in ROOT.rglob("data/*.toml") if file.stem not in DATA)

COMMON: Final = {
    "attribution", "axes", "budget", "buffet", "buffets", "catalogue", "code", "commune", "communes", "conclusion", "condition", "conditions",
    "date", "distance", "epci", "h", "hit@1", "hit@3", "invitations", "km", "licences", "min", "mrr", "ndcg", "point", "points", "polars",
    "population", "positions", "prai_match", "score", "service", "session", "sessions", "source", "suggestion", "table", "tables", "total",
    "version",
}  # fmt: skip
"""Words that both languages have."""
PROPER: Final = re.compile(r"Commission d'accès aux documents administratifs|Ariège|[Dd]éparte\w*|Dép\.|régions?")
QUOTED: Final = re.compile(r"'[^'\n]*'(?=,)")
FRENCH: Final = re.compile(r"[éèêëàâçîïôûùœ«»]|\b(des?|les?|la|une?|dans|pour|avec|est|sont|ou|où|aucun)\b")
ENGLISH: Final = re.compile(r"\b(the|of|is|are|and|with|not|from|to|no|at|found|expected)\b")

LONG: Final = 6
"""From how many characters on a piece of a text is only of its language."""


def plain(text: Any) -> str:
    """A text; the forms or the lines of one that has several, each on its line."""
    return text if isinstance(text, str) else "\n".join(text.values() if isinstance(text, dict) else text)


def leaves(tree: dict[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    """The texts of a catalogue, each with its place."""
    if tree.keys() & {"fr", "en"}:
        assert tree.keys() >= {"fr", "en"}, path
        yield path, plain(tree["fr"]), plain(tree["en"])
        return
    for key, value in tree.items():
        yield from leaves(value, f"{path}.{key}")


def texts() -> list[tuple[str, str, str]]:
    """All the texts."""
    files = ((file, tomllib.loads(file.read_text("utf-8"))) for file in CATALOGUES)
    return [leaf for file, tree in files for leaf in leaves(tree, str(file.relative_to(ROOT)))]


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def bare(text: str) -> str:
    """A text without what stands in braces, and without names that are French in both languages."""
    return PROPER.sub("", "".join(part for part, *_ in Formatter().parse(text)))


def words(text: str) -> set[str]:
    """The words of a text."""
    return set(re.findall(r"[^\W\d][\w@]*", bare(text).lower()))


def test_each_text_stands_in_both_languages_with_the_same_values() -> None:
    assert [where for where, fr, en in texts() if not fr or not en] == []
    assert [where for where, fr, en in texts() if fr == en and not words(fr) <= COMMON] == []
    told: dict[str, tuple[set[str], set[str]]] = {}
    for where, fr, en in texts():
        french, english = told.setdefault(re.sub(r"\.(found|expected|is)$", "", where), (set(), set()))
        french |= places(fr)
        english |= places(en)
    # The message of another library is in English only.
    assert [where for where, (fr, en) in told.items() if fr != en and "message" not in en] == []


def test_no_text_is_in_the_other_language() -> None:
    assert [(where, en) for where, _, en in texts() if FRENCH.search(bare(en))] == []
    assert [(where, fr) for where, fr, _ in texts() if ENGLISH.search(bare(fr))] == []


def pieces(lang: Lang) -> set[str]:
    """What errors say in a language and never in the other, between their values."""
    files = [file for file in CATALOGUES if file.stem in {"errors", "fields"}]
    trees = (tomllib.loads(file.read_text("utf-8")) for file in files)
    both = [leaf[1:] for tree in trees for leaf in leaves(tree, "")]
    own, others = zip(*(pair if lang == "fr" else reversed(pair) for pair in both), strict=True)
    other = "\n".join(others)
    return {part for text in own for part, *_ in Formatter().parse(text) if len(part) > LONG and part not in other}


def bad(folder: Path) -> PraiError:
    """What is said of a folder where much is wrong."""
    change(folder, "programme.toml", ('theme = "web"', 'theme = "wep"'), ('target = "site"', 'target = "decouverte"'))
    change(folder, "territories.csv", ("43,6;1,44", "nord;1,44"), ("31555 31149", "31555 Colomiez"))
    change(folder, "partners.csv", ("6;09:3 31:2", "six;09-3"))
    change(folder, "trainers.csv", ("450,50", "gratuit"), ("f2;", "f1;"))
    change(folder, "trainer_days.csv", ("02-14;no", "02-14;maybe"), ("2007-01-01;", "2007-12-01;"))
    change(folder, "needs.csv", ("site;commune", "sit;commune"), ("mail", "pigeon"), ("2007-01-10", "hier"))
    change(folder, "sessions.csv", ("s1;", ";"), ("T1", "T 9"))
    change(folder, "attendances.csv", (";s1", ";s 9"), (";3;1;", ";0;0;"))
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder, strict=True)
    return caught.value


@pytest.mark.parametrize(("lang", "other"), [("fr", "en"), ("en", "fr")])
def test_an_error_says_all_of_itself_in_one_language(folder: Path, lang: Lang, other: Lang) -> None:
    with prai_match.language(lang):
        said = str(bad(folder)).removeprefix(str(folder))
    assert any(piece in said for piece in pieces(lang))
    assert [piece for piece in pieces(other) if piece in said] == []
    strange = ENGLISH if lang == "fr" else FRENCH
    assert strange.findall(PROPER.sub("", QUOTED.sub("", said))) == []


@pytest.mark.parametrize("file", sorted(ROOT.rglob("data/errors.toml")), ids=lambda file: file.parts[-3])
def test_each_error_of_a_catalogue_is_raised_somewhere(file: Path) -> None:
    sources = "\n".join(source.read_text("utf-8") for source in file.parents[1].rglob("*.py"))
    keys = tomllib.loads(file.read_text("utf-8"))
    assert [key for key in keys if f'"{key}"' not in sources and f'"{key.partition("_")[0]}_{{' not in sources] == []
