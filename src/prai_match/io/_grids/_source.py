"""Any source to its grids."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from prai_match.io._grids._columnar import collected, columnar, from_arrow, parquet
from prai_match.io._grids._delimited import delimited
from prai_match.io._grids._grid import LARGEST, Grid, Origin, Said, unreadable
from prai_match.io._grids._records import json_records, records
from prai_match.io._grids._workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Callable

_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".parquet", ".json")
_FILES: Final = Said(f"a file in {', '.join(_SUFFIXES)}", f"un fichier {', '.join(_SUFFIXES)}")
_SOURCES: Final = Said(
    "a path, bytes, a frame, or a list of dicts", "un chemin, des octets, une table, ou une liste de dicts"
)
_SMALLER: Final = Said(f"at most {LARGEST} bytes", f"au plus {LARGEST} octets")
_TABLE: Final = Said("a table", "un tableau")


def never(label: str) -> bool:  # noqa: ARG001 - the signature is that of `known`
    """Know no label."""
    return False


def grids(source: object, *, name: str | None = None, known: Callable[[str], bool] = never) -> tuple[Grid, ...]:
    r"""Read the tables of a source, without knowing what they mean.

    Args:
        source: The path of a .csv, .tsv, .txt, .xlsx, .ods, .parquet or .json file; the bytes of one; a polars frame,
            lazy or not; a frame of another library that speaks Arrow (pandas, pyarrow, DuckDB); or a list of dicts.
        name: Name of the table; with bytes the name of the file, whose suffix tells the format.
        known: Whether a label is that of a known column, by which the row of labels is found below titles.

    Returns:
        A grid for each sheet of a workbook that isn't empty; one for any other source.

    Raises:
        ProgrammeError: No table can be read from the source; it says why.
        PraiError: The source is a workbook and the extra ``io`` is not installed.

    Example:
        >>> (grid,) = grids("Commune;Élus\nFoix;3\n".encode("cp1252"), name="besoins.csv")
        >>> grid.name, grid.header, grid.cells.rows(), grid.lines.to_list(), grid.repairs
        ('besoins', ('Commune', 'Élus'), [('Foix', '3')], [2], (Repair(code='encoding', count=1, detail='cp1252'),))
    """
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        return _file(_bytes(path), path.name, name, known)
    if isinstance(source, bytes | bytearray | memoryview):
        return _file(bytes(source), name or "", None, known)
    return (_held(source, name or "table"),)


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
    raise unreadable(name, type(source).__name__, _SOURCES)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST or not path.is_file() else b""
    except (OSError, ValueError) as error:
        found = Said("no file that can be read", "aucun fichier lisible")
        raise unreadable(str(path), found, _FILES) from error
    if size > LARGEST:
        raise unreadable(path.name, Said(f"{size} bytes", f"{size} octets"), _SMALLER)
    return data


def _file(data: bytes, file: str, name: str | None, known: Callable[[str], bool]) -> tuple[Grid, ...]:
    suffix = PurePath(file).suffix.lower()
    stem = name or PurePath(file).stem
    if suffix not in _SUFFIXES:
        raise unreadable(file, suffix or Said("no suffix", "aucune extension"), _FILES)
    if not data:
        raise unreadable(file, Said("an empty file", "un fichier vide"), _TABLE)
    match suffix:
        case ".xlsx" | ".ods":
            return workbook(data, stem, file, "ods" if suffix == ".ods" else "xlsx", known)
        case ".parquet":
            return (columnar(parquet(data, file), Origin(stem, file, "parquet")),)
        case ".json":
            return (json_records(data, stem, file),)
        case _:
            return (delimited(data, stem, file, "\t" if suffix == ".tsv" else ";", known),)
