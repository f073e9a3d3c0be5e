"""What could be lost without a word: rows that look like totals, columns without a label, choices that do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import polars as pl
import pytest

from folder_by_hand import settings, tables
from prai_match import io
from prai_match.errors import ProgrammeError, UnknownCodeError
from prai_match.model import ProgrammeData

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "Besoin;Commune;Date;Nb personnes\n"


def report_of(folder: Path, rows: str, header: str = HEADER) -> io.LoadReport:
    (folder / "needs.csv").write_text(header + rows, "utf-8")
    return io.load(folder).report


@pytest.mark.french
def test_a_row_that_only_begins_like_a_total_is_a_row(folder: Path) -> None:
    report = report_of(folder, "Ensemble;31555;12/03/2007;\nTotal;31149;12/03/2007;4\nTotal;;;16\nEnsemble;;;1 200,5\n")
    aside = report.set_aside().filter(pl.col("kind") == "total")
    assert aside["line"].to_list() == [4, 5]
    assert [read.read for read in report.reads if read.table.name == "needs"] == [2]
    assert "Lignes de total mises à part" in report.text()


@pytest.mark.french
def test_a_column_without_a_label_that_holds_something_is_told(folder: Path) -> None:
    report = report_of(folder, "SIG;31555;12/03/2007;4;rappeler\n", HEADER.strip() + ";\n")
    assert report.unused() == [("needs.csv", "colonne 5 (sans titre)")]
    assert "needs.csv: column 5 (no heading)" in report.text("en")
    assert report_of(folder, "SIG;31555;12/03/2007;4;\n", HEADER.strip() + ";\n").unused() == []


def test_notes_are_no_rating(folder: Path) -> None:
    rows = "collectivity;session;date;elected;Notes\n31555;decouverte;2006-11-20;3;à rappeler\n"
    (folder / "attendances.csv").write_text(rows, "utf-8")
    report = io.load(folder, strict=True).report
    assert report.unused() == [("attendances.csv", "Notes")]


def test_a_code_of_a_few_is_told_by_the_words_that_offices_use(folder: Path) -> None:
    (folder / "needs.csv").write_text("collectivity;date;text;Canal\n31555;2007-03-12;a;fax\n", "utf-8")
    (reason,) = io.load(folder).report.rejections("fr")["reason"]
    assert reason.startswith(
        "« fax » ne convient pas ; il faut l’une de ces valeurs : buffet des savoirs, atelier, visite, courriel,"
    )


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"need": {"Besoin": "text"}}, "table"),
        ({"needs": {"Besoin": "texte"}}, "column"),
        ({"needs": {"Besoins": "text", "Bsoin": "text"}}, "label"),
    ],
)
def test_a_choice_of_columns_that_would_do_nothing_is_refused(
    folder: Path, columns: dict[str, dict[str, str]], kind: str
) -> None:
    (folder / "needs.csv").write_text(HEADER + "SIG;31555;12/03/2007;4\n", "utf-8")
    with pytest.raises(UnknownCodeError) as caught:
        io.load(folder, columns=columns)
    assert caught.value.kind == kind
    assert caught.value.suggestions


@pytest.mark.parametrize(
    "source",
    [
        pd.Series(["31555"], name="collectivity"),
        pd.DataFrame([["31555", "SIG", "Site"]], columns=["collectivity", "text", "text"]),
    ],
)
def test_frames_of_pandas_that_are_no_table_are_refused(source: object) -> None:
    with pytest.raises(ProgrammeError):
        io.load_tables(settings(), tables(needs=source), ProgrammeData)


def test_periods_and_days_with_a_zone_are_days() -> None:
    days = pd.to_datetime(["2007-03-12", "2007-03-13"])
    for dates in (days.to_period("D"), days.tz_localize("Europe/Paris")):
        needs = pd.DataFrame({"collectivity": ["31555", "31149"], "date": dates, "text": ["a", "b"]})
        programme = io.load_tables(settings(), tables(needs=needs), ProgrammeData, strict=True).programme
        assert programme.needs.to_polars()["date"].to_list() == [day.date() for day in days]


def test_a_collectivity_whose_name_or_departement_is_not_that_of_its_code_is_rejected(folder: Path) -> None:
    rows = "code;name;kind;departement\n31555;Toulouse;commune;31\n31149;Mairie de Colomiers;commune;31\n"
    rows += "243100518;La métropole;epci;31\n09122;Toulouse;commune;\n09225;Pamiers;commune;31\n"
    (folder / "collectivities.csv").write_text(rows, "utf-8")
    report = io.load(folder).report
    reasons = report.rejections("fr").select("line", "column", "reason").rows()
    assert reasons == [
        (5, "name", "« Toulouse » ne convient pas ; il faut le nom de 09122, Foix"),
        (6, "departement", "« 31 » ne convient pas ; il faut 09, le département de 09225"),
    ]
