"""What an error says, in both languages, as text and as data."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import polars as pl
import pytest

import prai_match
from prai_match import PolicyError, PraiError, Problem, ProgrammeError, UnknownCodeError, io
from prai_match.errors import missing_extra

PROBLEM = Problem("needs.csv:3", "nothing", "a valid date", "une date valide", "rien")


def calls(name: str) -> list[ast.Call]:
    """Where the library makes an error of a class."""
    sources = (file.read_text("utf-8") for file in sorted(Path(prai_match.__file__).parent.rglob("*.py")))
    return [
        node
        for source in sources
        if f"{name}(" in source
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def kinds() -> list[str]:
    """What the library says isn't known, where the kind is written out."""
    given = (call.args[0] if call.args else call.keywords[0].value for call in calls("UnknownCodeError"))
    return sorted({kind.value for kind in given if isinstance(kind, ast.Constant) and isinstance(kind.value, str)})


@pytest.mark.parametrize("kind", [*kinds(), "relay partner", "trainer", "workshop", "former_commune"])
def test_what_is_not_known_is_said_in_french(kind: str) -> None:
    said = UnknownCodeError(kind, "T22", ["T2"]).text("fr")
    assert said.endswith(" : « T22 » ; vouliez-vous dire T2 ?")
    assert "inconnu" in said
    assert {"collectivity", "territory", "language"}.isdisjoint(said.split())


def test_what_is_not_known_agrees_in_gender() -> None:
    assert UnknownCodeError("commune", "31999").text("fr") == "commune inconnue : « 31999 »"
    assert str(UnknownCodeError("commune", "31999")) == "unknown commune: '31999'"


def test_a_kind_of_others_is_said_as_it_is() -> None:
    assert UnknownCodeError("canton", 4).text("fr") == "canton inconnu : 4"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_little_of_a_long_value_is_repeated_and_no_line_is_broken(lang: prai_match.errors.Lang) -> None:
    said = UnknownCodeError("territory", "x\n" * 100_000).text(lang)
    assert len(said) < 120
    assert "\n" not in said


def test_no_error_is_made_without_its_french() -> None:
    made = [*calls("PraiError"), *calls("ArgumentError")]
    assert [ast.unparse(call) for call in made if len(call.args) < 2] == []
    sources = Path(prai_match.__file__).parent.rglob("*.py")
    assert sum(file.read_text("utf-8").count("PraiError.of(") for file in sources) > 20  # they are made from catalogues


def test_an_extra_that_is_missing_is_named_in_both_languages() -> None:
    error = missing_extra("plan", "plan", "highspy")
    assert str(error) == 'to make a plan, install the extra "plan" (highspy): pip install "prai-match[plan]"'
    assert error.text("fr").startswith("pour établir un plan, installer l’extra « plan » (highspy) : pip install")
    assert "()" not in missing_extra("charts", "viz").text("fr")


def test_what_can_not_be_written_is_said_in_french(tmp_path: Path) -> None:
    table = pl.DataFrame({"score": [float("inf")], "texte": ["x" * 40_000]})
    with pytest.raises(PraiError) as caught:
        io.write(table, tmp_path / "scores.jsn")
    assert caught.value.text("fr").endswith("vouliez-vous dire json ?")
    with pytest.raises(PraiError) as caught:
        io.write(table, tmp_path / "scores.json")
    assert (
        caught.value.text("fr")
        == "le format JSON n’admet ni nombre infini ni NaN, et la colonne « score » en contient ; écrire le tableau en CSV ou en Parquet"
    )
    with pytest.raises(PraiError) as caught:
        io.write(table, tmp_path / "scores.xlsx")
    assert "au plus 32\u202f767 caractères ; la ligne 1 de la colonne « texte » en a 40\u202f000" in caught.value.text(
        "fr"
    )


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
        "schema": 2,
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
