"""``prai-match classify``: every row comes back, with a workshop or with the reason why none is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from goldens import Golden

TEXTS = """\
Commune;Objet
Foix;refonte du site internet
Pamiers;réfection du toit
Lavelanet;
Mirepoix;dématérialisation des actes
"""


@pytest.fixture
def texts() -> Path:
    path = Path("demandes.csv")
    path.write_text(TEXTS, "utf-8")
    return path


def test_it_answers_beside_the_columns_of_the_file(prai: Callable[..., Result], golden: Golden, texts: Path) -> None:
    for lang in ("fr", "en"):
        shown = prai("classify", texts, "--column", "objet", "--lang", lang)
        assert shown.exit_code == 0
        golden(f"classify_{lang}.txt", shown.stderr)
        golden(f"classify_{lang}_csv.txt", shown.stdout)


def test_only_keeps_the_rows_classified_and_says_so(prai: Callable[..., Result], texts: Path) -> None:
    shown = prai("classify", texts, "--column", "Objet", "--only", "--out", "r.json")
    assert shown.exit_code == 0
    assert "--only : 2 sur 4" in shown.stderr
    found = json.loads(Path("r.json").read_text("utf-8"))
    assert [(row["Commune"], row["workshop"]) for row in found] == [
        ("Foix", "site_internet"),
        ("Mirepoix", "dematerialisation"),
    ]
    assert isinstance(found[0]["terms"], list)
    assert list(found[0])[2:] == ["workshop", "axis", "score", "terms", "reason", "because"]


def test_texts_of_several_columns_are_combined(prai: Callable[..., Result]) -> None:
    Path("n.csv").write_text("Objet;Précision\nrefonte;du site internet\n", "utf-8")
    assert "site_internet" in prai("classify", "n.csv", "--column", "Objet", "--column", "precision").stdout


def test_rows_that_cant_be_split_come_back(prai: Callable[..., Result]) -> None:
    Path("f.csv").write_text("Objet;Dep\nsite internet;09\nsite;09;trop;de;cellules\n", "utf-8")
    shown = prai("classify", "f.csv", "--column", "Objet", "--out", "f.json")
    assert shown.exit_code == 1
    found = json.loads(Path("f.json").read_text("utf-8"))
    assert [row["reason"] for row in found][1:] == ["unreadable_row"]


def test_the_lexicon_is_a_file_or_a_programmes(prai: Callable[..., Result], texts: Path, small: Path) -> None:
    Path("l.toml").write_text("[[terme]]\natelier = 'toiture'\nniveau = 'fort'\nmots = ['toit']\n", "utf-8")
    shown = prai("classify", texts, "--column", "Objet", "--lexicon", "l.toml", "--only")
    assert [line.split(";")[2] for line in shown.stdout.splitlines()] == ["atelier", "toiture"]
    settings = small / "programme.toml"
    assert "site_internet" in prai("classify", texts, "--column", "Objet", "--programme", small).stdout
    settings.write_text(settings.read_text("utf-8").replace("[catalogue]", '[catalogue]\nlexicon = "x.toml"'), "utf-8")
    for options in (("--lexicon", "absent.toml"), ("--programme", small)):
        shown = prai("classify", texts, "--column", "Objet", *options)
        assert shown.exit_code == 3
        assert "Erreur" in shown.stderr


def test_a_person_sees_the_requests(prai: Callable[..., Result], texts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prai_match.cli._table.read_by_a_person", lambda: True)
    shown = prai("classify", texts, "--column", "Objet")
    assert shown.stdout.splitlines() == [
        "ligne 2 : site_internet / refonte — refonte du site internet",
        "ligne 5 : dematerialisation / actes — dématérialisation des actes",
    ]
    Path("m.csv").write_text("Objet\n" + "site internet\n" * 45, "utf-8")
    assert "… lignes non affichées : 5" in prai("classify", "m.csv", "--column", "Objet").stdout
