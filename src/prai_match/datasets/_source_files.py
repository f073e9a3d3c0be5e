"""The history as a folder of Parquet files: which there are, and those rows of them that are asked for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match.errors import Problem, ProgrammeError
from prai_match.model import Attendance, Need, columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from prai_match.model import Model

TABLES: dict[str, type[Model]] = {"needs": Need, "attendances": Attendance}
"""The tables of a history, and the model of their rows."""

PARTITION = "departement"
"""A column of files that were partitioned by it: it is passed over, since collectivities say whose rows are."""

BATCH = 262_144
"""Rows read at once where all of a file are looked at."""

_HIDDEN = (".", "_")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the history."""

    path: Path
    name: str  # how errors call it: its path within the history

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def batches(self) -> Iterator[tuple[int, pl.DataFrame]]:
        """Return all rows a batch at a time, each with the number of rows before it."""
        rows = scan(self.path)
        height = int(rows.select(pl.len()).collect().item())
        for start in range(0, height, BATCH):
            yield start, rows.slice(start, BATCH).collect(engine="streaming")


def history(folder: Path) -> dict[str, list[File]]:
    """Return the files of each table, in the order of their names: ``needs.parquet``, or any below ``needs/``.

    Files and folders whose name begins with a point or an underscore are passed over, as Parquet datasets have it.
    """
    if not folder.is_dir():
        raise ProgrammeError(str(folder), [_problem("no_folder", str(folder))])
    files: dict[str, list[File]] = {name: [] for name in TABLES}
    problems = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_dir() or any(part.startswith(_HIDDEN) for part in name.parts):
            continue
        table = name.parts[0] if len(name.parts) > 1 else name.stem
        if table in files and path.suffix == ".parquet":
            files[table].append(File(path, name.as_posix()))
        else:
            problems.append(_problem("other_file", name.as_posix()))
    problems += [_problem("no_file", name, table=name) for name, some in files.items() if not some]
    if problems:
        raise ProgrammeError(str(folder), problems)
    return files


def scan(path: Path) -> pl.LazyFrame:
    """Return the rows of a file, without what the folders above it say of them."""
    return pl.scan_parquet(path, hive_partitioning=False).drop(PARTITION, strict=False)


def cast_to(row: type[Model], rows: pl.LazyFrame, names: Sequence[str]) -> pl.LazyFrame:
    """Return rows with the columns and the types of the fields of ``row``; those that aren't there are at default."""
    return rows.select(
        pl.col(column.name).cast(column.dtype, strict=False)
        if column.name in names
        else pl.lit(column.field.get_default(call_default_factory=True), column.dtype).alias(column.name)
        for column in columns(row)
    )


def read(table: str, paths: Sequence[Path], collectivities: pl.Series) -> pl.DataFrame:
    """Return the rows of some collectivities from files that were checked; row groups without any aren't read."""
    row = TABLES[table]
    parts = []
    for path in paths:
        rows = scan(path)
        schema = rows.collect_schema()
        # What is compared with bounds, as it is, is looked for in the row groups that can have it alone.
        if schema["collectivity"] == pl.String:
            first, last = pl.lit(collectivities.min(), pl.String), pl.lit(collectivities.max(), pl.String)
            rows = rows.filter(pl.col("collectivity").is_between(first, last))
        rows = rows.filter(pl.col("collectivity").cast(pl.String).is_in(collectivities.implode()))
        parts.append(cast_to(row, rows, schema.names()))
    empty = pl.LazyFrame(schema={column.name: column.dtype for column in columns(row)})
    return pl.concat([empty, *parts]).collect(engine="streaming")


def _problem(key: str, where: str, **values: object) -> Problem:
    return Problem.of("prai_match.datasets", key, where, **values)
