"""A folder of a simulation that isn't as it was left: nothing of another simulation is taken, and what to do is told."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest

import made
from prai_match import files
from prai_match.errors import PraiError
from prai_match.simulate import Scenario, _entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from prai_match.simulate import Outcomes

DAYS = dt.date(2007, 9, 1), dt.date(2007, 9, 30)
NOW = Scenario(name="now")


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_entry, "PART", 2)


def simulated(folder: Path, **options: Any) -> Outcomes:
    return made.programme().simulate(NOW, *DAYS, **{"replications": 4, "folder": folder, **options})


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulation of four replications in two parts, and one of another seed."""
    parent = tmp_path_factory.mktemp("simulations")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_entry, "PART", 2)
        simulated(parent / "this")
        simulated(parent / "other", seed=1)
    return parent


@pytest.fixture
def folder(done: Path, tmp_path: Path) -> Path:
    return shutil.copytree(done / "this", tmp_path / "this")


FIRST, SECOND = "now-000000-002.parquet", "now-000002-002.parquet"


def _record(folder: Path, **changed: object) -> None:
    record = json.loads((folder / "simulation.json").read_text("utf-8"))
    (folder / "simulation.json").write_text(json.dumps({**record, **changed}), "utf-8")


def _flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0x40
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


RECORD = {
    "missing": (lambda folder: (folder / "simulation.json").unlink(), "missing beside now-000000-002"),
    "no JSON": (lambda folder: (folder / "simulation.json").write_text("{"), "damaged"),
    "no object": (lambda folder: (folder / "simulation.json").write_text("[1]"), "damaged"),
    "too deep": (lambda folder: (folder / "simulation.json").write_text("[" * 100_000), "damaged"),
    "no text": (lambda folder: (folder / "simulation.json").write_bytes(b"\xff\xfe"), "damaged"),
    "a folder": (lambda folder: _folder(folder / "simulation.json"), "damaged"),
    "no scenarios": (lambda folder: _record(folder, scenarios=None), "names no scenario:"),
    "odd scenarios": (lambda folder: _record(folder, scenarios={"now": 1}), "names no scenario:"),
    "another seed": (lambda folder: _record(folder, seed=1), "seed differ"),
    "another format": (lambda folder: _record(folder, format=1), "format differ"),
    "something more": (lambda folder: _record(folder, weather="fair"), "weather differ"),
    "another scenario": (lambda folder: _record(folder, scenarios={"now": "0"}), "scenario now differ"),
}
PARTS = {
    "cut": (lambda folder, _: _cut(folder / SECOND), "is damaged"),
    "empty": (lambda folder, _: (folder / SECOND).write_bytes(b""), "is damaged"),
    "a bit": (lambda folder, _: _flipped(folder / SECOND), "is damaged"),
    "a folder": (lambda folder, _: _folder(folder / SECOND), "is damaged"),
    "foreign": (lambda folder, other: shutil.copy(other / SECOND, folder / SECOND), "another simulation"),
    "renamed": (lambda folder, _: shutil.copy(folder / FIRST, folder / SECOND), "another simulation"),
    "overlapping": (lambda folder, _: shutil.copy(folder / FIRST, folder / "now-000001-002.parquet"), "not belong to"),
    "too long": (lambda folder, _: shutil.copy(folder / FIRST, folder / "now-000000-004.parquet"), "not belong to"),
}


def assert_both_languages(error: PraiError, folder: Path) -> None:
    assert str(folder) in str(error)
    assert str(folder) in error.text("fr")
    assert error.text("fr") != str(error)


@pytest.mark.parametrize(("change", "told"), RECORD.values(), ids=RECORD)
def test_a_folder_that_does_not_say_of_which_simulation_it_is_is_refused(
    change: Callable[[Path], object], told: str, folder: Path
) -> None:
    change(folder)
    before = sorted(folder.iterdir())
    with pytest.raises(PraiError, match=told) as caught:
        simulated(folder)
    assert_both_languages(caught.value, folder)
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(("change", "told"), PARTS.values(), ids=PARTS)
def test_a_part_that_is_not_as_it_was_written_is_refused_and_mended_as_told(
    change: Callable[[Path, Path], object], told: str, folder: Path, done: Path
) -> None:
    rows = simulated(folder).to_polars()
    before = set(folder.iterdir())
    change(folder, done / "other")
    with pytest.raises(PraiError, match=f"{told}.*: move it away and simulate again with the same folder") as caught:
        simulated(folder)
    assert_both_languages(caught.value, folder)
    for path in {*(set(folder.iterdir()) - before), folder / SECOND}:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert simulated(folder).to_polars().equals(rows)


def test_outcomes_see_that_their_parts_are_others_or_gone(folder: Path, done: Path) -> None:
    outcomes = simulated(folder)
    rows = outcomes.to_polars()
    shutil.copy(folder / FIRST, folder / "now-000001-002.parquet")
    assert outcomes.to_polars().equals(rows)
    _cut(folder / SECOND)
    with pytest.raises(PraiError, match="is damaged"):
        outcomes.summary()
    shutil.copy(done / "other" / SECOND, folder / SECOND)
    with pytest.raises(PraiError, match="another simulation"):
        outcomes.totals()
    (folder / SECOND).unlink()
    with pytest.raises(PraiError, match="doesn't hold replication 2 of scenario now") as caught:
        outcomes.save(folder / "all.parquet")
    assert_both_languages(caught.value, folder)
    assert not (folder / "all.parquet").exists()
    shutil.rmtree(folder)
    with pytest.raises(PraiError, match="the folder of these results is missing") as caught:
        outcomes.to_polars()
    assert_both_languages(caught.value, folder)


def test_files_of_others_are_passed_over(folder: Path) -> None:
    rows = simulated(folder).to_polars()
    for name in ("now-abcdef-002.parquet", "notes.txt", "now-1-2.parquet", "later-000000-002.parquet"):
        (folder / name).write_bytes(b"mine")
    assert simulated(folder).to_polars().equals(rows)


def test_a_second_simulation_is_told_who_writes(folder: Path) -> None:
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with files.lock(folder):
            held.set()
            over.wait(60)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(60)
    try:
        with pytest.raises(PraiError, match=r"is being written by process \d+ on .*: wait until it has fin") as caught:
            simulated(folder)
        assert_both_languages(caught.value, folder)
    finally:
        over.set()
        other.join()
    assert simulated(folder).replications == 4


def test_a_lock_of_the_dead_is_none(folder: Path) -> None:
    (folder / ".lock").write_text("1 elsewhere\n", "utf-8")
    assert simulated(folder).replications == 4
    assert not (folder / ".lock").exists()


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(PraiError, match="give a folder") as caught:
            simulated(place)
        assert_both_languages(caught.value, place)
