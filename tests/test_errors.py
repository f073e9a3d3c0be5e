"""What an error says, in both languages, as text and as data."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest

import prai_match
from prai_match import PolicyError, PraiError, Problem, ProgrammeError, UnknownCodeError

PROBLEM = Problem("needs.csv:3", "nothing", "a valid date", "une date valide", "rien")


def kinds() -> list[str]:
    """What the library says isn't known, where the kind is written out."""
    calls = (
        node
        for file in sorted(Path(prai_match.__file__).parent.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "UnknownCodeError"
    )
    given = (call.args[0] if call.args else call.keywords[0].value for call in calls)
    return sorted({kind.value for kind in given if isinstance(kind, ast.Constant) and isinstance(kind.value, str)})


@pytest.mark.parametrize("kind", [*kinds(), "relay partner", "trainer", "workshop", "former_commune"])
def test_what_is_not_known_is_said_in_french(kind: str) -> None:
    said = UnknownCodeError(kind, "T22", ["T2"]).text("fr")
    assert said.endswith(" : 'T22' ; vouliez-vous dire T2 ?")
    assert "inconnu" in said
    assert {"collectivity", "territory", "language"}.isdisjoint(said.split())


def test_what_is_not_known_agrees_in_gender() -> None:
    assert UnknownCodeError("commune", "31999").text("fr") == "commune inconnue : '31999'"
    assert str(UnknownCodeError("commune", "31999")) == "unknown commune: '31999'"


def test_a_kind_of_others_is_said_as_it_is() -> None:
    assert UnknownCodeError("canton", 4).text("fr") == "canton inconnu : 4"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_little_of_a_long_value_is_repeated_and_no_line_is_broken(lang: prai_match.errors.Lang) -> None:
    said = UnknownCodeError("territory", "x\n" * 100_000).text(lang)
    assert len(said) < 120
    assert "\n" not in said


def test_every_error_says_itself_in_french_where_it_knows_how() -> None:
    assert PraiError("a folder", "un dossier").text("fr") == "un dossier"
    assert PraiError("a folder", "un dossier").text() == "a folder"
    assert PraiError("a folder").text("fr") == "a folder"
    assert ProgrammeError("changes", [PROBLEM]).text("fr").startswith("changements : 1 problème\n")
    assert PolicyError("règles.toml", [PROBLEM]).text("fr").startswith("règles.toml : 1 problème\n")


@pytest.mark.parametrize(
    "error",
    [PraiError("a folder", "un dossier"), ProgrammeError("changes", [PROBLEM]), UnknownCodeError("axis", "x", ["y"])],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_whole_on_the_other_side_of_a_process(error: PraiError) -> None:
    after = pickle.loads(pickle.dumps(error))  # noqa: S301 - just pickled
    assert type(after) is type(error)
    for lang in ("fr", "en"):
        assert after.to_json(lang) == error.to_json(lang)


def test_an_error_as_data() -> None:
    assert PraiError("a folder", "un dossier").to_json("fr") == {
        "message": "un dossier",
        "problems": [],
        "suggestions": [],
    }
    assert ProgrammeError("changes", [PROBLEM]).to_json("fr")["problems"] == [
        {"where": "needs.csv:3", "found": "rien", "expected": "une date valide"}
    ]
    assert ProgrammeError("changes", [PROBLEM]).to_json()["problems"] == [
        {"where": "needs.csv:3", "found": "nothing", "expected": "a valid date"}
    ]
    assert UnknownCodeError("axis", "x", ["y"]).to_json()["suggestions"] == ["y"]
