"""One writer of a folder at a time, as each system locks files; a process that died holds nothing."""

from __future__ import annotations

import errno
import os
import platform
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from prai_match.errors import PraiError

HELD: Final = sys.platform != "win32"
"""Whether a file can be renamed while it is open, so that a draft is held by a lock on itself."""
NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
"""Opens no file through a link: somebody may have laid one where ours would stand."""
_NO_LOCKS: Final = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOLCK, errno.EINVAL})

if sys.platform == "win32":
    import msvcrt

    def lock_file(file: int, *, wait: bool = False) -> bool:
        while True:
            try:
                msvcrt.locking(file, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                if not wait:
                    return False
            else:
                return True

else:
    import fcntl

    def lock_file(file: int, *, wait: bool = False) -> bool:
        """Lock an open file, which the end of the process unlocks; return whether it is ours.

        Where a file system knows no locks, nobody holds any.
        """
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        return True


def sync_folder(folder: Path) -> None:
    """Ask for the names of a folder to be on the disk; what was renamed has its place whatever comes of it."""
    if sys.platform == "win32":
        return
    # A failure would say that nothing was written, which is no longer so.
    with suppress(OSError):
        sync_file(folder, os.O_RDONLY)


def sync_file(path: Path, flags: int = os.O_RDWR) -> None:
    file = os.open(path, flags)
    try:
        os.fsync(file)
    finally:
        os.close(file)


LOCK: Final = ".lock"  # the file of a folder that its writer holds; its name goes with the lock
_WRITER: Final = r"(\d{1,10}) ([\w.-]{1,255})\n"


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
    """Keep other writers out of a folder while the block runs, or ``wait`` for one; a process that died is none."""
    path = Path(folder, LOCK)
    file = take(path, wait=wait)
    try:
        yield
    finally:
        release(path, file)


def take(path: Path, *, wait: bool = False) -> int:
    """Lock a file, made where it doesn't exist, write in it whose it is, and return it open."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK, 0o666)
        try:
            if not lock_file(file, wait=wait):
                raise _busy(path)  # noqa: TRY301 - the file is closed where it is made
            if has_name(path, file):
                os.ftruncate(file, 0)
                os.write(file, f"{os.getpid()} {platform.node() or 'localhost'}\n".encode())
                return file
        except BaseException:
            os.close(file)
            raise
        # Whoever held it has taken its name away.
        os.close(file)


def release(path: Path, file: int) -> None:
    """Unlock a file, whose name goes first: nobody takes what is about to go."""
    try:
        if HELD:
            path.unlink(missing_ok=True)
    finally:
        os.close(file)
    if not HELD:
        with suppress(OSError):  # somebody has it already
            path.unlink()


def has_name(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(file))
    except FileNotFoundError:
        return False


def _busy(path: Path) -> PraiError:
    try:
        writer = re.fullmatch(_WRITER, path.read_bytes().decode("utf-8", "replace"))
    except OSError:
        writer = None
    who = {"process": writer[1], "machine": writer[2]} if writer else {}
    return PraiError.of("prai_match.files", "busy_by" if writer else "busy", folder=path.parent, **who)
