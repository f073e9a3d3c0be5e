"""JSON and lists of dicts: keys in the order first seen, one type a column."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from prai_match.errors import ProgrammeError
from prai_match.io._grids import Grid, Repair, grids

RECORDS: list[dict[str, Any]] = [{"Commune": "Foix", "Élus": 3}, {"Axes": ["a", "b"], "Élus": 4, "Commune": None}]
ROWS = [("Foix", 3, None), (None, 4, ["a", "b"])]


def read(text: str | bytes) -> Grid:
    (grid,) = grids(text.encode() if isinstance(text, str) else text, name="besoins.json")
    return grid


@pytest.mark.parametrize("made", [RECORDS, {"rows": RECORDS}])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_json_is_read_in_every_encoding(made: object, encoding: str) -> None:
    grid = read(json.dumps(made, ensure_ascii=False, indent=1).encode(encoding))
    assert (grid.name, grid.format, grid.header) == ("besoins", "json", ("Commune", "Élus", "Axes"))
    assert (grid.cells.rows(), grid.lines.to_list()) == (ROWS, [1, 2])
    assert grid.cells.dtypes == [pl.String, pl.Int64, pl.List(pl.String)]


def test_an_object_a_line_keeps_its_line() -> None:
    grid = read('{"a": 1}\n\n{"a": 2,}\n[3]\n{"a": 4, "a": 5}\n{"a": 6}\n')
    assert (grid.cells.rows(), grid.lines.to_list()) == ([(1,), (6,)], [1, 6])
    assert grid.faults.rows() == [
        (3, '{"a": 2,}', "invalid_json"),
        (4, "[3]", "not_an_object"),
        (5, '{"a": 4, "a": 5}', "duplicate_key"),
    ]


def test_an_object_alone_is_a_row() -> None:
    assert read('{"a": 1}').cells.rows() == [(1,)]


def test_elements_that_are_no_objects_are_faults() -> None:
    grid = read('[{"a": 1}, 5, null, {"b": 1, "b": [2]}, {"a": null}]')
    assert grid.faults.rows() == [
        (2, "5", "not_an_object"),
        (3, "", "not_an_object"),
        (4, '{"b": 1, "b": [2]}', "duplicate_key"),
    ]
    assert (grid.lines.to_list(), grid.set_aside.rows()) == ([1], [(5, "blank", "")])


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ("1, 2.5", [1.0, 2.5]),
        ("true, null", [True, None]),
        ('1, "2", true, 2.0, 2.5', ["1", "2", "oui", "2", "2.5"]),
        (f"{10**20}, 1", [str(10**20), "1"]),
        (f"{2**60}, 0.5", [str(2**60), "0.5"]),
        ("NaN, 1", [None, 1]),
        ("Infinity, 1e999, 1", ["Infinity", "1e999", "1"]),
        ("1" * 5_000, ["1" * 5_000]),
        ('["a", 1], {"b": "é"}', ['["a", 1]', '{"b": "é"}']),
        ('"\\ud800", "\\ud83d\\ude00"', ["\ufffd", "\U0001f600"]),
        ('["\\ud800"]', [["\ufffd"]]),
        ('{"a": "\\ud800"}', ['{"a": "\ufffd"}']),
    ],
)
def test_a_column_has_one_type(values: str, column: list[object]) -> None:
    whole = json.JSONDecoder(parse_int=str, parse_float=str).decode(f"[{values}]")
    parts = values.split(", ") if len(whole) == values.count(", ") + 1 else None
    texts = parts or ([values] if len(whole) == 1 else ['["a", 1]', '{"b": "é"}'])
    grid = read("[" + ", ".join(f'{{"k": 0, "a": {text}}}' for text in texts) + "]")
    assert grid.cells["1"].to_list() == column


def test_not_numbers_are_told() -> None:
    assert read('[{"a": NaN}, {"a": 1}]').repairs == (Repair("not_numbers", 1, "NaN"),)


def test_half_a_character_in_a_key_is_shown() -> None:
    assert read('[{"\\ud800": 1}]').header == ("\ufffd",)


def test_an_empty_array_is_a_table_without_rows() -> None:
    (grid,) = grids(b"[]", name="besoins.json")
    assert (grid.header, grid.cells.shape, grid.faults.height) == ((), (0, 0), 0)


@pytest.mark.parametrize(
    "text", ["[", "3", '{"rows": 3}', "{", "{}", "[1]", "[" * 100_000, '{"a":' * 100_000, "\n", '[{"a": 1}', "\0"]
)
def test_what_is_no_json_table_is_told(text: str) -> None:
    with pytest.raises(ProgrammeError):
        read(text)


def test_keys_that_differ_on_every_row_are_refused() -> None:
    with pytest.raises(ProgrammeError, match="columns"):
        grids([{f"k{number}": 1} for number in range(5_000)])


def test_records_take_the_values_of_a_program() -> None:
    moment = dt.datetime(2007, 9, 3, 8, 30)  # noqa: DTZ001 - as read from a file without zones
    rows = [
        {"day": dt.date(2007, 9, 3), "at": moment, "mixed": moment, "axes": ("a",), 5: dt.time(8)},
        {"day": None, "mixed": dt.date(2007, 9, 3), 5: dt.timedelta(hours=1)},
    ]
    (grid,) = grids(rows, name="sessions")
    assert (grid.name, grid.file, grid.format) == ("sessions", "sessions", "records")
    assert grid.header == ("day", "at", "mixed", "axes", "5")
    assert grid.cells.rows() == [
        (dt.date(2007, 9, 3), moment, "2007-09-03T08:30:00", ["a"], "08:00:00"),
        (None, None, "2007-09-03", None, "1:00:00"),
    ]


def test_moments_of_a_zone_are_texts() -> None:
    (grid,) = grids([{"at": dt.datetime(2007, 9, 3, tzinfo=dt.UTC)}])
    assert grid.cells["0"].to_list() == ["2007-09-03T00:00:00+00:00"]


def test_scalars_of_numpy_and_what_is_no_number_are_plain() -> None:
    (grid,) = grids([{"n": np.int64(3), "x": np.float64("nan")}, {"n": None, "x": 1.5}])
    assert grid.cells.rows() == [(3, None), (None, 1.5)]
