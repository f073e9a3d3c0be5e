"""The workshops that texts may name, as networks read them: the text's words with what points to each workshop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.needs._judgement import REASONED
from prai_match.needs._network import FINE, Sequences
from prai_match.needs._reader import ExampleReader, Floats, Ints, log_odds
from prai_match.needs._runs import Evidence, Runs, forms
from prai_match.needs._trie import Bools, highest, spread

if TYPE_CHECKING:
    from prai_match.needs._texts import TextColumns

FACTS, WANTED = 10 + len(REASONED), 3  # facts, and the place of how probable it is that something is wanted
_MOST: Final = 127  # the largest integer of marks and facts
_LOW, _HIGH = -4.0, 8.0  # between which the points of a word are told apart


class Mentions(NamedTuple):
    """Texts with a workshop that they may name, in the order of the texts."""

    text: Ints
    topic: Ints  # by place in the classes
    runs: Ints  # runs of the text that name it

    def of(self, rows: Ints | Bools) -> Mentions:
        return Mentions(*(column[rows] for column in self))


def pairs_of(parts: Runs, whole: Floats, found: Evidence) -> Mentions:
    """Return the pairs: what runs of the parts name, and what is likeliest for the text as a whole."""
    classes = whole.shape[1]
    named = parts.topic != classes - 1
    has_words = np.nonzero(found.end > found.begin)[0]
    top = whole[has_words, :-1].argmax(axis=1) if classes > 1 else has_words[:0]
    keys = [parts.text[named] * classes + parts.topic[named], has_words[: len(top)] * classes + top]
    key = np.sort(np.concatenate(keys))
    key = key[np.append(True, key[1:] != key[:-1])[: len(key)]]
    counts = np.bincount(np.searchsorted(key, keys[0]), minlength=len(key))
    return Mentions(key // classes, key % classes, counts)


def sequences_of(  # noqa: PLR0913, PLR0917 - what is known of texts
    pairs: Mentions,
    parts: Runs,
    whole: Floats,
    wanted: Floats,
    texts: TextColumns,
    found: Evidence,
    reader: ExampleReader,
) -> Sequences:
    """Return what networks read of some pairs; ``wanted`` is how probable it is that a text as a whole wants it."""
    owner, at = spread(found.begin[pairs.text], found.end[pairs.text])
    topic, nothing = pairs.topic[owner], whole.shape[1] - 1
    of_run = _by_place(parts.topic, texts.start[parts.first], texts.end[parts.last], len(texts.word))[at]
    part = _by_place(np.arange(len(texts.start)), texts.start, texts.end, len(texts.word))
    part, is_said = part[at], part[at] >= 0
    points = (found.topics[at + 1] - found.topics[at]) * (reader.topics.scale * reader.blend[0])
    own, none = points[np.arange(len(at)), topic], points[:, -1]
    points[np.arange(len(at)), topic] = -np.inf
    others = highest(np.column_stack([points[:, :-1], none + _LOW]))
    is_first = np.zeros(len(texts.word) + 1, bool)
    is_first[texts.start[texts.is_hard]] = True
    is_first[found.begin] = False  # what stands before a text is another one
    scores = np.column_stack([texts.scores, np.zeros(len(texts.scores))])
    marks = [
        of_run == topic,
        (of_run >= 0) & (of_run != nothing) & (of_run != topic),
        np.clip(own - none, _LOW, _HIGH),
        np.clip(others - none, _LOW, _HIGH),
        np.where(is_said, scores[part, topic], 0),
        is_said & (texts.stance[part] == 1),
        is_said & (texts.stance[part] == 2),  # noqa: PLR2004 - the places in `STANCES`
        is_first[at],
    ]
    return Sequences(
        forms(texts),
        texts.word[at] % len(forms(texts)),
        found.end[pairs.text] - found.begin[pairs.text],
        _fine(np.stack(marks, axis=1).astype(np.float64)),
        _facts(pairs, parts, whole, wanted, texts, found),
    )


def _facts(  # noqa: PLR0913, PLR0917 - what is known of texts
    pairs: Mentions, parts: Runs, whole: Floats, wanted: Floats, texts: TextColumns, found: Evidence
) -> Ints:
    classes = whole.shape[1]
    best = np.zeros(len(whole) * classes)
    np.maximum.at(best, parts.text * classes + parts.topic, parts.chance)
    of_pair, top = whole[pairs.text, pairs.topic], highest(whole[pairs.text])
    scores = np.column_stack([texts.whole_scores, np.zeros(len(whole))])
    words = found.counts[texts.end[parts.last]] - found.counts[texts.start[parts.first]]
    own = np.bincount(parts.text * classes + parts.topic, words, len(best))
    values = [
        log_odds(of_pair),
        log_odds(best[pairs.text * classes + pairs.topic]),
        log_odds(top),
        log_odds(wanted[pairs.text]),
        pairs.runs > 0,
        np.bincount(pairs.text, minlength=len(whole))[pairs.text],
        scores[pairs.text, pairs.topic],
        of_pair >= top,
        np.log1p(found.counts[found.end] - found.counts[found.begin])[pairs.text],
        np.log1p(own[pairs.text * classes + pairs.topic]),
        *(texts.whole_state[pairs.text] == state for state in range(len(REASONED))),
    ]
    return _fine(np.stack(values, axis=1).astype(np.float64))


def _by_place(values: Ints, start: Ints, end: Ints, places: int) -> Ints:
    """Return at each place the value of the range that it is in, or -1."""
    found = np.full(places, -1)
    owner, at = spread(start, end)
    found[at] = values[owner]
    return found


def _fine(values: Floats) -> Ints:
    return np.clip(np.rint(values * FINE), -_MOST, _MOST).astype(np.int64)
