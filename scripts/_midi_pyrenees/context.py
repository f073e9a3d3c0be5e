"""Two small tables beside the programme: the survey of the Livre Blanc, and projects with and without consulting."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from _example.dice import Dice

BARRIERS = {
    "manque d'implication des élus": 56,
    "coût": 17,
    "manque de compétences": 15,
    "manque de temps": 8,
    "desserte en haut débit": 4,
}
LEVERS = {
    "sensibilisation des élus": 39,
    "mutualisation entre communes": 24,
    "aides financières": 20,
    "formation des agents": 17,
}
# With consulting support first, became an innovative project: number of projects.
PROJECTS = {(True, True): 16, (True, False): 11, (False, True): 4}


def write(folder: Path, dice: Dice) -> None:
    """Write the two tables."""
    folder.mkdir(parents=True, exist_ok=True)
    barriers, levers = _shuffled(BARRIERS, dice), _shuffled(LEVERS, dice)
    answers = [(index, *pair) for index, pair in enumerate(zip(barriers, levers, strict=True), 1)]
    _table(folder / "survey.csv", ("answer", "first_barrier", "main_lever"), answers)
    projects = [pair for pair, count in PROJECTS.items() for _ in range(count)]
    rows = [(index, *map(_yes, pair)) for index, pair in enumerate(dice.order(projects, [1.0] * len(projects)), 1)]
    _table(folder / "projects.csv", ("project", "consulting_support", "innovative_project"), rows)


def _shuffled(counts: dict[str, int], dice: Dice) -> list[str]:
    values = [value for value, count in counts.items() for _ in range(count)]
    return dice.order(values, [1.0] * len(values))


def _yes(value: bool) -> str:  # noqa: FBT001 - formats a cell
    return "true" if value else "false"


def _table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
