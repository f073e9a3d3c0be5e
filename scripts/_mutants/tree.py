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
    """Copy the project at ``root`` to ``copy``, without what was made in it, and return the copy."""
    shutil.copytree(root, copy, ignore=_LEFT_OUT)
    return copy


def write(path: Path, text: bytes) -> None:
    """Write with a time that no earlier text had: compiled modules are told apart by it, in whole seconds."""
    later = int(path.stat().st_mtime) + 1
    path.write_bytes(text)
    os.utime(path, (later, later))


@contextmanager
def replaced(path: Path, old: str, new: str) -> Iterator[None]:
    """Replace a text that stands once in a file, for a while.

    Raises:
        ValueError: The text doesn't stand there, or more than once.
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
