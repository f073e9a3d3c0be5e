"""Phrases with the workshop that each asks for, as people labelled them, and how well a lexicon reads them."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from prai_match import Programme
from prai_match.needs import classify, read_needs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.needs import Lexicon

NONE = "none"
"""The label of a phrase that asks for no workshop."""
_FOLDER = Path(__file__).parent / "needs" / "data"
EVERYDAY = _FOLDER / "everyday"
_STANCES = {"": "wanted", "question": "wanted", "refused": "refused", "has": "there_already"}
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


class Request(NamedTuple):
    """A text in everyday French, with what it names: workshops with what is said of each."""

    text: str
    needs: tuple[tuple[str, str], ...]

    @property
    def wanted(self) -> set[str]:
        return {workshop for workshop, stance in self.needs if stance == "wanted"}


@dataclass(frozen=True)
class Requests:
    """How requests were read: those that name one workshop at most, and what was found in those that name several."""

    single: Reading
    is_right: tuple[tuple[float, bool], ...]  # score and whether it was right, of each text with an answer
    found: int
    asked: int
    both: int
    refused: int
    kept_out: int

    @property
    def precision(self) -> float:
        return self.both / self.found

    @property
    def recall(self) -> float:
        return self.both / self.asked

    @property
    def calibration_error(self) -> float:
        """The mean distance between score and share of right answers, by tenths."""
        tenths: dict[int, list[tuple[float, bool]]] = {}
        for score, right in self.is_right:
            tenths.setdefault(min(int(score / 10), 9), []).append((score / 100, right))
        gaps = (abs(sum(score - right for score, right in rows)) for rows in tenths.values())
        return sum(gaps) / len(self.is_right)


def requests(region: str, kind: str = "known") -> list[Request]:
    """Return the requests of a region: ``known``, or ``aside``, which are only measured."""
    rows = []
    for path in sorted(EVERYDAY.glob(f"{region}_{kind}_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [Request(row["text"], _needs(row["needs"])) for row in csv.DictReader(file, delimiter=";")]
    return rows


def _needs(cell: str) -> tuple[tuple[str, str], ...]:
    parts = (need.partition(":") for need in cell.split())
    return tuple((name.partition("/")[0], _STANCES[stance]) for name, _, stance in parts)


def read_requests(labelled: Sequence[Request], words: Lexicon) -> Requests:
    texts = [request.text for request in labelled]
    answers = classify(texts, words)
    first, score = answers["workshop"].fill_null(NONE).to_list(), answers["score"].to_list()
    rows = read_needs(texts, words)
    found: list[set[str]] = [set() for _ in texts]
    for text, workshop, polarity in rows.select("text", "workshop", "polarity").iter_rows():
        if polarity in {"wanted", "question"}:
            found[text].add(workshop)
    cells: Counter[tuple[str, str]] = Counter()
    several, refused = [], []
    for rank, (request, names) in enumerate(zip(labelled, found, strict=True)):
        if len({workshop for workshop, _ in request.needs}) <= 1:
            cells[next(iter(request.wanted), NONE), first[rank]] += 1
        else:
            several.append((request.wanted, names))
        unwanted = {workshop for workshop, stance in request.needs if stance != "wanted"} - request.wanted
        refused += [workshop not in names for workshop in unwanted]
    right = tuple(
        (points, answer in request.wanted)
        for points, answer, request in zip(score, first, labelled, strict=True)
        if answer != NONE
    )
    named, asked = (sum(len(each[side]) for each in several) for side in (1, 0))
    both = sum(len(wanted & each) for wanted, each in several)
    reading = Reading((*words.workshops, NONE), cells)
    return Requests(reading, right, named, asked, both, len(refused), sum(refused))
