"""Files where the system does less: locked files that can't be renamed, and file systems without locks or hard links."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import TYPE_CHECKING

import pytest

from prai_match import PraiError, files
from prai_match.files import _drafts

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = {"a.txt": b"old", "b.txt": b"old"}, {"a.txt": b"new", "b.txt": b"new"}


@pytest.fixture
def unheld(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that renames no open file."""
    monkeypatch.setattr(_drafts, "HELD", False)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def fails(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, number: int) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(owner, name, fail)


@pytest.mark.usefixtures("unheld")
def test_files_are_replaced_where_an_open_one_cant_be_renamed(tmp_path: Path) -> None:
    files.put_all(tmp_path, OLD)
    files.put_all(tmp_path, NEW)
    files.put(tmp_path / "c.txt", b"new")
    assert contents(tmp_path) == {**NEW, "c.txt": b"new"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".draft")] == []


@pytest.mark.usefixtures("unheld")
def test_no_draft_is_swept_where_none_is_known_to_be_of_the_dead(tmp_path: Path) -> None:
    (tmp_path / ".draft-0123").write_bytes(b"perhaps somebody's")
    files.put(tmp_path / "a.txt", b"new")
    assert (tmp_path / ".draft-0123").exists()


@pytest.mark.usefixtures("unheld")
def test_one_writer_at_a_time_where_an_open_file_cant_be_renamed(tmp_path: Path) -> None:
    with files.lock(tmp_path), pytest.raises(PraiError, match="is being written by process"), files.lock(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_locks_is_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, fcntl, "flock", errno.ENOTSUP)
    files.put_all(tmp_path, OLD)
    files.put_all(tmp_path, NEW)
    assert contents(tmp_path) == NEW


def test_a_lock_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.put_all(tmp_path, OLD)
    before = sorted(path.name for path in tmp_path.iterdir())
    fails(monkeypatch, fcntl, "flock", errno.EIO)
    with pytest.raises(OSError, match="Input/output error"):
        files.put_all(tmp_path, NEW)
    with pytest.raises(OSError, match="Input/output error"):
        files.put(tmp_path / "a.txt", b"new")
    assert contents(tmp_path) == OLD
    assert sorted({*before, ".lock"}) == sorted({*(path.name for path in tmp_path.iterdir()), ".lock"})


def test_a_new_folder_that_cant_be_locked_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, fcntl, "flock", errno.EIO)
    with pytest.raises(OSError, match="Input/output error"):
        files.put_all(tmp_path / "new", NEW)
    assert not (tmp_path / "new").exists()


def test_a_file_system_without_hard_links_keeps_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.put_all(tmp_path, OLD)
    fails(monkeypatch, os, "link", errno.EPERM)
    files.put_all(tmp_path, NEW)
    assert contents(tmp_path) == NEW


def test_a_file_of_another_user_is_replaced_as_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.put(tmp_path / "a.txt", b"old")
    fails(monkeypatch, os, "chown", errno.EPERM)
    files.put(tmp_path / "a.txt", b"new")
    assert contents(tmp_path) == {"a.txt": b"new"}


def test_a_folder_whose_names_cant_be_made_sure_of_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def fsync(file: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{file}"):  # noqa: PTH112 - a link that no path follows
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        sync(file)

    monkeypatch.setattr(os, "fsync", fsync)
    files.put_all(tmp_path, NEW)
    assert contents(tmp_path) == NEW


def test_a_save_under_way_that_leaves_a_file_of_somebody_else_alone(tmp_path: Path) -> None:
    (tmp_path / ".draft-0123").mkdir()
    (tmp_path / ".draft-0123" / ".lock").write_bytes(b"")
    with (tmp_path / ".draft-0123" / ".lock").open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert files.settle(tmp_path) == ""
        assert (tmp_path / ".draft-0123").exists()
    assert files.settle(tmp_path) == "undone"
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_folder_that_is_half_removed_is_gone_at_the_next_save(tmp_path: Path) -> None:
    (tmp_path / ".gone-0123" / "new").mkdir(parents=True)
    assert files.settle(tmp_path) == ""
    assert list(tmp_path.iterdir()) == []
