"""Where tables are found: parts, workbooks, titles and totals, and what is passed over with a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter

from folder_by_hand import FILES, append, change, records, settings, tables
from prai_match import ProgrammeError, io
from prai_match.model import ProgrammeData

if TYPE_CHECKING:
    from pathlib import Path

NEED = "collectivity;date;text\n31149;2007-05-02;Un SIG\n"


def workbook(path: Path, **sheets: list[list[Any]]) -> None:
    """A workbook of the sheets given."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name.replace("_", " "))
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def rows(name: str) -> list[list[Any]]:
    """A table as rows of a sheet."""
    found = records(name)
    return [list(found[0]), *(list(row.values()) for row in found)]


def problems(folder: Path, **options: Any) -> list[str]:
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder, **options)
    return [str(problem) for problem in caught.value.problems]


def test_titles_blank_rows_and_totals_are_set_aside_and_told(folder: Path) -> None:
    text = FILES["attendances.csv"].splitlines()
    (folder / "attendances.csv").unlink()
    lines = ["Feuille de présence ;;;;;;", ";;;;;;", *text, ";;;;;;", "Total;;;3;1;;", ""]
    (folder / "Participations.csv").write_text("\r\n".join(lines), "utf-8")
    loaded = io.load(folder, strict=True)
    assert len(loaded.programme.attendances) == 1
    aside = loaded.report.set_aside().select("file", "line", "kind").rows()
    assert [row for row in aside if row[0] == "Participations.csv"] == [
        ("Participations.csv", 1, "title"),
        ("Participations.csv", 2, "title"),
        ("Participations.csv", 5, "blank"),
        ("Participations.csv", 6, "total"),
    ]


def test_a_missing_column_is_told_on_the_line_of_the_header(folder: Path) -> None:
    (folder / "needs.csv").write_text("Besoins 2007\n\ncollectivity;text\n31555;Un site\n", "utf-8")
    assert problems(folder) == ["needs.csv:3: found no column 'date', expected a column with that name"]


@pytest.mark.parametrize(
    "name",
    ["besoins.csv", "Besoins.CSV", "demandes.txt", "needs.tsv", "Expression des besoins.csv", "BESOINS EXPRIMÉS.csv"],
)
def test_a_table_may_have_the_name_that_offices_give_it(folder: Path, name: str) -> None:
    expected = io.load(folder).programme
    (folder / "needs.csv").rename(folder / name)
    assert io.load(folder, strict=True).programme == expected


def test_a_table_may_have_several_files(folder: Path) -> None:
    (folder / "besoins.2007.csv").write_text(NEED, "utf-8")
    io.write(pl.DataFrame({"Mairie": ["Toulouse"], "Jour": ["3/9/07"], "Besoin": ["x"]}), folder / "besoins.2008.xlsx")
    loaded = io.load(folder, strict=True)
    assert [need.text for need in loaded.programme.needs] == [
        "Un SIG",
        "x",
        'Un site "clair"\n\npour les habitants',
        "=1+1",
    ]
    rows = loaded.report.tables().filter(pl.col("table") == "needs").select("file", "read", "accepted").rows()
    assert [(file.partition("[")[0], *counts) for file, *counts in rows] == [
        ("besoins.2007.csv", 1, 1),
        ("besoins.2008.xlsx", 1, 1),
        ("needs.csv", 2, 2),
    ]
    append(folder, "besoins.2007.csv", "31149;31/02/2007;x\n")
    change(folder, "needs.csv", ("site;commune", "site;comune"))
    assert problems(folder, strict=True) == [
        "besoins.2007.csv:3.date: '31/02/2007' is not a valid date (write for example 2007-03-31)",
        "needs.csv:5.axis: 'comune' is not a known axis of site; did you mean commune?",
    ]


def test_parts_of_a_table_may_have_other_columns(folder: Path) -> None:
    (folder / "needs.csv").unlink()
    (folder / "needs.a.csv").write_text("collectivity;date;text;people\n31555;2007-01-10;a;7\n", "utf-8")
    (folder / "needs.b.csv").write_text("collectivity;date;workshop\n31555;2007-01-10;site\n", "utf-8")
    needs = io.load(folder, strict=True).programme.needs
    assert [(need.text, need.workshop, need.people) for need in needs] == [("a", None, 7), ("", "site", None)]


def test_two_files_of_one_table_that_are_no_parts_are_refused(folder: Path) -> None:
    (folder / "besoins.csv").write_text(NEED, "utf-8")
    io.write(pl.DataFrame(records("needs")), folder / "demandes.json")
    told = "a second file for needs, expected one file, as besoins.csv, or parts such as needs.2007.csv"
    assert problems(folder) == [f"demandes.json: found {told}", f"needs.csv: found {told}"]


