"""Reading a folder that others may be saving to: its files are all of one save."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from prai_match.files._manifest import MANIFEST, compared
from prai_match.files._sets import pending, settle

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from prai_match.files._manifest import Save

_T = TypeVar("_T")


def read_settled(folder: str | os.PathLike[str], read: Callable[[Save], _T]) -> _T:
    """Read files of a folder that `put_all` wrote with a manifest: all as they were before a save, or all as after it.

    A save that was interrupted is finished or undone first. Where one takes place meanwhile, all is read again.

    Args:
        folder: The folder.
        read: Reads the files; it gets what is known of the last save.

    Raises:
        PraiError: A save was interrupted and can't be finished: see `settle`.

    Example:
        >>> import tempfile
        >>> from prai_match.files import put_all
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     put_all(folder, {"needs.csv": b"collectivity;date"}, manifest=True)
        ...     Path(folder, "needs.csv").write_bytes(b"changed by hand")
        ...     read_settled(folder, lambda save: save.changed)
        15
        ('needs.csv',)
    """
    root = Path(folder)
    interrupted = settle(root)
    while True:
        before = _state(root)
        try:
            result = read(compared(root, interrupted))
        except Exception:
            if _state(root) == before and not pending(root):
                raise
        else:
            if _state(root) == before and not pending(root):
                return result
        interrupted = settle(root) or interrupted


def _state(root: Path) -> tuple[int, ...]:
    """What a save changes: which file the manifest is."""
    try:
        manifest = (root / MANIFEST).stat()
    except OSError:
        return ()
    return manifest.st_ino, manifest.st_mtime_ns, manifest.st_size
