"""Excel and OpenDocument workbooks."""

from __future__ import annotations

import datetime as dt
import math
import re
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import assume, given, strategies as st

from prai_match.errors import PraiError
from prai_match.io import _writing as writing
from readback import CONTROLS, HARD, frames, part, sheet_rows, spelt, texts

if TYPE_CHECKING:
    from goldens import Golden

BOTH = pytest.mark.parametrize("suffix", ["xlsx", "ods"])
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def expected(value: Any) -> object:
    """What a spreadsheet holds of a value: a number as far as it has the digits, else its text."""
    match value:
        case None:
            return ""
        case bool() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(pl.Series([value]).cast(pl.String)[0])
        case Decimal():
            return float(value) if len(re.sub(r"\D", "", f"{value:f}")) <= 15 else spelt(value)
        case int():
            return value if abs(value) < 10**15 else str(value)
        case _:
            return value if value >= dt.date(1900, 3, 1) else value.isoformat()


@BOTH
@given(frame=frames())
def test_every_value_is_read_back(suffix: str, frame: pl.DataFrame) -> None:
    if suffix == "ods":
        assume(not any(NOT_IN_XML.search(text or "") for text in frame["text"]))
    header, *rows = sheet_rows(writing.encoded(frame, suffix))
    assert header == frame.columns
    # A reader doesn't count the empty rows at the end.
    values = [[expected(value) for value in row] for row in frame.iter_rows()]
    while values and not any(cell != "" for cell in values[-1]):
        values.pop()
    assert rows[: len(values)] == values
    assert [type(cell) for row in rows[: len(values)] for cell in row if isinstance(cell, bool | dt.date)] == [
        type(cell) for row in values for cell in row if isinstance(cell, bool | dt.date)
    ]


@BOTH
@given(text=texts)
def test_texts_stay_texts_in_cells_header_and_name(suffix: str, text: str) -> None:
    assume(text and (suffix == "xlsx" or not NOT_IN_XML.search(text)))
    data = writing.encoded(pl.DataFrame({text: [text, "end"]}), suffix, sheet=text)
    assert sheet_rows(data) == [[text], [text], ["end"]]
    assert "<f>" not in part(data, "xl/worksheets/sheet1.xml") if suffix == "xlsx" else True
    assert "table:formula" not in part(data, "content.xml") if suffix == "ods" else True


@pytest.mark.parametrize("text", [*HARD, *CONTROLS])
def test_excel_sees_no_formula_no_link_and_no_number_in_a_text(text: str) -> None:
    sheet = part(writing.encoded(pl.DataFrame({"text": [text]}), "xlsx"), "xl/worksheets/sheet1.xml")
    assert re.search(r'<c r="A2" s="\d" t="inlineStr">', sheet)
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_the_header_is_bold_and_frozen_with_filters_and_widths_follow_the_content() -> None:
    long, longer = "x" * 30, "y" * 300
    frame = pl.DataFrame({"a": [f"{long}\n{long}"], "b": [longer], "c": [dt.date(2007, 9, 3)], "d": [Decimal("1.50")]})
    data = writing.encoded(frame, "xlsx")
    sheet, styles = part(data, "xl/worksheets/sheet1.xml"), part(data, "xl/styles.xml")
    assert 'ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"' in sheet
    assert '<autoFilter ref="A1:D2"/>' in sheet
    assert 'paperSize="9" fitToHeight="0" orientation="landscape"' in sheet
    assert re.findall(r'<col min="\d" max="\d" width="(\d+)', sheet) == ["32", "60", "12", "8"]
    assert re.findall(r'formatCode="(.*?)"', styles) == ["@", "dd/mm/yyyy", "#,##0.00\\ &quot;€&quot;"]
    assert "<b/>" in styles
    content = part(writing.encoded(frame, "ods"), "content.xml")
    assert re.findall(r'column-width="(.*?)in"', content) == ["2.88", "5.40", "1.08", "0.72"]
    assert 'fo:font-weight="bold"' in content


def test_amounts_are_euros_and_days_are_days_in_an_opendocument_sheet() -> None:
    frame = pl.DataFrame({"day": [dt.date(2007, 9, 3)], "cost": [Decimal("1250.50")], "on": [True]})
    content = part(writing.encoded(frame, "ods"), "content.xml")
    assert 'office:value-type="date" office:date-value="2007-09-03"' in content
    assert 'office:value-type="currency" office:currency="EUR" office:value="1250.50"' in content
    assert 'office:value-type="boolean" office:boolean-value="true"' in content


