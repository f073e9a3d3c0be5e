"""Workbooks to grids, and those that must not be opened."""

from __future__ import annotations

import datetime as dt
import io
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import odfdo
import pytest
import xlsxwriter
from hypothesis import given, strategies as st
from python_calamine import CalamineWorkbook

from prai_match.errors import ProgrammeError
from prai_match.io._grids import Grid, Repair, grids
from prai_match.io._grids._header import kind_of
from prai_match.io._grids._values import text_of
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = {"Commune", "Élus", "Date"}.__contains__
ROWS: list[list[Any]] = [
    ["Saison 2007"],
    [],
    ["Commune", "Élus", "Date", "Présents", "Note"],
    ["Foix", 3, dt.date(2007, 9, 3), True, 12.5],
    [],
    ["Albi", None, dt.datetime(2007, 9, 3, 8, 30), False, "#REF!"],  # noqa: DTZ001 - a cell has no zone
    ["Total", 3],
]
CELLS = [("Foix", "3", "2007-09-03", "oui", "12.5"), ("Albi", None, "2007-09-03T08:30:00", "non", "#REF!")]


def xlsx(**sheets: list[list[Any]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def ods(tmp_path: Path, **sheets: list[list[Any]]) -> bytes:
    book = odfdo.Document("spreadsheet")
    book.body.clear()
    for name, rows in sheets.items():
        table = odfdo.Table(name)
        for row in rows:
            made = odfdo.Row()
            made.set_values(row)
            table.append_row(made)
        book.body.append(table)
    book.save(tmp_path / "x.ods")
    return (tmp_path / "x.ods").read_bytes()


def read(data: bytes, name: str = "saison.xlsx") -> tuple[Grid, ...]:
    return grids(data, name=name, known=KNOWN)


def check(grid: Grid) -> None:
    assert grid.header == ("Commune", "Élus", "Date", "Présents", "Note")
    assert (grid.cells.rows(), grid.lines.to_list()) == (CELLS, [4, 6])
    assert grid.set_aside.rows() == [
        (1, "title", "Saison 2007"),
        (2, "blank", ""),
        (5, "blank", ""),
        (7, "total", "Total;3"),
    ]
    assert grid.repairs == (Repair("title_rows", 1),)


def test_an_xlsx_becomes_texts() -> None:
    (grid,) = read(xlsx(Besoins=ROWS))
    assert (grid.name, grid.file, grid.format) == ("Besoins", "saison.xlsx[Besoins]", "xlsx")
    check(grid)


def test_an_ods_becomes_the_same_texts(tmp_path: Path) -> None:
    (grid,) = read(ods(tmp_path, Besoins=ROWS), "saison.ods")
    assert (grid.name, grid.file, grid.format) == ("Besoins", "saison.ods[Besoins]", "ods")
    check(grid)


def test_each_sheet_that_is_not_empty_is_a_grid() -> None:
    found = read(xlsx(Besoins=ROWS, Vide=[], Feuil3=[["Commune", "Élus"], ["Pau", 1]], Notes=[[12], [13]]))
    assert [(grid.name, grid.header, grid.cells.height) for grid in found] == [
        ("Besoins", ("Commune", "Élus", "Date", "Présents", "Note"), 2),
        ("Feuil3", ("Commune", "Élus"), 1),
        ("Notes", ("",), 2),
    ]


def test_a_sheet_nobody_named_has_the_name_of_its_file() -> None:
    (grid,) = read(xlsx(Feuil1=ROWS), "besoins.xlsx")
    assert (grid.name, grid.file) == ("besoins", "besoins.xlsx[Feuil1]")


def test_rows_keep_their_number_where_the_first_are_empty() -> None:
    (grid,) = read(xlsx(Besoins=[[], [], [None, "Commune", "Élus", "  "], [None, "Foix", 1]]))
    assert (grid.header, grid.cells.rows(), grid.lines.to_list()) == (("Commune", "Élus"), [("Foix", "1")], [4])


def test_merged_titles_and_formulas_are_texts() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Besoins")
        sheet.merge_range("A1:C1", "Saison")
        sheet.write_row("A2", ["Commune", "Élus", "Durée"])
        sheet.write_formula("A3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B3", "=1+1", None, 2)
        sheet.write_number("C3", 1.5, book.add_format({"num_format": "[h]:mm:ss"}))
        sheet.insert_image("E5", "x.png", {"image_data": io.BytesIO(_PNG)})
        book.add_chartsheet("Graphique").set_chart(_chart(book))
    (grid,) = read(file.getvalue())
    assert grid.cells.rows() == [("#DIV/0!", "2", "1 day, 12:00:00")]


def _chart(book: Any) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Besoins!$B$3:$B$3"})
    return chart


_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@pytest.mark.parametrize("rows", [[], [[12], [13]], [[" "]]])
def test_a_workbook_without_a_table_is_told(rows: list[list[Any]]) -> None:
    with pytest.raises(ProgrammeError, match=r"no cell with a value|no row of column headings"):
        read(xlsx(Besoins=rows))


def test_a_workbook_is_read_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert [grid.name for grid in read(xlsx(Besoins=ROWS))] == ["Besoins"]


@pytest.mark.parametrize(
    "data", [b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"Commune;Date\n", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18]
)
@pytest.mark.parametrize("name", ["x.xlsx", "x.ods"])
def test_what_is_no_workbook_is_told(data: bytes, name: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        read(data, name)
    assert caught.value.problems[0].expected_fr == "un classeur .xlsx ou .ods complet, sans mot de passe"


def replaced(data: bytes, member: str, change: Any) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == member else content)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
SMALL: list[list[Any]] = [["Commune", "Élus"], ["Foix", "x"]]
FAR = b'<row><c r="%s"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        (SHEET, b"</sheetData>", FAR % b"XFD1048576"),
        (SHEET, b"</sheetData>", b'<row r="1048576"/><row>' + b"<c/>" * 30 + b"<c><v>1</v></c></row></sheetData>"),
        ("xl/sharedStrings.xml", b"<t>Foix</t>", b"<t>" + b"x" * (4 << 20) + b"</t>"),
    ],
)
def test_a_workbook_that_would_take_all_memory_is_not_opened(member: str, old: bytes, new: bytes) -> None:
    rows = [*SMALL, *[["Foix"]] * 300]
    bomb = replaced(xlsx(Besoins=rows), member, lambda content: content.replace(old, new))
    with pytest.raises(ProgrammeError, match="too large to open safely"):
        read(bomb)


