"""What became of every row: the report, and the rejected rows that can be mended."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter

from folder_by_hand import FILES, append, change, records, settings, tables
from markup import OURS, OWN, Markup
from prai_match import ProgrammeError, UnknownCodeError, io
from prai_match.io._grids import grids
from prai_match.model import ProgrammeData
from readback import csv_rows, sheet_rows

if TYPE_CHECKING:
    from pathlib import Path

    from goldens import Golden

REPAIRS = [
    ("", "file encoding", 1, "cp1252"),
    ("", "title rows set aside", 1, ""),
    ("Commune", "labels replaced by their code", 2, "Toulouse → 31555"),
    ("Commune", "names replaced by their official code", 1, "Mairie de Colomiers → 31149"),
    ("Date de la demande", "dates not written as 2007-03-31", 3, "03/09/2007 → 2007-09-03"),
    ("Nb personnes", "whole numbers written differently", 1, "12,0 → 12"),
]
FORMATS = ["csv", "tsv", "xlsx", "ods", "parquet", "json"]


@pytest.fixture
def messy(folder: Path) -> Path:
    """A folder with titles, names, other spellings, and rows that are wrong or cite one that is."""
    change(folder, "partners.csv", ("6;09:3 31:2", "six;09:3 31:2"))
    (folder / "needs.csv").unlink()
    lines = ["Besoins de la saison;;;;", "Commune;Date de la demande;Besoin exprimé;Nb personnes;Couleur"]
    lines += ["Toulouse;03/09/2007;Un site;4;vert", "Mairie de Colomiers;3 sept. 2007;Un SIG;12,0;"]
    lines += [
        "Colomiers;31/02/2007;Un SIG;x;",
        "Saint-Rémy;03/09/2007;Un blog;;",
        "31555;2007-09-03;a;b;c;d",
        "Total;;;16;",
    ]
    (folder / "Besoins.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    (folder / "annuaire.csv").write_text("a;b\n")
    return folder


@pytest.mark.french
def test_the_report_reads_well_in_both_languages(messy: Path, golden: Golden) -> None:
    report = io.load(messy).report
    assert str(report) == report.text("fr")
    assert report.summary("en") == report.text("en").splitlines()[0]
    for lang in ("fr", "en"):
        golden(f"report_{lang}.txt", report.text(lang).replace(str(messy), "essai") + "\n")


def test_counts_add_up_and_are_those_of_the_tables(messy: Path) -> None:
    loaded = io.load(messy)
    report = loaded.report
    assert (report.read, report.accepted, report.rejected) == (21, 15, 6)
    assert report.tables().columns == ["table", "file", "format", "read", "accepted", "rejected", "repaired"]
    assert report.tables().filter(pl.col("read") != pl.col("accepted") + pl.col("rejected")).is_empty()
    assert report.tables()["repaired"].sum() == report.repaired
    accepted = dict(report.tables().select("table", "accepted").iter_rows())
    for name in ("collectivities", "territories", "partners", "trainers", "needs", "sessions", "attendances"):
        assert len(getattr(loaded.programme, name)) == accepted[name]


def test_repairs_headers_names_and_what_was_set_aside(messy: Path) -> None:
    report = io.load(messy).report
    mine = pl.col("file") == "Besoins.csv"
    assert report.repairs("en").filter(mine).drop("file").rows() == REPAIRS
    assert report.headers().filter(mine).drop("file").rows() == [
        ("Commune", "collectivity", "synonym"),
        ("Date de la demande", "date", "synonym"),
        ("Besoin exprimé", "text", "synonym"),
        ("Nb personnes", "people", "synonym"),
        ("Couleur", None, "unused"),
    ]
    assert dict(report.names().filter(mine).select("text", "rows").iter_rows()) == {
        "Toulouse": 1,
        "Mairie de Colomiers": 1,
        "Colomiers": 1,
        "Saint-Rémy": 1,
    }
    assert report.set_aside().filter(mine).drop("file").rows() == [
        (1, "title", "Besoins de la saison;;;;"),
        (8, "total", "Total;;;16;"),
    ]
    assert {frame.width for frame in (report.names(), report.rejections(), report.headers())} == {6, 4}


def test_each_reason_has_its_line_column_value_and_suggestion(messy: Path) -> None:
    rows = io.load(messy).report.rejections("en").rows()
    assert [row[:4] for row in rows] == [
        ("partners.csv", 2, "sessions_a_year", "'six'"),
        ("Besoins.csv", 5, "Date de la demande", "'31/02/2007'"),
        ("Besoins.csv", 5, "Nb personnes", "'x'"),
        ("Besoins.csv", 6, "Commune", "'Saint-Rémy'"),
        ("Besoins.csv", 7, "", "'31555;2007-09-03;a;b;c;d'"),
        ("sessions.csv", 2, "partner", "'adm31'"),
        ("attendances.csv", 2, "held", "'s1'"),
    ]
    assert str(rows[3][5]).startswith("Saint-Rémy (01) : 01385, Saint-Rémy (12) : 12242, ")


def test_what_cites_a_rejected_row_is_rejected_for_that_and_not_told_as_an_error(messy: Path) -> None:
    report = io.load(messy).report
    follow = report.rejections("en").filter(pl.col("file").is_in(["sessions.csv", "attendances.csv"]))["reason"]
    assert follow.to_list() == [
        "found 'adm31', expected an identifier defined by an accepted row: the row that defines it is rejected",
        "found 's1', expected an identifier defined by an accepted row: the row that defines it is rejected",
    ]
    french = report.rejections("fr").filter(pl.col("file") == "sessions.csv")["reason"].item()
    assert (
        french
        == "« adm31 » ne convient pas ; il faut un identifiant défini par une ligne retenue : la ligne qui le définit est rejetée"
    )
    assert not [problem for problem in report.problems if "accepted row" in problem.expected]
    with pytest.raises(ProgrammeError) as caught:
        io.load(messy, strict=True)
    assert {problem.where.partition(":")[0] for problem in caught.value.problems} == {"partners.csv", "Besoins.csv"}
    assert sorted(caught.value.problems, key=str) == sorted(report.problems, key=str)


def test_all_that_follows_from_one_row_is_rejected(folder: Path) -> None:
    change(folder, "collectivities.csv", ("31149;Colomiers;commune;31;", "31149;Colomiers;commune;31;beaucoup"))
    report = io.load(folder).report
    gone = dict(report.tables().filter(pl.col("rejected") > 0).select("table", "rejected").iter_rows())
    assert gone == {"collectivities": 1, "territories": 1, "needs": 2, "sessions": 1, "attendances": 1}
    assert [str(problem) for problem in report.problems] == [
        "collectivities.csv:3.population: 'beaucoup' is not a whole number"
    ]


def test_a_trainer_that_is_wrong_takes_its_other_rows_along(folder: Path) -> None:
    change(folder, "trainers.csv", ("450,50", "gratuit"))
    loaded = io.load(folder)
    assert [trainer.id for trainer in loaded.programme.trainers] == ["f2"]
    gone = dict(loaded.report.tables().filter(pl.col("rejected") > 0).select("table", "rejected").iter_rows())
    assert gone == {"trainers": 1, "expertise": 2, "trainer_days": 2}


def test_a_trainer_and_its_lists_that_the_model_refuses(folder: Path) -> None:
    change(folder, "trainers.csv", ("80;3;450,50", "80;-3;450,50"))
    append(folder, "expertise.csv", "f2;blog;\n")
    report = io.load(folder).report
    assert [str(problem) for problem in report.problems] == [
        "trainers.csv:2.sessions_a_month: found -3, expected a value of at least 0",
        "expertise.csv:5.session: 'blog' is not a known session",
    ]


def test_what_the_model_refuses_is_a_rejection_too(folder: Path) -> None:
    change(folder, "needs.csv", ("site;commune", "site;comune"))
    append(folder, "attendances.csv", "31555;decouverte;2006-11-20;0;0;;\n")
    report = io.load(folder).report
    assert report.rejections("en").select("file", "line", "column").rows() == [
        ("needs.csv", 5, "axis"),
        ("attendances.csv", 3, "elected"),
    ]


def test_nothing_is_saved_where_nothing_is_rejected() -> None:
    report = io.load_tables(settings(), tables(), ProgrammeData).report
    assert report.rejected == 0
    assert report.rejections().is_empty()
    assert report.save_rejected("nowhere") == ()


def test_a_notebook_shows_no_markup_of_the_files(folder: Path) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=1>"
    change(folder, "needs.csv", ("2007-02-11", hostile))
    (folder / "sessions.csv").rename(folder / "sessions.<b>.csv")
    change(folder, "sessions.<b>.csv", ("700,25", "<i>"))
    shown = io.load(folder).report._repr_html_()
    parsed = Markup(shown)
    assert {*parsed.tags} <= OURS
    assert parsed.attributes <= OWN
    assert "&lt;script&gt;alert(1)" in shown
    assert "<table" in io.load_tables(settings(), tables(), ProgrammeData).report._repr_html_()


@pytest.mark.french
def test_long_reports_are_cut_in_the_text_alone(folder: Path) -> None:
    append(folder, "needs.csv", "31555;hier;mail;x;;;\n" * 20)
    report = io.load(folder).report
    assert report.rejections().height == 20
    assert "  … et 12 autres motifs" in report.text().splitlines()
    assert "  … and 12 more reasons" in report.text("en").splitlines()
    assert report.text().count("hier") == 8


def test_other_languages_are_refused(folder: Path) -> None:
    report = io.load(folder).report
    for told in (report.text, report.summary, report.rejections, report.repairs):
        with pytest.raises(UnknownCodeError, match="unknown language: 'de'; did you mean fr, en"):
            told("de")  # type: ignore[arg-type]
    with pytest.raises(UnknownCodeError, match="unknown language"):
        report.save_rejected(folder / "r", "de")  # type: ignore[arg-type]


HOSTILE = ["=1+1", "@x", "-2", "'=1", "+33 5", 'a;b\n"c"', "\t=1"]


def written(folder: Path, suffix: str) -> tuple[Path, io.LoadReport]:
    """The needs in a format, some of them wrong, beside the other tables; and their report."""
    rows = [{"Commune": "31555", "Date": "hier", "Texte": text, "": "x"} for text in HOSTILE]
    rows[1:1] = [{"Commune": "31149", "Date": "03/09/2007", "Texte": "Un SIG", "": ""}]
    (folder / "needs.csv").unlink()
    path = folder / f"Besoins.{suffix}"
    io.write(pl.DataFrame(rows), path)
    return path, io.load(folder).report


@pytest.mark.parametrize("suffix", FORMATS)
def test_rejected_rows_are_mended_and_loaded_again(folder: Path, suffix: str) -> None:
    _, report = written(folder, suffix)
    assert report.rejected == len(HOSTILE)
    (saved,) = report.save_rejected(folder, "fr")
    assert saved == folder / f"Besoins.rejets.{suffix}"
    (again,) = grids(saved)
    assert again.header == ("Commune", "Date", "Texte", "(4)", "motif")
    assert set(again.cells["4"]) == {"Date\xa0: « hier » n’est pas une date valable (écrivez par exemple 31/03/2007)"}
    # Loaded as they are, they are rejected again, for the same reason; nothing is read twice.
    twice = io.load(folder).report
    assert (twice.read, twice.rejected) == (report.read + len(HOSTILE), 2 * len(HOSTILE))
    frame = pl.DataFrame({label: again.cells[str(place)] for place, label in enumerate(again.header)})
    text = frame["Texte"] if suffix not in {"csv", "tsv"} else pl.Series("Texte", HOSTILE)
    io.write(frame.with_columns(text, Date=pl.lit("3 septembre 2007")), saved)
    programme = io.load(folder).programme
    assert sorted(need.text for need in programme.needs) == sorted(["Un SIG", *HOSTILE])
    assert {need.date for need in programme.needs} == {dt.date(2007, 9, 3)}
    fixed = io.load(folder).report
    assert fixed.rejected == len(HOSTILE)
    assert fixed.tables().filter(pl.col("file").str.starts_with("Besoins.rejets"))["rejected"].to_list() == [0]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ods"])
def test_rejected_cells_stay_no_formulas(folder: Path, tmp_path_factory: pytest.TempPathFactory, suffix: str) -> None:
    _, report = written(folder, suffix)
    (saved,) = report.save_rejected(tmp_path_factory.mktemp("r") / "new", "en")
    rows: list[list[Any]] = csv_rows(saved.read_bytes()) if suffix == "csv" else sheet_rows(saved.read_bytes())
    assert saved.name == f"Besoins.rejected.{suffix}"
    assert rows[0][-1] == "reason"
    cells = [row[2] for row in rows[1:]]
    if suffix == "csv":
        assert not [cell for cell in cells if cell[0] in "=+-@\t"]
    else:
        assert cells == HOSTILE


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_a_negative_number_of_a_rejected_row_is_still_one(folder: Path, suffix: str) -> None:
    rows = io.load(folder).programme.territories
    frame = pl.DataFrame(
        [
            {"id": each.id, "name": each.name, "departement": each.departement, "members": " ".join(each.members)}
            for each in rows
        ]
    )
    (folder / "territories.csv").unlink()
    path = io.write(
        frame.with_columns(latitude=43.5, longitude=pl.lit("-0,25"), population=pl.lit("six")),
        folder / f"territories.{suffix}",
    )
    saved, *_ = io.load(folder).report.save_rejected(folder / "mended", "en")
    path.unlink()
    mended = saved.read_text("utf-8").replace("six", "6")
    (folder / f"territories.mended.{suffix}").write_text(mended, "utf-8")
    loaded = io.load(folder, strict=True).programme
    assert {each.longitude for each in loaded.territories} == {-0.25}


def test_rows_that_have_no_cells_are_saved_whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    append(
        folder, "needs.csv", '31555;2007-01-10;mail;a;;;4;;x\n31555;hier;mail;a;;;zut\n31555;2007-01-10;mail;"never\n'
    )
    (saved,) = io.load(folder).report.save_rejected(tmp_path_factory.mktemp("r"), "en")
    header, *rows = csv_rows(saved.read_bytes())
    assert header == ["collectivity", "date", "channel", "text", "workshop", "axis", "people", "reason"]
    assert rows == [
        [
            "31555",
            "hier",
            "mail",
            "a",
            "",
            "",
            "zut",
            "date: 'hier' is not a valid date (write for example 2007-03-31); people: 'zut' is not a whole number",
        ],
        [
            "31555;2007-01-10;mail;a;;;4;;x",
            "",
            "",
            "",
            "",
            "",
            "",
            "found '31555;2007-01-10;mail;a;;;4;;x', expected at most as many cells as in the header",
        ],
        [
            '31555;2007-01-10;mail;"never',
            "",
            "",
            "",
            "",
            "",
            "",
            "found '31555;2007-01-10;mail;\"never', expected a quoted cell that is closed",
        ],
    ]


@pytest.mark.french
def test_rejected_rows_of_frames_and_records_are_saved_as_csv(tmp_path: Path) -> None:
    partners = pl.DataFrame(
        {
            "id": ["a"],
            "name": ["A"],
            "kind": ["zut"],
            "departements": [["09", "31"]],
            "hosted": [[{"departement": "09", "sessions": 1}]],
        }
    )
    needs = [{"collectivity": "31555", "date": "hier", "text": "=1"}, *records("needs")]
    given = tables(
        partners=partners,
        needs=needs,
        sessions=pl.DataFrame(records("sessions")).clear(),
        attendances=pl.DataFrame(records("attendances")).clear(),
    )
    report = io.load_tables(settings(), given, ProgrammeData).report
    first, second = report.save_rejected(tmp_path / "rejets")
    assert (first.name, second.name) == ("partners.rejets.csv", "needs.rejets.csv")
    assert csv_rows(first.read_bytes())[1][:5] == ["a", "A", "zut", "09 31", "09=1"]
    assert csv_rows(second.read_bytes())[1][:3] == ["31555", "hier", "'=1"]


def test_every_file_of_a_table_has_its_own_rejected_rows(folder: Path) -> None:
    for part in ("2007", "2008"):
        (folder / f"needs.{part}.csv").write_text(f"collectivity;date;text\n31555;hier;{part}\n", "utf-8")
    saved = io.load(folder).report.save_rejected(folder / "r", "en")
    assert [path.name for path in saved] == ["needs.2007.rejected.csv", "needs.2008.rejected.csv"]
    assert [csv_rows(path.read_bytes())[1][2] for path in saved] == ["2007", "2008"]


@pytest.mark.french
def test_rejected_rows_take_the_place_of_no_file_that_was_read(folder: Path) -> None:
    append(folder, "needs.csv", "31555;hier;mail;a;;;\n")
    (first,) = io.load(folder).report.save_rejected(folder)
    before = first.read_bytes()
    saved = io.load(folder).report.save_rejected(folder)
    assert [path.name for path in saved] == ["needs.rejets.2.csv", "needs.rejets.3.csv"]
    assert first.read_bytes() == before


@pytest.mark.french
def test_rejected_rows_have_a_name_by_which_their_table_is_known(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("r")
    bad = pl.DataFrame([{"collectivity": "31555", "date": "hier", "text": "x"}])
    (folder / "needs.csv").unlink()
    with xlsxwriter.Workbook(folder / "Besoins 2007.xlsx") as book:
        bad.write_excel(book, worksheet="Feuil1")
    (folder / "Besoins 2007.xlsx").rename(folder / "Besoins.xlsx")
    (saved,) = io.load(folder).report.save_rejected(root)
    assert saved.name == "Besoins.rejets.xlsx"
    (folder / "Besoins.rejets.xlsx").write_bytes((folder / "Besoins.xlsx").read_bytes())  # its sheet is Feuil1 too
    assert io.load(folder).report.tables().filter(pl.col("table") == "needs")["read"].to_list() == [1, 1]
    export = io.write(bad, root / "export 12:30.csv")
    (saved,) = io.load_tables(settings(), tables(needs=export), ProgrammeData).report.save_rejected(root)
    assert saved.name == "needs.rejets.csv"
    odd = io.write(bad, root / "besoins.a:b.csv")
    (saved,) = io.load_tables(settings(), tables(needs=odd), ProgrammeData).report.save_rejected(root)
    assert saved.name == "besoins.a_b.rejets.csv"


@pytest.mark.french
def test_labels_that_are_empty_or_stand_twice_have_names(folder: Path) -> None:
    (folder / "needs.csv").write_text("collectivity;date;text;;x;x;motif\n31555;hier;a;b;c;d;vieux\n", "utf-8")
    (saved,) = io.load(folder).report.save_rejected(folder / "r")
    header, row = csv_rows(saved.read_bytes())
    assert header[:6] == ["collectivity", "date", "text", "(4)", "x", "x_"]
    assert row[:6] == ["31555", "hier", "a", "b", "c", "d"]
    assert header[-1] == "motif"
    assert "« hier » n’est pas une date" in row[-1]
    assert "vieux" not in row


def test_files_of_the_folder_by_hand_are_all_read(folder: Path) -> None:
    assert io.load(folder).report.tables().height == len(FILES) - 1
