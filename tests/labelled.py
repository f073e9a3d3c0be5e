"""Phrases with the workshop that each asks for, as people labelled them, and how well a lexicon reads them."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from prai_match import Programme
from prai_match.needs import classify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.needs import Lexicon

NONE = "none"
"""The label of a phrase that asks for no workshop."""
_FOLDER = Path(__file__).parent / "needs" / "data"
_REGIONS = {"occitanie_seen": "occitanie_2026", "occitanie_unseen": "occitanie_2026"}


class Phrase(NamedTuple):
    """A text, the workshop that it asks for, and the axis where the table has one."""

    text: str
    label: str
    axis: str | None


@dataclass(frozen=True)
class Reading:
    """How phrases were read: how many of a label had which answer, over every class of the lexicon."""

    classes: tuple[str, ...]
    cells: Counter[tuple[str, str]]

    @property
    def accuracy(self) -> float:
        return sum(self.cells[name, name] for name in self.classes) / self.cells.total()

    @property
    def macro_f1(self) -> float:
        return fmean(self.f1(name) for name in self.classes)

    def f1(self, name: str) -> float:
        given = sum(self.cells[other, name] for other in self.classes)
        true = sum(self.cells[name, other] for other in self.classes)
        return 2 * self.cells[name, name] / (given + true)


def tables() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.csv"))


def phrases(table: str) -> list[Phrase]:
    with (_FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Phrase(row["text"], row["label"], row.get("axis") or None) for row in csv.DictReader(file, delimiter=";")
        ]


def lexicon(table: str) -> Lexicon:
    """Return the lexicon of the region whose workshops a table's labels are."""
    return Programme.example(_REGIONS.get(table, "midi_pyrenees")).lexicon


def read(labelled: Sequence[Phrase], words: Lexicon) -> Reading:
    """Read phrases with a lexicon, which must know their labels, and whose every class must be among them.

    Raises:
        ValueError: The labels are of another catalogue than the lexicon, or a class would have no score.
    """
    classes = (*words.workshops, NONE)
    labels = {phrase.label for phrase in labelled}
    if unknown := labels - set(classes):
        raise ValueError(f"{words.name} doesn't know the labels {sorted(unknown)}")
    if missing := set(classes) - labels:
        raise ValueError(f"no phrase is labelled {sorted(missing)}, which {words.name} knows")
    answers = classify([phrase.text for phrase in labelled], words)["workshop"].fill_null(NONE)
    return Reading(classes, Counter(zip((phrase.label for phrase in labelled), answers, strict=True)))
