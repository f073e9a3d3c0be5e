"""Files from people who may mean harm: opened once, and only if they are files."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from prai_match._words import catalogue
from prai_match.errors import Problem

PACKAGE: Final = "prai_match.text"
"""Whose catalogue has the words."""
_KINDS: Final = (
    (stat.S_ISDIR, "folder"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)
# Without it a pipe that nobody writes to would be waited for; Windows has neither.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)


class RefusedFileError(OSError):
    """What bears the name of a file and isn't read.

    Attributes:
        problem: What is wrong, at no place.
    """

    def __init__(self, problem: Problem) -> None:
        """Keep what is wrong."""
        super().__init__(problem.found)
        self.problem = problem
        self.strerror: str | None = problem.found


def opened(path: Path, root: Path | None = None) -> BinaryIO:
    """Open a file, whose links don't leave a folder.

    What was opened is what is looked at, so that nothing can be put in its place meanwhile.

    Args:
        path: The file.
        root: The folder; None: the file may be anywhere.
    """
    # Some devices do something as soon as they are opened.
    _check_kind(path.stat().st_mode)
    if root is not None:
        _check_inside(path, root, path.stat())
    descriptor = os.open(path, _FLAGS)
    try:
        there = os.fstat(descriptor)
        _check_kind(there.st_mode)
        if root is not None:
            _check_inside(path, root, there)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check_kind(mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = next((kind for is_it, kind in _KINDS if is_it(mode)), "other")
        raise RefusedFileError(Problem.of(PACKAGE, "ordinary", "", kind=catalogue(PACKAGE, "errors")["kinds"][kind]))


def _check_inside(path: Path, root: Path, there: os.stat_result) -> None:
    """Check that what is there is what stands in the folder."""
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(root)) or not os.path.samestat(real.lstat(), there):
        raise RefusedFileError(Problem.of(PACKAGE, "link", ""))
