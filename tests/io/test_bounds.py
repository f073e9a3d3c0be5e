"""Bounds of what is read: what lies on one, and what lies just beyond."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from folder_by_hand import append, change, records, settings, tables
from prai_match import ProgrammeError, io
from prai_match.io._grids import grids
from prai_match.model import ProgrammeData

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = {"Commune", "Date"}.__contains__


@pytest.mark.parametrize(("length", "fault"), [(32_767, False), (32_768, True)])
def test_the_longest_cell(length: int, *, fault: bool) -> None:
    for cell in ("x" * length, f'"{"x" * length}"'):
        (grid,) = grids(f"Commune;Date\n{cell};1\n".encode(), name="x.csv")
        assert grid.faults["reason"].to_list() == (["huge_cell"] if fault else [])


def test_labels_are_looked_for_among_thirty_rows() -> None:
    titles = "".join(f"titre {number}\n\n" for number in range(29))
    assert grids(f"{titles}Commune;Date\nFoix;1\n".encode(), name="x.csv", known=KNOWN)[0].header == ("Commune", "Date")
    more = grids(f"titre\n{titles}Commune;Date\nFoix;1\n".encode(), name="x.csv", known=KNOWN)[0].header
    assert more == ("titre",)


def test_labels_that_nobody_knows_are_at_least_half_as_many_as_the_widest_row_has() -> None:
    rows = b"Saison;2\na;b\nc;d;e\nf;g;h;i;j;k;l\n"
    assert grids(rows, name="x.csv")[0].header == ("c", "d", "e")
    assert grids(b"titre\na;b;c\n", name="x.csv")[0].header == ("a", "b", "c")


@pytest.mark.parametrize(("spaces", "kind"), [(55, "total"), (56, None)])
def test_a_total_is_said_in_sixty_characters(spaces: int, kind: str | None) -> None:
    (grid,) = grids(f"Commune;Date\nTotal{' ' * spaces};3\n".encode(), name="x.csv")
    assert grid.set_aside["kind"].to_list() == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([2**63 - 1, -(2**63)], pl.Int64()),
        ([2**63, 1], pl.String()),
        ([-(2**63) - 1], pl.String()),
        ([2**53, 0.5], pl.Float64()),
        ([2**53 + 1, 0.5], pl.String()),
    ],
)
def test_numbers_of_one_type_as_long_as_it_holds_them(values: list[Any], dtype: pl.DataType) -> None:
    (grid,) = grids([{"n": value} for value in values], name="x")
    assert grid.cells.dtypes == [dtype]


def test_whole_floats_lose_their_point_as_long_as_they_are_exact() -> None:
    (grid,) = grids([{"n": value} for value in (float(2**53 - 1), float(2**53), "x")], name="x")
    assert grid.cells["0"].to_list() == ["9007199254740991", "9007199254740992.0", "x"]


@pytest.mark.parametrize(("digits", "number"), [(18, True), (3_999, False), (4_000, False)])
def test_whole_numbers_of_json_as_long_as_python_reads_them(digits: int, *, number: bool) -> None:
    (grid,) = grids(f'[{{"n": {"1" * digits}}}]'.encode(), name="x.json")
    assert grid.cells["0"].to_list() == [int("1" * digits) if number else "1" * digits]


@pytest.mark.parametrize(("days", "taken"), [(3_660, True), (3_661, False), (1, True), (0, False)])
def test_days_taken_in_one_row(folder: Path, days: int, *, taken: bool) -> None:
    end = dt.date(2007, 5, 2) + dt.timedelta(days=days - 1)
    append(folder, "trainer_days.csv", f"f2;2007-05-02;{end};no\n")
    loaded = io.load(folder)
    trainers = {trainer.id: trainer for trainer in loaded.programme.trainers}
    assert len(trainers["f2"].taken) == (days if taken else 0)
    assert loaded.report.rejected == (not taken)


@pytest.mark.parametrize(("length", "shown"), [(78, f"'{'x' * 78}'"), (79, f"'{'x' * 79}…")])
def test_values_are_shown_with_eighty_characters(folder: Path, length: int, shown: str) -> None:
    change(folder, "needs.csv", ("2007-01-10", "x" * length))
    assert io.load(folder).report.rejections()["value"].to_list() == [shown]


def test_a_file_is_taken_for_a_misspelt_table_from_some_likeness_on(folder: Path) -> None:
    (folder / "attendances.csv").rename(folder / "attendances_xyz.csv")
    assert io.load(folder).report.passed_over == ("attendances_xyz.csv",)
    (folder / "attendances_xyz.csv").rename(folder / "attendances_xy.csv")
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder)
    assert [problem.where for problem in caught.value.problems] == ["attendances_xy.csv"]


def test_a_folder_that_is_not_empty_is_told_by_three_of_its_files(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).touch()
        with pytest.raises(ProgrammeError) as caught:
            io.template(tmp_path)
        listed = {"a": "a", "b": "a, b", "c": "a, b, c", "d": "a, b, c, …"}[name]
        assert caught.value.problems[0].found == caught.value.problems[0].found_fr == listed


def test_unknown_texts_beyond_five_hundred_have_no_suggestions() -> None:
    rows = [records("needs")[0] | {"workshop": f"{'x' * 9}{number} y"} for number in range(499)]
    rows += [records("needs")[0] | {"workshop": name} for name in ("si te", "s ite")]
    report = io.load_tables(settings(), tables(needs=rows), ProgrammeData).report
    reasons = report.rejections("en").filter(file="needs")["reason"].to_list()
    assert reasons[-2:] == [
        "'si te' is not a known workshop; did you mean site?",
        "'s ite' is not a known workshop",
    ]
