"""Small JSON files for the library's own use, such as the manifest of a save; they may have been damaged."""

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from prai_match.errors import PraiError

Interruption = Literal["", "finished", "undone"]

MANIFEST: Final = ".manifest.json"
_LONGEST: Final = 64 * 2**20


def record_bytes(record: Mapping[str, Any]) -> bytes:
    r"""Return the bytes of a record; equal records give equal bytes."""
    return (json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_record(path: Path) -> dict[str, Any]:
    try:
        is_ours = stat.S_ISREG(path.stat().st_mode) and path.stat().st_size <= _LONGEST
        record = json.loads(path.read_bytes().decode()) if is_ours else None
    except FileNotFoundError:
        raise PraiError.of("prai_match.files", "missing", path=path) from None
    except (OSError, ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise PraiError.of("prai_match.files", "damaged", path=path)
    return record


@dataclass(frozen=True, slots=True)
class Save:
    """Information on the last save of a folder.

    Attributes:
        interrupted: ``finished`` if it had been interrupted and its files have now been put in place, ``undone`` if the
            files before it were restored; otherwise empty.
        changed: Files that somebody changed since.
        missing: Files that somebody removed since.
        damaged: Whether the list of digests can't be read, so that changes are unknown.

    Example:
        >>> Save(changed=("needs.csv",)).missing
        ()
    """

    interrupted: Interruption = ""
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    damaged: bool = False


def files_record(files: Mapping[str, object]) -> bytes:
    """Return the bytes of a record on files, by name."""
    return record_bytes({"format": 1, "files": files})


def compare(folder: Path, interruption: Interruption) -> Save:
    """Return how the files of a folder differ from its manifest; without a manifest, there are no differences."""
    path = folder / MANIFEST
    if not os.path.lexists(path):
        return Save(interruption)
    try:
        digests = read_record(path).get("files")
    except PraiError:
        digests = None
    if not isinstance(digests, dict) or not all(name and "/" not in name for name in digests):
        return Save(interruption, damaged=True)
    now = {name: digest(folder / name) for name in sorted(digests)}
    changed = tuple(name for name, after in now.items() if after not in {None, digests[name]})
    return Save(interruption, changed=changed, missing=tuple(name for name, after in now.items() if after is None))


def digest(path: Path) -> str | None:
    """Return the SHA-256 of a file; None if it doesn't exist."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
