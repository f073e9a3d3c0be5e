"""Files from people who may mean harm: opened once, and only if they are files."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

_KINDS: Final = (
    (stat.S_ISDIR, "a folder", "un dossier"),
    (stat.S_ISFIFO, "a named pipe", "un tube nommé"),
    (stat.S_ISSOCK, "a socket", "une socket"),
    (stat.S_ISCHR, "a device", "un périphérique"),
    (stat.S_ISBLK, "a device", "un périphérique"),
)
_ORDINARY: Final = (
    "an ordinary file, with a copy of what is to be read",
    "un fichier ordinaire, avec une copie de ce qui est à lire",
)
_LEAVES: Final = ("a link that leaves the folder", "un lien qui sort du dossier")
_INSIDE: Final = (
    "a file of the folder, or follow_links=True (--follow-links)",
    "un fichier du dossier, ou follow_links=True (--follow-links)",
)
# Without it a pipe that nobody writes to would be waited for; Windows has neither.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)


class RefusedFileError(OSError):
    """What bears the name of a file and isn't read.

    Attributes:
        found: What it is, in English and in French.
        expected: What would be read, in English and in French.
    """

    def __init__(self, found: tuple[str, str], expected: tuple[str, str]) -> None:
        """Keep both as they are told."""
        super().__init__(found[0])
        self.strerror: str | None = found[0]
        self.found = found
        self.expected = expected


def opened(path: Path, root: Path | None = None) -> BinaryIO:
    """Open a file, whose links don't leave a folder.

    What was opened is what is looked at, so that nothing can be put in its place meanwhile.

    Args:
        path: The file.
        root: The folder; None: the file may be anywhere.

    Raises:
        RefusedFileError: It is no regular file, or a link leads out of the folder.
        OSError: It can't be opened.
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
        kinds = ((english, french) for is_it, english, french in _KINDS if is_it(mode))
        found = next(kinds, ("no file", "pas un fichier"))
        raise RefusedFileError(found, _ORDINARY)


def _check_inside(path: Path, root: Path, there: os.stat_result) -> None:
    """Check that what is there is what stands in the folder."""
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(root)) or not os.path.samestat(real.lstat(), there):
        raise RefusedFileError(_LEAVES, _INSIDE)
