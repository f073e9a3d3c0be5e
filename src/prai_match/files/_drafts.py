"""Atomic writing of a file, and one writer of a folder at a time, with the file locks of each system.

A file is written next to its place, under a temporary name protected by a lock, and then renamed; the lock of a dead
process is released.
"""

import errno
import os
import platform
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from prai_match.errors import PraiError

# Whether a file can be renamed while it is open, so that a draft is held by a lock on itself.
HELD: Final = sys.platform != "win32"
# Opens no file through a link: somebody may have laid one where ours would stand.
NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
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
    """Flush the names of a folder to disk; renamed files have their place even if this fails."""
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
    """Create the folder of a run if it doesn't exist, and return it."""
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise PraiError.of("prai_match", "folder", path=place) from None
    return place


@contextmanager
def lock(folder: str | os.PathLike[str], *, wait: bool = False) -> Iterator[None]:
    """Keep other writers out of a folder while the block runs, or ``wait`` for one; dead processes don't count."""
    path = Path(folder, LOCK)
    file = take(path, wait=wait)
    try:
        yield
    finally:
        release(path, file)


def take(path: Path, *, wait: bool = False) -> int:
    """Lock a file, created if missing, write its owner into it, and return it open."""
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
    """Unlock a file after removing its name, so that nobody locks a file about to disappear."""
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


DRAFT: Final = ".draft-"  # how the name of a draft begins: of a file, or of a folder of files that belong together
GONE: Final = ".gone-"  # how the name of a folder begins that is about to be removed
_EARLIER: Final = ".saving-"  # how drafts began that held no lock


def put(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file atomically: see `draft`."""
    with draft(path) as beside:
        beside.write_bytes(data)


@contextmanager
def draft(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield an empty file next to a path in an existing folder; it replaces the path at the end of the block.

    If the block raises or the process is killed, the existing file is unchanged. Its mode and, if the system allows it,
    its owner are kept. A link stays, and its target is replaced. Drafts left by killed processes are removed.
    """
    place = place_of(path)
    sweep(place.parent)
    with draft_of(place) as beside:
        yield beside
        settle_draft(beside, place)
        beside.replace(place)
    sync_folder(place.parent)


def place_of(path: str | os.PathLike[str]) -> Path:
    """Return the file that a path refers to, following links; refuse what a file can't replace."""
    place = Path(os.path.realpath(path))
    try:
        mode = place.lstat().st_mode
    except FileNotFoundError:
        return place
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not stat.S_ISREG(mode):
        raise PraiError.of("prai_match.files", "not_regular", path=path)
    return place


@contextmanager
def draft_of(place: Path) -> Iterator[Path]:
    """Yield an empty draft next to a place, to be renamed; it is removed if the block raises."""
    beside, file = _new_draft(place)
    try:
        yield beside
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    finally:
        if file is not None:
            os.close(file)


def settle_draft(beside: Path, place: Path) -> None:
    """Flush a draft to disk, with owner and mode of the file that it will replace, if any."""
    sync_file(beside)
    try:
        before = place.stat()
    except FileNotFoundError:
        return
    if HELD:
        with suppress(PermissionError):  # only some may give files away
            os.chown(beside, before.st_uid, before.st_gid)
    beside.chmod(stat.S_IMODE(before.st_mode))


def create(path: Path, place: Path) -> int:
    """Create an empty file to replace another; nobody else can read it before it has the mode of the old one."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600 if place.exists() else 0o666)


def _new_draft(place: Path) -> tuple[Path, int | None]:
    """Return a new draft and its file, which is locked where a locked file can be renamed."""
    while True:
        beside = place.with_name(f"{DRAFT}{uuid4().hex}")
        try:
            file = create(beside, place)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(place)) from error
        if not HELD:
            os.close(file)
            return beside, None
        try:
            lock_file(file, wait=True)
            # Whoever sweeps may have taken it for a draft of the dead before it was locked.
            if has_name(beside, file):
                return beside, file
        except BaseException:
            beside.unlink(missing_ok=True)
            os.close(file)
            raise
        os.close(file)


def sweep(folder: Path) -> bool:
    """Remove the drafts of dead processes; return whether one was a folder of files that belong together.

    Without locks on drafts, none is known to be abandoned.
    """
    is_interrupted = False
    for entry in _drafts(folder):
        # What can't be removed hinders nobody: it may be another user's.
        with suppress(OSError):
            if entry.name.startswith(GONE):
                shutil.rmtree(entry.path)
            elif HELD and entry.is_dir(follow_symlinks=False):
                is_interrupted |= _sweep_folder(Path(entry.path))
            elif HELD and entry.is_file(follow_symlinks=False):
                _sweep_file(Path(entry.path))
    return is_interrupted


def drop(folder: Path) -> None:
    """Remove a folder; others no longer see it from the first moment."""
    out_of_sight = folder.with_name(f"{GONE}{uuid4().hex}")
    folder.replace(out_of_sight)
    with suppress(OSError):  # what is left is swept later
        shutil.rmtree(out_of_sight)


def _drafts(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if entry.name.startswith((DRAFT, GONE, _EARLIER))]
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []


def _sweep_file(path: Path) -> None:
    file = os.open(path, os.O_RDWR | NO_LINK)
    try:
        if lock_file(file):
            path.unlink()
    finally:
        os.close(file)


def _sweep_folder(path: Path) -> bool:
    """Remove a folder of drafts unless it is in use; an empty one may be new, and is then created again."""
    with suppress(OSError):
        path.rmdir()
        return False
    try:
        file = os.open(path / LOCK, os.O_RDWR | NO_LINK)
    except FileNotFoundError:
        # Nobody's: the lock is the first file of each.
        drop(path)
        return True
    try:
        if is_ours := lock_file(file):
            drop(path)
        return is_ours
    finally:
        os.close(file)
