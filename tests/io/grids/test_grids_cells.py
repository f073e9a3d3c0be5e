"""Cells as spreadsheets and other programs write them, and those that none writes."""

from __future__ import annotations

import pytest

from prai_match.errors import ProgrammeError
from prai_match.io._grids import grids
from workbooks import MAIN, OFFICE, PACKAGE, at, book, ods, ods_row, text_cell, xlsx

LONG = "x" * 20_000
TOO_MUCH = "a workbook too large to open safely, or a cell of more than 32,767 characters"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="200" formatCode="dd/mm/yyyy;@"/>'
    '<numFmt numFmtId="201" formatCode="[h]:mm"/><numFmt numFmtId="202" formatCode="General"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="200"/><xf numFmtId="46"/><xf numFmtId="201"/><xf numFmtId="202"/></cellXfs></styleSheet>'
)
NUMBER, DAY, DAY_WRITTEN, DURATION, DURATION_WRITTEN, GENERAL = map(str, range(6))


def of_1904() -> dict[str, str]:
    return {
        "xl/workbook.xml": book('<sheet name="B" r:id="r1"/>').replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    }


def relations(*targets: tuple[str, str, str]) -> str:
    said = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in targets
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{said}</Relationships>'


def cell(data: bytes, name: str = "besoins.xlsx") -> str | None:
    """What is read in the first column of the third line."""
    (grid,) = grids(data, name=name)
    return next((value for line, value in zip(grid.lines, grid.cells["0"], strict=True) if line == 3), None)


def problem(data: bytes, name: str = "besoins.xlsx") -> str:
    with pytest.raises(ProgrammeError) as caught:
        grids(data, name=name)
    return caught.value.problems[0].found


@pytest.mark.parametrize(
    ("text", "style", "read"),
    [
        ("39328", NUMBER, "39328"),
        ("39328.5", NUMBER, "39328.5"),
        (" 39328 ", NUMBER, "39328"),
        ("39328", GENERAL, "39328"),
        ("39328", "99", "39328"),
        ("39328", DAY, "2007-09-03"),
        ("39328", DAY_WRITTEN, "2007-09-03"),
        ("39328.3541666667", DAY, "2007-09-03T08:30:00"),
        ("0.25", DAY, "06:00:00"),
        ("59", DAY, "1900-02-28"),
        ("-3", DAY, "-3"),
        ("2958466", DAY, "2958466"),
        ("1e300", DAY, "1e+300"),
        ("1.5", DURATION, "1 day, 12:00:00"),
        ("0.5", DURATION_WRITTEN, "12:00:00"),
        ("1_0", NUMBER, "1_0"),
        ("environ 12", NUMBER, "environ 12"),
    ],
)
def test_a_number_is_read_as_it_is_shown(text: str, style: str, read: str) -> None:
    assert cell(xlsx(at("A3", f"<v>{text}</v>", s=style), **{"xl/styles.xml": STYLES})) == read


@pytest.mark.parametrize(("number", "read"), [("37866", "2007-09-03"), ("0.25", "06:00:00"), ("2958400", "2958400")])
def test_a_workbook_may_count_its_days_from_1904(number: str, read: str) -> None:
    data = xlsx(at("A3", f"<v>{number}</v>", s=DAY), **{"xl/styles.xml": STYLES}, **of_1904())
    assert cell(data) == read


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("d", "2007-09-03", "2007-09-03"),
        ("d", "2007-09-03T08:30:00", "2007-09-03T08:30:00"),
        ("d", "08:30:00", "08:30:00"),
        ("d", "2007-02-31", "2007-02-31"),
        ("d", "hier", "hier"),
        ("str", "a_x000A_b", "a\nb"),
        ("b", "1", "oui"),
        ("b", "false", "non"),
        ("e", "#REF!", "#REF!"),
        ("n", "12", "12"),
    ],
)
def test_a_value_is_read_as_its_type_says(kind: str, text: str, read: str) -> None:
    assert cell(xlsx(at("A3", f"<v>{text}</v>", t=kind))) == read


def test_how_a_text_is_spoken_is_no_part_of_it() -> None:
    spoken = '<is><r><t xml:space="preserve">Foix </t></r><rPh><t>fwa</t></rPh><r><t>ville</t></r></is>'
    assert cell(xlsx(at("A3", spoken, t="inlineStr"))) == "Foix ville"


def test_what_stands_outside_a_cell_is_no_value() -> None:
    assert cell(xlsx(f"<v>7</v><is><t>Albi</t></is>{at('A3', '<v>8</v>')}")) == "8"


