"""A programme to its folder: all of it is there, or what stood there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from prai_match.errors import PraiError, missing_extra
from prai_match.files import put_all
from prai_match.io import _labels
from prai_match.io._schema import EXPERTISE, FIELDS, PROGRAMME, TABLES, TRAINER_DAYS, Table
from prai_match.io._writing import FORMATS, encoded
from prai_match.model import Rows

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from prai_match.io._writing import Format
    from prai_match.model import Model, ProgrammeData


def save(
    programme: ProgrammeData,
    folder: str | os.PathLike[str],
    format: Format = "csv",  # noqa: A002 - the word for it
    *,
    beside: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a programme to a folder, from which ``load`` gives an equal one; ``beside`` are other files, by name.

    The folder holds ``programme.toml`` and one file for each table, and is saved whole or not at all: a new folder
    appears at once; in a folder that exists, the files of these names are replaced together, with the modes that they
    had, and other files stay. Where that is interrupted, even by a power cut, `load` finishes it or finds what was
    there before, and tells. A hidden file, ``.manifest.json``, has the digests of the files, by which `load` tells what
    was changed since. A folder in which another file holds one of the tables, in another format or under
    another name (``besoins.xlsx`` where ``needs.csv`` would be written), is refused and left as it is: ``load`` would
    read the table twice, and removing the file could lose what somebody keeps there.
    """
    root = Path(folder)
    tables = {f"{name}.{format}": encoded(frame, format, sheet=name) for name, frame in frames(programme).items()}
    files = {**(beside or {}), PROGRAMME: _toml(programme), **tables}

    def check(names: list[str]) -> None:
        if in_the_way := sorted(name for name in files if (root / name).is_dir()):
            raise PraiError.of("prai_match.io", "folders_in_the_way", folder=root, names=", ".join(in_the_way))
        if others := sorted(_read_too(names, files)):
            raise PraiError.of("prai_match.io", "tables_in_the_way", folder=root, names=", ".join(others))

    put_all(root, files, manifest=True, check=check)
    return root


def _read_too(names: Iterable[str], files: Iterable[str]) -> Iterator[str]:
    """Files that hold tables beside those written."""
    ours, tables = set(files), _labels.table_names()
    for path in map(Path, names):
        is_table = _labels.key(path.stem) in tables and path.suffix.lower().removeprefix(".") in FORMATS
        if is_table and path.name not in ours:
            yield path.name


def frames(programme: ProgrammeData) -> dict[str, pl.DataFrame]:
    """The tables of a programme by name, with the types that their columns have."""
    tables = {table.name: _rows(table, getattr(programme, table.name)) for table in FIELDS}
    expertise = [(trainer.id, item.session, item.axes) for trainer in programme.trainers for item in trainer.expertise]
    days = [
        (trainer.id, start, end, free)
        for trainer in programme.trainers
        for start, end, free in [
            *((period.start, period.end, True) for period in trainer.free),
            *((day, day, False) for day in trainer.taken),
        ]
    ]
    tables |= {EXPERTISE.name: _frame(EXPERTISE, expertise), TRAINER_DAYS.name: _frame(TRAINER_DAYS, days)}
    return {table.name: tables[table.name] for table in TABLES}


def _rows(table: Table, rows: Sequence[Model]) -> pl.DataFrame:
    names = [column.name for column in table.columns]
    if isinstance(rows, Rows):
        return rows.to_polars().select(names)
    return _frame(table, [tuple(_value(getattr(row, name)) for name in names) for row in rows])


def _value(value: object) -> object:
    """What polars makes a value of: models inside a list are structures."""
    if not isinstance(value, tuple):
        return value
    return [item if isinstance(item, str) else item.model_dump() for item in value]


def _frame(table: Table, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, {column.name: column.kind.dtype for column in table.columns}, orient="row")


def _toml(programme: ProgrammeData) -> bytes:
    try:
        import tomli_w  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra("save", "io") from None
    tables = {table.name for table in FIELDS}
    settings = programme.model_dump(exclude=tables, exclude_none=True)
    return tomli_w.dumps(settings).encode()
