"""Every path that a public method writes to: interrupted at every step, on a disk that is full, behind a link."""

from __future__ import annotations

import datetime as dt
import errno
import gc
import os
import resource
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl
import pytest

import interrupted
from made import ON, programme
from outcomes_by_hand import by_hand
from prai_match import FollowUps, PraiError, files, io

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FRAME = pl.DataFrame({"a": list(range(2_000))})


def _outcomes(parent: Path) -> Callable[[Path], object]:
    folder = parent / "outcomes"
    folder.mkdir()
    return by_hand(folder).save


def _plan(_parent: Path) -> Callable[[Path], object]:
    return programme().plan(ON, ON + dt.timedelta(days=60), time_limit=0).save


def _report(_parent: Path) -> Callable[[Path], object]:
    return programme().recommend(on=ON).report


WRITERS: dict[str, Callable[[Path], Callable[[Path], object]]] = {
    "put": lambda _: lambda path: files.put(path, b"x" * 5_000),
    "write.csv": lambda _: lambda path: io.write(FRAME, path),
    "write.xlsx": lambda _: lambda path: io.write(FRAME, path),
    "write.ods": lambda _: lambda path: io.write(FRAME, path),
    "write.parquet": lambda _: lambda path: io.write(FRAME, path),
    "write.json": lambda _: lambda path: io.write(FRAME, path),
    "write_csv.csv": lambda _: lambda path: io.write_csv(FRAME, path),
    "to_graphml.graphml": lambda _: FollowUps.declared(programme().catalogue).to_graphml,
    "outcomes.parquet": _outcomes,
    "report.html": _report,
    "plan.xlsx": _plan,
    "plan.csv": _plan,
    "plan.ics": _plan,
}


@pytest.fixture(params=WRITERS)
def writer(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Callable[[Path], object], str]:
    """What writes a file, and the suffix that says how."""
    name: str = request.param
    return WRITERS[name](tmp_path), name.partition(".")[2]


def left(folder: Path) -> dict[str, bytes]:
    """All that is in a folder, but for a lock that nobody holds."""
    files.settle(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


def test_a_file_is_the_old_one_or_the_new_one_wherever_writing_stops(
    writer: tuple[Callable[[Path], object], str], tmp_path: Path
) -> None:
    write, suffix = writer
    folder = tmp_path / "here"
    folder.mkdir()
    path = folder / f"out.{suffix}"
    write(path)
    new = left(folder)
    old = dict.fromkeys(new, b"what stood there")

    def stop() -> None:
        raise KeyboardInterrupt

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for how in (stop, full):
        number, stopped = 1, True
        while stopped:
            for name, data in old.items():
                (folder / name).write_bytes(data)
            with interrupted.at(number, how, folder) as count, suppress(KeyboardInterrupt, OSError):
                write(path)
            files.settle(folder)
            assert left(folder) in (old, new)
            stopped = count() >= number
            number += 1
        assert left(folder) == new


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # XlsxWriter leaves files open
def test_on_a_full_disk_what_stood_there_stays(writer: tuple[Callable[[Path], object], str], tmp_path: Path) -> None:
    write, suffix = writer
    folder = tmp_path / "here"
    folder.mkdir()
    path = folder / f"out.{suffix}"
    path.write_bytes(b"what stood there")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, limits[1]))
    try:
        with pytest.raises((OSError, PraiError)):
            write(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    gc.collect()
    assert left(folder) == {path.name: b"what stood there"}


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_modes_and_links_stay(writer: tuple[Callable[[Path], object], str], mode: int, tmp_path: Path) -> None:
    write, suffix = writer
    real = tmp_path / "elsewhere" / "real"
    real.parent.mkdir()
    real.write_bytes(b"what stood there")
    real.chmod(mode)
    link = tmp_path / f"out.{suffix}"
    link.symlink_to(real)
    write(link)
    assert link.is_symlink()
    assert real.read_bytes() != b"what stood there"
    assert stat.S_IMODE(real.stat().st_mode) == mode
    assert [path.name for path in real.parent.iterdir()] == ["real"]


def test_a_new_file_has_the_mode_that_the_umask_leaves(
    writer: tuple[Callable[[Path], object], str], tmp_path: Path
) -> None:
    write, suffix = writer
    before = os.umask(0o027)
    try:
        write(tmp_path / f"out.{suffix}")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / f"out.{suffix}").stat().st_mode) == 0o640


def test_what_is_no_file_is_refused_and_stays(writer: tuple[Callable[[Path], object], str], tmp_path: Path) -> None:
    write, suffix = writer
    pipe = tmp_path / f"pipe.{suffix}"
    os.mkfifo(pipe)
    with pytest.raises(PraiError, match="is not a regular file") as caught:
        write(pipe)
    assert "n’est pas un fichier ordinaire" in caught.value.text("fr")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    loop = tmp_path / f"loop.{suffix}"
    loop.symlink_to(loop)
    with pytest.raises(PraiError, match="a link to itself"):
        write(loop)
    folder = tmp_path / f"folder.{suffix}"
    folder.mkdir()
    with pytest.raises(OSError, match="directory"):
        write(folder)
    with pytest.raises(OSError, match=r"No such file|does not exist") as missing:
        write(tmp_path / "missing" / f"out.{suffix}")
    assert ".draft" not in str(missing.value)


def test_drafts_of_the_dead_are_swept_and_those_of_the_living_stay(tmp_path: Path) -> None:
    dead, folder = tmp_path / ".draft-0123", tmp_path / ".draft-4567"
    dead.write_bytes(b"half")
    (folder / "new").mkdir(parents=True)
    (tmp_path / ".saving-1" / "half").mkdir(parents=True)
    with files.draft(tmp_path / "a.txt") as living:
        files.put(tmp_path / "b.txt", b"b")
        assert living.exists()
        assert not dead.exists()
        living.write_bytes(b"a")
    assert left(tmp_path) == {"a.txt": b"a", "b.txt": b"b"}


def test_a_programme_saved_on_a_full_disk_is_as_it_was(tmp_path: Path) -> None:
    made = programme()
    made.save(tmp_path)
    before = left(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(OSError, match="large"):
            made.model_copy(update={"travel_km": 12.0}).save(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert left(tmp_path) == before


def test_a_programme_is_the_old_one_or_the_new_one_wherever_saving_stops(tmp_path: Path) -> None:
    old = programme()
    new = old.model_copy(update={"travel_km": 12.0, "needs": old.needs[:1]})
    old.save(tmp_path / "old")
    new.save(tmp_path / "new")
    folder, number, stopped = tmp_path / "here", 1, True
    old.save(folder)
    failed: list[dict[str, bytes]] = []

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    while stopped:
        old.save(folder)
        with interrupted.at(number, full, folder) as count:
            try:
                new.save(folder)
            except OSError:
                failed.append(left(folder))
        assert left(folder) in (left(tmp_path / "old"), left(tmp_path / "new"))
        stopped = count() >= number
        number += 1
    # What fails before the last file has its place leaves all as it was; afterwards there are only the lock and drafts.
    kept = [each == left(tmp_path / "old") for each in failed]
    assert kept == sorted(kept, reverse=True)
    assert kept.count(False) <= 2
