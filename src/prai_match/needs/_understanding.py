"""What texts ask for: both readers add up to one verdict on a text, or on each part where it has several needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from prai_match.needs import _reader
from prai_match.needs._judgement import HAS, NEGATED, REASONED
from prai_match.needs._reader import (
    AFTER,
    BEFORE,
    OWN,
    STANCES,
    ClassWeights,
    ExampleReader,
    Floats,
    Ints,
    log_softmax,
    summed,
)
from prai_match.needs._runs import Evidence, Runs, evidence, forms, logs, said_together
from prai_match.needs._several import candidates, is_known, log_odds
from prai_match.needs._trie import highest, spread

if TYPE_CHECKING:
    from prai_match.needs._texts import TextColumns

_FLOOR: Final = 0.02  # the least that a part says of a class when its neighbours say another
_NEW_SENTENCE, _NEW_PART = 0.4, 0.6  # what it costs that the subject changes
_LIKELY: Final = 0.4  # probability from which a part of a text names a workshop
_AFTER, _BEFORE = 14, 10  # tokens around a run that tell whether it is wanted
_SEVERAL: Final = 0.35
_BOTH_KNOWN: Final = [10, 11]  # columns of `candidates`
_LEAST, _LEAST_PART = 0.4, 0.5  # probability from which what is named is told; in one of several parts
_FEW, _LONG = 2, 5  # words of so many letters, in a text that the examples alone read with care
_CLEAR: Final = 0.9  # probability from which they name a workshop in it
_WANTED: Final = 2 / 3  # probability from which what is named is wanted
_SURE: Final = 0.9  # the same, if the text also says that it isn't
_KINDS: Final = [7, 8]  # columns of `_trust_inputs`
_TOLD: Final = {NEGATED: STANCES.index("refused"), HAS: STANCES.index("has")}


def _stance_points(
    texts: TextColumns, found: Evidence, weights: ClassWeights, ranges: dict[int, tuple[Ints, Ints]]
) -> Ints:
    """Return the sums of the points for stances of the tokens in ranges, by where these stand (ranges x stances)."""
    places = {place: spread(low, high)[1] for place, (low, high) in ranges.items()}
    heard = _reader.heard(forms(texts), texts.word, found.end, np.concatenate([*places.values()]))
    total = np.zeros((len(ranges[OWN][0]), len(STANCES)), np.int64)
    begin = 0
    for place, (low, high) in ranges.items():
        bounds = begin + np.concatenate([[0], np.cumsum(high - low)])
        points = _points(heard.marks(slice(begin, int(bounds[-1])), place), weights)
        if place == OWN:
            points += _reader.points_of(heard.forms, weights).take(heard.form[begin : bounds[-1]], axis=0)
        sums = summed(points).take(bounds - begin, axis=0)
        total += sums[1:] - sums[:-1] + _points(heard.bounds(bounds[:-1], bounds[1:], place), weights)
        begin = int(bounds[-1])
    return total


def _points(buckets: Ints, weights: ClassWeights) -> Ints:
    """Return the points of each row of buckets; -1 has none."""
    points = np.append(weights.points, np.zeros((1, len(STANCES)), np.int8), axis=0)  # -1 is the last row
    return sum((points.take(each, axis=0) for each in buckets.T), np.zeros((len(buckets), len(STANCES)), np.int64))


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


def _is_several(values: Floats, split: tuple[float, ...]) -> NDArray[np.bool_]:
    """Return whether candidates have several needs: surely if the lexicon names both."""
    is_known: NDArray[np.bool_] = values[:, _BOTH_KNOWN].min(axis=1) >= 1
    is_likely: NDArray[np.bool_] = values @ np.array(split) >= np.log(_SEVERAL / (1 - _SEVERAL))
    return is_known | is_likely


def whole_runs(whole: Floats, texts: TextColumns, keep: NDArray[np.bool_]) -> Runs:
    """Return each text as one run."""
    rows = np.nonzero(keep & (np.diff(texts.parts) > 0))[0]
    topic = whole[rows].argmax(axis=1)
    return Runs(rows, texts.parts[rows], texts.parts[rows + 1] - 1, topic, whole[rows, topic])


def stances(runs: Runs, texts: TextColumns, found: Evidence, reader: ExampleReader) -> Floats:
    """Return the probability of each of `STANCES`, for each run."""
    return np.exp(log_softmax(stance_inputs(runs, texts, found, reader) @ np.array(reader.stance_blend)))


def stance_inputs(runs: Runs, texts: TextColumns, found: Evidence, reader: ExampleReader) -> Floats:
    """Return what tells the stances of runs (runs x stances x inputs): the examples, then the lexicon.

    What a text names alone is rarely refused or there already, nor is what the lexicon accepted, having read the
    phrases around it.
    """
    said = said_of(runs, texts)
    is_sole = np.bincount(runs.text, minlength=len(texts.firsts))[runs.text] == 1
    is_accepted = (said[:, 0] > 0) & (highest(said_together(texts, runs.first, runs.last)[0], 0) > 0)
    inputs = np.zeros((len(runs.text), len(STANCES), 6))
    inputs[:, :, 0] = reader.stances.logs(*stance_sums(runs, texts, found, reader))
    inputs[:, 1, 1], inputs[:, 2, 2] = said[:, 1], said[:, 2]
    inputs[:, 1:, 3], inputs[:, 1:, 4], inputs[:, 1:, 5] = is_sole[:, None], is_accepted[:, None], 1
    return inputs


def stance_of(held: Floats) -> Ints:
    """Return the stance of each run, by place in `STANCES`; wanted has to be likelier than all else together."""
    return np.where(held[:, 0] >= _WANTED, 0, 1 + held[:, 1:].argmax(axis=1))


def _settled(runs: Runs, held: Floats, nothing: int) -> Runs:
    """Return runs of which none is wanted that the same text refuses or has already, unless that is sure."""
    pair, is_wanted = runs.text * (nothing + 1) + runs.topic, stance_of(held) == 0
    is_doubtful = is_wanted & np.isin(pair, pair[~is_wanted]) & (runs.chance * held[:, 0] < _SURE)
    return runs._replace(topic=np.where(is_doubtful, nothing, runs.topic))


def _is_short(texts: TextColumns) -> NDArray[np.bool_]:
    """Return whether texts have few words."""
    is_long = np.array([*(len(word) >= _LONG for word in forms(texts))])[texts.word]
    return np.diff(np.concatenate([[0], np.cumsum(is_long)])[texts.firsts]) <= _FEW


def _trust_inputs(  # noqa: PLR0913, PLR0917 - what is known of runs
    runs: Runs, held: Floats, whole: Floats, texts: TextColumns, found: Evidence, many: NDArray[np.bool_]
) -> Floats:
    """Return what tells whether texts say what their runs name, with the likeliest stance (runs x inputs)."""
    stance, words = stance_of(held), found.counts[texts.end[runs.last]] - found.counts[texts.start[runs.first]]
    named = np.bincount(runs.text[runs.topic != whole.shape[1] - 1], minlength=len(whole))[runs.text]
    sizes = [np.log(np.maximum(each, 1)) for each in (words, runs.last - runs.first + 1, named)]
    # Few words tell little in a part or from the examples, and enough in a title or from the lexicon.
    kinds = [many[runs.text], is_known(runs, texts, np.arange(len(stance)))]
    chances = map(log_odds, (runs.chance, held[np.arange(len(stance)), stance], whole[runs.text, runs.topic]))
    return np.stack([np.ones(len(stance)), *chances, *sizes, *kinds, *(each * sizes[0] for each in kinds)], axis=1)


def around(runs: Runs, texts: TextColumns, found: Evidence, nothing: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the places where runs begin and end, and how far what stands before and after them tells of them."""
    start, end = texts.start[runs.first], texts.end[runs.last]
    named = np.nonzero(runs.topic != nothing)[0]
    following = np.append(start[named], texts.firsts[-1])[np.searchsorted(named, np.arange(len(runs.text)), "right")]
    previous = np.concatenate([[0], end[named]])[np.searchsorted(named, np.arange(len(runs.text)))]
    after = np.minimum(np.minimum(end + _AFTER, following), found.end[runs.text])
    before = np.maximum(np.maximum(start - _BEFORE, previous), found.begin[runs.text])
    return start, end, np.minimum(before, start), np.maximum(after, end)


