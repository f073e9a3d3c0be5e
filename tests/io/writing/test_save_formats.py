"""A programme saved in each format: the tables with their types, and nothing that would be read twice."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, get_args

import polars as pl
import pytest

from prai_match import io
from prai_match.errors import PraiError
from prai_match.io import _writing as writing
from readback import csv_rows, sheet_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLES = ["attendances", "collectivities", "decisions", "expertise", "needs", "partners", "sessions", "territories"]
TABLES += ["registrations", "trainer_days", "trainers"]
READERS: dict[str, Callable[[bytes], list[list[object]]]] = {"csv": csv_rows, "xlsx": sheet_rows, "ods": sheet_rows}  # type: ignore[dict-item]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("suffix", get_args(writing.Format))
def test_each_table_is_one_file_of_the_format(suffix: writing.Format, folder: Path, tmp_path: Path) -> None:
    programme = io.load(folder).programme
    saved = io.save(programme, tmp_path / "here" / "new", suffix)
    assert sorted(files(saved)) == sorted(
        [".manifest.json", "lexicon.toml", "programme.toml", *(f"{table}.{suffix}" for table in TABLES)]
    )
    before = files(saved)
    assert files(io.save(programme, saved, suffix)) == before
    assert [path.name for path in saved.parent.iterdir()] == ["new"]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ods"])
def test_codes_stay_texts_and_lists_and_records_are_cells(suffix: writing.Format, folder: Path, tmp_path: Path) -> None:
    saved = io.save(io.load(folder).programme, tmp_path / "new", suffix)

    def rows(table: str) -> list[dict[object, object]]:
        header, *cells = READERS[suffix]((saved / f"{table}.{suffix}").read_bytes())
        return [dict(zip(header, row, strict=True)) for row in cells]

    first = rows("partners")[0]
    assert first["hosted"] == "09=3 31=2"
    assert first["brings"] == "elected technicians"
    assert first["departements"]
    assert {type(row["departement"]) for row in rows("collectivities")} == {str}
    assert rows("expertise")[0] == {"trainer": "f1", "session": "site", "axes": "commune epci"}
    assert {row["free"] for row in rows("trainer_days")} == ({"yes", "no"} if suffix == "csv" else {True, False})
    assert [row["text"] for row in rows("needs")][1] == ("'=1+1" if suffix == "csv" else "=1+1")


def test_parquet_and_json_keep_types_and_lists(folder: Path, tmp_path: Path) -> None:
    programme = io.load(folder).programme
    partners = pl.read_parquet(io.save(programme, tmp_path / "parquet", "parquet") / "partners.parquet")
    hosted = [{"departement": "09", "sessions": 3}, {"departement": "31", "sessions": 2}]
    assert partners["hosted"].to_list()[0] == hosted
    sessions = pl.read_parquet(tmp_path / "parquet" / "sessions.parquet")
    assert sessions["cost"].to_list()[0] == Decimal("700.25")
    assert sessions["date"].to_list() == [session.date for session in programme.sessions]
    saved = io.save(programme, tmp_path / "json", "json")
    assert json.loads((saved / "partners.json").read_text("utf-8"))[0]["hosted"] == hosted
    assert json.loads((saved / "sessions.json").read_text("utf-8"))[0]["cost"] == "700.25"


@pytest.mark.parametrize("other", ["needs.xlsx", "Besoins.CSV", "partenaires relais.json"])
def test_a_table_that_would_be_read_twice_is_refused(other: str, folder: Path) -> None:
    programme = io.load(folder).programme
    (folder / other).write_bytes(b"somebody's")
    before = files(folder)
    with pytest.raises(PraiError, match=f"already holds tables in {other}: move them away"):
        io.save(programme, folder)
    assert files(folder) == before


def test_an_unknown_format_is_refused_before_anything_is_written(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PraiError, match=r"unknown format 'xls'; the formats are csv.*did you mean xlsx"):
        io.save(io.load(folder).programme, tmp_path / "new", "xls")  # type: ignore[arg-type]
    assert not (tmp_path / "new").exists()
