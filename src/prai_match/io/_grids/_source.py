"""Any source to its grids."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from prai_match.errors import ProgrammeError
from prai_match.io._grids._columnar import collected, columnar, from_arrow, parquet
from prai_match.io._grids._delimited import delimited
from prai_match.io._grids._grid import Grid, Origin, unreadable
from prai_match.io._grids._memory import Memory
from prai_match.io._grids._records import json_records, records
from prai_match.io._grids._workbook import workbook
from prai_match.text import RefusedFileError, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.io._grids._memory import Share

_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".parquet", ".json")


def never(label: str) -> bool:  # noqa: ARG001 - the signature is that of `known`
    """Know no label."""
    return False


def grids(
    source: object,
    *,
    name: str | None = None,
    known: Callable[[str], bool] = never,
    memory: Memory | None = None,
    root: Path | None = None,
) -> tuple[Grid, ...]:
    r"""Read the tables of a source, without knowing what they mean.

    Args:
        source: The path of a .csv, .tsv, .txt, .xlsx, .ods, .parquet or .json file; the bytes of one; a polars frame,
            lazy or not; a frame of another library that speaks Arrow (pandas, pyarrow, DuckDB); or a list of dicts.
        name: Name of the table; with bytes the name of the file, whose suffix tells the format.
        known: Whether a label is that of a known column, by which the row of labels is found below titles.
        memory: What may be taken, and has been by other files; None: as much as by default.
        root: The folder which no link of a file may leave; None: links lead anywhere.

    Returns:
        A grid for each sheet of a workbook that isn't empty; one for any other source.
    """
    if not isinstance(source, str | os.PathLike | bytes | bytearray | memoryview):
        return (_held(source, name or "table"),)
    memory = memory or Memory()
    share = memory.file(Path(source).name if isinstance(source, str | os.PathLike) else name or "")
    try:
        if isinstance(source, str | os.PathLike):
            found = _file(_bytes(Path(source), root, share), name, known, share)
        else:
            share.take(len(source))
            found = _file(bytes(source), None, known, share)
    except MemoryError:
        raise share.error() from None  # there was less than may be taken
    for grid in found:
        memory.keep(grid)
    return found


def _held(source: Any, name: str) -> Grid:  # noqa: ANN401 - any source
    """A table that the program holds already."""
    if isinstance(source, pl.LazyFrame):
        source = collected(source, name)
    if isinstance(source, pl.DataFrame):
        return columnar(source, Origin(name, name, "frame"))
    if isinstance(source, Sequence) and not isinstance(source, str):
        return records(source, name)
    if hasattr(source, "__arrow_c_stream__"):
        frame = from_arrow(source, name)
        return records(frame, name) if isinstance(frame, list) else columnar(frame, Origin(name, name, "frame"))
    raise unreadable(name, "no_source", type(source).__name__)


def _bytes(path: Path, root: Path | None, share: Share) -> bytes:
    try:
        with opened(path, root) as file:
            size = os.fstat(file.fileno()).st_size
            share.take(size)
            data = file.read(size + 1)
    except RefusedFileError as error:
        raise ProgrammeError(str(path), [replace(error.problem, where=str(path))]) from None
    except (OSError, ValueError) as error:
        raise unreadable(str(path), "no_readable_file", suffixes=", ".join(_SUFFIXES)) from error
    if len(data) > size:
        raise unreadable(path.name, "growing")
    return data


def _file(data: bytes, name: str | None, known: Callable[[str], bool], share: Share) -> tuple[Grid, ...]:
    file = share.file
    suffix = PurePath(file).suffix.lower()
    stem = name or PurePath(file).stem
    if suffix not in _SUFFIXES:
        raise unreadable(file, "no_suffix", suffix or None, suffixes=", ".join(_SUFFIXES))
    if not data:
        raise unreadable(file, "empty_file")
    match suffix:
        case ".xlsx" | ".ods":
            return workbook(data, stem, "ods" if suffix == ".ods" else "xlsx", known, share)
        case ".parquet":
            return (columnar(parquet(data, share), Origin(stem, file, "parquet")),)
        case ".json":
            return (json_records(data, stem, share),)
        case _:
            return (delimited(data, stem, "\t" if suffix == ".tsv" else ";", known, share),)
