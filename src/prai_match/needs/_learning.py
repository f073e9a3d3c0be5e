"""Learning of the second reader from labelled texts and the phrases of the lexicon.

The topics are learned twice: parts of texts that have several needs can only be told apart by what was learned from
the others. What joins the readers is fitted on texts that were held out, by groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.needs import _names, _reader, _runs, _several, _training, _understanding
from prai_match.needs._judgement import REASONED
from prai_match.needs._reader import AFTER, BEFORE, NONE, OWN, STANCES, ClassWeights, ExampleReader, Floats, Ints
from prai_match.needs._texts import TextColumns, texts_of

if TYPE_CHECKING:
    from prai_match.needs._lexicon import Lexicon
    from prai_match.needs._names import Row
    from prai_match.needs._runs import Evidence, Runs

_FOLDS: Final = 4
_PART, _REST = 0.7, 0.5  # weights of a part of a text that names a workshop, or nothing, beside 1 for a text
_NAMED, _TURN = 1.0, 0.4  # weights of the name of a workshop and of a turn of phrase beside 1 for what a text says
# What is refused or there already beside 1 that is wanted, in texts that name several workshops, and in those that name
# one: the tables have more of it than people write.
_REFUSED: Final = (0.35, 0.08)
_SHARE: Final = 0.2  # of texts that have several needs
_NOTHING: Final = 0.36  # share of texts with one need or none that have none
_ENOUGH: Final = 200  # labelled texts from which the verdict is fitted, and not that of the base
_LEAST: Final = 0.3  # probability from which a part is an example


class Labelled(NamedTuple):
    """A text with the workshops that it names, each with its stance, and the group that is held out together."""

    text: str
    needs: tuple[tuple[str, str], ...]
    group: str = ""


@dataclass(slots=True)
class Fold:
    """Labelled texts of some groups, read by what was learned from the others."""

    texts: TextColumns
    needs: list[dict[int, int]]  # of each text: topic to stance; -1 if a topic has two
    reader: ExampleReader
    found: Evidence

    def learn(self, weights: ClassWeights) -> None:
        self.reader = replace(self.reader, topics=weights)
        self.found = _runs.evidence(self.texts, self.reader)


def learn(lexicon: Lexicon, labelled: Sequence[Labelled], base: ExampleReader | None = None) -> ExampleReader:
    """Return the reader of a catalogue; what too few texts can't tell is that of ``base``."""
    if base is None or len(labelled) >= _ENOUGH:
        return learn_all([(lexicon, labelled)])[0]
    classes = (*lexicon.compiled.topics, NONE)
    folds, phrases = _folds(labelled, lexicon, classes), _names.phrases(lexicon.compiled, classes)
    return replace(base, classes=classes, topics=_topics([*_whole(folds), *phrases], len(classes)))


def learn_all(
    catalogues: Sequence[tuple[Lexicon, Sequence[Labelled]]], turns: Sequence[Sequence[Labelled]] = ()
) -> list[ExampleReader]:
    """Return the readers of catalogues.

    Whether what is named is wanted, and how texts with several needs are said, is learned from all catalogues together.
    ``turns`` are, for each catalogue, texts that only teach the former.
    """
    learned = [_learned(lexicon, labelled) for lexicon, labelled in catalogues]
    words: dict[str, int] = {}
    told = [_told_runs(fold, reader.blend, words) for reader, folds in learned for fold in folds]
    turned = [
        _told_runs(_fold(texts, lexicon, reader), reader.blend, words)._replace(weight=weight)
        for (lexicon, _), (reader, _), own in zip(catalogues, learned, turns or [()] * len(catalogues), strict=True)
        for texts, weight in (
            ([Labelled(*each) for each in _names.named(lexicon.compiled, reader.classes)], _NAMED),
            (own, _TURN),
        )
        if texts
    ]
    for rank in range(_FOLDS):
        stances = _stances([each for place, each in enumerate(told) if place % _FOLDS != rank], turned, list(words))
        for each in told[rank::_FOLDS]:
            each.fold.reader = replace(each.fold.reader, stances=stances)
    stances, stance_blend = _stances(told, turned, list(words)), _stance_blend(told)
    several = _how_several([(fold, reader.blend) for reader, folds in learned for fold in folds])
    return [
        _fitted(replace(reader, stances=stances, several=several, stance_blend=stance_blend), folds)
        for reader, folds in learned
    ]


