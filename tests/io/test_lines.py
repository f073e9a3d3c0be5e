"""Every line of a text is told: the header, a row, what is set aside, or the continuation of a row."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from hypothesis import given, strategies as st

from folder_by_hand import settings, tables
from prai_match import io
from prai_match.errors import ProgrammeError
from prai_match.io._grids import Grid, grids
from prai_match.model import ProgrammeData
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = {"Commune", "Élus", "Date", "Besoin", "Code", "Nom"}.__contains__
LABELS = st.lists(st.sampled_from(["Commune", "Élus", "Date", "Besoin", "Code", "Nom", "autre", ""]), max_size=5)
CELLS = st.sampled_from(
    ["Foix", "", " ", "3", "03/09/2007", "Total", "Commune", "Date", '"', '""', '"a', 'b"', '"a\nb"', '"\n"', "x y"]
)
ROWS = st.lists(LABELS | st.lists(CELLS, max_size=6), max_size=45)
TEXTS = st.builds(
    lambda rows, separator, end, last: end.join(separator.join(row) for row in rows) + last,
    ROWS,
    st.sampled_from([";", ",", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\n", "\n\n"]),
)


def read(text: str, name: str = "besoins.csv") -> Grid | None:
    try:
        (grid,) = grids(text.encode(), name=name, known=KNOWN)
    except ProgrammeError:
        return None
    return grid


def lines_of(text: str) -> int:
    return len(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text))


def told(grid: Grid) -> int:
    header = int(grid.header_line is not None)
    return header + grid.cells.height + grid.faults.height + grid.set_aside.height + grid.continued


@given(TEXTS, st.sampled_from(["besoins.csv", "besoins.tsv", "besoins.txt"]))
@examples(300)
def test_every_line_of_any_text_is_told(text: str, name: str) -> None:
    grid = read(text, name)
    if grid is not None:
        assert grid.extent == lines_of(text)
        assert told(grid) == grid.extent
        places = [grid.header_line, *grid.lines, *grid.faults["line"], *grid.set_aside["line"]]
        assert len(set(places)) == len(places)


@given(st.lists(st.sampled_from(['{"Commune": "Foix"}', "{", "", "3", '{"a": 1, "a": 2}', '{"Commune": null}'])))
def test_every_line_of_json_is_told(lines: list[str]) -> None:
    text = "\n".join(['{"Commune": "Albi"}', '{"Commune": "Pau"}', *lines])
    grid = read(text, "besoins.json")
    assert grid is not None
    assert told(grid) == grid.extent == lines_of(text)


def test_the_report_tells_the_lines_of_each_file(folder: Path) -> None:
    text = 'Titre\n\nBesoin;Commune;Date\n"deux\nlignes";31555;12/03/2007\nSIG;31555;hier\nTotal;;2\n'
    (folder / "needs.csv").write_text(text, "utf-8")
    report = io.load(folder).report
    lines = report.lines()
    assert lines.filter(file="needs.csv").rows() == [("needs.csv", 7, 1, 2, 3, 1)]
    sums = lines["header"] + lines["read"] + lines["set_aside"] + lines["continued"]
    assert (lines["lines"] == sums).all()
    assert lines["read"].sum() == report.read


FIRST = "Commune;Besoin\n" + "".join(f"31555;besoin {number}\n" for number in range(12))
SECOND = "Commune;Date;Besoin;Nb personnes\n" + "".join(f"31555;0{day}/03/2007;SIG;4\n" for day in (1, 2, 3))


@pytest.mark.parametrize("between", ["", "\n", "Export du 12 mars\n", "\nExport du 12 mars\n\n", "Total;12\n"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_of_two_exports_in_one_file_the_rows_of_one_are_rejected(folder: Path, between: str, separator: str) -> None:
    (folder / "needs.csv").write_text((FIRST + between + SECOND).replace(";", separator), "utf-8")
    report = io.load(folder).report
    read = next(read for read in report.reads if read.table.name == "needs")
    assert (read.read, read.rejected) == (15, 12)
    lines = report.rejections().filter(file="needs.csv")["line"].to_list()
    assert lines == list(range(2, 14))
    assert "one table per file" in str(report.problems[0])
    with pytest.raises(ProgrammeError, match=r"needs.csv:13: found '31555.+besoin 11'"):
        io.load(folder, strict=True)


@pytest.mark.parametrize(
    ("labels", "rejected"),
    [
        ("Collectivité;Jour;Demande", [3, 4, 5, 6]),
        # With more labels it is the header, and the row above it is of the other table.
        ("Nb personnes;Besoin;Commune;Date;Canal", [2, 4, 6]),
    ],
)
def test_rows_below_a_second_header_are_rejected(folder: Path, labels: str, rejected: list[int]) -> None:
    below = "31555;12/03/2007;SIG\n4;SIG;31555;12/03/2007;courriel\n31555;12/03/2007;SIG\n"
    text = f"Commune;Date;Besoin\n31555;12/03/2007;SIG\n{labels}\n{below}"
    (folder / "needs.csv").write_text(text, "utf-8")
    report = io.load(folder).report
    assert sorted(set(report.rejections()["line"])) == rejected
    with pytest.raises(ProgrammeError):
        io.load(folder, strict=True)


def test_a_header_that_is_repeated_is_one_rejected_row(folder: Path) -> None:
    text = "Commune;Date;Besoin\n31555;12/03/2007;SIG\nCommune;Date;Besoin\n31555;13/03/2007;SIG\n"
    (folder / "needs.csv").write_text(text, "utf-8")
    report = io.load(folder).report
    assert report.rejections()["line"].to_list() == [3]
    assert len(io.load(folder).programme.needs) == 2


def test_what_stands_beyond_the_columns_of_a_sheet_is_not_lost() -> None:
    grid = read("Commune;Date\n" + ";" * 20_000 + "Foix\nPau;3\n")
    assert grid is not None
    assert grid.faults["reason"].to_list() == ["too_many_cells"]
    assert grid.cells.rows() == [("Pau", "3")]


def test_titles_stay_titles(folder: Path) -> None:
    titles = "Besoins de la saison;;\nÉdité le;12/03/2007;\nNombre de lignes;1;\nQui ?;;Quoi ?\n\n"
    (folder / "needs.csv").write_text(titles + "Commune;Date;Besoin\n31555;12/03/2007;SIG\n", "utf-8")
    report = io.load(folder, strict=True).report
    assert report.set_aside().filter(file="needs.csv")["kind"].to_list() == [*["title"] * 4, "blank"]


def test_rows_above_a_header_that_read_as_data_are_rejected() -> None:
    grid = read("Export;;\nFoix;3;03/09/2007\nAlbi;SIG;wifi\nCommune;Élus;Date\nPau;3;04/09/2007\n")
    assert grid is not None
    assert grid.faults.rows() == [(2, "Foix;3;03/09/2007", "above_header"), (3, "Albi;SIG;wifi", "above_header")]
    assert grid.cells["0"].to_list() == ["Pau"]


def needs(count: int) -> list[str]:
    return [f"31555;{1 + number % 28:02}/03/2007;besoin de site {number};4" for number in range(count)]


@pytest.mark.parametrize("closed", ['"', ' fin"', None])
@pytest.mark.parametrize("cell", [0, 2, 3])
def test_rows_that_a_quote_swallows_are_rejected(folder: Path, cell: int, closed: str | None) -> None:
    rows = needs(302)
    cells = rows[1].split(";")
    cells[cell] = f'"{cells[cell]}'
    rows[1] = ";".join(cells)
    if closed:
        rows[-1] += closed
    (folder / "needs.csv").write_text("Commune;Date;Besoin;Nb personnes\n" + "\n".join(rows) + "\n", "utf-8")
    report = io.load(folder).report
    read = next(read for read in report.reads if read.table.name == "needs")
    assert (read.read, read.rows.height) == (302, 1)
    assert report.rejections()["line"].to_list() == list(range(3, 304))
    with pytest.raises(ProgrammeError, match=r"needs.csv:3: "):
        io.load(folder, strict=True)


def test_a_quote_that_swallows_the_header_is_told() -> None:
    grid = read('Commune;"Date;Besoin\nFoix;03/09/2007;SIG\nAlbi;04/09/2007;"\nCommune;Date\nPau;3\n')
    assert grid is not None
    assert grid.cells.rows() == [("Pau", "3")]
    assert grid.faults["line"].to_list() == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "Site internet, à refaire ;\nwifi ; messagerie ; SIG",
        "- un site\n- du wifi\n",
        "a;b\nc",
        "Bonjour,\n\nmerci ; bien",
    ],
)
def test_a_text_of_several_lines_stays_one(text: str) -> None:
    quoted = '"' + text + '"'
    grid = read(f"Commune;Date;Besoin\nFoix;3;{quoted}\n{quoted};4;x\nAlbi;5;y\n")
    assert grid is not None
    assert grid.faults.height == 0
    assert grid.cells["2"].to_list() == [text, "x", "y"]


@pytest.mark.parametrize("limit", [10, 1_000, 10_000_000])
def test_the_host_decides_nothing_of_what_is_read(limit: int) -> None:
    text = f'Commune;Besoin\nFoix;"{"x" * 5_000}\n""y"""\nAlbi;"{"x" * 40_000}"\n'
    usual = read(text)
    before = csv.field_size_limit(limit)
    try:
        grid = read(text)
    finally:
        csv.field_size_limit(before)
    assert usual is not None
    assert grid is not None
    assert grid.cells.rows() == usual.cells.rows() == [("Foix", "x" * 5_000 + '\n"y"')]
    assert grid.faults["reason"].to_list() == ["huge_cell"]


def test_sheets_are_read_alike(tmp_path: Path) -> None:
    rows = [line.split(";") for line in (FIRST + SECOND).splitlines()]
    with xlsxwriter.Workbook(tmp_path / "besoins.xlsx") as book:
        sheet = book.add_worksheet("Besoins")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    report = io.load_tables(settings(), tables(needs=tmp_path / "besoins.xlsx"), ProgrammeData).report
    read = next(read for read in report.reads if read.table.name == "needs")
    assert (read.read, read.rejected) == (15, 12)
    below = [*rows[13:], ["Date", "Commune", "Besoin"], ["31555", "01/03/2007", "SIG"]]
    with xlsxwriter.Workbook(tmp_path / "besoins.xlsx") as book:
        sheet = book.add_worksheet("Besoins")
        for number, row in enumerate(below):
            sheet.write_row(number, 0, row)
    report = io.load_tables(settings(), tables(needs=tmp_path / "besoins.xlsx"), ProgrammeData).report
    assert report.rejections()["line"].to_list() == [5, 6]
    assert report.lines().filter(lines=6).rows()[0][1:] == (6, 1, 5, 0, 0)
