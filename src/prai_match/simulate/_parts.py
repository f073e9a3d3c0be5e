"""The files of a simulation: one a scenario and some replications, which appears whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.io._writing._atomic import put_files

if TYPE_CHECKING:
    from pathlib import Path


def put(folder: Path, scenario: str, first: int, count: int, data: bytes) -> None:
    """Write a part: ``count`` replications of a scenario from the number ``first``.

    Raises:
        OSError: The folder can't be written.
    """
    put_files(folder, {_name(scenario, first, count): data})


def parts(folder: Path, scenario: str) -> dict[int, int]:
    """Return how many replications are written from each number; the most, where a part was written twice."""
    found: dict[int, int] = {}
    for path in folder.glob(f"{scenario}-??????-???.parquet"):
        first, count = map(int, path.stem.rsplit("-", 2)[1:])
        found[first] = max(count, found.get(first, 0))
    return found


def files(folder: Path, scenario: str) -> list[Path]:
    """Return the files of a scenario, in the order of replications."""
    return [folder / _name(scenario, first, count) for first, count in sorted(parts(folder, scenario).items())]


def _name(scenario: str, first: int, count: int) -> str:
    return f"{scenario}-{first:06}-{count:03}.parquet"
