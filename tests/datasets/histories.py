"""Histories as folders of Parquet files, cut in many ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import polars as pl

    from prai_match import Programme

TABLES = ("needs", "attendances")


def without_history(programme: Programme) -> Programme:
    """The programme without what the files have."""
    return programme.model_copy(update=dict.fromkeys(TABLES, ()))


def by_departement(programme: Programme) -> Callable[[pl.DataFrame], dict[str, pl.DataFrame]]:
    """Cut a table as a partitioned dataset is: hive style, a file for the département of each collectivity."""
    home = {one.code: one.departement for one in programme.collectivities}

    def cut(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
        code = frame["collectivity"].replace(home).alias("departement")
        parts = frame.with_columns(code).partition_by("departement", as_dict=True, include_key=False)
        return {f"departement={key}/part-0.parquet": part for (key,), part in parts.items()} or {"none.parquet": frame}

    return cut


def written(
    folder: Path, tables: Mapping[str, pl.DataFrame], cut: Callable[[pl.DataFrame], Mapping[str, pl.DataFrame]]
) -> Path:
    """Write tables below ``folder``, each cut into files, by their paths."""
    for name, frame in tables.items():
        for path, part in cut(frame).items():
            file = folder / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            part.write_parquet(file, row_group_size=50)
    return folder


def history(folder: Path, programme: Programme) -> Path:
    """Write the history of a programme, by département."""
    tables = {name: getattr(programme, name).to_polars() for name in TABLES}
    return written(folder, tables, by_departement(programme))
