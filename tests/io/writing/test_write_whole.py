"""What is written, and that it appears whole or not at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from prai_match import Programme, io
from prai_match.errors import PraiError
from prai_match.io import _writing as writing
from readback import csv_rows, sheet_rows

FRAME = pl.DataFrame({"a": [1, 2]})


@pytest.mark.parametrize("suffix", writing.FORMATS)
def test_what_speaks_arrow_is_written(suffix: str, tmp_path: Path) -> None:
    recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
    path = io.write(recs, tmp_path / f"recs.{suffix}")
    assert path.read_bytes() == writing.encoded(recs.to_polars(), suffix, sheet="recs")
    assert io.write(pd.DataFrame({"a": [1, 2]}), path).read_bytes() == writing.encoded(FRAME, suffix, sheet="recs")


def test_recommendations_have_typed_cells_in_excel(tmp_path: Path) -> None:
    recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
    header, *rows = sheet_rows(io.write(recs, tmp_path / "recs.xlsx", sheet="Suites").read_bytes())
    assert header == recs.to_polars().columns
    for cells, row in zip(rows, recs.to_polars().iter_rows(named=True), strict=True):
        shown = dict(zip(header, cells, strict=True))
        assert shown["territory"] == row["territory"]
        assert shown["day"] == (row["day"] or "")
        assert shown["cost"] == ("" if row["cost"] is None else float(row["cost"]))


@pytest.mark.parametrize("name", ["out.xls", "out", "out.csvv"])
def test_an_unknown_suffix_names_those_known(name: str, tmp_path: Path) -> None:
    with pytest.raises(PraiError, match=r"the formats are csv, tsv, xlsx, ods, parquet, json"):
        io.write(FRAME, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_it_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    io.write(FRAME, path)
    before = path.read_bytes()
    with pytest.raises(OSError, match="No such file"):
        io.write(FRAME, tmp_path / "missing" / "out.csv")
    io.write(FRAME.head(1), path)
    assert path.read_bytes() != before
    assert csv_rows(path.read_bytes()) == [["a"], ["1"]]
    assert [found.name for found in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_stood_there_stays_when_writing_fails(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = io.write(FRAME, tmp_path / "out.csv")
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr("os.fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        io.write(FRAME.head(1), path)
    with pytest.raises(OSError, match="No space left"):
        io.write(FRAME, tmp_path / "new.csv")
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["out.csv"]


def test_a_folder_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out.csv" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        io.write(FRAME, tmp_path / "out.csv")
    assert [found.name for found in tmp_path.rglob("*")] == ["out.csv", "inside"]
