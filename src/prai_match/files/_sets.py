"""Files of a folder that belong together: all of them are replaced, or none.

They are written to a folder of drafts inside theirs. The new files count from the instant when it is renamed to
``.save-complete``: the next process moves those not yet moved. If moving fails, it is renamed to ``.save-undone``, and
the old files are restored. A process may be killed between any two steps.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar
from uuid import uuid4

from prai_match.errors import PraiError
from prai_match.files import _drafts
from prai_match.files._drafts import DRAFT, LOCK, drop, lock, place_of, put, settle_draft, sweep, sync_file, sync_folder
from prai_match.files._records import MANIFEST, Interruption, Save, compare, digest, files_record, read_record

_T = TypeVar("_T")

COMPLETE: Final = ".save-complete"
UNDONE: Final = ".save-undone"
_JOURNAL, _NEW, _OLD = "journal.json", "new", "old"
_OURS: Final = (LOCK, MANIFEST, DRAFT, _drafts.GONE)


def put_all(
    folder: str | os.PathLike[str],
    files: Mapping[str, bytes],
    *,
    manifest: bool = False,
    check: Callable[[list[str]], None] | None = None,
) -> None:
    """Write files of a folder that belong together, by name: all are replaced, or none.

    A new folder appears at once. If the process is killed before all files are in place, the next `settle`,
    `read_settled` or `put_all` finishes the work. Unchanged files aren't touched. A ``manifest`` stores the digests of
    the files in the folder, so that later changes can be detected. ``check`` gets the names in an existing folder,
    without those of this package, and raises if it must not be written.
    """
    root = Path(os.path.realpath(folder))
    everything = dict(files)
    if manifest:
        everything[MANIFEST] = files_record({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})
    while not root.exists():
        try:
            _put_new(root, everything)
        except OSError as error:
            if error.errno not in {errno.EEXIST, errno.ENOTEMPTY} or not root.exists():
                raise
        else:
            return
    with lock(root):
        sweep(root)
        _settle(root)
        if check is not None:
            check(sorted(path.name for path in root.iterdir() if not path.name.startswith(_OURS)))
        _replace(root, everything)


def settle(folder: str | os.PathLike[str]) -> Interruption:
    """Restore a folder to the state before or after the last `put_all`, if that was interrupted.

    Returns ``finished`` if the new files are in place, ``undone`` if the old ones were restored.
    """
    root = Path(os.path.realpath(folder))
    has_drafts = sweep(root)
    if not _is_pending(root):
        return "undone" if has_drafts else ""
    try:
        with lock(root, wait=True):
            return _settle(root)
    except OSError as error:
        raise PraiError.of("prai_match.files", "unfinished", folder=root, why=error.strerror) from error


def _is_pending(root: Path) -> bool:
    """Return whether a folder may mix files of different saves."""
    return os.path.lexists(root / COMPLETE) or os.path.lexists(root / UNDONE)


def _put_new(root: Path, files: Mapping[str, bytes]) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    sweep(root.parent)
    with _staging(root.parent) as staging:
        for name, data in files.items():
            _write(staging.path / name, data)
        sync_folder(staging.path)
        staging.rename(root)
    sync_folder(root.parent)


def _replace(root: Path, files: Mapping[str, bytes]) -> None:
    places = {name: place_of(root / name) for name in files}
    with ExitStack() as drafts:
        staging = drafts.enter_context(_staging(root))
        new, old = staging.path / _NEW, staging.path / _OLD
        new.mkdir()
        old.mkdir()
        journal: dict[str, list[str | None]] = {}
        elsewhere: dict[str, Path] = {}
        for name, data in files.items():
            place = places[name]
            before, after = digest(place), hashlib.sha256(data).hexdigest()
            if before == after:
                continue
            _write(new / name, data, place)
            if before is not None:
                _keep(place, old / name)
            if place.parent != root:
                elsewhere[name] = drafts.enter_context(_drafts.draft_of(place))
                elsewhere[name].write_bytes(data)
                settle_draft(elsewhere[name], place)
            journal[name] = [before, after]
        if not journal:
            return
        _write(staging.path / _JOURNAL, files_record(journal))
        for each in (new, old, staging.path):
            sync_folder(each)
        staging.rename(root / COMPLETE)
        sync_folder(root)
        try:
            _finish(root, journal, elsewhere)
        except BaseException:
            if staging.path.exists():
                staging.rename(root / UNDONE)
                _undo(root, journal)
            raise


def _settle(root: Path) -> Interruption:
    """Finish or undo an interrupted save; the lock must be held."""
    if os.path.lexists(root / UNDONE):
        _undo(root, _journal(root / UNDONE))
        return "undone"
    if os.path.lexists(root / COMPLETE):
        _finish(root, _journal(root / COMPLETE), {})
        return "finished"
    return ""


def _finish(root: Path, journal: Mapping[str, list[str | None]], elsewhere: Mapping[str, Path]) -> None:
    """Move the new files to their places; those behind links are copied, as they may be on another disk."""
    left_over = {name: root / COMPLETE / _NEW / name for name in journal if (root / COMPLETE / _NEW / name).exists()}
    places = {name: place_of(root / name) for name in left_over}
    _check_unchanged(root, places, journal)
    for name, new in left_over.items():
        if places[name].parent == root:
            new.replace(places[name])
        elif name in elsewhere:
            elsewhere[name].replace(places[name])
            new.unlink()
        else:
            put(places[name], new.read_bytes())
            new.unlink()
    sync_folder(root)
    drop(root / COMPLETE)


def _undo(root: Path, journal: Mapping[str, list[str | None]]) -> None:
    places = {name: place_of(root / name) for name in journal}
    _check_unchanged(root, places, journal)
    for name, (before, _) in journal.items():
        if before is None:
            places[name].unlink(missing_ok=True)
        elif digest(places[name]) != before:
            put(places[name], (root / UNDONE / _OLD / name).read_bytes())
    sync_folder(root)
    drop(root / UNDONE)


def _check_unchanged(root: Path, places: Mapping[str, Path], journal: Mapping[str, list[str | None]]) -> None:
    """Refuse to replace what somebody has changed since the save was interrupted."""
    for name, place in places.items():
        if digest(place) not in {None, *journal[name]}:
            drafts = COMPLETE if (root / COMPLETE).exists() else UNDONE
            raise PraiError.of("prai_match.files", "changed", folder=root, name=name, kept=drafts)


def _journal(folder: Path) -> dict[str, list[str | None]]:
    """Read what was to be replaced, the manifest last; a journal is complete before it counts."""
    try:
        files = read_record(folder / _JOURNAL).get("files")
    except PraiError:
        files = None
    if not isinstance(files, dict) or not all(_is_entry(*item) for item in files.items()):
        raise PraiError.of("prai_match.files", "journal", path=folder / _JOURNAL, folder=folder)
    return dict(sorted(files.items(), key=lambda item: item[0] == MANIFEST))


def _is_entry(name: str, digests: object) -> bool:
    """Return whether an entry of the journal has the name of a file of the folder, and digests before and after."""
    return (
        Path(name).name == name
        and isinstance(digests, list)
        and [type(each) for each in digests] in ([str, str], [type(None), str])
    )


class _Staging:
    """A folder of drafts protected by its lock, also after renaming."""

    def __init__(self, path: Path, lock: int | None) -> None:
        self.path, self.lock = path, lock

    def rename(self, place: Path) -> None:
        self.path.rename(place)
        self.path = place


@contextmanager
def _staging(parent: Path) -> Iterator[_Staging]:
    """Yield a new folder for drafts; it is removed at the end of the block, unless it was renamed."""
    drafts = parent / f"{DRAFT}{uuid4().hex}"
    staging = _Staging(drafts, _new_folder(drafts))
    try:
        yield staging
    finally:
        if staging.lock is not None:
            _drafts.release(staging.path / LOCK, staging.lock)
        if drafts.exists():
            with suppress(OSError):  # what is left is swept later
                shutil.rmtree(drafts)


def _new_folder(drafts: Path) -> int | None:
    """Create a folder of drafts, and lock it if the system can rename a folder with an open file."""
    while True:
        drafts.mkdir()
        if not _drafts.HELD:
            return None
        try:
            return _drafts.take(drafts / LOCK, wait=True)
        except FileNotFoundError:
            # Whoever sweeps took it for one of the dead before it was locked.
            continue
        except BaseException:
            with suppress(OSError):
                drafts.rmdir()
            raise


def _write(path: Path, data: bytes, place: Path | None = None) -> None:
    """Write a draft, with the mode of the file that it will replace."""
    with os.fdopen(_drafts.create(path, place or path), "wb") as file:
        file.write(data)
    if place is None:
        sync_file(path)
    else:
        settle_draft(path, place)


def _keep(place: Path, copy: Path) -> None:
    try:
        os.link(place, copy)
    except OSError:
        shutil.copyfile(place, copy)
        sync_file(copy)


def read_settled(folder: str | os.PathLike[str], read: Callable[[Save], _T]) -> _T:
    """Read files that `put_all` wrote with a manifest: all from before a save, or all from after it.

    An interrupted save is first finished or undone, and ``read`` gets that result. If a save happens meanwhile,
    everything is read again.
    """
    root = Path(folder)
    interruption = settle(root)
    while True:
        before = _state(root)
        try:
            result = read(compare(root, interruption))
        except Exception:
            if _state(root) == before and not _is_pending(root):
                raise
        else:
            if _state(root) == before and not _is_pending(root):
                return result
        interruption = settle(root) or interruption


def _state(root: Path) -> tuple[int, ...]:
    """Return what a save changes: the identity of the manifest file."""
    try:
        manifest = (root / MANIFEST).stat()
    except OSError:
        return ()
    return manifest.st_ino, manifest.st_mtime_ns, manifest.st_size
