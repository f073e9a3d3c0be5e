"""Small JSON files that the library writes for itself, such as the manifest of a save; others may have damaged them."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from prai_match.errors import PraiError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST: Final = ".manifest.json"
_LONGEST: Final = 64 * 2**20


def record_bytes(record: Mapping[str, Any]) -> bytes:
    r"""Return the bytes of a record: the same one gives the same."""
    return (json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_record(path: Path) -> dict[str, Any]:
    """Read a record."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size > _LONGEST:
            raise _damaged(path)
        record = json.loads(path.read_bytes().decode())
    except FileNotFoundError:
        raise PraiError.of("prai_match.files", "missing", path=path) from None
    except (OSError, ValueError, RecursionError):
        raise _damaged(path) from None
    if not isinstance(record, dict):
        raise _damaged(path)
    return record


def _damaged(path: Path) -> PraiError:
    return PraiError.of("prai_match.files", "damaged", path=path)


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