def stance_sums(runs: Runs, texts: TextColumns, found: Evidence, reader: ExampleReader) -> tuple[Ints, Ints]:
    start, end, before, after = around(runs, texts, found, len(reader.classes) - 1)
    is_named = runs.topic != len(reader.classes) - 1
    ranges = {OWN: (start, end), AFTER: (end, after), BEFORE: (before, start)}
    named = {place: (low[is_named], high[is_named]) for place, (low, high) in ranges.items()}
    sums = np.zeros((len(start), len(STANCES)), np.int64)
    sums[is_named] = _stance_points(texts, found, reader.stances, named)
    sizes = np.maximum(found.counts[after] - found.counts[before], 1)
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

    That is the evidence, the runs (``chance`` is how probable it is that what they name is right), the chances of the
    stances of each, and whether the examples alone name its topic.
    ``alone`` sets the second reader aside.
    """
    alone = alone or reader.is_silent
    found, nothing = evidence(texts, reader), len(reader.classes) - 1
    every, held, inputs = named(texts, found, reader, alone=alone)
    trust = every.chance * held[np.arange(len(held)), stance_of(held)]
    if not alone:
        trust = 1 / (1 + np.exp(-inputs @ np.array(reader.trust)))
        is_part, is_in_lexicon = (inputs[:, column] > 0 for column in _KINDS)
        least = np.select([_is_short(texts)[every.text] & ~is_in_lexicon, is_part], [_CLEAR, _LEAST_PART], _LEAST)
        every = every._replace(topic=np.where(trust < least, nothing, every.topic))
    own = logs(found, reader, texts.start[every.first], texts.end[every.last])
    return found, every._replace(chance=trust), held, (own.argmax(axis=1) == every.topic) & (not alone)


def named(
    texts: TextColumns, found: Evidence, reader: ExampleReader, *, alone: bool = False
) -> tuple[Runs, Floats, Floats]:
    """Return what texts name, the chances of the stances of each run, and what tells whether it is right."""
    blend, split = (reader.alone, reader.split_alone) if alone else (reader.blend, reader.split)
    whole = whole_chances(texts, found, reader, blend)
    parts = runs(texts, found, reader, blend)
    rows, values = candidates(parts, whole, texts, found, None if alone else reader.several)
    many = np.zeros(len(whole), bool)
    many[rows] = _is_several(values, split)
    every = joined(parts, whole_runs(whole, texts, ~many), many)
    held = told_stances(every, texts, many) if alone else stances(every, texts, found, reader)
    every = _settled(every, held, len(reader.classes) - 1)
    return every, held, _trust_inputs(every, held, whole, texts, found, many)


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
