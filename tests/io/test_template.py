"""The folder to begin a programme with: it loads whole, and is never written over something."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

from prai_match import Programme, ProgrammeError, UnknownCodeError, io
from prai_match.io._schema import TABLES
from prai_match.model import substitute

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match.errors import Lang

ON = dt.date(2027, 1, 11)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_row_loads_and_every_territory_has_a_recommendation(tmp_path: Path, lang: Lang) -> None:
    programme = Programme.load(io.template(tmp_path / "mine", lang), strict=True)
    report = programme.load_report
    assert report
    assert report.rejected == 0
    assert set(report.tables()["table"]) == {table.name for table in TABLES}
    assert set(report.headers()["how"]) <= {"name", "synonym"}
    assert {rec.session for rec in programme.recommend(on=ON)} == {"site_internet", "dematerialisation"}


def test_the_two_languages_tell_the_same_programme(tmp_path: Path) -> None:
    french, english = (Programme.load(io.template(tmp_path / lang, lang)) for lang in ("fr", "en"))
    same = {"organisation", "role"}
    rest = [substitute(each, trainers=(), decisions=()) for each in (french, english)]
    assert rest[0] == rest[1]
    assert [each.model_dump(exclude={"why"}) for each in french.decisions] == [
        each.model_dump(exclude={"why"}) for each in english.decisions
    ]
    for one, other in zip(french.trainers, english.trainers, strict=True):
        assert one.model_dump(exclude=same) == other.model_dump(exclude=same)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_presents_every_file(tmp_path: Path, lang: Lang) -> None:
    folder = io.template(tmp_path, lang)
    (page,) = folder.glob("*.md")
    told = set(re.findall(r"`(\w+\.csv)` \|", page.read_text("utf-8")))
    assert told == {path.name for path in folder.glob("*.csv")}


def test_tables_open_in_a_french_spreadsheet(tmp_path: Path) -> None:
    for path in io.template(tmp_path, "fr").glob("*.csv"):
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\n") == data.count(b"\r\n") > 1


def test_an_empty_folder_is_filled_and_another_refused(tmp_path: Path) -> None:
    io.template(tmp_path, "fr")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ProgrammeError, match=r"found LISEZMOI.md, besoins.csv, .*…, expected a new or empty folder"):
        io.template(tmp_path, "en")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    with pytest.raises(ProgrammeError, match="found a file") as caught:
        io.template(tmp_path / "besoins.csv")
    assert "un fichier ; il faut un dossier nouveau ou vide" in caught.value.text("fr")
    with pytest.raises(UnknownCodeError, match="language"):
        io.template(tmp_path / "other", "de")  # type: ignore[arg-type]


def territories(tmp_path: Path, text: str) -> Programme:
    folder = io.template(tmp_path / "mine", "fr")
    (folder / "territoires.csv").write_text(text, "utf-8")
    return Programme.load(folder, strict=True)


def test_a_territory_is_completed_from_the_register(tmp_path: Path) -> None:
    programme = Programme.load(io.template(tmp_path, "fr"))
    figeac = programme.territories[0]
    assert (figeac.departement, figeac.population) == ("46", 44_038)
    assert figeac.members == ("200067361", "46015", "46045", "46102", "46143")
    assert (round(figeac.latitude, 1), round(figeac.longitude, 1)) == (44.6, 2.0)


def test_what_a_territory_says_itself_is_kept(tmp_path: Path) -> None:
    programme = territories(
        tmp_path,
        "SIREN;Nom;Membres;Population;Latitude;Longitude\n"
        "200067361;Notre Grand-Figeac;200067361 46015 46045 46143;1000;44,5;1,9\n"
        "200023737;;;;;\n"
        "46102;Ville de Figeac;;;;\n",
    )
    one, two, three = programme.territories
    assert one.model_dump(exclude={"attributes"}) == {
        "id": "200067361",
        "name": "Notre Grand-Figeac",
        "departement": "46",
        "members": ("200067361", "46015", "46045", "46143"),
        "population": 1000,
        "latitude": 44.5,
        "longitude": 1.9,
    }
    assert two.name == "CA du Grand Cahors"
    assert (three.members, three.population) == (("46102",), 9793)


def test_a_territory_that_the_register_cant_complete_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError) as caught:
        territories(
            tmp_path,
            "SIREN;Nom;Latitude;Longitude\n200067361;;44,5;\n200023737;Grand Cahors;;\nPAYS1;Pays;44;1\n200066231;;;\n",
        )
    told = [problem.text("fr") for problem in caught.value.problems]
    assert [line for line in told if line.startswith("territoires.csv")] == [
        "territoires.csv:2.Longitude : aucune valeur ; il faut les deux coordonnées, ou aucune des deux",
        "territoires.csv:4.departement : aucune valeur ; il faut une valeur : le référentiel n’en donne pas pour le code « PAYS1 »",
        "territoires.csv:4.population : aucune valeur ; il faut une valeur : le référentiel n’en donne pas pour le code « PAYS1 »",
        "territoires.csv:4.members : aucune valeur ; il faut les codes des collectivités du territoire : aucune de celles du programme n’en fait partie",
        "territoires.csv:5.members : aucune valeur ; il faut les codes des collectivités du territoire : aucune de celles du programme n’en fait partie",
    ]


def test_a_territory_with_the_code_of_another_epci_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError) as caught:
        territories(tmp_path, "SIREN;Nom\n200067361;CA du Grand Cahors\n200023737;Le Grand Cahors et ses communes\n")
    (told,) = (problem for problem in caught.value.problems if problem.where == "territoires.csv:2.Nom")
    assert told.text("fr").endswith(
        "« CA du Grand Cahors » ne convient pas ; il faut le nom de 200067361, CC Grand-Figeac"
    )
    assert str(told).endswith("expected the name of 200067361, CC Grand-Figeac")


def test_a_saved_programme_is_not_completed_again(tmp_path: Path) -> None:
    first = Programme.load(io.template(tmp_path / "first", "fr"))
    first.save(tmp_path / "second")
    written = pl.read_csv(tmp_path / "second" / "territories.csv", separator=";", infer_schema=False)
    assert written["population"].to_list() == ["44038", "42325"]
    assert Programme.load(tmp_path / "second") == first
