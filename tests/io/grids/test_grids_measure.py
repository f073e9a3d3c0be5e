"""How much a workbook's XML takes once it is cells: just what may be opened, and one more."""

from __future__ import annotations

import io
import zipfile

import pytest

from prai_match.errors import ProgrammeError
from prai_match.io._grids import grids
from prai_match.io._grids._grid import check_area
from prai_match.io._grids._measure import Measure, TooLargeError

MEMBER = "xl/worksheets/sheet1.xml"


def measured(*members: tuple[str, str]) -> Measure:
    measure = Measure()
    for name, text in members:
        measure.read(name, [text[:40].encode(), text[40:].encode()])
    measure.check_texts()
    return measure


def refused(*members: tuple[str, str]) -> bool:
    try:
        measured(*members)
    except TooLargeError:
        return True
    return False


@pytest.mark.parametrize(("last", "large"), [("XFD1024", False), ("XFD1025", True), ("A1048576", False)])
def test_a_sheet_of_excel_goes_to_its_last_cell_with_a_value(last: str, *, large: bool) -> None:
    for value in ("<v>1</v>", "<is><t>x</t></is>", "<f>1</f>"):
        cells = f'<worksheet><row><c r="A1"/></row><row><c r="{last}">{value}</c></row></worksheet>'
        assert refused((MEMBER, cells)) is large
    assert not refused((MEMBER, f'<worksheet><row><c r="{last}" s="0"/></row></worksheet>'))


def test_rows_and_cells_of_excel_that_say_no_place_follow_one_another() -> None:
    cells = '<row/><row r="1024"><c/><c><v>1</v></c></row><row>' + "<c/>" * 16_383
    assert not refused((MEMBER, f'<worksheet>{cells}</row><row r="1024"><c r="XFD1024"><v/></c></row></worksheet>'))
    assert refused((MEMBER, f"<worksheet>{cells}<c><v>1</v></c></row></worksheet>"))


def test_each_sheet_is_measured_by_itself() -> None:
    sheet = '<worksheet><row r="1048576"><c><v>1</v></c></row></worksheet>'
    wide = '<worksheet><row r="1"><c r="XFD1"><v>1</v></c></row></worksheet>'
    assert not refused(("a.xml", sheet), ("b.xml", wide), ("c.xml", sheet))


@pytest.mark.parametrize(
    ("rows", "columns", "large"), [(1024, 16_384, False), (1025, 16_384, True), (1024, 16_385, True)]
)
def test_a_sheet_of_opendocument_repeats_rows_and_cells(rows: int, columns: int, *, large: bool) -> None:
    def large_with(cell: str) -> bool:
        row = f'<t:table-row t:number-rows-repeated="{rows}">{cell}</t:table-row>'
        return refused(("content.xml", f'<x xmlns:t="t"><t:table>{row}</t:table></x>'))

    for name in ("t:table-cell", "t:covered-table-cell"):
        start = f'{name} t:number-columns-repeated="{columns}"'
        assert large_with(f'<{start} t:value-type="float"/>') is large
        assert large_with(f"<{start}><t:p/></{name}>") is large
        assert not large_with(f"<{start}/>")


def test_texts_named_from_cells_count_as_often_as_they_are_named() -> None:
    shared = "<sst><si><t>y</t></si><si><t>" + "x" * (1 << 20) + "</t></si></sst>"

    def cells(count: int) -> str:
        return "<worksheet><row>" + '<c t="s"><v>1</v></c>' * count + "</row></worksheet>"

    assert not refused(("xl/sharedStrings.xml", shared), (MEMBER, cells(1 << 10)))
    assert refused(("xl/sharedStrings.xml", shared), (MEMBER, cells((1 << 10) + 1)))
    assert refused((MEMBER, cells((1 << 10) + 1)), ("xl/sharedStrings.xml", shared))
    assert not refused(("xl/sharedStrings.xml", shared), (MEMBER, cells(1 << 10).replace(">1<", ">9<")))


@pytest.mark.parametrize(
    ("rows", "columns", "large"),
    [(1 << 10, 1, False), (1, 1 << 10, False), ((1 << 10) + 1, 1, True), (1, (1 << 10) + 1, True)],
)
def test_texts_of_repeated_cells_count_as_often_as_they_are_repeated(rows: int, columns: int, *, large: bool) -> None:
    cell = f'<t:table-cell t:number-columns-repeated="{columns}"><t:p>{"x" * (1 << 20)}</t:p></t:table-cell>'
    row = f'<t:table-row t:number-rows-repeated="{rows}">{cell}</t:table-row>'
    assert refused(("content.xml", f'<x xmlns:t="t"><t:table>{row}</t:table></x>')) is large


def test_errors_sheets_and_members_are_told() -> None:
    measure = measured(
        ("xl/workbook.xml", '<workbook xmlns:r="r"><sheet name="A" r:id="i1"/><sheet name="B" r:id="i2"/></workbook>'),
        ("xl/_rels/workbook.xml.rels", '<x><Relationship Id="i1" Target="worksheets/sheet1.xml"/></x>'),
        ("xl/worksheets/_rels/sheet1.xml.rels", '<x><Relationship Id="i2" Target="other.xml"/></x>'),
        (
            MEMBER,
            (
                '<worksheet><row r="3"><c r="B3" t="e"><v> #REF! </v></c><c t="e"><v>#N/A</v></c><c><v>1</v></c></row>'
                '<row><c t="e"><v>#NUM!</v></c></row></worksheet>'
            ),
        ),
    )
    assert measure.errors == {MEMBER: [(3, 2, "#REF!"), (3, 3, "#N/A"), (4, 1, "#NUM!")]}
    assert measure.sheets == {"i1": "A", "i2": "B"}
    assert measure.targets == {"i1": "worksheets/sheet1.xml"}


def test_ten_thousand_members_may_be_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(10_000):
            archive.writestr(str(number), b"")
    with pytest.raises(ProgrammeError, match="a broken file"):
        grids(file.getvalue(), name="x.xlsx")


@pytest.mark.parametrize(
    ("rows", "width", "written", "large"),
    [
        (1, 16_384, 0, False),
        (1, 16_385, 20_000, True),
        (1024, 16_384, 0, False),
        (1025, 16_384, 16_383, True),
        (1025, 16_384, 16_384, False),
    ],
)
def test_the_cells_of_a_grid_are_not_many_more_than_those_written(
    rows: int, width: int, written: int, *, large: bool
) -> None:
    if not large:
        check_area(rows, width, written, "x.csv")
        return
    with pytest.raises(ProgrammeError) as caught:
        check_area(rows, width, written, "x.csv")
    told = f"x.csv: found {rows} rows × {width} columns, expected fewer columns, filled on most rows"
    assert [str(problem) for problem in caught.value.problems] == [told]
