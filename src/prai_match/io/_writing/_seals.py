"""Parquet files that say what they belong to, and by which it is seen that they are whole before anything reads them.

What reads Parquet trusts its bytes: those of a damaged file can end the process. The seal is found and computed again
without reading any of it.
"""

from __future__ import annotations

import hashlib
import stat
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from prai_match.io._writing._formats import parquet_bytes

if TYPE_CHECKING:
    import polars as pl

Seal = Literal["whole", "missing", "damaged", "foreign"]
_NAME: Final = "prai_match.seal"
_MARK: Final = "prai_match belongs to "
_HEX: Final = 64
_BLANK: Final = b"0" * _HEX  # what the digest of the bytes is computed over, where itself will stand


def sealed(frame: pl.DataFrame, owner: str) -> bytes:
    """Return a frame as Parquet; the owner is the digest of what the file belongs to."""
    blank = parquet_bytes(frame, {_NAME: f"{_MARK}{owner} {_BLANK.decode()}"})
    place = blank.rindex(_MARK.encode()) + len(_MARK) + _HEX + 1
    return blank[:place] + hashlib.sha256(blank).hexdigest().encode() + blank[place + _HEX :]


def seal(path: Path, owner: str) -> Seal:
    """Return whether a file is there, has the bytes that it was written with, and belongs to what it should."""
    try:
        state = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    if not stat.S_ISREG(state.st_mode):
        return "damaged"
    name = _owner(path, state.st_ino, state.st_mtime_ns, state.st_size)
    return "damaged" if name is None else "whole" if name == owner else "foreign"


@lru_cache(4096)
def _owner(path: Path, *_state: int) -> str | None:
    """Return the owner that a file names, where its bytes are those that were sealed; read once while it stays so."""
    data = path.read_bytes()
    at = data.rfind(_MARK.encode()) + len(_MARK)
    place = at + _HEX + 1
    if at < len(_MARK):
        return None
    if hashlib.sha256(data[:place] + _BLANK + data[place + _HEX :]).hexdigest().encode() != data[place : place + _HEX]:
        return None
    return data[at : at + _HEX].decode("ascii", "replace")
