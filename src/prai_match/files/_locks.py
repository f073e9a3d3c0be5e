"""One writer of a folder at a time; a process that died holds nothing."""

from __future__ import annotations

import os
import platform
import re
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prai_match.errors import PraiError
from prai_match.files._system import HELD, NO_LINK, lock_file

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK: Final = ".lock"
"""The file of a folder that its writer holds; its name goes with the lock."""
_WRITER: Final = re.compile(r"(\d{1,10}) ([\w.-]{1,255})\n")


def make_folder(folder: str | os.PathLike[str]) -> Path:
    """Make the folder of a run where it isn't there, and return it."""
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise PraiError.of("prai_match", "folder", path=place) from None
    return place


@contextmanager
def lock(folder: str | os.PathLike[str], *, wait: bool = False) -> Iterator[None]:
    """Keep other writers out of a folder while the block runs; the lock of a process that died is none.

    Args:
        folder: The folder, which exists.
        wait: Wait until the other writer has finished, where there is one.
    """
    path = Path(folder, LOCK)
    held = taken(path, wait=wait)
    try:
        yield
    finally:
        left(path, held)


def taken(path: Path, *, wait: bool = False) -> int:
    """Lock a file, made where it doesn't exist, and return it opened."""
    while True:
        held = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK, 0o666)
        try:
            if _signed(path, held, wait=wait):
                return held
        except BaseException:
            os.close(held)
            raise
        # Whoever held it has taken its name away.
        os.close(held)


def _signed(path: Path, held: int, *, wait: bool) -> bool:
    """Lock an open file and write in it who holds it; return whether it still has its name."""
    if not lock_file(held, wait=wait):
        raise _busy(path)
    if not named(path, held):
        return False
    os.ftruncate(held, 0)
    os.write(held, f"{os.getpid()} {platform.node() or 'localhost'}\n".encode())
    return True


def left(path: Path, held: int) -> None:
    """Unlock a file, whose name goes first: nobody takes what is about to go."""
    try:
        if HELD:
            path.unlink(missing_ok=True)
    finally:
        os.close(held)
    if not HELD:
        with suppress(OSError):  # somebody has it already
            path.unlink()


def named(path: Path, held: int) -> bool:
    """Whether an opened file still has a name."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(held))
    except FileNotFoundError:
        return False


def _busy(path: Path) -> PraiError:
    try:
        writer = _WRITER.fullmatch(path.read_bytes().decode("utf-8", "replace"))
    except OSError:
        writer = None
    who = {"process": writer[1], "machine": writer[2]} if writer else {}
    return PraiError.of("prai_match.files", "busy_by" if writer else "busy", folder=path.parent, **who)