def test_a_workbook_with_a_sheet_for_each_table(folder: Path) -> None:
    expected = io.load(folder).programme
    names = [name.removesuffix(".csv") for name in FILES if name.endswith(".csv")]
    sheets = {"Notes": [["À lire"], ["avant tout"]]} | {name: rows(name) for name in names}
    sheets["Besoins exprimés"] = [["Besoins de la saison"], [], *sheets.pop("needs"), ["Total", 2]]
    sheets["Sessions tenues"] = sheets.pop("sessions")
    for name in names:
        (folder / f"{name}.csv").unlink()
    workbook(folder / "saison 2007.xlsx", **sheets)
    loaded = io.load(folder, strict=True)
    text = {"text": "'=1+1"}  # a sheet holds texts as they are
    needs = (expected.needs[0], expected.needs[1].model_copy(update=text))
    assert loaded.programme == expected.model_copy(update={"needs": needs})
    assert loaded.report.passed_over == ("saison 2007.xlsx[Notes]",)
    assert "saison 2007.xlsx[Besoins exprimés]" in loaded.report.tables()["file"].to_list()


@pytest.mark.parametrize("sheet", ["Feuil1", "needs", "Sessions"])
def test_an_only_sheet_is_the_table_of_its_file(folder: Path, sheet: str) -> None:
    (folder / "needs.csv").unlink()
    workbook(folder / "besoins.xlsx", **{sheet: rows("needs")})
    assert len(io.load(folder, strict=True).programme.needs) == 2


def test_a_workbook_of_several_sheets_none_of_which_is_its_table(folder: Path) -> None:
    (folder / "needs.csv").unlink()
    workbook(folder / "besoins.xlsx", **{"2007": rows("needs"), "2008": rows("needs")})
    said = "besoins.xlsx: found the sheets '2007', '2008', expected a sheet named needs, or a workbook with one sheet"
    assert problems(folder) == [said]
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder, tables={"sessions": folder / "besoins.xlsx"})
    assert [problem.text("fr") for problem in caught.value.problems] == [
        "besoins.xlsx : les feuilles « 2007 », « 2008 » ; il faut une feuille nommée needs, ou un classeur d’une seule feuille",
        "besoins.xlsx : les feuilles « 2007 », « 2008 » ; il faut une feuille nommée sessions, ou un classeur d’une seule feuille",
    ]


def test_a_workbook_given_for_a_table_gives_that_table_alone(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("other") / "saison.xlsx"
    workbook(path, Besoins=rows("needs")[:2], Sessions=rows("sessions"), Notes=[["x", "y"]])
    loaded = io.load(folder, tables={"needs": path, "sessions": path})
    assert (len(loaded.programme.needs), len(loaded.programme.sessions)) == (1, 1)
    assert loaded.report.passed_over == (
        "needs.csv",
        "saison.xlsx[Besoins]",
        "saison.xlsx[Notes]",
        "saison.xlsx[Notes]",
        "saison.xlsx[Sessions]",
        "sessions.csv",
    )


@pytest.mark.french
def test_a_table_given_besides_takes_the_place_of_its_file(folder: Path) -> None:
    loaded = io.load(folder, tables={"needs": records("needs")[:1]}, strict=True)
    assert len(loaded.programme.needs) == 1
    assert loaded.report.passed_over == ("needs.csv",)
    assert "Fichiers non lus\xa0:\n  needs.csv" in loaded.report.text()


def test_hidden_files_and_locks_are_no_matter_and_other_kinds_of_file_are_told(folder: Path) -> None:
    for name in (".needs.csv", "~$besoins.xlsx", "besoins.docx", "needs.csv.bak", "needs"):
        (folder / name).write_bytes(b"x")
    (folder / "archives").mkdir()
    assert io.load(folder, strict=True).report.passed_over == ("besoins.docx", "needs", "needs.csv.bak")


@pytest.mark.parametrize("name", ["besoins.xls", "participations.2008.XLSM"])
def test_an_old_workbook_with_the_name_of_a_table_is_not_passed_over(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"x")
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder)
    (problem,) = caught.value.problems
    assert problem.text("fr") == (
        f"{name} : un fichier {name[name.rindex('.') :]} ; il faut le même tableau, enregistré en .xlsx, .ods ou .csv"
    )


def test_files_that_are_no_table_are_told(folder: Path) -> None:
    (folder / "budget détaillé.csv").write_text("a;b\n", "utf-8")
    workbook(folder / "Annuaire.xlsx", Feuil1=[["a", "b"], ["c", "d"]])
    assert io.load(folder, strict=True).report.passed_over == ("Annuaire.xlsx[Feuil1]", "budget détaillé.csv")


def test_a_broken_workbook_is_told_whatever_its_name(folder: Path) -> None:
    (folder / "saison.xlsx").write_bytes(b"PK\x03\x04 broken")
    (told,) = problems(folder)
    assert told.startswith("saison.xlsx: found ")


def test_rows_of_settings_would_be_lost(folder: Path) -> None:
    change(folder, "programme.toml", ("travel_km = 45.5", "travel_km = 45.5\nsessions = []"))
    assert problems(folder) == [
        "programme.toml:2.sessions: found a table that has its own file, expected its rows in sessions.csv only"
    ]


def test_an_empty_list_of_records_is_an_empty_table() -> None:
    loaded = io.load_tables(settings(), tables(needs=[]), ProgrammeData, strict=True)
    assert loaded.programme.needs == ()