def _fitted(reader: ExampleReader, folds: Sequence[Fold]) -> ExampleReader:
    """Return a reader that knows from held-out texts which have several needs, and how sure what it names is."""
    reader = replace(reader, split=_split(folds, reader.blend), split_alone=_split(folds, reader.alone, alone=True))
    found = []
    for fold in folds:
        own = replace(reader, stances=fold.reader.stances, several=fold.reader.several)
        runs, held, rows = _understanding.named(fold.texts, fold.found, own)
        told = zip(runs.text, runs.topic.tolist(), _understanding.stance_of(held), strict=True)
        is_right = np.array([fold.needs[text].get(topic) in {stance, -1} for text, topic, stance in told])
        is_named = runs.topic != len(reader.classes) - 1
        found.append((rows[is_named], is_right[is_named]))
    inputs, label = (np.concatenate([each[column] for each in found]) for column in (0, 1))
    return replace(reader, trust=_training.fitted_odds(inputs, label, np.ones(len(label))))


def _learned(lexicon: Lexicon, labelled: Sequence[Labelled]) -> tuple[ExampleReader, list[Fold]]:
    """Return a reader that knows topics only, and the texts as they were read when they were held out."""
    classes = (*lexicon.compiled.topics, NONE)
    folds, phrases = _folds(labelled, lexicon, classes), list(_names.phrases(lexicon.compiled, classes))
    parts: list[list[Row]] = [[] for _ in folds]
    blend: tuple[float, ...] = ()
    for _ in range(2):
        for fold in folds:
            others = [each for each in folds if each is not fold]
            extra = [row for each, rows in zip(folds, parts, strict=True) if each is not fold for row in rows]
            fold.learn(_topics([*_whole(others), *extra, *phrases], len(classes)))
        blend = _blend(folds)
        parts = [list(_parts(fold, blend)) for fold in folds]
    topics = _topics([*_whole(folds), *(row for rows in parts for row in rows), *phrases], len(classes))
    return replace(folds[0].reader, topics=topics, blend=blend, alone=_blend(folds, alone=True)), folds


def adapt(reader: ExampleReader, examples: Sequence[tuple[str, str]]) -> ExampleReader:
    """Return a reader that also learned from texts with a label (a workshop or `NONE`), in any order."""
    read = ((_names.forms(text), reader.classes.index(topic), 1.0) for text, topic in sorted(examples))
    rows = [row for row in read if row[0]]
    return replace(reader, topics=_topics(rows, len(reader.classes), reader.topics)) if rows else reader


def _folds(labelled: Sequence[Labelled], lexicon: Lexicon, classes: Sequence[str]) -> list[Fold]:
    groups = {group: rank for rank, group in enumerate(dict.fromkeys(each.group for each in labelled))}
    is_grouped = len(groups) >= _FOLDS
    rows: list[list[Labelled]] = [[] for _ in range(_FOLDS)]
    for rank, each in enumerate(labelled):
        rows[(groups[each.group] if is_grouped else rank) % _FOLDS].append(each)
    nothing, silent, several = map(ClassWeights.silent, (len(classes), len(STANCES), 2))
    draft = ExampleReader(tuple(classes), nothing, silent, several, (), (), (), (), (), ())
    return [_fold(own, lexicon, draft) for own in rows if own]


def _fold(labelled: Sequence[Labelled], lexicon: Lexicon, reader: ExampleReader) -> Fold:
    texts = texts_of([each.text for each in labelled], lexicon.compiled, reader.classes[:-1])
    return Fold(texts, [_needs(each, reader.classes) for each in labelled], reader, _runs.evidence(texts, reader))


def _needs(labelled: Labelled, classes: Sequence[str]) -> dict[int, int]:
    needs: dict[int, int] = {}
    for workshop, stance in labelled.needs:
        topic, value = classes.index(workshop), STANCES.index(stance)
        needs[topic] = value if needs.setdefault(topic, value) == value else -1
    return needs


def _words(texts: TextColumns, start: int, end: int) -> list[str]:
    return [texts.words[word] for word in texts.word[start:end] if word >= 0]


def _whole(folds: Sequence[Fold]) -> Iterator[Row]:
    """Yield the texts with one topic or none."""
    sizes = [len(needs) for fold in folds for needs in fold.needs]
    mass = _training.mass_of(_NOTHING, sizes.count(0), sizes.count(1) or 1)
    for fold in folds:
        for text, needs in enumerate(fold.needs):
            words = _words(fold.texts, *fold.texts.firsts[text : text + 2])
            if len(needs) <= 1 and words:
                yield words, next(iter(needs), -1), 1.0 if needs else mass


