"""Programmes from frames, records and files, table by table."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from folder_by_hand import records, settings, tables
from made import programme, small, with_policy
from prai_match import Programme, ProgrammeError, UnknownCodeError, io
from prai_match.errors import RejectedRowsWarning
from prai_match.io import _write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SETTINGS = {name: small()[name] for name in ("name", "period", "catalogue", "calendar", "budget")}
FRAMES = _write.frames(programme())


def to_pandas(frame: pl.DataFrame) -> Any:
    """As a spreadsheet read by pandas: codes and whole numbers as floats, days as times."""
    made = pd.DataFrame(frame.to_dict(as_series=False))
    for name, dtype in frame.schema.items():
        if dtype == pl.Date:
            made[name] = pd.to_datetime(made[name])
    if "code" in made:
        made["code"] = made["code"].astype(float)
    if "collectivity" in made:
        made["collectivity"] = made["collectivity"].astype(float)
    return made


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda frame: frame, id="polars"),
        pytest.param(lambda frame: frame.lazy(), id="lazy"),
        pytest.param(to_pandas, id="pandas"),
        pytest.param(lambda frame: frame.to_arrow(), id="arrow"),
        pytest.param(lambda frame: pa.table(frame.to_dict(as_series=False)), id="inferred"),
        pytest.param(lambda frame: frame.to_dicts() or frame, id="records"),
        pytest.param(lambda frame: frame.with_columns(pl.col(pl.String).cast(pl.Categorical)), id="categories"),
    ],
)
def test_frames_of_every_library_give_the_same_programme(made: Callable[[pl.DataFrame], Any]) -> None:
    loaded = Programme.from_tables(SETTINGS, {name: made(frame) for name, frame in FRAMES.items()})
    assert with_policy(loaded) == programme()


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "ods", "parquet", "json"])
def test_files_give_the_same_programme(suffix: str, tmp_path: Path) -> None:
    programme().save(tmp_path / "saved", "csv")
    paths: dict[str, Any] = {
        name: io.write(frame, tmp_path / f"{name}.{suffix}") for name, frame in FRAMES.items() if frame.height
    }
    loaded = Programme.from_tables(tmp_path / "saved" / "programme.toml", paths)
    assert with_policy(loaded) == programme()
    assert loaded.load_report is not None
    assert loaded.load_report.subject == str(tmp_path / "saved" / "programme.toml")


def test_codes_as_numbers_get_their_zero_back() -> None:
    given = {name: to_pandas(frame) for name, frame in FRAMES.items()}
    loaded = Programme.from_tables(SETTINGS, given)
    assert [one.code for one in loaded.collectivities] == [f"0900{n}" for n in range(1, 7)]
    assert loaded.needs[0].date == dt.date(2007, 5, 2)
    report = loaded.load_report
    assert report is not None
    zeros = report.repairs("en").filter(pl.col("repair").str.contains("zero"))
    assert ("collectivities", "code", 6, "9001 → 09001") in zeros.drop("repair").rows()
    assert ("needs", "collectivity", 3, "9001 → 09001") in zeros.drop("repair").rows()


def test_the_hour_beside_a_day_is_left_out_of_frames_too() -> None:
    times = pl.Series([dt.datetime(2007, 1, 2), dt.datetime(2007, 1, 2, 9)])  # noqa: DTZ001 - a cell has no zone
    needs = pl.DataFrame({"collectivity": ["31555"] * 2, "date": times, "text": ["a", "b"]})
    loaded = io.load_tables(settings(), tables(needs=needs), Programme)
    assert [need.date for need in loaded.programme.needs] == [dt.date(2007, 1, 2)] * 2


@pytest.mark.parametrize("day", [-800_000, 2_932_897, 2**31 - 1])
def test_a_day_that_no_calendar_has_is_a_rejected_row(day: int) -> None:
    needs = FRAMES["needs"].with_columns(date=pl.Series([day] * FRAMES["needs"].height, dtype=pl.Date))
    with pytest.warns(RejectedRowsWarning):
        loaded = Programme.from_tables(SETTINGS, {**FRAMES, "needs": pl.concat([FRAMES["needs"], needs.head(1)])})
    assert with_policy(loaded) == programme()
    assert loaded.load_report is not None
    assert loaded.load_report.rejections("en")["value"].to_list() == [f"'{day} days since 1970-01-01'"]


@pytest.mark.parametrize("sessions", [pl.Int64, pl.Int32, pl.UInt8])
def test_lists_of_structures_are_sessions_by_departement(sessions: Any) -> None:
    dtype = pl.List(pl.Struct({"departement": pl.String, "sessions": sessions}))
    hosted = pl.Series("hosted", [[{"departement": "09", "sessions": 3}], []], dtype)
    given = Programme.from_tables(SETTINGS, FRAMES | {"partners": FRAMES["partners"].with_columns(hosted)}).partners
    assert [[(one.departement, one.sessions) for one in partner.hosted] for partner in given] == [[("09", 3)], []]


def test_bytes_and_numbers_in_place_of_texts_are_texts() -> None:
    needs = pl.DataFrame(
        {
            "collectivity": [31555, 31149],
            "date": ["2007-01-02"] * 2,
            "text": [b"Un site", None],
            "workshop": [None, "site"],
        }
    )
    loaded = Programme.from_tables(settings(), tables(needs=needs))
    assert [(need.collectivity, need.text) for need in loaded.needs] == [("31555", str(b"Un site")), ("31149", "")]


def test_rejected_rows_warn_with_the_report() -> None:
    bad = [*records("needs"), {"collectivity": "31555", "date": "hier", "text": "x"}]
    with pytest.warns(RejectedRowsWarning, match="1 rejected") as caught:
        loaded = Programme.from_tables(settings(), tables(needs=bad))
    assert caught[0].filename == __file__
    assert len(loaded.needs) == 2
    assert loaded.load_report is not None
    assert loaded.load_report.rejected == 1
    with pytest.raises(ProgrammeError, match=r"needs:3\.date"):
        Programme.from_tables(settings(), tables(needs=bad), strict=True)


def test_columns_are_chosen_by_the_user() -> None:
    rows = [{"collectivity": "31555", "jour de saisie": "2007-01-02", "date": "hier", "text": "Un site"}]
    loaded = Programme.from_tables(
        settings(), tables(needs=rows), columns={"needs": {"jour de saisie": "date", "date": ""}}
    )
    assert loaded.needs[0].date == dt.date(2007, 1, 2)


def test_what_is_no_table() -> None:
    with pytest.raises(UnknownCodeError, match="unknown table: 'need'; did you mean needs"):
        Programme.from_tables(settings(), tables(need=[]))
    with pytest.raises(ProgrammeError, match="needs: found int, expected"):
        Programme.from_tables(settings(), tables(needs=3))
    with pytest.raises(ProgrammeError, match=r"territories\.csv: found no such file"):
        Programme.from_tables(settings(), {"collectivities": records("collectivities")})
    with pytest.raises(ProgrammeError, match="needs: found no column 'date'"):
        Programme.from_tables(settings(), tables(needs=[{"collectivity": "31555"}]))


def test_settings_are_a_mapping_or_a_file(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError, match=r"programme\.toml: found no such file"):
        Programme.from_tables(tmp_path / "programme.toml", tables())
    with pytest.raises(ProgrammeError, match="period"):
        Programme.from_tables({"name": {"fr": "x", "en": "x"}}, tables())
    with pytest.raises(ProgrammeError, match="needs: found a table that has its own file"):
        Programme.from_tables(settings() | {"needs": []}, tables())


def test_a_programme_that_was_not_read_has_no_report() -> None:
    assert programme().load_report is None


def test_a_truth_in_place_of_a_text_is_its_word() -> None:
    needs = [{"collectivity": "31555", "date": "2007-01-02", "text": truth} for truth in (True, False)]
    assert [need.text for need in Programme.from_tables(settings(), tables(needs=needs)).needs] == ["yes", "no"]
