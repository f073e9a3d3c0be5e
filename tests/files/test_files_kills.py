"""What is found after a process was killed while it wrote: what was there, or what was to be written, whole."""

from __future__ import annotations

import os
import signal
import warnings
from typing import TYPE_CHECKING

import pytest

import interrupted
from files import killed_dataset, killed_new, killed_save, killed_simulation
from prai_match import Programme
from prai_match.errors import InterruptedSaveWarning

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

pytestmark = pytest.mark.skipif(not hasattr(os, "fork") or not hasattr(signal, "SIGKILL"), reason="not on this system")

QUICK = ["every:13", "times:3"]
ALL = ["every:1", "times:100"]


def visible(folder: Path) -> dict[str, bytes]:
    """The files of a folder and those below it, but for what has a point before its name."""
    files = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    shown = {name: path for name, path in files.items() if not any(part.startswith(".") for part in name.parts)}
    return {name.as_posix(): path.read_bytes() for name, path in shown.items()}


def hidden(folder: Path) -> list[str]:
    """What is left of drafts and locks."""
    return [path.name for path in folder.rglob(".*") if path.name != ".manifest.json"]


@pytest.mark.parametrize("how", [*QUICK, *ALL])
def test_a_programme_is_the_old_one_or_the_new_one(how: str, tmp_path: Path) -> None:
    old, new = killed_save.before(), killed_save.after()
    found = set()
    for folder in interrupted.kills("files.killed_save", tmp_path, how):
        bytes_there = {name: data for name, data in visible(folder).items() if name != "notes.txt"}
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            loaded = Programme.load(folder, strict=True)
        assert loaded in (old, new)
        if loaded == old and bytes_there and not told:
            assert {name: visible(folder)[name] for name in bytes_there} == bytes_there
        assert hidden(folder) in ([], [".lock"])
        assert (folder / "notes.txt").read_text("utf-8") == "mine"
        assert loaded.load_report is not None
        assert bool(loaded.load_report.saved()) == bool(told)
        found.add((loaded == new, tuple(each.category for each in told)))
        Programme.load(folder, strict=True)  # told once
        new.save(folder)
        assert hidden(folder) == []
        assert Programme.load(folder, strict=True) == new
    assert (False, ()) in found or how.startswith("times")
    if how == "every:1":
        assert found == {(False, ()), (False, (InterruptedSaveWarning,)), (True, (InterruptedSaveWarning,)), (True, ())}


@pytest.mark.parametrize("how", [*QUICK, *ALL])
def test_a_new_folder_is_there_whole_or_not_at_all(how: str, tmp_path: Path) -> None:
    new = killed_save.after()
    for folder in interrupted.kills("files.killed_new", tmp_path, how):
        if (folder / "here" / "new").exists():
            assert Programme.load(folder / "here" / "new", strict=True) == new
        killed_new.act(folder)
        assert Programme.load(folder / "here" / "new", strict=True) == new
        assert hidden(folder) == []


@pytest.mark.parametrize("acting", [killed_simulation, killed_dataset], ids=["simulation", "dataset"])
@pytest.mark.parametrize("how", [*QUICK, *ALL])
def test_what_was_stopped_goes_on_to_the_same_bytes(how: str, acting: ModuleType, tmp_path: Path) -> None:
    reference = tmp_path / "whole"
    acting.prepare(reference)
    acting.act(reference)
    whole = visible(reference)
    for folder in interrupted.kills(acting.__name__, tmp_path, how):
        there = visible(folder)
        assert {name: whole[name] for name in there} == there
        acting.act(folder)
        assert visible(folder) == whole
        assert hidden(folder) in ([], [".lock"])  # of a folder that is never written again