def _topics(rows: Sequence[Row], classes: int, start: ClassWeights | None = None) -> ClassWeights:
    words, topics, weights = zip(*rows, strict=True)
    return _training.weights(_training.bag(words), np.array(topics) % classes, classes, np.array(weights), start)


def _told(fold: Fold, blend: tuple[float, ...]) -> Runs:
    """Return the runs of texts with several topics, where only these and none are possible."""
    allowed = np.full((len(fold.needs), len(fold.reader.classes)), 1e-3)
    allowed[:, -1] = 0.3
    for text, needs in enumerate(fold.needs):
        allowed[text, list(needs)] = 1
    return _understanding.runs(fold.texts, fold.found, fold.reader, blend, allowed)


def _parts(fold: Fold, blend: tuple[float, ...]) -> Iterator[Row]:
    runs, nothing = _told(fold, blend), len(fold.reader.classes) - 1
    for text, first, last, topic, chance in zip(*runs, strict=True):
        if len(fold.needs[text]) > 1 and chance > _LEAST:
            words = _words(fold.texts, fold.texts.start[first], fold.texts.end[last])
            if words:
                yield words, topic, _PART if topic != nothing else _REST


def _blend(folds: Sequence[Fold], *, alone: bool = False) -> tuple[float, ...]:
    """Fit what joins the readers on held-out texts with one need or none, by Newton's method."""
    rows, labels = [], []
    for fold in folds:
        texts, classes = fold.texts, len(fold.reader.classes)
        logs = _runs.logs(fold.found, fold.reader, texts.firsts[:-1], texts.firsts[1:])
        own = np.array([len(each) <= 1 for each in fold.needs])
        inputs = np.zeros((len(own), classes, 3 + len(REASONED)))
        inputs[:, :, 0] = 0 if alone else logs
        at, winner, score = np.arange(len(own)), texts.whole_scores.argmax(axis=1), texts.whole_scores.max(axis=1)
        inputs[at, winner, 1], inputs[at, winner, 2] = score > 0, score
        inputs[at, -1, 3 + texts.whole_state] = score <= 0
        rows.append(inputs[own])
        labels.append(np.array([next(iter(each), classes - 1) for each in fold.needs])[own])
    inputs, label = np.concatenate(rows), np.concatenate(labels)
    is_one = label < inputs.shape[1] - 1
    mass = _training.mass_of(_NOTHING, int((~is_one).sum()), int(is_one.sum()) or 1)
    return _training.fitted(
        inputs, label, np.where(is_one, 1.0, mass), np.array([not alone, 0, 3, *np.ones(len(REASONED))], float)
    )


def _candidates(fold: Fold, blend: tuple[float, ...], several: ClassWeights | None) -> tuple[Ints, Floats, Floats]:
    """Return the texts whose runs name several workshops, what tells whether they have several needs, and whether."""
    whole = _understanding.whole_chances(fold.texts, fold.found, fold.reader, blend)
    runs = _understanding.runs(fold.texts, fold.found, fold.reader, blend)
    rows, values = _several.candidates(runs, whole, fold.texts, fold.found, several)
    return rows, values, np.array([len(fold.needs[row]) > 1 for row in rows], float)


def _split(folds: Sequence[Fold], blend: tuple[float, ...], *, alone: bool = False) -> tuple[float, ...]:
    """Fit what tells that a text has several needs on held-out texts whose runs name several."""
    found = [_candidates(fold, blend, None if alone else fold.reader.several) for fold in folds]
    inputs, label = (np.concatenate([each[column] for each in found]) for column in (1, 2))
    is_several = [len(each) > 1 for fold in folds for each in fold.needs]
    mass = _training.mass_of(_SHARE, sum(is_several), is_several.count(False))
    return _training.fitted_odds(inputs, label, np.where(label > 0, mass, 1.0))


