"""What is wrong in files, in French: each sentence that a person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
import xlsxwriter

from folder_by_hand import append, change
from markup import Markup
from prai_match import ProgrammeError, io
from prai_match.errors import PraiError
from prai_match.io import _writing as writing
from prai_match.io._grids import grids

if TYPE_CHECKING:
    from pathlib import Path

    from goldens import Golden
    from prai_match.errors import Lang


def told(folder: Path) -> list[str]:
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder, strict=True)
    return [problem.text("fr").replace(str(folder), "essai") for problem in caught.value.problems]


def test_each_kind_of_cell_says_what_it_should_hold(folder: Path) -> None:
    change(folder, "territories.csv", ("43,6;1,44", "nord;1,44"))
    change(folder, "partners.csv", ("6;09:3 31:2", "six;09-3"))
    change(folder, "trainers.csv", ("450,50", "gratuit"))
    change(folder, "trainer_days.csv", ("02-14;no", "02-14;peut-être"))
    change(folder, "sessions.csv", ("2006-11-20", "hier"), ("s1;", ";"))
    assert told(folder) == [
        "territories.csv:2.latitude : « nord » n’est pas un nombre (écrivez par exemple 43,6)",
        "partners.csv:2.sessions_a_year : « six » n’est pas un nombre entier",
        "partners.csv:2.hosted : « 09-3 » ne convient pas ; il faut un nombre de sessions par département (par exemple 09=3 31=2)",
        "trainers.csv:2.fee : « gratuit » n’est pas un montant (écrivez par exemple 1250,50)",
        "trainer_days.csv:3.free : « peut-être » ne convient pas ; il faut oui ou non",
        "sessions.csv:2.id : aucune valeur ; il faut un code ou un identifiant",
        "sessions.csv:2.date : « hier » n’est pas une date valable (écrivez par exemple 31/03/2007)",
    ]


def test_what_a_cell_cites_is_said_by_what_it_is(folder: Path) -> None:
    change(folder, "territories.csv", ("31555 31149", "31555 Colomiez"))
    change(folder, "expertise.csv", ("f2;decouverte", "f2;dé couverte"), ("commune epci", "commune, été"))
    change(folder, "needs.csv", ("site;commune", "s î te;commune"), ("mail", "pigeon"))
    change(folder, "sessions.csv", ("T1", "T 9"), ("adm31", "adm 9é"), ("f2;700", "un autre;700"))
    change(folder, "attendances.csv", (";s1", ";s 9"))
    channels = "buffet des savoirs, atelier, visite, courriel, téléphone, enquête, internet, autre"
    assert told(folder) == [
        "territories.csv:2.members : « Colomiez » ne convient pas ; il faut une collectivité du programme (01110 n’en fait pas partie)",
        "expertise.csv:2.axes : « été » n’est pas un axe connu",
        "expertise.csv:3.session : « dé couverte » n’est pas une session connue ; vouliez-vous dire decouverte ?",
        f"needs.csv:2.channel : « pigeon » ne convient pas ; il faut l’une de ces valeurs : {channels}",
        "needs.csv:5.workshop : « s î te » n’est pas un atelier connu ; vouliez-vous dire site ?",
        "sessions.csv:2.host : « T 9 » n’est pas un territoire connu",
        "sessions.csv:2.partner : « adm 9é » n’est pas un partenaire-relais connu ; vouliez-vous dire adm31 ?",
        "sessions.csv:2.trainer : « un autre » n’est pas un intervenant connu",
        "attendances.csv:2.held : « s 9 » n’est pas une session tenue ou programmée connue",
    ]


def test_trainers_whose_tables_dont_fit(folder: Path) -> None:
    append(folder, "trainers.csv", "f3;A;B;31999;;;1\nf4;A;B;98411;;;1\nf5;A;B;46042;;;1\n")
    append(folder, "expertise.csv", "f3;site\nf4;site\n")
    french = told(folder)
    assert french.pop(0).startswith(
        "trainers.csv:4.home : « 31999 » ne convient pas ; il faut le code INSEE d’une commune, ou la latitude et la longitude ;"
    )
    assert french == [
        "trainers.csv:5.home : « 98411 » ne convient pas ; il faut la latitude et la longitude dans leurs colonnes : le référentiel ne donne pas la position de cette commune",
        "trainers.csv:6.id : « f5 » ne convient pas ; il faut au moins une ligne pour cet intervenant dans la table des compétences",
    ]


def test_files_and_settings_that_cant_be_used(folder: Path) -> None:
    change(folder, "programme.toml", ("travel_km = 45.5", "travel_km = 45.5\nsessions = []"))
    (folder / "needs.csv").rename(folder / "Neds.TSV")
    (folder / "partners.csv").write_bytes(b'id;name\n"x;y\n')
    (folder / "attendances.csv").write_bytes(b"")
    assert told(folder) == [
        "programme.toml:2.sessions : une table qui a son propre fichier ; il faut ces lignes dans sessions.csv seulement",
        "partners.csv:1 : aucune colonne « kind » ; il faut une colonne de ce nom ou d’un nom usuel",
        "partners.csv:1 : aucune colonne « departements » ; il faut une colonne de ce nom ou d’un nom usuel",
        'partners.csv:2 : « "x;y » ne convient pas ; il faut une cellule dont les guillemets sont fermés',
        "attendances.csv : un fichier vide ; il faut un tableau",
        "Neds.TSV : un fichier qui n’est pas une table ; il faut un autre nom ; vouliez-vous dire needs.tsv ?",
    ]
    (folder / "programme.toml").unlink()
    absent = "programme.toml : aucun fichier de ce nom ; il faut un fichier qui donne le nom, la période et le catalogue du programme"
    assert told(folder)[0] == absent
    (folder / "programme.toml").mkdir()
    assert told(folder)[0] == (
        "programme.toml : un dossier ; il faut un fichier ordinaire qui contienne une copie des données à lire"
    )
    asked = "il faut un dossier avec programme.toml et ses tables"
    assert told(folder / "Neds.TSV") == [f"essai : un fichier ; {asked}"]
    assert told(folder / "absent") == [f"essai : aucun dossier de ce nom ; {asked}"]


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "x.csv", "x.csv : un fichier vide ; il faut un tableau"),
        (b"a", "x", "x : aucune extension ; il faut un fichier .csv, .tsv, .txt, .xlsx, .ods, .parquet, .json"),
        (b"a", "x.doc", "x.doc : .doc ne convient pas ; il faut un fichier .csv, .tsv, .txt, .xlsx, .ods, .parquet, .json"),
        (b"1;2\n", "x.csv", "x.csv : aucune ligne d’en-tête ; il faut une ligne qui nomme les colonnes, avant les données"),
        (b"3", "x.json", "x.json : un contenu qui n’est pas un tableau JSON ; il faut un tableau d’objets, ou un objet par ligne"),
        (b"PAR1", "x.parquet", "x.parquet : un fichier endommagé ; il faut un fichier Parquet complet"),
        (b"PK\x03\x04", "x.ods", "x.ods : un fichier endommagé ; il faut un classeur .xlsx ou .ods complet, sans mot de passe"),
        (
            b"\xd0\xcf\x11\xe0", "x.xlsx",
            "x.xlsx : un ancien classeur .xls, ou un classeur protégé par un mot de passe ; il faut un classeur .xlsx ou .ods complet, sans mot de passe",
        ),
    ],
)  # fmt: skip
def test_bytes_that_hold_no_table(data: bytes, name: str, said: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        grids(data, name=name)
    assert [problem.text("fr") for problem in caught.value.problems] == [said]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (3, "t : int ne convient pas ; il faut un chemin, des octets, un tableau ou une liste de dictionnaires"),
        (pl.DataFrame(), "t : aucune colonne ; il faut un tableau avec des colonnes"),
        (
            [{f"k{number}": 1} for number in range(5_000)],
            "t : un tableau de 5000 × 5000 cellules (lignes × colonnes) ; il faut moins de colonnes, remplies sur la plupart des lignes",
        ),
    ],
)
def test_values_that_are_no_table(source: object, said: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        grids(source, name="t")
    assert [problem.text("fr") for problem in caught.value.problems] == [said]


def test_a_workbook_without_a_row_of_labels(tmp_path: Path) -> None:
    for rows, said in (
        ([], "aucune cellule remplie ; il faut une feuille avec un tableau"),
        ([[1]], "aucune ligne d’en-tête ; il faut une ligne qui nomme les colonnes, avant les données"),
    ):
        with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        with pytest.raises(ProgrammeError) as caught:
            grids(tmp_path / "x.xlsx")
        assert [problem.text("fr") for problem in caught.value.problems] == [f"x.xlsx : {said}"]


@pytest.mark.parametrize(
    ("frame", "suffix", "said"),
    [
        ({"x": [b"a"]}, "csv", "la colonne « x » ne peut pas être écrite dans des cellules : elle contient des valeurs de type Binary ; écrire le tableau en Parquet ou en JSON"),
        ({"x": [float("inf")]}, "json", "le format JSON n’admet ni nombre infini ni NaN, et la colonne « x » en contient ; écrire le tableau en CSV ou en Parquet"),
        ({"x": ["", "a\x0b"]}, "ods", "le format ODS n’admet pas le caractère U+000B (ligne 2 de la colonne « x ») ; écrire le tableau en CSV ou en Parquet"),
        (
            {"x": ["", "a" * 32_768]}, "xlsx",
            "une cellule contient au plus 32\u202f767 caractères ; la ligne 2 de la colonne « x » en a 32\u202f768 ; écrire le tableau en CSV ou en Parquet",
        ),
        (
            {str(place): [1] for place in range(16_385)}, "xlsx",
            "une feuille contient au plus 16\u202f384 colonnes, et le tableau en a 16\u202f385 ; l’écrire en CSV ou en Parquet",
        ),
        (
            {"x": [1]}, "xlx",
            "format inconnu : « xlx » ; les formats sont csv, tsv, xlsx, ods, parquet, json ; vouliez-vous dire xlsx ?",
        ),
    ],
)  # fmt: skip
def test_what_cant_be_written(frame: dict[str, list[object]], suffix: str, said: str) -> None:
    with pytest.raises(PraiError) as caught:
        writing.encoded(pl.DataFrame(frame), suffix)
    assert caught.value.text("fr") == said


def test_a_folder_that_holds_tables_already(folder: Path) -> None:
    programme = io.load(folder).programme
    (folder / "besoins.xlsx").write_bytes(b"x")
    with pytest.raises(PraiError) as caught:
        io.save(programme, folder)
    assert caught.value.text("fr") == (
        f"{folder} contient déjà des tableaux dans besoins.xlsx : les déplacer, ou enregistrer dans un autre dossier"
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_notebooks_show_what_became_of_the_rows(golden: Golden, folder: Path, lang: Lang) -> None:
    append(folder, "needs.csv", "31555;hier;mail;x;;;\n" * 12 + "Mairie de Colomiers;03/09/2007;;y;;;\n")
    change(folder, "attendances.csv", ("rating;held", "rating;held;couleur"), (";s1", ";s1;vert"))
    (folder / "notes.txt").write_text("x")
    report = io.load(folder).report
    texts = Markup(report.html(lang)).texts
    shown = "".join(f"{text.strip()}\n" for text in texts if text.strip()).replace(str(folder), "essai")
    golden(f"shown_{lang}.txt", shown)