def test_a_far_cell_that_is_empty_is_no_matter() -> None:
    data = replaced(
        xlsx(Besoins=SMALL),
        SHEET,
        lambda content: content.replace(b"</sheetData>", b'<row><c r="XFD1048576" s="0"/></row></sheetData>'),
    )
    assert read(data)[0].cells.rows() == [("Foix", "x")]


def test_a_repeated_cell_is_measured(tmp_path: Path) -> None:
    data = ods(tmp_path, Besoins=SMALL)
    for repeated in (b'number-columns-repeated="999999999"', b'number-rows-repeated="99999999"'):
        element = b"<table:table-cell" if b"columns" in repeated else b"<table:table-row"
        bomb = replaced(
            data, "content.xml", lambda content, old=element, new=repeated: content.replace(old, old + b" table:" + new)
        )
        with pytest.raises(ProgrammeError, match="too large to open safely"):
            read(bomb, "x.ods")


def test_a_repeated_text_is_measured(tmp_path: Path) -> None:
    data = ods(tmp_path, Besoins=[["Commune", "x" * 200_000]])
    bomb = replaced(
        data,
        "content.xml",
        lambda content: content.replace(b"<table:table-row", b'<table:table-row table:number-rows-repeated="9000"'),
    )
    with pytest.raises(ProgrammeError, match="too large to open safely"):
        read(bomb, "x.ods")


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(replaced(xlsx(Besoins=SMALL), SHEET, lambda content: content + b" " * 50_000))
    at = data.rindex(SHEET.encode())  # in the directory at the end, 22 bytes after the size
    data[at - 22 : at - 18] = (100).to_bytes(4, "little")
    with pytest.raises(ProgrammeError, match="a damaged file"):
        read(bytes(data))


def test_too_many_members_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    with pytest.raises(ProgrammeError, match="too large to open safely"):
        read(file.getvalue())


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:300],
        lambda content: content.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
        lambda content: content.replace(b'r="A1"', b'r="1A"'),
        lambda content: content.replace(b"<v>0</v>", b"<v>900</v>"),
    ],
)
def test_a_broken_sheet_is_told(change: Any) -> None:
    with pytest.raises(ProgrammeError, match="a damaged file"):
        read(replaced(xlsx(Besoins=SMALL), SHEET, change))


@pytest.mark.parametrize("cell", [b'<c r="B2" t="e"/>', b'<c r="B2" t="e"><v/></c>', b'<c r="B2" t="e"><v></v></c>'])
def test_an_error_cell_without_a_value_is_empty(cell: bytes) -> None:
    old = b'<c r="B2" t="s"><v>3</v></c>'
    data = replaced(xlsx(Besoins=SMALL), SHEET, lambda content: content.replace(old, cell))
    assert cell in zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    assert read(data)[0].cells.rows() == [("Foix", None)]


@pytest.mark.parametrize("reference", ["a1", "A1"])
def test_a_reference_is_read_in_either_case(reference: str) -> None:
    data = replaced(xlsx(Besoins=SMALL), SHEET, lambda content: content.replace(b'r="A1"', f'r="{reference}"'.encode()))
    assert read(data)[0].header == ("Commune", "Élus")


def test_texts_of_an_ods_keep_tabs_and_line_breaks_and_leave_out_notes(tmp_path: Path) -> None:
    old, note = b"<text:p>Foix</text:p>", b"<office:annotation><text:p>note</text:p></office:annotation>"
    value = b' office:string-value="Foix"'
    new = note + b'<text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p><text:p>e</text:p>'
    data = replaced(
        ods(tmp_path, Besoins=SMALL), "content.xml", lambda content: content.replace(value, b"").replace(old, new)
    )
    assert read(data, "x.ods")[0].cells["0"].to_list() == ["a  b\tc\nd\ne"]


VALUES = (
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6) | st.text("aé 1_x\n", max_size=9)
)
DAYS = st.dates(dt.date(1900, 3, 1)) | st.datetimes(dt.datetime(1900, 3, 1)).map(lambda day: day.replace(microsecond=0))  # noqa: DTZ001 - a cell has no zone


@given(st.lists(st.lists(VALUES | DAYS, min_size=1, max_size=4), min_size=1, max_size=6))
@examples(60)
def test_a_workbook_is_read_as_another_reader_reads_it(rows: list[list[Any]]) -> None:
    rows = [["Commune", "Élus", "Date", "Note"], *rows]
    data = xlsx(Besoins=rows)
    others = [
        [text_of(cell) for cell in row]
        for row in CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    ]
    (grid,) = read(data)
    kept = {line: row for line, row in enumerate(others, 1) if line > 1 and kind_of(row) is None}
    ours = dict(zip(grid.lines, grid.cells.rows(), strict=True))
    assert {line: [cell for cell in row if cell] for line, row in ours.items()} == {
        line: [cell for cell in row if cell] for line, row in kept.items()
    }
