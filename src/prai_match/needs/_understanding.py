"""What texts ask for: both readers add up to one verdict on a text, or on each part where it has several needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prai_match.needs import _reader
from prai_match.needs._judgement import HAS, NEGATED, REASONED
from prai_match.needs._reader import AFTER, BEFORE, OWN, STANCES, ExampleReader, Floats, Ints, log_softmax, summed
from prai_match.needs._trie import distinct, highest, spread

if TYPE_CHECKING:
    from prai_match.needs._texts import TextColumns

_FLOOR: Final = 0.02  # the least that a part says of a class when its neighbours say another
_NEW_SENTENCE, _NEW_PART = 0.4, 0.6  # what it costs that the subject changes
_LIKELY: Final = 0.6  # probability from which a part of a text names a workshop
_AFTER, _BEFORE = 14, 10  # tokens around a run that tell whether it is wanted
_SEVERAL: Final = 0.45
_LEAST: Final = 0.4  # probability from which a workshop is named, as wanted or not
_WANTED: Final = 0.55  # probability from which what is named is wanted
_SOLE, _ACCEPTED = 1.0, 0.4  # logarithms of odds against another stance
_SURE: Final = 0.9  # the same, if the text also says that it isn't
_FEW, _LONG = 2, 5  # words of so many letters, in a text that the examples alone read with care
_CLEAR: Final = 0.8  # probability from which they name a workshop in it
_UNSURE: Final = 0.01  # strength of the lexicon below which it says nothing
_TOLD: Final = {NEGATED: STANCES.index("refused"), HAS: STANCES.index("has")}


class Evidence(NamedTuple):
    """The points of the words of texts, summed up to each place (places + 1 x classes), and the number of words."""

    topics: Ints
    counts: Ints


class Runs(NamedTuple):
    """Neighbouring parts of a text that speak of one workshop, or of none; those of a text follow one another."""

    text: Ints
    first: Ints  # part
    last: Ints
    topic: Ints  # by place in the classes
    chance: Floats


def evidence(texts: TextColumns, reader: ExampleReader) -> Evidence:
    rows = np.concatenate([_reader.points_of(texts.words, reader.topics), np.zeros((1, len(reader.classes)), np.int64)])
    return Evidence(summed(rows.take(texts.word, axis=0)), np.concatenate([[0], np.cumsum(texts.word >= 0)]))


def _stance_points(texts: TextColumns, reader: ExampleReader, ranges: dict[int, tuple[Ints, Ints]]) -> Ints:
    """Return the sums of the points for stances of the words in ranges, by where these stand (ranges x stances)."""
    every, points = texts.word[texts.word >= 0], reader.stances.points
    count = np.concatenate([[0], np.cumsum(texts.word >= 0)])
    following = np.append(every[1:], -1)
    following[count[texts.firsts[1:]] - 1] = -1  # no pair with the next text
    places = {place: spread(count[low], count[high])[1] for place, (low, high) in ranges.items()}
    near = np.concatenate([*places.values()])
    used = distinct(np.append(every[near], np.maximum(following[near], 0)))
    words = [texts.words[each] for each in used.tolist()]
    number = np.full(len(texts.words) + 1, -1)
    number[used] = np.arange(len(used))
    hashes, heads = _reader.hashes(words)
    total = np.zeros((len(ranges[OWN][0]), len(STANCES)), np.int64)
    for place, (low, high) in ranges.items():
        word, next_word = number[every[places[place]]], number[following[places[place]]]
        pair = points.take(_reader.pairs(hashes[word], hashes[next_word], place), axis=0).astype(np.int32)
        pair[next_word < 0] = 0
        if place == OWN:
            own = _reader.points_of(words, reader.stances)
        else:
            marks = _reader.marks(hashes, heads, place)[:, :2]
            own = np.where(marks[:, :, None] < 0, 0, points[marks]).sum(axis=1, dtype=np.int64)
        bounds = np.concatenate([[0], np.cumsum(count[high] - count[low])])
        sums = summed(pair + own.take(word, axis=0)).take(bounds, axis=0)
        total += sums[1:] - sums[:-1]
    return total


def logs(found: Evidence, reader: ExampleReader, start: Ints, end: Ints) -> Floats:
    points = found.topics.take(end, axis=0) - found.topics.take(start, axis=0)
    return reader.topics.logs(points, found.counts[end] - found.counts[start])


def chances(logs: Floats, scores: Floats, state: Ints, blend: tuple[float, ...]) -> Floats:
    """Return the probability of each class."""
    found: Floats = np.exp(log_softmax(values(logs, scores, state, blend)))
    return found


def whole_chances(texts: TextColumns, found: Evidence, reader: ExampleReader, blend: tuple[float, ...]) -> Floats:
    """Return the probability of each class for each text as a whole."""
    own = logs(found, reader, texts.firsts[:-1], texts.firsts[1:])
    return chances(own, texts.whole_scores, texts.whole_state, blend)


def values(logs: Floats, scores: Floats, state: Ints, blend: tuple[float, ...]) -> Floats:
    """Return the value of each class: what the examples say, and the lexicon's workshop or its silence."""
    sure, named, strong, *silent = blend
    values, rows = sure * logs, np.arange(len(logs))
    winner = scores.argmax(axis=1) if scores.shape[1] else np.zeros(len(logs), np.int64)
    score = scores[rows, winner] if scores.shape[1] else np.zeros(len(logs))
    values[rows, winner] += np.where(score > 0, named + strong * score, 0)
    values[:, -1] += np.where(score > 0, 0, np.array(silent)[state])
    return values


