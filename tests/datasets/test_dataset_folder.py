"""A folder of recommendations that isn't as it was left: nothing of another run is taken, and what to do is told."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from datasets.histories import history, without_history
from made import ON
from prai_match import PraiError, files, recommend_dataset
from recommend.test_side_by_side import two_departements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from prai_match import RecommendationDataset


def run(parent: Path, out: str = "out", top: int = 3) -> RecommendationDataset:
    programme, history = without_history(two_departements()), parent / "history"
    return recommend_dataset(programme, history, parent / out, on=ON, top=top, lang="fr")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, and one of another ``top``."""
    parent = tmp_path_factory.mktemp("datasets")
    history(parent / "history", two_departements())
    run(parent)
    run(parent, "other", top=1)
    return parent


@pytest.fixture
def parent(done: Path, tmp_path: Path) -> Path:
    return shutil.copytree(done, tmp_path / "copy")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _departements(parent: Path) -> None:
    record = json.loads((parent / "out" / "run.json").read_text("utf-8"))
    record["departements"] = {digest: [] for digest in record["departements"]}
    (parent / "out" / "run.json").write_text(json.dumps(record), "utf-8")


ANSWER, COUNTED = "recommendations/09.parquet", "whole/served.parquet"
CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "record missing": (lambda parent: (parent / "out" / "run.json").unlink(), r"no readable run\.json"),
    "record cut": (lambda parent: _cut(parent / "out" / "run.json"), r"no readable run\.json"),
    "record changed": (_departements, r"no readable run\.json"),
    "answer cut": (lambda parent: _cut(parent / "out" / ANSWER), "is damaged"),
    "ranking cut": (lambda parent: _cut(parent / "out" / "ranking" / "31.parquet"), "is damaged"),
    "answer foreign": (lambda parent: shutil.copy(parent / "other" / ANSWER, parent / "out" / ANSWER), "another run"),
    "answer renamed": (
        lambda parent: shutil.copy(parent / "out" / ANSWER, parent / "out" / "recommendations" / "31.parquet"),
        "another run",
    ),
    "answer too many": (
        lambda parent: shutil.copy(parent / "out" / ANSWER, parent / "out" / "recommendations" / "99.parquet"),
        "no département of this run",
    ),
    "count cut": (lambda parent: _cut(parent / "out" / COUNTED), "is damaged"),
    "count foreign": (lambda parent: shutil.copy(parent / "other" / COUNTED, parent / "out" / COUNTED), "another run"),
    "crowd cut": (lambda parent: _cut(parent / "out" / "crowd" / "crowd.parquet"), "is damaged"),
    "count missing": (lambda parent: (parent / "out" / COUNTED).unlink(), "files are missing in"),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
def test_what_is_not_as_it_was_written_is_refused(change: Callable[[Path], object], told: str, parent: Path) -> None:
    change(parent)
    with pytest.raises(PraiError, match=told) as caught:
        run(parent)
    assert str(parent / "out") in caught.value.text("fr")
    assert caught.value.text("fr") != str(caught.value)


def test_an_answer_that_was_moved_away_is_computed_again(parent: Path) -> None:
    before = (parent / "out" / ANSWER).read_bytes()
    answers = run(parent)
    (parent / "out" / ANSWER).unlink()
    with pytest.raises(PraiError, match="is gone: run again with the same folder") as caught:
        answers.scan()
    assert "a disparu" in caught.value.text("fr")
    assert run(parent).computed == ("09",)
    assert (parent / "out" / ANSWER).read_bytes() == before


def test_a_second_run_is_told_who_writes(parent: Path) -> None:
    with files.lock(parent / "out"), pytest.raises(PraiError, match=r"is being written by process \d+ on"):
        run(parent)
    assert run(parent).computed == ()


def test_a_file_where_the_folder_should_be_is_told(parent: Path) -> None:
    (parent / "file").write_text("mine", "utf-8")
    with pytest.raises(PraiError, match="give a folder"):
        run(parent, "file")
