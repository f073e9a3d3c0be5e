"""Conversion of any source to its grids."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, Final

import polars as pl

from prai_match.errors import ProgrammeError
from prai_match.io._grids._delimited import delimited
from prai_match.io._grids._grid import FileMemory, Grid, GridOrigin, Memory, unreadable
from prai_match.io._grids._typed import columnar, from_arrow, json_records, parquet, records
from prai_match.io._grids._workbook import workbook
from prai_match.text import RefusedFileError, opened

SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".parquet", ".json")


def grids(
    source: object,
    *,
    name: str | None = None,
    known: Callable[[str], bool] = lambda _: False,
    memory: Memory | None = None,
    root: Path | None = None,
) -> tuple[Grid, ...]:
    r"""Read the tables of a source: a path, bytes, a frame, rows as dicts or of ``sqlite3``, or an executed cursor.

    For bytes, ``name`` is the file name; ``known`` labels help to find the header; links may not leave ``root``.
    """
    if not isinstance(source, str | os.PathLike | bytes | bytearray | memoryview):
        return (_in_memory(source, name or "table"),)
    path = Path(source) if isinstance(source, str | os.PathLike) else None
    memory = memory or Memory()
    share = FileMemory(memory, path.name if path else name or "")
    try:
        if path:
            parts = _file(_bytes(path, root, share), name, known, share)
        else:
            share.take(len(source))  # type: ignore[arg-type]
            parts = _file(bytes(source), None, known, share)  # type: ignore[arg-type]
    except MemoryError:
        raise share.error() from None  # there is less memory than the limit
    for grid in parts:
        memory.keep(grid)
    return parts


def _in_memory(source: Any, name: str) -> Grid:  # noqa: ANN401 - any source
    if isinstance(source, pl.LazyFrame):
        try:
            source = source.collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise unreadable(name, "no_frame", str(error)) from error
    if isinstance(source, pl.DataFrame):
        return columnar(source, GridOrigin(name, name, "frame"))
    if hasattr(source, "fetchall") and getattr(source, "description", None):
        labels = [column[0] for column in source.description]
        rows = [dict(zip(labels, row, strict=True)) for row in source.fetchall()]
        return records(rows, name) if rows else columnar(pl.DataFrame(schema=labels), GridOrigin(name, name, "frame"))
    if isinstance(source, Sequence) and not isinstance(source, str):
        # A row of sqlite3 has names and values, but isn't a mapping.
        rows = [dict(zip(row.keys(), row, strict=True)) if _has_names(row) else row for row in source]
        return records(rows, name)
    if hasattr(source, "__arrow_c_stream__"):
        frame = from_arrow(source, name)
        return records(frame, name) if isinstance(frame, list) else columnar(frame, GridOrigin(name, name, "frame"))
    raise unreadable(name, "no_source", type(source).__name__)


def _has_names(row: object) -> bool:
    return not isinstance(row, Mapping) and hasattr(row, "keys") and hasattr(row, "__getitem__")


def _bytes(path: Path, root: Path | None, share: FileMemory) -> bytes:
    try:
        with opened(path, root) as file:
            size = os.fstat(file.fileno()).st_size
            share.take(size)
            data = file.read(size + 1)
    except RefusedFileError as error:
        raise ProgrammeError(str(path), [replace(error.problem, where=str(path))]) from None
    except (OSError, ValueError) as error:
        raise unreadable(str(path), "no_readable_file", suffixes=", ".join(SUFFIXES)) from error
    if len(data) > size:
        raise unreadable(path.name, "growing")
    return data


def _file(data: bytes, name: str | None, is_label: Callable[[str], bool], share: FileMemory) -> tuple[Grid, ...]:
    file, stem = share.file, name or PurePath(share.file).stem
    suffix = PurePath(file).suffix.lower()
    if suffix not in SUFFIXES:
        raise unreadable(file, "no_suffix", suffix or None, suffixes=", ".join(SUFFIXES))
    if not data:
        raise unreadable(file, "empty_file")
    match suffix:
        case ".xlsx" | ".ods":
            return workbook(data, stem, "ods" if suffix == ".ods" else "xlsx", is_label, share)
        case ".parquet":
            return (columnar(parquet(data, share), GridOrigin(stem, file, "parquet")),)
        case ".json":
            return (json_records(data, stem, share),)
        case _:
            return (delimited(data, stem, "\t" if suffix == ".tsv" else ";", is_label, share),)
