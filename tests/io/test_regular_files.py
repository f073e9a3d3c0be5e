"""What a load reads: files of its folder, and no more than its memory; no pipe, no device, no file of somebody else."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from typing import TYPE_CHECKING, Any

import pytest

from folder_by_hand import FILES, name_lexicon
from prai_match import LexiconError, PraiError, Programme, io
from prai_match.errors import ProgrammeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and links are those of POSIX")

OF_ANOTHER = "root:x:0:0:secret of somebody else\n"


def refused(folder: Path, **options: Any) -> str:
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder, **options)
    (problem,) = caught.value.problems
    assert problem.expected_fr
    assert problem.found_fr
    return str(problem)


def bound(path: Path) -> None:
    os.chdir(path.parent)  # a path of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (os.mkfifo, "a named pipe"),
        (lambda path: path.symlink_to("/dev/zero"), "a device"),
        (bound, "a socket"),
        (os.mkdir, "a folder"),
    ],
)
@pytest.mark.parametrize("name", ["needs.csv", "programme.toml", "besoins.xlsx", "needs.parquet"])
@pytest.mark.parametrize("follow_links", [False, True])
def test_only_files_are_read(  # noqa: PLR0913, PLR0917 - the cases
    folder: Path,
    make: Callable[[Path], None],
    found: str,
    name: str,
    follow_links: bool,  # noqa: FBT001 - a case
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    (folder / "programme.toml").rename(folder / "kept.toml")
    if name != "programme.toml":
        (folder / "kept.toml").rename(folder / "programme.toml")
    (folder / "needs.csv").unlink()
    make(folder / name)
    said = refused(folder, follow_links=follow_links)
    assert name in said
    assert f"found {found}, expected an ordinary file" in said


@pytest.mark.parametrize("name", ["needs.csv", "programme.toml", "needs_lexicon.csv", "needs.xlsx"])
def test_a_link_out_of_the_folder_is_refused_and_nothing_of_it_is_shown(
    tmp_path: Path, folder: Path, name: str
) -> None:
    inside = tmp_path / "region"
    inside.mkdir()
    for each in FILES:
        shutil.move(folder / each, inside / each)
    if name == "needs_lexicon.csv":
        name_lexicon(inside, name)
    outside = tmp_path / f"secret{name[-5:]}"
    outside.write_text(OF_ANOTHER)
    (inside / name).unlink(missing_ok=True)
    (inside / name).symlink_to(outside)
    with pytest.raises((ProgrammeError, LexiconError)) as caught:
        Programme.load(inside)
    (problem,) = caught.value.problems
    assert problem.found == "a link to a file outside the folder"
    assert "follow_links=True" in problem.expected
    assert "secret of" not in str(caught.value)
    assert "root:" not in caught.value.text("fr")


def test_a_link_out_of_the_folder_is_followed_where_it_is_said(tmp_path: Path, folder: Path) -> None:
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    shutil.move(folder / "needs.csv", outside / "needs.csv")
    (folder / "needs.csv").symlink_to(outside / "needs.csv")
    inner = folder / "sub"
    inner.mkdir()
    region = tmp_path / "region"
    region.mkdir()
    for name in FILES:
        (region / name).symlink_to(folder / name)
    with pytest.raises(ProgrammeError):
        io.load(region)
    assert io.load(region, follow_links=True, strict=True).programme == io.load(folder, strict=True).programme


def test_links_within_a_folder_and_to_it_are_followed(tmp_path: Path, folder: Path) -> None:
    before = io.load(folder, strict=True).programme
    (folder / "kept").mkdir()
    shutil.move(folder / "needs.csv", folder / "kept" / "of_2007.csv")
    (folder / "needs.csv").symlink_to(folder / "kept" / "of_2007.csv")
    (tmp_path / "region").symlink_to(folder)
    assert io.load(tmp_path / "region", strict=True).programme == before


def test_a_table_that_is_given_may_be_a_link(tmp_path: Path, folder: Path) -> None:
    shutil.move(folder / "needs.csv", tmp_path / "of_2007.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "of_2007.csv")
    assert io.load(folder, strict=True, tables={"needs": tmp_path / "link.csv"}).report.rejected == 0


def test_a_file_that_needs_more_memory_than_there_is_is_named_with_its_size(folder: Path) -> None:
    size = (folder / "needs.csv").stat().st_size
    (folder / "needs.csv").write_text(FILES["needs.csv"] + "\n" * 20_000)
    said = refused(folder, max_memory=1_000_000)
    assert said.startswith("needs.csv: found a file that needs at least ")
    assert int(said.split("at least ")[1].split()[0]) > size + 20_000
    assert said.endswith("expected at most 1000000 bytes in all: a smaller file, or a higher max_memory (--max-memory)")
    assert io.load(folder, max_memory=50_000_000).report.rejected == 0


def test_the_memory_is_that_of_all_files(folder: Path) -> None:
    rows = "".join(f'31555;2007-03-{day:02};"{"x" * 1000}"\n' for day in range(1, 29))
    for part in range(12):
        (folder / f"needs.{part}.csv").write_text("collectivity;date;text\n" + rows)
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder, max_memory=400_000)
    assert all(" bytes of memory, besides the " in problem.found for problem in caught.value.problems)
    assert "needs.0.csv" not in {problem.where for problem in caught.value.problems}


@pytest.mark.parametrize("most", [0, -1, 1.5, True, "1 GB"])
def test_a_memory_that_is_no_number_of_bytes_is_refused(folder: Path, most: Any) -> None:
    for load in (io.load, Programme.load):
        with pytest.raises(PraiError, match="max_memory"):
            load(folder, max_memory=most)
