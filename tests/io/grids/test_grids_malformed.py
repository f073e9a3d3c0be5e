"""Whatever a file holds, it is a grid that accounts for it all, or a problem that is told."""

from __future__ import annotations

import datetime as dt
import io
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st

from malformed import malformed
from prai_match.errors import ProgrammeError
from prai_match.io._grids import Grid, grids

if TYPE_CHECKING:
    from collections.abc import Sequence


def read(data: bytes, suffix: str) -> Sequence[Grid]:
    """The grids, none where the problem is told."""
    try:
        return grids(data, name=f"besoins{suffix}")
    except ProgrammeError as error:
        told = error
    assert all(problem.where and problem.found and problem.expected_fr for problem in told.problems)
    return ()


def check(grid: Grid) -> None:
    assert [grid.cells.width, grid.cells.height] == [len(grid.header), len(grid.lines)]
    assert grid.lines.is_sorted()
    assert grid.lines.dtype == grid.faults["line"].dtype == grid.set_aside["line"].dtype == pl.UInt32
    places = [*grid.lines, *grid.faults["line"], *grid.set_aside["line"]]
    assert len(set(places)) == len(places)
    if grid.format in {"csv", "tsv", "xlsx", "ods"}:
        assert set(grid.cells.dtypes) == {pl.String}


@pytest.mark.parametrize("seed", range(8))
def test_broken_files_are_grids_or_problems(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - no secret is made
    for _ in range(50):
        for grid in read(*malformed(rng)):
            check(grid)


@given(st.binary(max_size=300), st.sampled_from([".csv", ".tsv", ".json", ".xlsx", ".ods", ".parquet"]))
def test_any_bytes_are_a_grid_or_a_problem(data: bytes, suffix: str) -> None:
    for grid in read(data, suffix):
        check(grid)


@cache
def parquet() -> bytes:
    """A file with a column of each type, some of them with few values and so a dictionary."""
    day = dt.date(2007, 9, 3)
    file = io.BytesIO()
    pl.DataFrame(
        {
            "Commune": ["Foix", None, "total", "Foix"] * 8,
            "Besoin": [f"un site {number}" for number in range(32)],
            "Date": [day + dt.timedelta(number) for number in range(32)],
            "Montant": pl.Series([None, *range(31)]).cast(pl.Decimal(38, 2)),
            "Score": [number / 7 for number in range(32)],
            "Oui": [True, None] * 16,
            "Axes": [["a"], [], None, ["b", "c"]] * 8,
            "Lieu": [{"code": "09122", "jour": day}] * 32,
            "Heure": [dt.datetime.combine(day, dt.time(number % 24)) for number in range(32)],
        }
    ).write_parquet(file, compression="uncompressed")
    return file.getvalue()


@given(st.lists(st.tuples(st.integers(1, 6_000), st.integers(1, 255)), min_size=1, max_size=4))
def test_a_parquet_with_other_bytes_is_a_grid_or_a_problem(changes: list[tuple[int, int]]) -> None:
    data = bytearray(parquet())
    for place, bits in changes:
        data[-place % len(data)] ^= bits
    for grid in read(bytes(data), ".parquet"):
        check(grid)


def test_the_same_seed_makes_the_same_file() -> None:
    first, second = Random(7), Random(7)  # noqa: S311 - no secret is made
    assert malformed(first) == malformed(second)
