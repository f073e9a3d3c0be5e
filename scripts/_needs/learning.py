"""Learning of the readers that are shipped, from labelled texts and the phrases of their lexicons.

The topics are learned twice: parts of texts that have several needs can only be told apart by what was learned from
the others. What joins the readers is fitted on texts that were held out, by groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from _needs import fitting
from prai_match.needs import _reader, _runs, _training, _understanding
from prai_match.needs._judgement import REASONED
from prai_match.needs._learning import phrases, topics_of
from prai_match.needs._reader import NONE, STANCES, ClassWeights, ExampleReader, Ints
from prai_match.needs._texts import TextColumns, texts_of

if TYPE_CHECKING:
    from prai_match.needs._learning import Row
    from prai_match.needs._lexicon import Compiled, Lexicon
    from prai_match.needs._runs import Evidence, Runs

_FOLDS: Final = 4
_PART, _REST = 0.7, 0.5  # weights of a part of a text that names a workshop, or nothing, beside 1 for a text
_NAMED, _TURN = 1.0, 0.4  # weights of the name of a workshop and of a turn of phrase beside 1 for what a text says
_REFUSED: Final = 0.08  # what is refused or there already beside 1 that is wanted: the tables have more of it
_NOTHING: Final = 0.36  # share of texts with one need or none that have none
_LISTS: Final = ("- {}\n- {}", "1) {} 2) {}", "{}, {}", "{} et {}", "{}. {}.", "• {}\n• {}")
_ARTICLES: Final = ("", "le ", "", "la ", "", "un ", "une ")
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
    groups: list[str]
    reader: ExampleReader
    found: Evidence

    def known_by(self, reader: ExampleReader) -> ExampleReader:
        """Return a reader that knows of topics and stances only what these texts didn't teach."""
        return replace(reader, topics=self.reader.topics, stances=self.reader.stances)

    def learn(self, weights: ClassWeights) -> None:
        self.reader = replace(self.reader, topics=weights)
        self.found = _runs.evidence(self.texts, self.reader)


def learn_all(
    catalogues: Sequence[tuple[Lexicon, Sequence[Labelled]]], turns: Sequence[Sequence[Labelled]] = ()
) -> list[ExampleReader]:
    """Return the readers of catalogues; see `held_out`."""
    return [_fitted(reader, folds) for reader, folds in held_out(catalogues, turns)]


def held_out(
    catalogues: Sequence[tuple[Lexicon, Sequence[Labelled]]], turns: Sequence[Sequence[Labelled]] = ()
) -> list[tuple[ExampleReader, list[Fold]]]:
    """Return the readers of catalogues, but for how sure they are, and the texts, read by what others taught.

    Whether what is named is wanted is learned from all catalogues together.
    ``turns`` are, for each catalogue, texts that only teach the former.
    """
    learned = [_learned(lexicon, labelled) for lexicon, labelled in catalogues]
    words: dict[str, int] = {}
    told = [_told(fold, words) for _, folds in learned for fold in folds]
    turned = [
        _told(fold_of(texts, lexicon, reader), words)._replace(weight=weight)
        for (lexicon, _), (reader, _), own in zip(catalogues, learned, turns or [()] * len(catalogues), strict=True)
        for texts, weight in (
            ([Labelled(*each) for each in named(lexicon.compiled, reader.classes)], _NAMED),
            (own, _TURN),
        )
        if texts
    ]
    for rank in range(_FOLDS):
        stances = _stances([each for place, each in enumerate(told) if place % _FOLDS != rank], turned, list(words))
        for each in told[rank::_FOLDS]:
            each.fold.reader = replace(each.fold.reader, stances=stances)
    stances, stance_blend = _stances(told, turned, list(words)), _stance_blend(told)
    return [(replace(reader, stances=stances, stance_blend=stance_blend), folds) for reader, folds in learned]


