"""How fast a programme with a long history loads, beside polars parsing the same file."""

from __future__ import annotations

from importlib.resources import files
from shutil import copytree
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from _measured import in_turns, keep
from prai_match import io

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = 1_000_000


def clean(rows: pl.DataFrame) -> pl.DataFrame:
    """As the library writes them."""
    return rows


def as_offices_write(rows: pl.DataFrame) -> pl.DataFrame:
    """French labels and dates, codes whose zero a spreadsheet took away, labels for sessions."""
    date = pl.col("date").str.to_date().dt.to_string("%d/%m/%Y")
    return rows.with_columns(date, pl.col("collectivity").str.strip_prefix("0")).rename(
        {
            "collectivity": "Code INSEE",
            "session": "Atelier ou buffet",
            "date": "Date du buffet",
            "elected": "Nb élus",
            "technicians": "Nb techniciens",
            "rating": "Note",
            "held": "Référence de la session",
        }
    )


@pytest.mark.parametrize("written", [clean, as_offices_write])
def test_a_million_attendances(tmp_path: Path, written: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    folder = tmp_path / "programme"
    copytree(str(files("prai_match").joinpath("data", "midi_pyrenees")), folder)
    file = folder / "attendances.csv"
    known = pl.read_csv(file, separator=";", infer_schema=False)
    members = pl.read_csv(folder / "territories.csv", separator=";", infer_schema=False)["members"].str.split(" ")
    codes, dice = members.explode(), np.random.default_rng(7)
    rows = known[dice.integers(0, known.height, ROWS)].with_columns(
        collectivity=codes[dice.integers(0, len(codes), ROWS)]
    )
    written(rows).write_csv(file, separator=";")

    def load() -> int:
        report = io.load(folder).report
        assert report.rejected == 0
        return report.accepted

    def parse() -> pl.DataFrame:
        return pl.read_csv(file, separator=";", decimal_comma=True, try_parse_dates=True)

    times = in_turns({"ours": load, "polars": parse}, rounds=2)
    keep(f"load_{written.__name__}", times["ours"], times["polars"], ratio=5, rows=ROWS)
