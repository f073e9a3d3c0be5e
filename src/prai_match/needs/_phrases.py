"""Clauses as objects, for those whose phrases say more than columns can judge: refusals, and what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from prai_match.needs._trie import QUESTION, SIGNS, Ints

if TYPE_CHECKING:
    from prai_match.needs._scan import Scan


class Sighting(NamedTuple):
    """A phrase of the lexicon found in a text: its position among meaningful words, its role, its row."""

    start: int
    end: int
    kind: int
    row: int


@dataclass(slots=True)
class Clause:
    """A part of a text that limits the effect of negations and places: from ``start`` to before ``end``."""

    words: list[str]  # the symbols of all texts (what is skipped left out); positions count in it
    start: int
    end: int
    is_question: bool
    matches: dict[int, list[Sighting]]  # what it holds by kind, in the order of the text

    def of(self, kind: int) -> Sequence[Sighting]:
        return self.matches.get(kind, ())

    def between(self, start: int, end: int, signs: Iterable[str]) -> bool:
        return start < end and not set(self.words[start:end]).isdisjoint(signs)


def clauses(scan: Scan, texts: Ints) -> Iterator[list[Clause]]:
    """Yield the clauses of texts that aren't empty."""
    words = np.array(SIGNS, object)[np.where(scan.symbol < len(SIGNS), scan.symbol, 0)].tolist()
    starts, ends = scan.starts.tolist(), scan.ends.tolist()
    is_question = (scan.symbol[scan.ends] == SIGNS.index(QUESTION)).tolist()
    low, high = (np.searchsorted(scan.text, texts, side) for side in ("left", "right"))
    bounds = np.searchsorted(scan.clause[scan.found.start], np.arange(len(ends) + 1)).tolist()
    columns = (scan.found.start, scan.found.end, scan.found.kind, np.arange(len(scan.found.kind)))
    for first, last in zip(scan.clause[low].tolist(), scan.clause[high - 1].tolist(), strict=True):
        rows = zip(*(column[bounds[first] : bounds[last + 1]].tolist() for column in columns), strict=True)
        made = []
        for each in range(first, last + 1):
            matches: dict[int, list[Sighting]] = {}
            for found in map(Sighting._make, islice(rows, bounds[each + 1] - bounds[each])):
                matches.setdefault(found.kind, []).append(found)
            if starts[each] < ends[each]:
                made.append(Clause(words, starts[each], ends[each], is_question[each], matches))
        yield made
