"""A programme to its folder; what stood there is replaced only once everything new is written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from prai_match.errors import PraiError
from prai_match.io import _csv
from prai_match.io._tables import EXPERTISE, FIELDS, PROGRAMME, TRAINER_DAYS, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prai_match.model import ProgrammeData


def save(programme: ProgrammeData, folder: str | os.PathLike[str]) -> Path:
    """Write a programme to a folder, from which ``load`` gives an equal one.

    Every file is first written whole beside its place. A new folder appears at once; in a folder that exists, files
    are replaced one by one, other files (such as the lexicon) stay. A text that a spreadsheet would compute, as
    ``=1+1``, is written with an apostrophe before it, which ``load`` takes away.

    Args:
        programme: The programme.
        folder: The folder; it is made where it doesn't exist.

    Returns:
        The folder.

    Raises:
        PraiError: The extra ``io`` is not installed.
        OSError: The folder can't be written; the files that stood there are whole.
    """
    root = Path(folder)
    files = {PROGRAMME: _toml(programme), **dict(_tables(programme))}
    new = not root.exists()
    # Inside a folder that exists, as its parent may be another disk or closed to us.
    draft = (root.absolute().parent if new else root) / f".saving-{uuid4().hex}"
    draft.mkdir(parents=new)
    try:
        for name, data in files.items():
            _write(draft / name, data)
        if new:
            draft.replace(root)
        else:
            for name in files:
                (draft / name).replace(root / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return root


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _toml(programme: ProgrammeData) -> bytes:
    try:
        import tomli_w  # noqa: PLC0415 - an extra
    except ImportError:
        msg = 'to save a programme, install the extra "io": pip install "prai-match[io]"'
        raise PraiError(msg) from None
    tables = {table.name for table in FIELDS}
    settings = programme.model_dump(exclude=tables, exclude_none=True)
    return tomli_w.dumps(settings).encode()


def _tables(programme: ProgrammeData) -> Iterator[tuple[str, bytes]]:
    for table in FIELDS:
        yield _file(table, (_attributes(table, row) for row in getattr(programme, table.name)))
    yield _file(
        EXPERTISE,
        (
            {"trainer": trainer.id, "session": expertise.session, "axes": expertise.axes}
            for trainer in programme.trainers
            for expertise in trainer.expertise
        ),
    )
    yield _file(
        TRAINER_DAYS,
        (
            {"trainer": trainer.id, "start": start, "end": end, "free": free}
            for trainer in programme.trainers
            for start, end, free in [
                *((period.start, period.end, True) for period in trainer.free),
                *((day, day, False) for day in trainer.taken),
            ]
        ),
    )


def _attributes(table: Table, row: object) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in table.columns}


def _file(table: Table, rows: Iterable[Mapping[str, Any]]) -> tuple[str, bytes]:
    writers = [(column.name, column.cell.write) for column in table.columns]
    cells = (["" if row[name] is None else write(row[name]) for name, write in writers] for row in rows)
    return table.file, _csv.written([column.name for column in table.columns], cells)
