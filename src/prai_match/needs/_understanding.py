"""What texts ask for: both readers add up to one verdict on each, and networks decide where that isn't clear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from prai_match.needs import _network, _reader
from prai_match.needs._judgement import HAS, NEGATED, REASONED
from prai_match.needs._pairs import pairs_of, sequences_of
from prai_match.needs._reader import STANCES, ExampleReader, Floats, Ints, log_odds, log_softmax, summed
from prai_match.needs._runs import Evidence, Runs, evidence, forms, is_known, logs, said_together
from prai_match.needs._trie import Bools, highest

if TYPE_CHECKING:
    from prai_match.needs._pairs import Mentions
    from prai_match.needs._texts import TextColumns

_FLOOR: Final = 0.02  # the least that a part says of a class when its neighbours say another
_NEW_SENTENCE, _NEW_PART = 0.4, 0.6  # what it costs that the subject changes
_LIKELY: Final = 0.4  # probability from which a part of a text names a workshop
PLAIN: Final = 0.9  # probability that a text which names one workshop wants it, from which no network is asked
_SURE: Final = 0.6  # probability that a text names it and wants it, from which no network is asked either
_FEW, _LONG = 2, 5  # words of so many letters, in a text that the examples alone read with care
_CLEAR: Final = 0.85  # probability from which they name a workshop in it
_WANTED: Final = 0.64  # probability from which the networks have a workshop wanted
_SOLE: Final = 0.62  # the same where a text names nothing else, and the readers were asked too
_MEANT: Final = 0.5  # probability from which they have one refused or there already
_KNOWN: Final = 5  # column of `trust_inputs`
_TOLD: Final = {NEGATED: STANCES.index("refused"), HAS: STANCES.index("has")}


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


def whole_runs(whole: Floats, texts: TextColumns, keep: Bools) -> Runs:
    """Return each text as one run."""
    rows = np.nonzero(keep & (np.diff(texts.parts) > 0))[0]
    topic = whole[rows].argmax(axis=1)
    return Runs(rows, texts.parts[rows], texts.parts[rows + 1] - 1, topic, whole[rows, topic])


def stances(runs: Runs, texts: TextColumns, found: Evidence, reader: ExampleReader) -> Floats:
    """Return the probability of each of `STANCES`, for texts that are one run."""
    return np.exp(log_softmax(stance_inputs(runs, texts, found, reader) @ np.array(reader.stance_blend)))


def stance_inputs(runs: Runs, texts: TextColumns, found: Evidence, reader: ExampleReader) -> Floats:
    """Return what tells the stances of texts that are one run (runs x stances x inputs): examples, then the lexicon.

    What the lexicon accepted, having read the phrases around it, is rarely refused or there already.
    """
    said = said_of(runs, texts)
    is_accepted = (said[:, 0] > 0) & (highest(said_together(texts, runs.first, runs.last)[0], 0) > 0)
    begin, end = found.begin[runs.text], found.end[runs.text]
    marks, sizes = _reader.pairs(forms(texts), texts.word, begin, end)
    points = summed(_reader.points_of(forms(texts), reader.stances).take(texts.word, axis=0))
    bounds, of_pairs = np.concatenate([[0], np.cumsum(sizes)]), summed(reader.stances.points.take(marks, axis=0))
    sums = points[end] - points[begin] + of_pairs[bounds[1:]] - of_pairs[bounds[:-1]]
    inputs = np.zeros((len(runs.text), len(STANCES), 5))
    inputs[:, :, 0] = reader.stances.logs(sums, found.counts[end] - found.counts[begin])
    inputs[:, 1, 1], inputs[:, 2, 2] = said[:, 1], said[:, 2]
    inputs[:, 1:, 3], inputs[:, 1:, 4] = is_accepted[:, None], 1
    return inputs


def said_of(runs: Runs, texts: TextColumns) -> Ints:
    """Return what the lexicon says of runs (runs x `STANCES`, 0 or 1): wanted only if nothing else."""
    found = np.stack([summed((texts.stance == stance).astype(np.int64)[:, None])[:, 0] for stance in (1, 2)], axis=1)
    others = np.minimum(found[runs.last + 1] - found[runs.first], 1)
    return np.column_stack([1 - np.maximum(*others.T), others])


def trust_inputs(runs: Runs, held: Floats, whole: Floats, texts: TextColumns, found: Evidence) -> Floats:
    """Return what tells whether texts that are one run say what it names, and want it (runs x inputs)."""
    words, parts = found.counts[texts.end[runs.last]] - found.counts[texts.start[runs.first]], runs.last - runs.first
    sizes = [np.log(np.maximum(words, 1)), np.log1p(parts)]
    known = is_known(runs, texts)  # few words tell little from the examples, and enough from the lexicon
    chances = [log_odds(whole[runs.text, runs.topic]), log_odds(held[:, 0])]
    return np.stack([np.ones(len(known)), *chances, *sizes, known, known * sizes[0]], axis=1)


def _is_short(texts: TextColumns) -> Bools:
    """Return whether texts have few words."""
    is_long = np.array([*(len(word) >= _LONG for word in forms(texts))])[texts.word]
    return np.diff(np.concatenate([[0], np.cumsum(is_long)])[texts.firsts]) <= _FEW


def verdicts(texts: TextColumns, reader: ExampleReader, *, alone: bool = False) -> tuple[Evidence, Runs, Ints, Bools]:
    """Return what is known of the runs of texts (each text is one run, or several).

    That is the evidence, the runs (``chance`` is how probable it is that what they name is right), the stance of each
    by its place in `STANCES`, and whether the examples alone name its topic.
    ``alone`` sets the second reader and the networks aside.
    """
    alone = alone or reader.is_silent
    found, blend = evidence(texts, reader), reader.alone if alone else reader.blend
    whole, parts = whole_chances(texts, found, reader, blend), runs(texts, found, reader, blend)
    every, stance = (_told_alone if alone else _judged)(parts, whole, texts, found, reader)
    own = logs(found, reader, texts.start[every.first], texts.end[every.last])
    return found, every, stance, (own.argmax(axis=1) == every.topic) & (not alone)


def _told_alone(parts: Runs, whole: Floats, texts: TextColumns, found: Evidence, _: ExampleReader) -> tuple[Runs, Ints]:
    """Return runs and stances by the lexicon alone: of parts, or by its verdict on the whole text."""
    pairs, nothing = pairs_of(parts, whole, found), whole.shape[1] - 1
    many = np.bincount(pairs.text[pairs.runs > 0], minlength=len(whole)) > 1
    of_state = np.array([_TOLD.get(reason, 0) for reason in REASONED])
    single, in_parts = whole_runs(whole, texts, ~many), parts.of(many[parts.text])
    every, stance = _in_order(
        (single, of_state[texts.whole_state[single.text]]), (in_parts, said_of(in_parts, texts).argmax(axis=1))
    )
    pair = every.text * (nothing + 1) + every.topic
    is_settled = (stance == 0) & np.isin(pair, pair[stance > 0])  # the same text refuses it, or has it already
    return every._replace(topic=np.where(is_settled & (every.chance < _CLEAR), nothing, every.topic)), stance


def _judged(
    parts: Runs, whole: Floats, texts: TextColumns, found: Evidence, reader: ExampleReader
) -> tuple[Runs, Ints]:
    """Return runs and stances: by both readers where a text clearly wants what it names, else by networks."""
    pairs, nothing = pairs_of(parts, whole, found), whole.shape[1] - 1
    single = whole_runs(whole, texts, found.end > found.begin)
    held = stances(single, texts, found, reader)
    top = whole.argmax(axis=1)
    is_other = (pairs.runs > 0) & (pairs.topic != top[pairs.text])
    is_doubtful = np.bincount(pairs.text[is_other], minlength=len(whole)) > 0
    inputs = trust_inputs(single, held, whole, texts, found)
    trust = 1 / (1 + np.exp(-inputs @ np.array(reader.trust)))
    is_unclear = _is_short(texts)[single.text] & (inputs[:, _KNOWN] == 0) & (trust < _CLEAR)
    is_doubtful[single.text] |= (single.topic != nothing) & ((held[:, 0] < PLAIN) | (trust < _SURE) & ~is_unclear)
    plain = single._replace(topic=np.where(is_unclear, nothing, single.topic), chance=trust)
    plain = plain.of(~is_doubtful[single.text])
    told = plain, np.zeros(len(plain.text), np.int64)
    asked = pairs.of(is_doubtful[pairs.text])
    if not len(asked.text):
        return told
    wanted, sure = np.ones((2, len(whole)))
    wanted[single.text], sure[single.text] = held[:, 0], trust
    chance = np.exp(_network.logs(sequences_of(asked, parts, whole, wanted, texts, found, reader)))
    is_wanted = chance[:, 0] >= _WANTED
    is_top = asked.topic == top[asked.text]
    strangers = np.bincount(asked.text, (chance[:, 3] < _MEANT) & ~is_top)[asked.text]
    # Networks find nothing but what the text as a whole names.
    is_sole = (strangers == 0) & (top[asked.text] != nothing)
    there = np.maximum(1 - chance[:, 3], 1e-6)
    both = _both(chance[:, 0] / there, wanted[asked.text])
    is_there = _both(there, sure[asked.text]) >= _MEANT
    is_wanted[is_sole] = (is_top & (both >= _SOLE) & is_there)[is_sole]
    chance[:, 0] = np.where(is_sole, both, chance[:, 0])
    return _in_order(told, *_decided(asked, chance, is_wanted, parts, single, nothing))


def _both(network: Floats, readers: Floats) -> Floats:
    """Return how probable something is by networks and readers alike."""
    found: Floats = 1 / (1 + np.exp(-(log_odds(network) + log_odds(readers)) / 2))
    return found


def _decided(  # noqa: PLR0913, PLR0917 - what was decided of texts
    asked: Mentions, chance: Floats, is_wanted: Bools, parts: Runs, single: Runs, nothing: int
) -> Iterator[tuple[Runs, Ints]]:
    """Yield runs and stances of what networks decided: texts that name one workshop or none, parts of the others."""
    stance = np.where(is_wanted, 0, 1 + chance[:, 1:3].argmax(axis=1))
    told = chance[np.arange(len(stance)), stance]
    is_named = (stance == 0) | (chance[:, 1] + chance[:, 2] >= _MEANT)
    size = int(asked.text[-1]) + 1
    many = np.bincount(asked.text[is_named & (asked.runs > 0)], minlength=size) > 1
    order = np.lexsort((-told, ~is_named, asked.text))
    best = order[np.append(True, np.diff(asked.text[order]) > 0)]
    best = best[~many[asked.text[best]]]
    rows = np.searchsorted(single.text, asked.text[best])
    topic = np.where(is_named[best], asked.topic[best], nothing)
    yield single.of(rows)._replace(topic=topic, chance=told[best]), stance[best]
    parts = parts.of(np.append(many, False)[np.minimum(parts.text, size)])
    key = asked.text * (nothing + 1) + asked.topic
    own = parts.text * (nothing + 1) + parts.topic
    rank = np.minimum(np.searchsorted(key, own), len(key) - 1)
    is_named = (key[rank] == own) & is_named[rank]
    yield parts._replace(topic=np.where(is_named, parts.topic, nothing), chance=told[rank]), stance[rank] * is_named


def _in_order(*told: tuple[Runs, Ints]) -> tuple[Runs, Ints]:
    """Return runs and their stances in the order of the texts."""
    every = [np.concatenate(columns) for columns in zip(*((*runs, stance) for runs, stance in told), strict=True)]
    order = np.argsort(every[1], kind="stable")
    *columns, stance = (column[order] for column in every)
    return Runs(*columns), stance
