"""What is wrong with a history is told by file and column, counted, with its first rows; nothing is left out silently."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from datasets.histories import TABLES, history, without_history, written
from made import ON, programme
from prai_match import ProgrammeError, recommend_dataset
from prai_match.datasets import _folders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def problems(tmp_path: Path, change: Callable[[Path], object], lang: Any = "en") -> list[str]:
    """What is told of the history of the small programme with a change of its files."""
    folder = history(tmp_path / "history", programme())
    change(folder)
    with pytest.raises(ProgrammeError) as raised:
        recommend_dataset(without_history(programme()), folder, tmp_path / "out", on=ON)
    assert not (tmp_path / "out").exists()
    return [problem.text(lang) for problem in raised.value.problems]


NEEDS = "needs/departement=09/part-0.parquet"
ATTENDANCES = "attendances/departement=09/part-0.parquet"


def changed(file: str, **columns: pl.Expr | pl.Series) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        pl.read_parquet(folder / file).with_columns(**columns).write_parquet(folder / file)

    return change


CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "an unknown collectivity": (
        changed(NEEDS, collectivity=pl.Series(["09001", "0900", "O9005"])),
        (
            f"{NEEDS}: collectivity: found in 2 rows '0900' (row 2), 'O9005' (row 3), expected a known collectivity of a "
            "territory; did you mean 09001, 09002, 09003?"
        ),
    ),
    "an unknown workshop": (
        changed(NEEDS, workshop=pl.lit("b_web"), axis=pl.lit(None, pl.String)),
        f"{NEEDS}: workshop: found in 3 rows 'b_web' (row 1), 'b_web' (row 2), 'b_web' (row 3), expected a known workshop",
    ),
    "an unknown axis": (
        changed(NEEDS, axis=pl.Series(["refont", None, None])),
        f"{NEEDS}: axis: found in 1 row 'refont' (row 1), expected a known axis of site_internet; did you mean refonte?",
    ),
    "nothing said": (
        changed(NEEDS, workshop=pl.lit(None, pl.String), axis=pl.lit(None, pl.String)),
        f"{NEEDS}: text: found in 3 rows nothing (row 1), nothing (row 2), nothing (row 3), expected a text or a workshop",
    ),
    "a null": (
        changed(NEEDS, date=pl.Series([dt.date(2007, 5, 2), None, None])),
        f"{NEEDS}: date: found in 2 rows None (row 2), None (row 3), expected a valid date such as 2007-03-31",
    ),
    "a number out of its limits": (
        changed(NEEDS, people=pl.Series([6, 0, 4])),
        f"{NEEDS}: people: found in 1 row 0 (row 2), expected a value of at least 1",
    ),
    "texts for dates": (
        changed(NEEDS, date=pl.col("date").cast(pl.String)),
        f"{NEEDS}: date: found a column of type String, expected dates",
    ),
    "numbers for codes": (
        changed(NEEDS, collectivity=pl.col("collectivity").cast(pl.Int64)),
        f"{NEEDS}: collectivity: found a column of type Int64, expected texts",
    ),
    "texts for ratings": (
        changed(ATTENDANCES, rating=pl.lit("3,5")),
        f"{ATTENDANCES}: rating: found a column of type String, expected numbers",
    ),
    "half people": (
        changed(ATTENDANCES, elected=pl.lit(1.5)),
        f"{ATTENDANCES}: elected: found a column of type Float64, expected whole numbers",
    ),
    "nobody came": (
        changed(ATTENDANCES, elected=pl.lit(0), technicians=pl.lit(0)),
        f"{ATTENDANCES}: elected: found in 1 row nobody (row 1), expected at least one elected official or technician",
    ),
    "another day than the session held": (
        changed(ATTENDANCES, date=pl.lit(dt.date(2007, 3, 2))),
        f"{ATTENDANCES}: held: found in 1 row 'b_web' on 2007-03-02 (row 1), expected 'b_web' on 2007-03-01, as session 'h1' says",
    ),
    "an unknown column": (
        changed(NEEDS, peple=pl.lit(3)),
        (
            f"{NEEDS}: peple: found an unknown column, expected one of collectivity, date, channel, text, workshop, axis, "
            "people, score; did you mean people?"
        ),
    ),
    "a column that is missing": (
        lambda folder: pl.read_parquet(folder / NEEDS).drop("date").write_parquet(folder / NEEDS),
        f"{NEEDS}: date: found no such column, expected this column: it is required",
    ),
    "a file of something else": (
        lambda folder: (folder / "besoins.parquet").write_bytes(b""),
        (
            "besoins.parquet: found a file that belongs to no table, expected needs.parquet, attendances.parquet, or Parquet files "
            "(.parquet) below needs/ and attendances/"
        ),
    ),
    "a table of another format": (
        lambda folder: (folder / "needs" / "more.csv").write_bytes(b"collectivity;date"),
        (
            "needs/more.csv: found a file that belongs to no table, expected needs.parquet, attendances.parquet, or Parquet files "
            "(.parquet) below needs/ and attendances/"
        ),
    ),
    "a table without a file": (
        lambda folder: (folder / ATTENDANCES).unlink(),
        (
            "attendances: found no file, expected attendances.parquet or Parquet files below attendances/ (if there are no rows, "
            "one file without rows)"
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_with_its_place_and_the_way_to_mend_it(case: str, tmp_path: Path) -> None:
    change, expected = CASES[case]
    assert problems(tmp_path, change) == [expected]


def test_a_file_that_is_no_parquet_is_told(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, lambda folder: (folder / NEEDS).write_bytes(b"collectivity;date"))
    assert told.startswith(f"{NEEDS}: found ")
    assert told.endswith("expected a Parquet file")


def test_faults_are_counted_over_all_of_a_file_and_the_first_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_folders, "BATCH", 400)

    def change(folder: Path) -> None:
        rows = pl.concat([pl.read_parquet(folder / NEEDS)] * 1_000)
        odd = pl.int_range(pl.len()) % 3 == 1
        code = pl.when(odd).then(pl.lit("99999")).otherwise("collectivity")
        rows.with_columns(collectivity=code).write_parquet(folder / NEEDS, row_group_size=700)

    assert problems(tmp_path / "en", change)[0].startswith(
        f"{NEEDS}: collectivity: found in 1,000 rows '99999' (row 2), '99999' (row 5), '99999' (row 8), …, expected a known"
    )
    assert problems(tmp_path / "fr", change, "fr")[0].startswith(
        f"{NEEDS}: collectivity : 1\N{NARROW NO-BREAK SPACE}000 lignes fautives : « 99999 » (ligne 2), « 99999 » (ligne 5), « 99999 » (ligne 8), … ;"
    )


def test_there_is_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError, match="found no such folder, expected a folder with needs/ and attendances/"):
        recommend_dataset(without_history(programme()), tmp_path / "nowhere", tmp_path / "out", on=ON)


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        changed(NEEDS, people=pl.lit(0), workshop=pl.lit("sgi"), axis=pl.lit(None, pl.String))(folder)
        changed(ATTENDANCES, session=pl.lit("b_wob"))(folder)

    told = problems(tmp_path, change)
    assert [line.split(": found")[0] for line in told] == [
        f"{NEEDS}: people",
        f"{NEEDS}: workshop",
        f"{ATTENDANCES}: session",
        f"{ATTENDANCES}: held",
    ]


def test_fewer_columns_other_types_of_the_same_values_and_hidden_files_are_fine(tmp_path: Path) -> None:
    whole = programme(attendances=[], sessions=[])
    tables = {name: getattr(whole, name).to_polars() for name in TABLES}
    needs = tables["needs"].select(
        pl.col("collectivity").cast(pl.Categorical),
        "date",
        "workshop",
        pl.col("people").cast(pl.UInt8),
        departement=pl.lit("?"),
    )
    folder = written(tmp_path / "history", {"needs": needs}, lambda frame: {"all.parquet": frame})
    tables["attendances"].write_parquet(folder / "attendances.parquet")
    (folder / "needs" / "_SUCCESS").touch()
    (folder / ".cache").mkdir()
    (folder / ".cache" / "x.parquet").touch()
    made = recommend_dataset(without_history(whole), folder, tmp_path / "out", on=ON)
    plain = whole.model_copy(update={"needs": tuple(need.model_copy(update={"axis": None}) for need in whole.needs)})
    assert made.scan().collect().drop("because").equals(plain.recommend(ON).to_polars().drop("because"))