def _fitted(reader: ExampleReader, folds: Sequence[Fold]) -> ExampleReader:
    """Return a reader that knows from held-out texts which want what they name, and clearly, how sure it is."""
    found = []
    for fold in folds:
        own = fold.known_by(reader)
        whole = _understanding.whole_chances(fold.texts, fold.found, own, own.blend)
        runs = _understanding.whole_runs(whole, fold.texts, np.array([len(needs) < 2 for needs in fold.needs]))  # noqa: PLR2004
        held = _understanding.stances(runs, fold.texts, fold.found, own)
        rows = _understanding.trust_inputs(runs, held, whole, fold.texts, fold.found)
        told = zip(runs.text, runs.topic.tolist(), strict=True)
        is_right = np.array([fold.needs[text].get(topic) in {0, -1} for text, topic in told], bool)
        is_plain = (runs.topic != len(reader.classes) - 1) & (held[:, 0] >= _understanding.PLAIN)
        found.append((rows[is_plain], is_right[is_plain]))
    inputs, label = (np.concatenate([each[column] for each in found]) for column in (0, 1))
    return replace(reader, trust=fitting.fitted_odds(inputs, label, np.ones(len(label))))


def _learned(lexicon: Lexicon, labelled: Sequence[Labelled]) -> tuple[ExampleReader, list[Fold]]:
    """Return a reader that knows topics only, and the texts as they were read when they were held out."""
    classes = (*lexicon.compiled.topics, NONE)
    folds, of_lexicon = _folds(labelled, lexicon, classes), list(phrases(lexicon.compiled, classes))
    parts: list[list[Row]] = [[] for _ in folds]
    blend: tuple[float, ...] = ()
    for _ in range(2):
        for fold in folds:
            others = [each for each in folds if each is not fold]
            extra = [row for each, rows in zip(folds, parts, strict=True) if each is not fold for row in rows]
            fold.learn(topics_of([*_whole(others), *extra, *of_lexicon], len(classes)))
        blend = _blend(folds)
        parts = [list(_parts(fold, blend)) for fold in folds]
    topics = topics_of([*_whole(folds), *(row for rows in parts for row in rows), *of_lexicon], len(classes))
    return replace(folds[0].reader, topics=topics, blend=blend, alone=_blend(folds, alone=True)), folds


def _folds(labelled: Sequence[Labelled], lexicon: Lexicon, classes: Sequence[str]) -> list[Fold]:
    groups = {group: rank for rank, group in enumerate(dict.fromkeys(each.group for each in labelled))}
    is_grouped = len(groups) >= _FOLDS
    rows: list[list[Labelled]] = [[] for _ in range(_FOLDS)]
    for rank, each in enumerate(labelled):
        rows[(groups[each.group] if is_grouped else rank) % _FOLDS].append(each)
    nothing, silent = map(ClassWeights.silent, (len(classes), len(STANCES)))
    draft = ExampleReader(tuple(classes), nothing, silent, (), (), (), ())
    return [fold_of(own, lexicon, draft) for own in rows if own]


def fold_of(labelled: Sequence[Labelled], lexicon: Lexicon, reader: ExampleReader) -> Fold:
    texts = texts_of([each.text for each in labelled], lexicon.compiled, reader.classes[:-1])
    needs = [_needs(each, reader.classes) for each in labelled]
    return Fold(texts, needs, [each.group for each in labelled], reader, _runs.evidence(texts, reader))


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
    mass = fitting.mass_of(_NOTHING, sizes.count(0), sizes.count(1) or 1)
    for fold in folds:
        for text, needs in enumerate(fold.needs):
            words = _words(fold.texts, *fold.texts.firsts[text : text + 2])
            if len(needs) <= 1 and words:
                yield words, next(iter(needs), -1), 1.0 if needs else mass


def _named(fold: Fold, blend: tuple[float, ...]) -> Runs:
    """Return the runs of texts with several topics, where only these and none are possible."""
    allowed = np.full((len(fold.needs), len(fold.reader.classes)), 1e-3)
    allowed[:, -1] = 0.3
    for text, needs in enumerate(fold.needs):
        allowed[text, list(needs)] = 1
    return _understanding.runs(fold.texts, fold.found, fold.reader, blend, allowed)