def _how_several(folds: Sequence[tuple[Fold, tuple[float, ...]]]) -> ClassWeights:
    """Learn how texts with several needs are said; the folds get what was learned without the texts of their rank."""
    bags = []
    for fold, blend in folds:
        rows, _, label = _candidates(fold, blend, None)
        owner, buckets = _several.said_whole(fold.texts, fold.found, rows)
        sizes = fold.found.counts[fold.found.end[rows]] - fold.found.counts[fold.found.begin[rows]]
        bags.append((np.split(buckets, np.searchsorted(owner, np.arange(1, len(rows))))[: len(rows)], sizes, label))

    def learned(kept: Sequence[int]) -> ClassWeights:
        marks = [-1 - each for rank in kept for each in bags[rank][0]]
        if not marks:
            return ClassWeights.silent(2)
        sizes, label = (np.concatenate([bags[rank][column] for rank in kept]) for column in (1, 2))
        return _training.weights(_training.bag_of(marks, sizes, []), label.astype(int), 2, np.ones(len(label)))

    for rank, (fold, _) in enumerate(folds):
        others = [each for each in range(len(folds)) if each % _FOLDS != rank % _FOLDS]
        fold.reader = replace(fold.reader, several=learned(others))
    return learned(range(len(folds)))


class _Told(NamedTuple):
    """The runs of labelled texts, the stance of each (-1: unknown), and what tells it where it is known."""

    fold: Fold
    runs: Runs
    stance: Ints
    units: list[Ints]
    sizes: list[int]
    weight: float = 1.0


def _told_runs(fold: Fold, blend: tuple[float, ...], words: dict[str, int]) -> _Told:
    """Return the runs of the texts of a fold: own words by their characters, pairs and what is around by buckets."""
    texts = fold.texts
    parts, one = _told(fold, blend), np.array([len(each) == 1 for each in fold.needs])
    single = np.zeros((len(one), len(fold.reader.classes)))
    single[one, [next(iter(each)) for each in fold.needs if len(each) == 1]] = 1
    runs = _understanding.joined(parts, _understanding.whole_runs(single, texts, one), ~one)
    pairs = zip(runs.text, runs.topic.tolist(), strict=True)
    stance = np.array([fold.needs[own].get(topic, -1) for own, topic in pairs])
    forms = _runs.forms(texts)
    ranks = np.array([words.setdefault(form, len(words)) for form in forms])
    heard = _reader.heard(forms, texts.word, fold.found.end, np.arange(len(texts.word)))
    start, end, before, after = _understanding.around(runs, texts, fold.found, len(fold.reader.classes) - 1)
    units, sizes = [], []
    for run in np.nonzero(stance >= 0)[0]:
        near = [ranks[texts.word[start[run] : end[run]]]]
        for place, low, high in ((OWN, start, end), (AFTER, end, after), (BEFORE, before, start)):
            marks = heard.marks(slice(low[run], high[run]), place).ravel()
            near += [-1 - marks[marks >= 0], -1 - heard.bounds(low[[run]], high[[run]], place)[0]]
        units.append(np.concatenate(near))
        sizes.append(int((texts.word[before[run] : after[run]] >= 0).sum()))
    return _Told(fold, runs, stance, units, sizes)


def _stances(told: Sequence[_Told], turned: Sequence[_Told], words: Sequence[str]) -> ClassWeights:
    """Learn the stances of runs."""
    every = (*told, *turned)
    label = np.concatenate([each.stance[each.stance >= 0] for each in every])
    mass = np.repeat([each.weight for each in every], [len(each.units) for each in every])
    sizes = np.array([size for each in every for size in each.sizes])
    bag = _training.bag_of([row for each in every for row in each.units], sizes, words)
    return _training.weights(bag, label, len(STANCES), mass)


def _stance_blend(told: Sequence[_Told]) -> tuple[float, ...]:
    """Fit what joins the stances of both readers on held-out texts."""
    rows, labels, masses = [], [], []
    for each in told:
        texts, reader = each.fold.texts, each.fold.reader
        known = each.stance >= 0
        rows.append(_understanding.stance_inputs(each.runs, texts, each.fold.found, reader)[known])
        labels.append(each.stance[known])
        masses.append(np.bincount(each.runs.text)[each.runs.text][known] == 1)
    label, is_sole = np.concatenate(labels), np.concatenate(masses)
    mass = np.ones(len(label))
    for sole, share in enumerate(_REFUSED):
        rows_of = is_sole == sole
        unwanted = rows_of & (label > 0)
        mass[unwanted] = share * (rows_of & (label == 0)).sum() / max(int(unwanted.sum()), 1)
    return _training.fitted(np.concatenate(rows), label, mass, np.array([1.0, 1, 1, 0, 0, 0]))
