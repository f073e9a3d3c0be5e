"""A row is named by its key where it comes from: from frames, dictionaries and cursors."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from prai_match import Programme, UnknownCodeError
from prai_match.errors import ArgumentError, RejectedRowsWarning

if TYPE_CHECKING:
    from pathlib import Path

ROWS = {
    "id": [4711, 4712, 4713],
    "collectivity": ["31555", "31555", "31555"],
    "date": ["2007-03-01", "bientôt", "2007-03-05"],
    "workshop": ["sig", "sig", "ailleurs"],
}


@pytest.fixture(name="tables")
def _tables(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    Programme.example().save(tmp_path / "region")
    return tmp_path / "region", {path.stem: path for path in (tmp_path / "region").glob("*.csv")}


def _cursor() -> sqlite3.Cursor:
    base = sqlite3.connect(":memory:")
    base.execute("create table needs (id, collectivity, date, workshop)")
    base.executemany("insert into needs values (?, ?, ?, ?)", zip(*ROWS.values(), strict=True))
    return base.execute("select * from needs")


@pytest.mark.parametrize("key", ["id", {"needs": "ID"}])
@pytest.mark.parametrize(
    "rows", [pl.DataFrame(ROWS), pl.DataFrame(ROWS).to_dicts(), pl.DataFrame(ROWS).to_pandas(), _cursor()]
)
def test_what_is_wrong_is_told_with_the_key(tables: tuple[Path, dict[str, Any]], rows: Any, key: Any) -> None:
    folder, others = tables
    if isinstance(rows, sqlite3.Cursor):
        rows = _cursor()
    with pytest.warns(RejectedRowsWarning):
        programme = Programme.from_tables(folder / "programme.toml", {**others, "needs": rows}, key=key)
    report = programme.load_report
    assert report is not None
    assert [problem.where for problem in report.problems] == ["needs:2 (id 4712).date", "needs:3 (id 4713).workshop"]
    assert [notice.sentence["en"] for notice in report.to_know if "not read" in notice.sentence["en"]] == []


@pytest.mark.parametrize("key", ["nothing", {"needs": "identifier"}, {"need": "id"}])
def test_a_key_that_is_not_there_is_refused(tables: tuple[Path, dict[str, Any]], key: Any) -> None:
    folder, others = tables
    with pytest.raises(UnknownCodeError):
        Programme.from_tables(folder / "programme.toml", {**others, "needs": pl.DataFrame(ROWS)}, key=key)
    with pytest.raises(ArgumentError, match="key"):
        Programme.from_tables(folder / "programme.toml", others, key=3)  # type: ignore[arg-type]
