"""CSV and TSV for French spreadsheets."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st

from prai_match import io
from prai_match.errors import PraiError
from prai_match.io import _writing as writing
from prai_match.io._writing import _formats
from readback import HARD, SIGNS, computed, csv_rows, frames, restored, spelt, texts, torn

if TYPE_CHECKING:
    from pathlib import Path

FRAME = pl.DataFrame(
    {
        "name": ["=cmd()", 'l\'Isle; "la"', "@x", None],
        "score": [61.25, 100.0, -3.5, None],
        "cost": pl.Series([Decimal("1250.50"), None, Decimal("0.00"), None], dtype=pl.Decimal(12, 2)),
        "day": [dt.date(2007, 9, 24), None, None, None],
        "rank": [1, 2, 3, None],
    }
)
WRITTEN = (
    "\ufeffname;score;cost;day;rank\r\n"
    "'=cmd();61,25;1250,50;2007-09-24;1\r\n"
    '"l\'Isle; ""la""";100;;;2\r\n'
    "'@x;-3,5;0,00;;3\r\n"
    ";;;;\r\n"
)


def test_a_french_spreadsheet_opens_it_and_computes_nothing(tmp_path: Path) -> None:
    assert io.write(FRAME, tmp_path / "out.csv").read_bytes() == WRITTEN.encode()
    assert io.write_csv(FRAME, tmp_path / "out.csv").read_bytes() == WRITTEN.encode()
    tabs = io.write(FRAME.drop("name"), str(tmp_path / "out.TSV")).read_text("utf-8-sig")
    assert tabs.splitlines()[1] == "61,25\t1250,50\t2007-09-24\t1"


@given(frames())
def test_every_value_is_read_back(frame: pl.DataFrame) -> None:
    for suffix, separator in (("csv", ";"), ("tsv", "\t")):
        header, *rows = csv_rows(writing.encoded(frame, suffix), separator)
        assert header == frame.columns
        assert len(rows) == frame.height
        for cells, values in zip(rows, frame.iter_rows(), strict=True):
            text, number, *rest = cells
            assert restored(text) == (values[0] or "")
            assert rest == [spelt(value) for value in values[2:]]
            if values[1] is None:
                assert number == ""
            else:
                found = float(restored(number).replace(",", "."))
                assert found == values[1] or (math.isnan(found) and math.isnan(values[1]))


@pytest.mark.parametrize("text", [*HARD, "-inf"])
def test_no_text_begins_as_a_formula(text: str) -> None:
    data = writing.encoded(pl.DataFrame({text: [text]}), "csv")
    (header,), (cell,) = csv_rows(data)
    assert header == cell
    assert cell.lstrip(" \u200b")[0] not in f"{SIGNS}\t\r\n"
    assert restored(cell) == text
    assert not [part for part in torn(data) if computed(part) or part[:1] in {"\t", "\r"}]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x,=1+1", "x,'=1+1"),
        ("x;=1+1|@y\t-2", "x;'=1+1|'@y\t'-2"),
        ("- un site ;\n- une carte", "'- un site ;\n'- une carte"),
        ("x, '=1", "x, '=1"),
        ("x,'=1", "x,''=1"),
        ("dit, 'oui', l'Isle, ''non''", "dit, 'oui', l'Isle, ''non''"),
        ("de 3-4 à 5 + 6, a=b", "de 3-4 à 5 + 6, a=b"),
    ],
)
def test_what_follows_another_separator_is_no_formula_either(text: str, written: str) -> None:
    for suffix, separator in (("csv", ";"), ("tsv", "\t")):
        assert csv_rows(writing.encoded(pl.DataFrame({"text": [text]}), suffix), separator)[1] == [written]


@given(st.lists(st.tuples(*3 * [st.text("';,|\t\r\n =-@\"x＝\u200b", max_size=8) | texts]), min_size=1, max_size=3))
def test_whoever_splits_a_file_elsewhere_finds_no_formula_and_the_texts_come_back(rows: list[tuple[str, ...]]) -> None:
    frame = pl.DataFrame(rows, ["a", "b", "c"], orient="row")
    for suffix, separator in (("csv", ";"), ("tsv", "\t")):
        data = writing.encoded(frame, suffix)
        assert not [cell for cell in torn(data) if computed(cell)]
        cells = pl.DataFrame(csv_rows(data, separator)[1:], frame.columns, orient="row")
        assert cells.select(_formats.restored(pl.all())).equals(frame)
        assert [[restored(cell) for cell in row] for row in cells.rows()] == [list(row) for row in rows]


def test_a_programmes_numbers_keep_all_their_digits_and_those_of_results_six_decimals(tmp_path: Path) -> None:
    frame = pl.DataFrame({"x": [0.1 + 0.2, math.inf, -math.inf, math.nan, 1e300, -0.0]})
    cells = [row[0] for row in csv_rows(writing.encoded(frame, "csv"))]
    assert cells == ["x", "0,30000000000000004", "inf", "'-inf", "NaN", "1e+300", "-0"]
    assert io.write_csv(frame, tmp_path / "out").read_text("utf-8-sig").splitlines()[1] == "0,3"


def test_lists_structures_hours_and_narrow_types_are_cells() -> None:
    frame = pl.DataFrame(
        {
            "axes": [["refonte", "accessibilite"], [], None],
            "hosted": [[{"departement": "09", "sessions": 3}, {"departement": "31", "sessions": 2}], [], None],
            "one": [{"a": "x", "b": 1}, None, {"a": None, "b": 2}],
            "counts": pl.Series([[1, 2], [3, None], None], dtype=pl.Array(pl.Int8, 2)),
            "at": [dt.datetime(2007, 9, 3, 14, 30), None, None],  # noqa: DTZ001 - as spreadsheets have them
            "for": [dt.timedelta(hours=2), None, None],
            "kind": pl.Series(["buffet", "workshop", None], dtype=pl.Enum(["buffet", "workshop"])),
            "small": pl.Series([0.5, 1, None], dtype=pl.Float32),
            "big": pl.Series([2**64 - 1, 1, None], dtype=pl.UInt64),
            "nothing": [None, None, None],
        }
    )
    assert csv_rows(writing.encoded(frame, "csv"))[1:] == [
        ["refonte accessibilite", "09=3 31=2", "x=1", "1 2", "2007-09-03 14:30:00.000000", "PT2H", "buffet", "0,5", "18446744073709551615", ""],
        ["", "", "", "3 ", "", "", "workshop", "1", "1", ""],
        ["", "", "'=2", "", "", "", "", "", "", ""],
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ods"])
@pytest.mark.parametrize("column", [[[["a"]]], [b"a"], [{"a": [["b"]]}]])
def test_what_no_cell_can_hold_is_refused(suffix: str, column: list[object]) -> None:
    with pytest.raises(PraiError, match="column 'odd' can't be written as cells"):
        writing.encoded(pl.DataFrame({"odd": column}), suffix)


def test_a_row_of_one_empty_cell_is_still_a_row() -> None:
    data = writing.encoded(pl.DataFrame({"text": ["a", None, ""]}), "csv")
    assert csv_rows(data) == [["text"], ["a"], [""], [""]]
