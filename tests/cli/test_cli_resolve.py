"""``prai-match resolve``: every row comes back, with a code or with what a person must decide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from prai_match import io

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from goldens import Golden

NAMES = """\
Bénéficiaire;Département;Montant
FOIX;09;1250,50
Mairie de Pamiers;09;3
Saint-Rémy;;4
SIVOM de la Vallée;09;5
=cmd();09;6
"""


@pytest.fixture
def names() -> Path:
    path = Path("noms.csv")
    path.write_bytes(NAMES.encode("cp1252"))
    return path


def rows(text: str) -> list[list[str]]:
    return [line.split(";") for line in text.replace("\r\n", "\n").splitlines()]


def test_it_answers_beside_the_columns_of_the_file(prai: Callable[..., Result], names: Path) -> None:
    shown = prai("resolve", names, "--column", "beneficiaire")
    assert shown.exit_code == 1
    header, *found = rows(shown.stdout)
    assert header == [
        "Bénéficiaire", "Département", "Montant",
        "code officiel", "nom officiel", "nature", "statut", "score", "motif", "précision", "candidats",
    ]  # fmt: skip
    assert [row[:3] for row in found[:4]] == rows(NAMES)[1:5]
    assert found[0][3:8] == ["09122", "Foix", "commune", "exact", "100"]
    assert found[1][3:5] == ["09225", "Pamiers"]
    assert found[2][6] == "à choisir"
    assert found[2][10].count(" | ") == 4
    assert found[3][6] == "hors référentiel"
    assert found[4][0] == "'=cmd()"
    assert found[4][6] == "inconnu"


def test_counts_are_said_apart_from_the_result(prai: Callable[..., Result], golden: Golden, names: Path) -> None:
    for lang in ("fr", "en"):
        golden(f"resolve_{lang}.txt", prai("resolve", names, "--column", "Bénéficiaire", "--lang", lang).stderr)


def test_it_leaves_with_0_where_all_are_recognised(prai: Callable[..., Result]) -> None:
    Path("n.csv").write_text("Nom;Dep\nFoix;09\nSIVOM de la Vallée;09\n", "utf-8")
    shown = prai("resolve", "n.csv", "--column", "Nom", "--lang", "en")
    assert shown.exit_code == 0
    assert [row[5] for row in rows(shown.stdout)] == ["status", "exact", "not_a_collectivity_here"]


def test_programs_read_identifiers(prai: Callable[..., Result], names: Path) -> None:
    for lang in ("fr", "en"):
        shown = prai("resolve", names, "--column", "Bénéficiaire", "--out", "r.json", "--lang", lang)
        assert shown.exit_code == 1
        assert shown.stdout == ""
        found = json.loads(Path("r.json").read_text("utf-8"))
        assert len(found) == 5
        assert list(found[0])[3:] == [
            "code", "name", "kind", "status", "score", "reason", "because", "note", "candidates",
        ]  # fmt: skip
        assert found[0]["reason"] == "official_name"
        assert found[2]["status"] == "ambiguous"
        assert len(found[2]["candidates"]) == 5


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "ods", "parquet", "json"])
def test_what_it_writes_can_be_read_and_resolved_again(prai: Callable[..., Result], names: Path, suffix: str) -> None:
    assert prai("resolve", names, "--column", "Bénéficiaire", "--out", f"a.{suffix}").exit_code == 1
    assert prai("resolve", f"a.{suffix}", "--column", "Bénéficiaire", "--out", "b.json").exit_code == 1
    found = json.loads(Path("b.json").read_text("utf-8"))
    assert [row["Bénéficiaire"] for row in found][::4] == ["FOIX", "=cmd()"]


def test_rows_that_cant_be_split_come_back_in_their_place(prai: Callable[..., Result]) -> None:
    Path("f.csv").write_text("Nom;Dep\nFoix;09\nFoix;09;trop;de;cellules\nPamiers;09\n", "utf-8")
    for lang, said in (
        ("fr", "n’a pas pu être découpée en cellules (attendu : au plus autant de cellules que dans l’en-tête)."),
        ("en", "could not be split into cells (expected: at most as many cells as in the header)."),
    ):
        shown = prai("resolve", "f.csv", "--column", "Nom", "--lang", lang, "--out", "f.xlsx")
        assert shown.exit_code == 1
        assert prai("resolve", "f.csv", "--column", "Nom", "--lang", lang, "--out", "f.json").exit_code == 1
        found = json.loads(Path("f.json").read_text("utf-8"))
        assert [row["code"] for row in found] == ["09122", None, "09225"]
        assert "trop" in found[1]["Nom"]
        assert found[1]["reason"] == "unreadable_row"
        assert said in found[1]["because"]


def test_names_of_several_columns_are_combined(prai: Callable[..., Result]) -> None:
    Path("n.csv").write_text("Forme;Nom;Dep\nCommune de;Foix;09\n;Pamiers;09\n", "utf-8")
    shown = prai("resolve", "n.csv", "--column", "Forme", "--column", "Nom")
    assert shown.exit_code == 0
    assert [row[3] for row in rows(shown.stdout)[1:]] == ["09122", "09225"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), None, "Département lu dans la colonne « Dép » (pour en changer : --department)"),
        (("--department", "Autre"), "81271", ""),
        (("--department", "autre"), "81271", ""),
        (("--department", "Tarn"), "81271", ""),
        (("--department", "81"), "81271", ""),
        (("--department", ""), "81271", ""),
    ],
)
def test_the_departement_is_a_column_or_a_value(
    prai: Callable[..., Result], options: tuple[str, ...], code: str | None, said: str
) -> None:
    Path("n.json").write_text('[{"Nom": "Saint-Sulpice-la-Pointe", "Dép": "09", "Autre": 81}]', "utf-8")
    shown = prai("resolve", "n.json", "--column", "Nom", "--out", "r.json", *options)
    (row,) = json.loads(Path("r.json").read_text("utf-8"))
    assert (row["code"], row["reason"]) == (code, "official_name" if code else "elsewhere")
    assert shown.exit_code == (0 if code else 1)
    assert [line for line in shown.stderr.splitlines() if "Département lu" in line] == [said] * bool(said)


def test_what_is_neither_a_column_nor_a_departement_is_refused(prai: Callable[..., Result], names: Path) -> None:
    shown = prai("resolve", names, "--column", "Bénéficiaire", "--department", "Atlantide")
    assert shown.exit_code == 2
    assert "« Atlantide » n’est ni une colonne ni un département" in shown.stderr


def test_a_kind_may_be_asked_for(prai: Callable[..., Result]) -> None:
    Path("n.csv").write_text("Nom\nAriège\n", "utf-8")
    shown = prai("resolve", "n.csv", "--column", "Nom", "--kind", "departement", "--lang", "en")
    assert rows(shown.stdout)[1][1:4] == ["09", "Ariège", "departement"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_unknown_column_is_told_with_those_of_the_file(
    prai: Callable[..., Result], golden: Golden, names: Path, lang: str
) -> None:
    shown = prai("resolve", names, "--column", "Benefciaire", "--lang", lang)
    assert shown.exit_code == 2
    golden(f"unknown_column_{lang}.txt", shown.stderr)


def test_a_label_that_stands_twice_is_not_chosen_from(prai: Callable[..., Result]) -> None:
    Path("n.csv").write_text("Nom;nom;Nom\nFoix;Pamiers;Lavelanet\n", "utf-8")
    shown = prai("resolve", "n.csv", "--column", "Nom")
    assert shown.exit_code == 2
    assert "plusieurs colonnes « Nom »" in shown.stderr
    assert rows(prai("resolve", "n.csv", "--column", "nom").stdout)[0][:3] == ["Nom", "nom", "Nom (2)"]
    assert prai("resolve", "n.csv", "--column", "NOM").exit_code == 2


def test_columns_of_the_file_keep_their_names(prai: Callable[..., Result]) -> None:
    Path("n.json").write_text('[{"nom officiel": "Foix", "": "x", "statut": "y"}]', "utf-8")
    header, row = rows(prai("resolve", "n.json", "--column", "nom officiel").stdout)
    assert header[:3] == ["nom officiel", "(2)", "statut"]
    assert header[4] == "nom officiel (2)"
    assert row[:3] == ["Foix", "x", "y"]


def test_a_sheet_is_found_or_asked_for(prai: Callable[..., Result]) -> None:
    workbook = pytest.importorskip("xlsxwriter").Workbook("deux.xlsx")
    for name, label in (("Lisez-moi", "Texte"), ("Noms", "Commune"), ("Autres", "Commune")):
        sheet = workbook.add_worksheet(name)
        sheet.write_column(0, 0, [label, "Foix" if name == "Noms" else "Pamiers"])
    workbook.close()
    assert "09122" in prai("resolve", "deux.xlsx", "--column", "Commune", "--sheet", "Noms").stdout
    assert prai("resolve", "deux.xlsx", "--column", "Texte").exit_code == 0
    shown = prai("resolve", "deux.xlsx", "--column", "Commune")
    assert shown.exit_code == 2
    assert "Lisez-moi, Noms, Autres" in shown.stderr
    shown = prai("resolve", "deux.xlsx", "--column", "Commune", "--sheet", "Nom")
    assert shown.exit_code == 2
    assert "vouliez-vous dire Noms ?" in shown.stderr


def test_titles_are_set_aside_and_told(prai: Callable[..., Result]) -> None:
    Path("n.csv").write_text("Liste des communes;\n;\nNom de la commune;Dep\nFoix;09\nPamiers;09\n", "utf-8")
    shown = prai("resolve", "n.csv", "--column", "Nom de la commune", "--lang", "en")
    assert shown.exit_code == 0
    assert len(rows(shown.stdout)) == 3
    assert "set aside" in shown.stderr


@pytest.mark.parametrize("name", ["absent.csv", "vide.csv", "image.png", "faux.xlsx"])
def test_a_file_that_cant_be_read_is_told(prai: Callable[..., Result], name: str) -> None:
    if name != "absent.csv":
        Path(name).write_bytes(b"" if name == "vide.csv" else b"\x89PNG\r\n\x1a\n\0\0")
    for command in ("resolve", "classify"):
        shown = prai(command, name, "--column", "x")
        assert shown.exit_code == 3
        assert shown.stdout == ""
        assert name in shown.stderr


def test_the_file_that_is_read_is_not_written_over(prai: Callable[..., Result], names: Path) -> None:
    shown = prai("resolve", names, "--column", "Bénéficiaire", "--out", names)
    assert shown.exit_code == 2
    assert names.read_bytes() == NAMES.encode("cp1252")


def test_types_that_are_no_text_are_read_or_told(prai: Callable[..., Result]) -> None:
    frame = pl.DataFrame({"nom": ["Foix"], "cp": [9000], "listes": [[["x"]]]})
    frame.drop("listes").write_parquet("n.parquet")
    assert "09122" in prai("resolve", "n.parquet", "--column", "nom").stdout
    frame.write_parquet("listes.parquet")
    shown = prai("resolve", "listes.parquet", "--column", "listes")
    assert shown.exit_code == 3
    assert "listes" in shown.stderr


def test_no_name_commands_the_terminal_or_a_spreadsheet(
    prai: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = ["\x1b[2JFoix", "=1+1", "@SUM(A1)", "-2", "+3", "\u202eFoix", "<script>", "A" * 5000]
    io.write(pl.DataFrame({"Nom \x1b[31m": hostile}), "h.parquet")
    shown = prai("resolve", "h.parquet", "--column", "nom 31m")
    cells = [row[0] for row in rows(shown.stdout)][2:6]
    assert cells == ["'=1+1", "'@SUM(A1)", "'-2", "'+3"]
    monkeypatch.setattr("prai_match.cli._table.read_by_a_person", lambda: True)
    shown = prai("resolve", "h.parquet", "--column", "nom 31m")
    assert shown.exit_code == 1
    assert not {"\x1b", "\u202e"} & set(shown.output)
    assert "\x1b" not in prai("resolve", "h.parquet", "--column", "x").output


def test_a_person_sees_the_rows_to_decide(
    prai: Callable[..., Result], golden: Golden, names: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prai_match.cli._table.read_by_a_person", lambda: True)
    for lang in ("fr", "en"):
        golden(f"resolve_shown_{lang}.txt", prai("resolve", names, "--column", "Bénéficiaire", "--lang", lang).stdout)
    assert prai("resolve", names, "--column", "Bénéficiaire", "--out", "-").stdout.startswith("Bénéficiaire;")
    Path("m.csv").write_text("Nom\n" + "Introuvable-sous-Bois\n" * 45, "utf-8")
    assert "… lignes non affichées : 5" in prai("resolve", "m.csv", "--column", "Nom").stdout
