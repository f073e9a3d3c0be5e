"""Clauses as objects, for those whose phrases say more than columns can judge: refusals, and what is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from prai_match.needs._trie import Kind

Span = tuple[int, int]


class Sighting(NamedTuple):
    """A phrase of the lexicon found in a text: its position among meaningful words, its role, its parts."""

    start: int
    end: int
    kind: Kind
    ref: int
    parts: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.parts or ((self.start, self.end),)


@dataclass(slots=True)
class Clause:
    """A part of a text that limits the effect of negations and places: from ``start`` to before ``end``."""

    words: NDArray[np.object_]  # the symbols of all texts (what is skipped left out); positions count in it
    start: int
    end: int
    is_question: bool
    matches: dict[Kind, list[Sighting]] = field(default_factory=dict)  # what it holds by kind, in the order of the text

    def of(self, kind: Kind) -> Sequence[Sighting]:
        return self.matches.get(kind, ())

    def between(self, start: int, end: int, signs: Iterable[str]) -> bool:
        return start < end and not set(self.words[start:end]).isdisjoint(signs)
