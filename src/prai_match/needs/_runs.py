"""Runs: neighbouring parts of a text that speak of one workshop, with what the examples and the lexicon say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.needs import _reader
from prai_match.needs._reader import ExampleReader, Floats, Ints, summed
from prai_match.needs._text import SIGNS

if TYPE_CHECKING:
    from prai_match.needs._texts import TextColumns
    from prai_match.needs._trie import Bools

UNSURE: Final = 0.01  # strength of the lexicon below which it says nothing


class Evidence(NamedTuple):
    """The points of the words of texts, summed up to each place (places + 1 x classes), and the number of words.

    What is said of a text stands from its first word to the end of its last one; the signs around may belong to a
    greeting that was left out.
    """

    topics: Ints
    counts: Ints
    begin: Ints  # of each text
    end: Ints


class Runs(NamedTuple):
    """Neighbouring parts of a text that speak of one workshop, or of none; those of a text follow one another."""

    text: Ints
    first: Ints  # part
    last: Ints
    topic: Ints  # by place in the classes
    chance: Floats

    def of(self, rows: Ints | Bools) -> Runs:
        return Runs(self.text[rows], self.first[rows], self.last[rows], self.topic[rows], self.chance[rows])


def evidence(texts: TextColumns, reader: ExampleReader) -> Evidence:
    signs = np.zeros((len(SIGNS), len(reader.classes)), np.int64)
    rows = np.concatenate([_reader.points_of(texts.words, reader.topics), signs])
    counts = np.concatenate([[0], np.cumsum(texts.word >= 0)])
    places = np.append(np.nonzero(texts.word >= 0)[0], 0)
    low, high = counts[texts.firsts[:-1]], counts[texts.firsts[1:]]
    begin = np.where(low < high, places[low], texts.firsts[:-1])
    end = np.where(low < high, places[high - 1] + 1, begin)
    return Evidence(summed(rows.take(texts.word, axis=0)), counts, begin, end)


def forms(texts: TextColumns) -> list[str]:
    """Return what stances are read from, by the number of a token: words, then signs, which count from the end."""
    return [*texts.words, *SIGNS]


def logs(found: Evidence, reader: ExampleReader, start: Ints, end: Ints) -> Floats:
    points = found.topics.take(end, axis=0) - found.topics.take(start, axis=0)
    return reader.topics.logs(points, found.counts[end] - found.counts[start])


def said_together(texts: TextColumns, first: Ints, last: Ints) -> tuple[Floats, Ints]:
    """Return the scores of the lexicon for runs of parts, and why it names nothing in them."""
    with np.errstate(divide="ignore"):
        missed = np.log1p(-np.minimum(texts.scores, 0.999))
    missed = np.concatenate([missed, np.zeros((1, missed.shape[1]))])
    # Sums of each run by itself: those from the first part on would round what other texts of the column say.
    ranges = np.stack([first, last + 1], axis=1).ravel()
    scores = 1 - np.exp(np.add.reduceat(missed, ranges, axis=0)[::2]) if len(first) else missed[:0]
    scores[scores < UNSURE] = 0
    return scores, np.maximum.reduceat(np.append(texts.state, 0), ranges)[::2] if len(first) else texts.state[:0]


def is_known(runs: Runs, texts: TextColumns) -> Bools:
    """Return whether the lexicon names the workshop of runs."""
    scores, _ = said_together(texts, runs.first, runs.last)
    of_class = np.column_stack([scores, np.zeros(len(scores))])
    known: Bools = of_class[np.arange(len(scores)), runs.topic] > 0
    return known