def _parts(fold: Fold, blend: tuple[float, ...]) -> Iterator[Row]:
    runs, nothing = _named(fold, blend), len(fold.reader.classes) - 1
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
    mass = fitting.mass_of(_NOTHING, int((~is_one).sum()), int(is_one.sum()) or 1)
    return fitting.fitted(
        inputs, label, np.where(is_one, 1.0, mass), np.array([not alone, 0, 3, *np.ones(len(REASONED))], float)
    )


class _Told(NamedTuple):
    """Labelled texts that name one workshop, the stance of each (-1: unknown), and what tells it where it is known."""

    fold: Fold
    runs: Runs
    stance: Ints
    units: list[Ints]
    sizes: list[int]
    weight: float = 1.0


def _told(fold: Fold, words: dict[str, int]) -> _Told:
    """Return the texts of a fold that name one workshop: their words by their characters, pairs by buckets."""
    texts, found = fold.texts, fold.found
    single = np.zeros((len(fold.needs), len(fold.reader.classes)))
    one = np.array([len(each) == 1 for each in fold.needs])
    single[one, [next(iter(each)) for each in fold.needs if len(each) == 1]] = 1
    runs = _understanding.whole_runs(single, texts, one & (found.end > found.begin))
    stance = np.array([next(iter(fold.needs[text].values())) for text in runs.text], np.int64)
    forms = _runs.forms(texts)
    ranks = np.array([words.setdefault(form, len(words)) for form in forms])
    begin, end = found.begin[runs.text], found.end[runs.text]
    marks, sizes = _reader.pairs(forms, texts.word, begin, end)
    pairs = np.split(-1 - marks, np.cumsum(sizes)[:-1])[: len(sizes)]
    tokens = (ranks[texts.word[low:high]] for low, high in zip(begin, end, strict=True))
    units = [np.concatenate(each) for each in zip(tokens, pairs, strict=True)]
    known = np.nonzero(stance >= 0)[0]
    return _Told(
        fold, runs, stance, [units[each] for each in known], (found.counts[end] - found.counts[begin])[known].tolist()
    )


def _stances(told: Sequence[_Told], turned: Sequence[_Told], words: Sequence[str]) -> ClassWeights:
    """Learn the stances of texts."""
    every = (*told, *turned)
    label = np.concatenate([each.stance[each.stance >= 0] for each in every])
    mass = np.repeat([each.weight for each in every], [len(each.units) for each in every])
    sizes = np.array([size for each in every for size in each.sizes])
    bag = fitting.bag_of([row for each in every for row in each.units], sizes, words)
    return _training.weights(bag, label, len(STANCES), mass)


def _stance_blend(told: Sequence[_Told]) -> tuple[float, ...]:
    """Fit what joins the stances of both readers on held-out texts."""
    rows = [
        _understanding.stance_inputs(each.runs, each.fold.texts, each.fold.found, each.fold.reader) for each in told
    ]
    label = np.concatenate([each.stance for each in told])
    known, is_unwanted = label >= 0, label > 0
    mass = np.where(is_unwanted, _REFUSED * (label == 0).sum() / max(int(is_unwanted.sum()), 1), 1.0)
    return fitting.fitted(np.concatenate(rows)[known], label[known], mass[known], np.array([1.0, 1, 1, 0, 0]))


def named(compiled: Compiled, classes: Sequence[str]) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return the phrases that name workshops, alone and two in a list: by themselves they ask for them.

    Some have an article, of whatever gender: "le" doesn't tell that a thing is there already.
    """
    found = [
        (article + " ".join(words), (classes[topic], "wanted"))
        for article, (words, topic, _) in zip(cycle(_ARTICLES), phrases(compiled, classes), strict=False)
        if classes[topic] != NONE
    ]
    half = len(found) // 2
    pairs = zip(found, found[half:] + found[:half], cycle(_LISTS), strict=False)
    return [
        *((phrase, (need,)) for phrase, need in found),
        *((mark.format(one[0], other[0]), (one[1], other[1])) for one, other, mark in pairs),
    ]
