"""Files that appear whole or not at all: each is written beside its place before it takes it."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def put_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files in a folder that exists; they take their places one by one once all of them are written.

    Names may have folders, which exist (``ranking/09.parquet``).

    Raises:
        OSError: The folder can't be written; the files that stood there are whole.
    """
    # Inside the folder, as its parent may be another disk or closed to us.
    draft = folder / _draft_name()
    draft.mkdir()
    try:
        _write(draft, files)
        for name in files:
            (draft / name).replace(folder / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def put_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new folder, which appears at once, with the folders above it.

    Raises:
        OSError: The folder can't be written; it doesn't exist.
    """
    draft = folder.absolute().parent / _draft_name()
    draft.mkdir(parents=True)
    try:
        _write(draft, files)
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _draft_name() -> str:
    return f".saving-{uuid4().hex}"


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        with (folder / name).open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
