"""Which bytes the files of a folder had when they were saved."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from prai_match.errors import PraiError
from prai_match.files._records import read_record, record_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST: Final = ".manifest.json"


@dataclass(frozen=True, slots=True)
class Save:
    """What is known of the last save of a folder.

    Attributes:
        interrupted: ``finished`` where it had been interrupted and its files have now taken their places, ``undone``
            where the files are those from before it; else empty.
        changed: Files that somebody changed since.
        missing: Files that somebody took away since.
        damaged: Whether the list of digests can't be read, so that nothing is known of changes.

    Example:
        >>> Save(changed=("needs.csv",)).missing
        ()
    """

    interrupted: Literal["", "finished", "undone"] = ""
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    damaged: bool = False


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """Return the manifest of files."""
    return record_bytes({"format": 1, "files": {name: digest_of(data) for name, data in files.items()}})


def compared(folder: Path, interrupted: Literal["", "finished", "undone"]) -> Save:
    """Return how the files of a folder differ from its manifest; one without a manifest is as it is."""
    path = folder / MANIFEST
    if not os.path.lexists(path):
        return Save(interrupted)
    try:
        saved = read_record(path).get("files")
    except PraiError:
        return Save(interrupted, damaged=True)
    if not isinstance(saved, dict) or not all(name and "/" not in name for name in saved):
        return Save(interrupted, damaged=True)
    now = {name: digest(folder / name) for name in sorted(saved)}
    return Save(
        interrupted,
        changed=tuple(name for name, found in now.items() if found not in {None, saved[name]}),
        missing=tuple(name for name, found in now.items() if found is None),
    )


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def digest(path: Path) -> str | None:
    """Return the SHA-256 of a file; None where there is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