EVERY = pl.DataFrame(
    {
        "text": ["a  b\n<&> \t", "", None, " c"],
        "number": [0.1 + 0.2, math.nan, None, -3.0],
        "whole": [3, 10**15 - 1, None, 10**15],
        "amount": pl.Series([Decimal("1250.50"), None, Decimal("-0.05"), Decimal(10**14)], dtype=pl.Decimal(20, 2)),
        "day": [dt.date(2007, 9, 3), None, dt.date(1900, 3, 1), dt.date(1900, 2, 28)],
        "yes": [True, False, None, True],
        "nothing": pl.Series([None] * 4, dtype=pl.Null),
    }
)


def test_every_kind_of_cell_of_an_opendocument_sheet(golden: Golden) -> None:
    data = writing.encoded(EVERY, "ods", sheet="Tout")
    members = ("mimetype", "content.xml", "META-INF/manifest.xml")
    written = "\n".join(f"{name}\n{part(data, name)}\n" for name in members)
    golden("sheet.xml", re.sub(r"><(?!/)", ">\n<", written))


def test_every_kind_of_cell_of_an_excel_sheet(golden: Golden) -> None:
    data = writing.encoded(EVERY, "xlsx", sheet="Tout")
    sheet = part(data, "xl/worksheets/sheet1.xml")
    rows = [re.sub(r' (?:r|s|spans)="[^"]*"', "", row) for row in re.findall(r"<row.*?</row>", sheet, re.DOTALL)]
    golden("rows.xml", "\n".join(rows).replace("><c", ">\n<c") + "\n")
    assert '<ignoredError sqref="A1:XFD5" numberStoredAsText="1"/>' in sheet
    assert '<definedName name="_xlnm.Print_Titles" localSheetId="0">Tout!$1:$1</definedName>' in part(
        data, "xl/workbook.xml"
    )


@BOTH
def test_the_same_frame_gives_the_same_bytes(suffix: str) -> None:
    frame = pl.DataFrame({"text": ["é"], "number": [0.1]})
    data = writing.encoded(frame, suffix)
    assert data == writing.encoded(frame, suffix)
    assert "2000-01-01" in part(data, "docProps/core.xml") if suffix == "xlsx" else True


@BOTH
def test_what_a_sheet_would_cut_is_refused(suffix: str) -> None:
    most = "🏛" * 16_383 + "x"
    assert sheet_rows(writing.encoded(pl.DataFrame({"text": [most]}), suffix))[1] == [most]
    with pytest.raises(PraiError, match="32,767 characters; row 2 of column 'text' has 32,768"):
        writing.encoded(pl.DataFrame({"text": ["", f"{most}x", None]}), suffix)
    with pytest.raises(PraiError, match="1,048,576 rows with the header, and the table has 1,048,577"):
        writing.encoded(pl.DataFrame({"n": pl.int_range(1_048_576, eager=True)}), suffix)
    with pytest.raises(PraiError, match="16,384 columns, and the table has 16,385"):
        writing.encoded(pl.DataFrame({str(place): [1] for place in range(16_385)}), suffix)


@pytest.mark.parametrize(("suffix", "character"), [("ods", "\x0b"), ("ods", "\uffff"), ("xlsx", "\ufffe")])
def test_a_character_that_a_format_has_not_is_refused(suffix: str, character: str) -> None:
    with pytest.raises(
        PraiError, match=rf"does not allow the character U\+{ord(character):04X} \(row 2 of column 'text'\)"
    ):
        writing.encoded(pl.DataFrame({"text": ["", f"a{character}"]}), suffix)


@BOTH
def test_a_frame_may_be_empty(suffix: str) -> None:
    assert sheet_rows(writing.encoded(pl.DataFrame(schema={"a": pl.String, "b": pl.Date}), suffix)) == [["a", "b"]]
    assert sheet_rows(writing.encoded(pl.DataFrame(), suffix)) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Besoins [2007/2008]", "Besoins  2007 2008"),
        ("'a'", "a"),
        ("", "prai_match"),
        ("History", "History_"),
        ("🏛" * 20, "🏛" * 15),
        ('a<&"', 'a<&"'),
    ],
)
@BOTH
def test_a_sheet_has_a_name_that_it_can_have(suffix: str, name: str, shown: str) -> None:
    import io  # noqa: PLC0415

    import python_calamine  # noqa: PLC0415

    data = writing.encoded(pl.DataFrame({"a": [1]}), suffix, sheet=name)
    assert python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == [shown]


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(PraiError, match=r'pip install "prai-match\[io\]"'):
        writing.encoded(pl.DataFrame({"a": [1]}), "xlsx")


@given(st.lists(st.integers(0, 40), min_size=1, max_size=5))
def test_spaces_are_kept(lengths: list[int]) -> None:
    text = "x".join(" " * length for length in lengths)
    for suffix in ("xlsx", "ods"):
        assert sheet_rows(writing.encoded(pl.DataFrame({"text": [text, "end"]}), suffix))[1] == [text]
