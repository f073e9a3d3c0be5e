"""Whatever a file holds, it is a grid that accounts for it all, or a problem that is told."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_the_same_seed_makes_the_same_file() -> None:
    first, second = Random(7), Random(7)  # noqa: S311 - no secret is made
    assert malformed(first) == malformed(second)