def runs(
    texts: TextColumns, found: Evidence, reader: ExampleReader, blend: tuple[float, ...], allowed: Floats | None = None
) -> Runs:
    """Return the likeliest runs of the parts of all texts; ``allowed`` weighs the classes of each text."""
    of_part = chances(logs(found, reader, texts.start, texts.end), texts.scores, texts.state, blend)
    weighed = of_part + _FLOOR if allowed is None else (of_part + _FLOOR) * allowed[texts.text]
    topic = _path(np.log(weighed), texts)
    new = np.ones(len(topic), bool)
    new[1:] = (topic[1:] != topic[:-1]) | (texts.text[1:] != texts.text[:-1])
    first = np.nonzero(new)[0]
    last = np.append(first, len(topic))[1:] - 1
    scores, state = said_together(texts, first, last)
    of_run = chances(logs(found, reader, texts.start[first], texts.end[last]), scores, state, blend)
    chance = of_run[np.arange(len(first)), topic[first]]
    named = np.where(chance >= _LIKELY, topic[first], len(reader.classes) - 1) if allowed is None else topic[first]
    return Runs(texts.text[first], first, last, named, chance)


def said_together(texts: TextColumns, first: Ints, last: Ints) -> tuple[Floats, Ints]:
    """Return the scores of the lexicon for runs of parts, and why it names nothing in them."""
    with np.errstate(divide="ignore"):
        rows = np.log1p(-np.minimum(texts.scores, 0.999))
    missed = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])
    scores = 1 - np.exp(missed.take(last + 1, axis=0) - missed.take(first, axis=0))
    scores[scores < _UNSURE] = 0
    return scores, np.maximum.reduceat(texts.state, first) if len(first) else texts.state[:0]


def _path(emission: Floats, texts: TextColumns) -> Ints:
    """Return the class of each part: the best sequence of each text, where a change of class has a cost."""
    sizes = np.diff(texts.parts)
    best, came = emission.copy(), np.tile(np.arange(emission.shape[1]), (len(emission), 1))
    for step in range(1, int(sizes.max(initial=1))):
        rows = texts.parts[:-1][sizes > step] + step
        before = best[rows - 1]
        other = before.argmax(axis=1)
        change = before[np.arange(len(rows)), other] - np.where(texts.is_hard[rows], _NEW_SENTENCE, _NEW_PART)
        stays = before >= change[:, None]
        came[rows] = np.where(stays, came[rows], other[:, None])
        best[rows] = np.where(stays, before, change[:, None]) + emission[rows]
    topic = np.zeros(len(emission), np.int64)
    for step in range(int(sizes.max(initial=1)), 0, -1):
        ends = texts.parts[1:][sizes == step] - 1
        topic[ends] = best[ends].argmax(axis=1)
        rows = texts.parts[:-1][sizes > step] + step  # the part after, in longer texts
        topic[rows - 1] = came[rows, topic[rows]]
    return topic


def several(
    runs: Runs, whole: Floats, texts: TextColumns, found: Evidence, split: tuple[float, ...]
) -> NDArray[np.bool_]:
    """Return whether each text has several needs."""
    rows, values = candidates(runs, whole, texts, found)
    is_several = np.zeros(len(whole), bool)
    is_several[rows] = values @ np.array(split) >= np.log(_SEVERAL / (1 - _SEVERAL))
    return is_several


