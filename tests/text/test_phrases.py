"""What people read holds none of the phrases that have to be read twice, and French is set as French is."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import pytest

from prai_match.errors import Lang

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
PHRASES: Final = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
INPUT: Final = ("lexique", "masks", "labels")
"""Beginnings of the names of catalogues that hold what people write, not what they read."""
BILINGUAL: Final = ("midi_pyrenees.md", "occitanie_2026.md", "replay.md", "planning.md", "simulation.md")
CODE: Final = re.compile(r"^```.*?^```$|`[^`]+`|\]\([^)]*\)|<[^>]*>", re.MULTILINE | re.DOTALL)


def leaves(tree: Any, lang: Lang, *, own: bool = False) -> Iterator[str]:
    """The texts of a catalogue in a language."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, lang, own=key == lang if key in get_args(Lang) else own)
    elif isinstance(tree, list):
        for value in tree:
            yield from leaves(value, lang, own=own)
    elif isinstance(tree, str) and own:
        yield tree


def docstrings(file: Path) -> Iterator[str]:
    """The docstrings of a module, also those under attributes."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


def cells(file: Path) -> str:
    """What is written in a notebook."""
    notebook = json.loads(file.read_text("utf-8"))
    return "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


@cache
def written(lang: Lang) -> dict[str, str]:
    """All that people read in a language, by file."""
    catalogues = [
        file
        for folder in ("src", "scripts")
        for file in (ROOT / folder).rglob("*.toml")
        if not file.name.startswith(INPUT)
    ]
    texts = {file: "\n".join(leaves(tomllib.loads(file.read_text("utf-8")), lang)) for file in catalogues}
    pages = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "src").rglob("*.md")]
    for page in pages:
        french = "fr" in page.parts or page.parent.parent.name == "data"
        if french == (lang == "fr") or page.name in BILINGUAL:
            texts[page] = page.read_text("utf-8")
    for file in (ROOT / "examples").rglob("*.ipynb"):
        if (file.name == "premiere_recommandation.ipynb") == (lang == "fr"):
            texts[file] = cells(file)
    if lang == "en":
        sources = (file for folder in ("src", "scripts", "examples") for file in (ROOT / folder).rglob("*.py"))
        texts |= {file: "\n".join(docstrings(file)) for file in sources}
    return {file.relative_to(ROOT).as_posix(): text for file, text in texts.items()}


@pytest.mark.parametrize("lang", get_args(Lang))
def test_no_phrase_that_is_read_twice_is_written(lang: Lang) -> None:
    bad = "|".join(map(re.escape, sorted(PHRASES[lang], key=len, reverse=True)))
    pattern = re.compile(rf"(?<!\w)(?:{bad})(?!\w)", re.IGNORECASE)
    found = {file: sorted(set(pattern.findall(re.sub(r"\s+", " ", text)))) for file, text in written(lang).items()}
    assert {file: phrases for file, phrases in found.items() if phrases} == {}


def test_each_phrase_has_a_better_one_that_is_not_bad_itself() -> None:
    for phrases in PHRASES.values():
        assert [bad for bad, good in phrases.items() if good.casefold() in map(str.casefold, phrases) or not good] == []


def test_french_has_its_own_apostrophes() -> None:
    typed = re.compile(r"\b\w*[A-Za-zÀ-ÿ]'(?!s\b)[A-Za-zÀ-ÿ«{]\w*")  # the glossary has English words too
    texts = ((file, CODE.sub("", text)) for file, text in written("fr").items() if Path(file).name not in BILINGUAL)
    assert {file: found for file, text in texts if (found := typed.findall(text))} == {}


def test_french_has_its_own_quotation_marks() -> None:
    typed = re.compile(
        r"""(?<![\w='(])'[^'\n]+'(?!\w)|(?<![\w="(])"(?!prai-match\[)[^"\n]+"(?!\w)|‘[^’\n]*’|“[^”\n]*”"""
    )
    texts = ((file, CODE.sub("", text)) for file, text in written("fr").items() if file.endswith(".toml"))
    found = {file: quotes for file, text in texts if (quotes := typed.findall(text))}
    assert found == {}


NEVER_ONE: Final = {
    *("characters", "steps", "all_steps", "points", "example", "plan"),
    *("broken", "relay", "seats", "team", "trainer"),  # of two or more that want the same
    *("before", "days", "caption", "title", "on"),  # horizons, and days for which the tasks of a brief are known
}
"""What is counted only beyond a bound, or in the bundled regions."""


def test_what_is_counted_agrees_with_its_number() -> None:
    plurals = "lignes|jours|territoires|sessions|besoins|colonnes|points|mots|places|caractères|fichiers"
    counted = re.compile(
        rf"\{{(?!most|max_|horizon|needed|support|precision)\w+(?::[^}}|]*)?\}} (?:autres? )?(?:{plurals})\b"
    )  # a bound is no count
    found = []
    for file in ROOT.glob("src/prai_match/**/data/*.toml"):
        if not file.name.startswith(INPUT):
            tree = tomllib.loads(file.read_text("utf-8"))
            found += [(file.parts[-3], file.name, key) for key, text in single(tree) if counted.search(text)]
    assert [place for place in found if place[-1] not in NEVER_ONE] == []


def single(tree: dict[str, Any], key: str = "", *, in_forms: bool = False) -> Iterator[tuple[str, str]]:
    """The French texts that have no form for one, each with the key of its message."""
    for name, value in tree.items():
        if isinstance(value, dict):
            own = key if name in {"fr", "found", "expected", "is"} else name
            yield from single(value, own, in_forms=in_forms or "other" in value)
        elif name == "fr" and isinstance(value, str) and not in_forms:
            yield key, value
