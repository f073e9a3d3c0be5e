"""A frame of results as CSV."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from prai_match import io

if TYPE_CHECKING:
    from pathlib import Path

FRAME = pl.DataFrame(
    {
        "name": ["=cmd()", 'l\'Isle; "la"', "@x", None],
        "score": [61.25, 100.0, -3.5, None],
        "cost": pl.Series([Decimal("1250.50"), None, Decimal("0.00"), None], dtype=pl.Decimal(12, 2)),
        "earliest": [dt.date(2007, 9, 24), None, None, None],
        "rank": [1, 2, 3, None],
    }
)


def test_a_french_spreadsheet_opens_it_and_computes_nothing(tmp_path: Path) -> None:
    path = io.write_csv(FRAME, tmp_path / "out.csv")
    assert (
        path.read_bytes()
        == (
            "\ufeffname;score;cost;earliest;rank\r\n"
            "'=cmd();61,25;1250,50;2007-09-24;1\r\n"
            '"l\'Isle; ""la""";100;;;2\r\n'
            "'@x;-3,5;0,00;;3\r\n"
            ";;;;\r\n"
        ).encode()
    )


def test_it_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    io.write_csv(FRAME, path)
    before = path.read_bytes()
    with pytest.raises(OSError, match="No such file"):
        io.write_csv(FRAME, tmp_path / "missing" / "out.csv")
    io.write_csv(FRAME.head(1), path)
    assert path.read_bytes() != before
    assert [found.name for found in tmp_path.iterdir()] == ["out.csv"]