def candidates(runs: Runs, whole: Floats, texts: TextColumns, found: Evidence) -> tuple[Ints, Floats]:
    """Return the texts whose runs name several workshops, and what tells whether they ask for several."""
    nothing = whole.shape[1] - 1
    best = np.zeros_like(whole)
    named = runs.topic != nothing
    np.maximum.at(best, (runs.text[named], runs.topic[named]), runs.chance[named])
    rows = np.nonzero((best > 0).sum(axis=1) >= 2)[0]  # noqa: PLR2004 - several
    order = np.argsort(-best[rows], axis=1, kind="stable")
    at = np.arange(len(rows))
    top, second = best[rows, order[:, 0]], best[rows, order[:, 1]]
    starts = np.zeros(len(whole), np.int64)
    hard = named & texts.is_hard[runs.first] & (runs.first > texts.parts[runs.text])
    np.add.at(starts, runs.text[hard], 1)
    size = found.counts[texts.firsts[1:]] - found.counts[texts.firsts[:-1]]
    known = np.zeros(len(whole))
    np.maximum.at(known, texts.text, highest(texts.scores, 0))
    values = [
        np.ones(len(rows)),
        _odds(top),
        _odds(second),
        _odds(whole[rows, order[at, 1] if len(rows) else order[:, 0]]),
        _odds(highest(whole[rows], 0)),
        np.log(np.maximum(size[rows], 1)),
        np.minimum(starts[rows], 2),
        ((best[rows] > 0).sum(axis=1) > 2).astype(float),  # noqa: PLR2004
        _odds(np.maximum(known[rows], _UNSURE)),
    ]
    return rows, np.stack(values, axis=1)


def _odds(chance: Floats) -> Floats:
    inside = np.clip(chance, 1e-3, 1 - 1e-3)
    odds: Floats = np.log(inside / (1 - inside))
    return odds


def whole_runs(whole: Floats, texts: TextColumns, keep: NDArray[np.bool_]) -> Runs:
    """Return each text as one run."""
    rows = np.nonzero(keep & (np.diff(texts.parts) > 0))[0]
    topic = whole[rows].argmax(axis=1)
    return Runs(rows, texts.parts[rows], texts.parts[rows + 1] - 1, topic, whole[rows, topic])


def stances(runs: Runs, texts: TextColumns, found: Evidence, reader: ExampleReader, scores: Floats) -> Floats:
    """Return the probability of each of `STANCES`, for each run; ``scores`` are those of the lexicon.

    What a text names alone is rarely refused or there already, and what the lexicon accepted, having read the phrases
    around it, even more rarely.
    """
    logs = reader.stances.logs(*stance_sums(runs, texts, found, reader))
    is_sole = np.bincount(runs.text, minlength=len(texts.tokens))[runs.text] == 1
    is_accepted = (said_of(runs, texts)[:, 0] > 0) & (highest(scores, 0) > 0)
    logs[:, 1:] -= (_SOLE * is_sole + _ACCEPTED * is_accepted)[:, None]
    return np.exp(log_softmax(logs))


def stance_of(held: Floats) -> Ints:
    """Return the stance of each run, by place in `STANCES`; wanted has to be likelier than all else together."""
    return np.where(held[:, 0] >= _WANTED, 0, 1 + held[:, 1:].argmax(axis=1))


def _settled(runs: Runs, held: Floats, nothing: int) -> Runs:
    """Return runs of which none is wanted that the same text refuses or has already, unless that is sure."""
    pair, is_wanted = runs.text * (nothing + 1) + runs.topic, stance_of(held) == 0
    is_doubtful = is_wanted & np.isin(pair, pair[~is_wanted]) & (runs.chance * held[:, 0] < _SURE)
    return runs._replace(topic=np.where(is_doubtful, nothing, runs.topic))


def _sure(runs: Runs, held: Floats, texts: TextColumns, scores: Floats, nothing: int) -> Runs:
    """Return runs without the workshops that are too doubtful: more so those that only examples name in few words."""
    at = np.arange(len(runs.text))
    is_long = np.array([*(len(word) >= _LONG for word in texts.words), False])
    sizes = np.diff(np.concatenate([[0], np.cumsum(is_long[texts.word])])[texts.firsts])
    of_class = np.column_stack([scores, np.zeros(len(at))])
    is_bare = (of_class[at, runs.topic] == 0) & (sizes[runs.text] <= _FEW)
    is_doubtful = runs.chance * held[at, stance_of(held)] < np.where(is_bare, _CLEAR, _LEAST)
    return runs._replace(topic=np.where(is_doubtful, nothing, runs.topic))


