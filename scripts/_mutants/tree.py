"""A copy of the project, in which texts are replaced."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "site", "build", "dist")


def copied(root: Path, copy: Path) -> Path:
    """Copy the project at ``root`` to ``copy``, without generated files, and return the copy."""
    shutil.copytree(root, copy, ignore=_LEFT_OUT)
    return copy


def write(path: Path, text: bytes) -> None:
    """Write with a new modification time, by which compiled modules are recognised, in whole seconds."""
    later = int(path.stat().st_mtime) + 1
    path.write_bytes(text)
    os.utime(path, (later, later))


@contextmanager
def replaced(path: Path, old: str, new: str) -> Iterator[None]:
    """Temporarily replace a text that occurs once in a file.

    Raises:
        ValueError: The text doesn't occur, or occurs more than once.
    """
    original = path.read_bytes()
    text = original.decode()
    if text.count(old) != 1:
        msg = f"{path.name} has {text.count(old)} times, and should have once:\n{old}"
        raise ValueError(msg)
    write(path, text.replace(old, new).encode())
    try:
        yield
    finally:
        write(path, original)
