"""Recommendations from a dataset to a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasets.histories import history, without_history
from made import ON
from prai_match import recommend_dataset
from recommend.test_side_by_side import two_departements

if TYPE_CHECKING:
    from pathlib import Path


def prepare(folder: Path) -> None:
    """Write the history."""
    history(folder / "history", two_departements())


def act(folder: Path) -> Any:
    """Recommend."""
    programme = without_history(two_departements())
    return recommend_dataset(programme, folder / "history", folder / "out", on=ON, lang="fr")