def around(runs: Runs, texts: TextColumns, nothing: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the places where runs begin and end, and how far what stands before and after them tells of them."""
    start, end = texts.start[runs.first], texts.end[runs.last]
    named = np.nonzero(runs.topic != nothing)[0]
    places = np.searchsorted(named, np.arange(len(runs.text)))
    following = np.append(start[named], texts.firsts[-1])[np.searchsorted(named, np.arange(len(runs.text)), "right")]
    previous = np.concatenate([[0], end[named]])[places]
    after = np.minimum(np.minimum(end + _AFTER, following), texts.firsts[runs.text + 1])
    before = np.maximum(np.maximum(start - _BEFORE, previous), texts.firsts[runs.text])
    return start, end, np.minimum(before, start), np.maximum(after, end)


def stance_sums(runs: Runs, texts: TextColumns, found: Evidence, reader: ExampleReader) -> tuple[Ints, Ints]:
    start, end, before, after = around(runs, texts, len(reader.classes) - 1)
    is_named = runs.topic != len(reader.classes) - 1
    ranges = {OWN: (start, end), AFTER: (end, after), BEFORE: (before, start)}
    named = {place: (low[is_named], high[is_named]) for place, (low, high) in ranges.items()}
    sums = np.zeros((len(start), len(STANCES)), np.int64)
    sums[is_named] = _stance_points(texts, reader, named)
    sizes = np.maximum(found.counts[after] - found.counts[before], 1)
    said = said_of(runs, texts)
    weight = np.sqrt(sizes).astype(np.int64)
    for stance, name in enumerate(STANCES):
        sums += (said[:, stance] * weight)[:, None] * reader.stances.points[_reader.said(name)].astype(np.int64)
    return sums, sizes


def said_of(runs: Runs, texts: TextColumns) -> NDArray[np.int64]:
    """Return what the lexicon says of runs (runs x `STANCES`, 0 or 1): wanted only if nothing else."""
    found = np.stack([summed((texts.stance == stance).astype(np.int64)[:, None])[:, 0] for stance in (1, 2)], axis=1)
    others = np.minimum(found[runs.last + 1] - found[runs.first], 1)
    return np.column_stack([1 - np.maximum(*others.T), others])


def verdicts(
    texts: TextColumns, reader: ExampleReader, *, alone: bool = False
) -> tuple[Evidence, Runs, Floats, NDArray[np.bool_]]:
    """Return what is known of the runs of texts (each text is one run, or several).

    That is the evidence, the runs, the chances of the stances of each, and whether the examples alone name its topic.
    ``alone`` sets the second reader aside.
    """
    alone = alone or reader.is_silent
    blend, split = (reader.alone, reader.split_alone) if alone else (reader.blend, reader.split)
    found = evidence(texts, reader)
    whole = whole_chances(texts, found, reader, blend)
    parts = runs(texts, found, reader, blend)
    many = several(parts, whole, texts, found, split)
    every = joined(parts, whole_runs(whole, texts, ~many), many)
    scores, _ = said_together(texts, every.first, every.last)
    held = told_stances(every, texts, many) if alone else stances(every, texts, found, reader, scores)
    every = _settled(every, held, len(reader.classes) - 1)
    every = every if alone else _sure(every, held, texts, scores, len(reader.classes) - 1)
    own = logs(found, reader, texts.start[every.first], texts.end[every.last])
    return found, every, held, (own.argmax(axis=1) == every.topic) & (not alone)


def told_stances(runs: Runs, texts: TextColumns, is_in_parts: NDArray[np.bool_]) -> Floats:
    """Return the stances that the lexicon alone tells (1, or 0): of parts, or by its verdict on the whole text."""
    whole = np.array([1.0 * (np.arange(len(STANCES)) == _TOLD.get(reason, 0)) for reason in REASONED])
    found: Floats = np.where(is_in_parts[runs.text][:, None], said_of(runs, texts), whole[texts.whole_state[runs.text]])
    return found


def joined(parts: Runs, whole: Runs, is_in_parts: NDArray[np.bool_]) -> Runs:
    """Return the runs of texts in parts, and the others as a whole, in the order of the texts."""
    kept = is_in_parts[parts.text]
    columns: list[Any] = [np.concatenate([own[kept], one]) for own, one in zip(parts, whole, strict=True)]
    order = np.argsort(columns[1], kind="stable")
    return Runs(*(column[order] for column in columns))
