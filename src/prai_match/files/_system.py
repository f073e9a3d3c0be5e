"""What systems do differently: locks on open files, and folders that are to outlive a power cut."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

HELD: Final = sys.platform != "win32"
"""Whether a file can be renamed while it is open, so that a draft is held by a lock on itself."""
NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
"""Opens no file through a link: somebody may have laid one where ours would stand."""
_NO_LOCKS: Final = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOLCK, errno.EINVAL})

if sys.platform == "win32":
    import msvcrt

    def lock_file(file: int, *, wait: bool = False) -> bool:
        """Lock an open file, which the end of the process unlocks; return whether it is ours."""
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
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def sync_file(path: Path) -> None:
    """Have the bytes of a file on the disk."""
    opened = os.open(path, os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
