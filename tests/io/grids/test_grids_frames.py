"""Frames of several libraries, and Parquet, keep their types."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from prai_match.errors import ProgrammeError
from prai_match.io._grids import grids

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2007, 9, 3)
FRAME = pl.DataFrame({"Commune": ["Foix", "Albi"], "Élus": [3, None], "Date": [DAY, None], "Axes": [["a"], []]})


def test_a_frame_keeps_its_types() -> None:
    (grid,) = grids(FRAME, name="besoins")
    assert (grid.name, grid.file, grid.format, grid.header) == ("besoins", "besoins", "frame", tuple(FRAME.columns))
    assert grid.cells.columns == ["0", "1", "2", "3"]
    assert grid.cells.dtypes == FRAME.dtypes
    assert grid.cells.rows() == FRAME.rows()
    assert grid.lines.to_list() == [1, 2]


@pytest.mark.parametrize("source", [FRAME.lazy(), FRAME.to_arrow(), pa.table(FRAME.to_arrow()).to_reader()])
def test_frames_of_others_are_alike(source: object) -> None:
    (grid,) = grids(source)
    assert (grid.name, grid.cells.rows()) == ("table", FRAME.rows())


def test_pandas_comes_without_its_index() -> None:
    frame = pd.DataFrame({"Commune": ["Foix", "Albi"], "Élus": [3, 4]}, index=[5, 9])
    (grid,) = grids(frame)
    assert (grid.header, grid.cells.rows()) == (("Commune", "Élus"), [("Foix", 3), ("Albi", 4)])


def test_a_pandas_column_of_several_types_is_read_as_records() -> None:
    frame = pd.DataFrame({"Commune": ["Foix", 9], "Date": [pd.Timestamp("2007-09-03"), pd.NaT]}, dtype=object)
    (grid,) = grids(frame)
    assert grid.format == "records"
    assert grid.cells.rows() == [("Foix", dt.datetime(2007, 9, 3)), ("9", None)]  # noqa: DTZ001 - as pandas has it


def test_blank_rows_and_totals_of_a_frame_are_set_aside() -> None:
    frame = pl.DataFrame(
        {"a": [None, None, "Foix", " ", "Total"], "b": ["sous-total", "Albi", "x", None, None], "c": [1, 2, 3, None, 6]}
    )
    (grid,) = grids(frame.with_columns(pl.col("a").cast(pl.Categorical)))
    assert grid.cells.rows() == [(None, "Albi", 2), ("Foix", "x", 3)]
    assert grid.lines.to_list() == [2, 3]
    assert grid.set_aside.rows() == [(1, "total", ";sous-total;1"), (4, "blank", ""), (5, "total", "Total;;6")]


def test_empty_texts_are_null() -> None:
    assert grids(pl.DataFrame({"a": ["", "x"], "b": [1, 2]}))[0].cells["0"].to_list() == [None, "x"]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    FRAME.write_parquet(tmp_path / "besoins.parquet")
    (grid,) = grids(tmp_path / "besoins.parquet")
    assert (grid.name, grid.file, grid.format) == ("besoins", "besoins.parquet", "parquet")
    assert grid.cells.rows() == FRAME.rows()


@pytest.mark.parametrize(
    "source",
    [
        pl.DataFrame(),
        pl.scan_parquet("/absent.parquet"),
        pl.LazyFrame({"a": [1]}).select("b"),
        pa.chunked_array([[1], [2]]),
        3,
        None,
    ],
)
def test_what_is_no_table_is_told(source: object) -> None:
    with pytest.raises(ProgrammeError):
        grids(source)


def test_a_broken_parquet_is_told() -> None:
    with pytest.raises(ProgrammeError, match="a damaged file"):
        grids(b"PAR1", name="x.parquet")


@pytest.mark.parametrize(
    ("dtype", "count", "first", "told"),
    [
        (pl.Date(), -719_163, "1970-01-01", "-719163 days since 1970-01-01"),
        (pl.Date(), 2**31 - 1, "1970-01-01", "2147483647 days since 1970-01-01"),
        (pl.Datetime("us"), 2**62, "1970-01-01 00:00:00.000000", f"{2**62} us since 1970-01-01"),
        (
            pl.Datetime("ms", "Europe/Paris"),
            -(2**62),
            "1970-01-01 01:00:00.000+01:00",
            f"{-(2**62)} ms since 1970-01-01",
        ),
        (pl.Duration("ms"), 2**62, "PT0S", f"{2**62} ms"),
    ],
)
def test_what_no_calendar_has_is_told_as_it_is_counted(dtype: pl.DataType, count: int, first: str, told: str) -> None:
    counted = pl.Series([0, None, count])
    day = counted.cast(pl.Int32).cast(dtype) if dtype == pl.Date else counted.cast(dtype)
    frame = pl.DataFrame({"Commune": ["Foix", "Total", "Albi"], "Date": day})
    file = io.BytesIO()
    frame.write_parquet(file)
    for source in (frame, file.getvalue()):
        (grid,) = grids(source, name="besoins.parquet")
        assert grid.cells.rows() == [("Foix", first), ("Albi", told)]


@pytest.mark.parametrize("nested", [pl.concat_list("day"), pl.struct("day"), pl.concat_list(pl.struct("day"))])
def test_what_no_calendar_has_is_refused_inside_a_cell(nested: pl.Expr) -> None:
    days = pl.DataFrame({"day": pl.Series([13_759, 3_000_000], dtype=pl.Date)})
    with pytest.raises(ProgrammeError, match="a day or an hour that does not exist"):
        grids(days.select(nested), name="besoins")
    assert grids(days.head(1).select(nested), name="besoins")[0].cells.height == 1


@pytest.mark.parametrize("day", [DAY, dt.date.min, dt.date.max])
def test_days_that_a_calendar_has_stay_days(day: dt.date) -> None:
    at = dt.datetime.combine(day, dt.time.max)
    frame = pl.DataFrame({"day": [day], "at": [at], "days": [[day]], "for": [dt.timedelta.max], "hour": [at.time()]})
    assert grids(frame)[0].cells.rows() == frame.rows()


def test_a_parquet_that_would_take_all_memory_is_not_read() -> None:
    file = io.BytesIO()
    pl.select(pl.repeat(0, 1 << 22, dtype=pl.UInt8).alias("0")).select(
        pl.col("0").alias(str(number)) for number in range(65)
    ).write_parquet(file)
    with pytest.raises(ProgrammeError, match=r"needs \d+ bytes of memory, expected at most 1000000000 in all"):
        grids(file.getvalue(), name="x.parquet")


def test_a_panic_of_the_reader_is_told_and_an_interruption_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: BaseException = pl.exceptions.PanicException()

    def read_parquet(_: object) -> None:
        raise raised

    file = io.BytesIO()
    FRAME.write_parquet(file)
    monkeypatch.setattr("polars.read_parquet", read_parquet)
    with pytest.raises(ProgrammeError, match="a damaged file"):
        grids(file.getvalue(), name="x.parquet")
    raised = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        grids(file.getvalue(), name="x.parquet")