@pytest.mark.parametrize(
    "rows",
    [
        at("A3", "<v>2</v>", t="b"),
        at("A3", "<v>douze</v>", t="n"),
        at("A3", "<v>1</v>", t="z"),
        at("A3", "<v>1</v>", s="un"),
        at("A3", "<v>7</v>", t="s"),
        at("3A", "<v>1</v>"),
        '<c r="A0"><v>1</v></c>',
        '<row r="trois"><c><v>1</v></c></row>',
    ],
)
def test_a_cell_that_no_spreadsheet_writes_is_told(rows: str) -> None:
    assert problem(xlsx(rows)) == "a damaged file"


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/_rels/workbook.xml.rels": relations()},
        {"xl/_rels/workbook.xml.rels": relations(("r1", "worksheet", "worksheets/nowhere.xml"))},
        {"XL/WORKBOOK.xml": book("")},
    ],
)
def test_a_sheet_without_its_part_is_told(parts: dict[str, str]) -> None:
    assert problem(xlsx("", **parts)) == "a damaged file"


def test_a_sheet_of_another_kind_is_passed_over() -> None:
    sheets = '<sheet name="Carte" r:id="r0"/><sheet name="B" r:id="r1"/>'
    said = relations(("r0", "chartsheet", "chartsheets/sheet1.xml"), ("r1", "worksheet", "/xl/worksheets/sheet1.xml"))
    parts = {"xl/workbook.xml": book(sheets), "xl/_rels/workbook.xml.rels": said}
    assert cell(xlsx(at("A3", "<v>8</v>"), **parts)) == "8"


@pytest.mark.parametrize(
    "data",
    [
        xlsx("", **{"xl/workbook.xml": book('<sheet name="B" r:id="r1"/>' * 10_001)}),
        xlsx(
            "",
            **{"xl/_rels/workbook.xml.rels": relations(*((f"r{n}", "image", "x.png") for n in range(10_001)))},
        ),
        xlsx("", **{"xl/styles.xml": f"<styleSheet><cellXfs>{'<xf/>' * ((1 << 17) + 1)}</cellXfs></styleSheet>"}),
        xlsx(at("A3", f"<is><t>{LONG}</t><t>{LONG}</t></is>", t="inlineStr")),
        xlsx(f"<row>{'<a>' * 5_000}{'</a>' * 5_000}</row>"),
    ],
    ids=["sheets", "relations", "styles", "a text in parts", "depth"],
)
def test_more_than_a_workbook_may_have_is_told(data: bytes) -> None:
    assert problem(data) == TOO_MUCH


@pytest.mark.parametrize(
    ("attributes", "read"),
    [
        ('office:value="12.50"', "12.5"),
        ('office:date-value="2007-09-03"', "2007-09-03"),
        ('office:date-value="2007-09-03T08:30:00"', "2007-09-03T08:30:00"),
        ('office:time-value="PT08H30M00S"', "08:30:00"),
        ('office:time-value="PT27H30M00S"', "PT27H30M00S"),
        ('office:boolean-value="true"', "oui"),
        ('office:boolean-value="false"', "non"),
        ('office:string-value="Foix"', "Foix"),
        ('office:string-value=""', "dit"),
    ],
)
def test_the_value_of_an_ods_goes_before_its_text(attributes: str, read: str) -> None:
    told = f"<table:table-cell {attributes}><text:p>dit</text:p></table:table-cell>"
    assert cell(ods(ods_row(text_cell("a")) + ods_row(told)), "besoins.ods") == read


def test_what_stands_in_a_cell_but_is_no_text_of_it_is_passed_over() -> None:
    inner = "<table:table><table:table-row><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    told = f"<table:table-cell>{inner}<text:p>a<text:s/>c<text:soft-page-break/></text:p></table:table-cell>"
    assert cell(ods(ods_row(text_cell("a")) + ods_row(told)), "besoins.ods") == "a c"


@pytest.mark.parametrize(
    "rows",
    [
        ods_row(text_cell('a<text:s text:c="40000"/>')),
        ods_row(text_cell(f"{LONG}<text:span>{LONG}</text:span>")),
        ods_row(f'<table:table-cell office:string-value="{LONG * 2}"/>'),
        ods_row(text_cell("a"), "9" * 30),
        f"</table:table>{'<table:table/>' * 10_001}<table:table>",
    ],
    ids=["blanks", "a text in parts", "a value", "rows", "sheets"],
)
def test_more_than_an_ods_may_have_is_told(rows: str) -> None:
    assert problem(ods(rows), "besoins.ods") == TOO_MUCH


@pytest.mark.parametrize(
    "rows",
    [
        ods_row(text_cell("a"), "deux"),
        ods_row('<table:table-cell office:value="1_0"/>'),
        ods_row('<table:table-cell office:value="douze"/>'),
    ],
)
def test_an_ods_that_no_spreadsheet_writes_is_told(rows: str) -> None:
    assert problem(ods(rows), "besoins.ods") == "a damaged file"
