"""Learning of the second reader from labelled texts and the phrases of the lexicon.

The topics are learned twice: parts of texts that have several needs can only be told apart by what was learned from
the others. What joins the readers is fitted on texts that were held out, by groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from prai_match.needs import _reader, _training, _understanding
from prai_match.needs._judgement import REASONED
from prai_match.needs._reader import AFTER, BEFORE, BITS, NONE, OWN, STANCES, ClassWeights, ExampleReader, Floats, Ints
from prai_match.needs._text import cut, form
from prai_match.needs._texts import TextColumns, texts_of

if TYPE_CHECKING:
    from prai_match.needs._lexicon import Compiled, Lexicon
    from prai_match.needs._understanding import Evidence, Runs

_FOLDS: Final = 4
_PHRASE, _PART = 0.5, 0.7  # weights of a phrase of the lexicon and of a part of a text, beside 1 for a text
_OTHERS: Final = np.array([1.0, 2.0, 2.0])  # what is refused or there already is rarer
_SHARE: Final = 0.2  # of texts that have several needs
_ENOUGH: Final = 200  # labelled texts from which the verdict is fitted, and not that of the base
_STEPS: Final = 60
_LEAST: Final = 0.3  # probability from which a part is an example
_GROUP = re.compile(r"\{[^{}]*\}")
_Row = tuple[list[str], int, float]  # words, topic, weight


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
        self.found = _understanding.evidence(self.texts, self.reader)


def learn(lexicon: Lexicon, labelled: Sequence[Labelled], base: ExampleReader | None = None) -> ExampleReader:
    """Return the reader of a catalogue; what too few texts can't tell is that of ``base``."""
    if base is None or len(labelled) >= _ENOUGH:
        return learn_all([(lexicon, labelled)])[0]
    classes = (*topics_of(lexicon), NONE)
    folds, phrases = _folds(labelled, lexicon, classes), _phrases(lexicon.compiled, classes)
    return replace(base, classes=classes, topics=_topics([*_whole(folds), *phrases], len(classes)))


def learn_all(catalogues: Sequence[tuple[Lexicon, Sequence[Labelled]]]) -> list[ExampleReader]:
    """Return the readers of catalogues; whether what is named is wanted is said alike in all, and learned from all."""
    learned = [_learned(lexicon, labelled) for lexicon, labelled in catalogues]
    stances = _stances([(fold, reader.blend) for reader, folds in learned for fold in folds])
    return [replace(reader, stances=stances) for reader, _ in learned]


def _learned(lexicon: Lexicon, labelled: Sequence[Labelled]) -> tuple[ExampleReader, list[Fold]]:
    """Return a reader that doesn't know stances yet, and the texts as they were read when they were held out."""
    classes = (*topics_of(lexicon), NONE)
    folds, phrases = _folds(labelled, lexicon, classes), list(_phrases(lexicon.compiled, classes))
    parts: list[list[_Row]] = [[] for _ in folds]
    blend: tuple[float, ...] = ()
    for _ in range(2):
        for fold in folds:
            others = [each for each in folds if each is not fold]
            extra = [row for each, rows in zip(folds, parts, strict=True) if each is not fold for row in rows]
            fold.learn(_topics([*_whole(others), *extra, *phrases], len(classes)))
        blend = _blend(folds)
        parts = [list(_parts(fold, blend)) for fold in folds]
    alone = _blend(folds, alone=True)
    topics = _topics([*_whole(folds), *(row for rows in parts for row in rows), *phrases], len(classes))
    splits = _split(folds, blend), _split(folds, alone)
    return ExampleReader(classes, topics, folds[0].reader.stances, blend, alone, *splits), folds


def topics_of(lexicon: Lexicon) -> tuple[str, ...]:
    """Return the workshops that the terms of a lexicon name, also those that a catalogue doesn't have."""
    return tuple(dict.fromkeys(term.atelier for term in lexicon.compiled.table.terme))


def adapt(reader: ExampleReader, examples: Sequence[tuple[str, str]]) -> ExampleReader:
    """Return a reader that also learned from texts with a label (a workshop or `NONE`), in any order."""
    rows = [(_forms(text), reader.classes.index(topic), 1.0) for text, topic in sorted(examples)]
    rows = [row for row in rows if row[0]]
    return replace(reader, topics=_topics(rows, len(reader.classes), reader.topics)) if rows else reader


def _folds(labelled: Sequence[Labelled], lexicon: Lexicon, classes: Sequence[str]) -> list[Fold]:
    groups = {group: rank for rank, group in enumerate(dict.fromkeys(each.group for each in labelled))}
    is_grouped = len(groups) >= _FOLDS
    rows: list[list[Labelled]] = [[] for _ in range(_FOLDS)]
    for rank, each in enumerate(labelled):
        rows[(groups[each.group] if is_grouped else rank) % _FOLDS].append(each)
    nothing = ClassWeights(np.zeros((1 << BITS, len(classes)), np.int8), np.zeros(len(classes), np.int16), 1.0)
    silent = ClassWeights(np.zeros((1 << BITS, len(STANCES)), np.int8), np.zeros(len(STANCES), np.int16), 1.0)
    draft = ExampleReader(tuple(classes), nothing, silent, (), (), (), ())
    folds = []
    for own in filter(None, rows):
        texts = texts_of([each.text for each in own], lexicon.compiled, classes[:-1])
        needs = [_needs(each, classes) for each in own]
        folds.append(Fold(texts, needs, draft, _understanding.evidence(texts, draft)))
    return folds


def _needs(labelled: Labelled, classes: Sequence[str]) -> dict[int, int]:
    needs: dict[int, int] = {}
    for workshop, stance in labelled.needs:
        topic, value = classes.index(workshop), STANCES.index(stance)
        needs[topic] = value if needs.setdefault(topic, value) == value else -1
    return needs


def _phrases(compiled: Compiled, classes: Sequence[str]) -> Iterator[_Row]:
    table = compiled.table
    terms = [(each, each.atelier) for each in table.terme if each.niveau != "faible"]
    phrases = [(phrase, topic) for each, topic in terms for phrase in (*each.mots, *each.ensembles)]
    phrases += [(phrase, NONE) for each in table.contexte for phrase in each.mots]
    for phrase, topic in [*phrases, *((phrase, NONE) for phrase in table.tournures.neutre)]:
        wanted = re.split(r"\s-\s", phrase)[0].replace("+", " ")
        if not _GROUP.search(wanted) and (words := _forms(wanted)):
            yield words, classes.index(topic), _PHRASE


def _forms(text: str) -> list[str]:
    return [*filter(None, map(form, cut(text)))]


def _words(texts: TextColumns, start: int, end: int) -> list[str]:
    return [texts.words[word] for word in texts.word[start:end] if word >= 0]


def _whole(folds: Sequence[Fold]) -> Iterator[_Row]:
    """Yield the texts with one topic or none."""
    for fold in folds:
        for text, needs in enumerate(fold.needs):
            words = _words(fold.texts, *fold.texts.firsts[text : text + 2])
            if len(needs) <= 1 and words:
                yield words, next(iter(needs), -1), 1.0


def _topics(rows: Sequence[_Row], classes: int, start: ClassWeights | None = None) -> ClassWeights:
    bag = _training.bag([words for words, *_ in rows])
    labels = np.array([topic % classes for _, topic, _ in rows])
    return _training.weights(bag, labels, classes, np.array([weight for *_, weight in rows]), start)


def _told(fold: Fold, blend: tuple[float, ...]) -> Runs:
    """Return the runs of texts with several topics, where only these and none are possible."""
    allowed = np.full((len(fold.needs), len(fold.reader.classes)), 1e-3)
    allowed[:, -1] = 0.3
    for text, needs in enumerate(fold.needs):
        allowed[text, list(needs)] = 1
    return _understanding.runs(fold.texts, fold.found, fold.reader, blend, allowed)


def _parts(fold: Fold, blend: tuple[float, ...]) -> Iterator[_Row]:
    runs, nothing = _told(fold, blend), len(fold.reader.classes) - 1
    for text, first, last, topic, chance in zip(*runs, strict=True):
        if len(fold.needs[text]) > 1 and topic != nothing and chance > _LEAST:
            words = _words(fold.texts, fold.texts.start[first], fold.texts.end[last])
            if words:
                yield words, topic, _PART


def _blend(folds: Sequence[Fold], *, alone: bool = False) -> tuple[float, ...]:
    """Fit what joins the readers on held-out texts with one need or none, by Newton's method."""
    rows, labels = [], []
    for fold in folds:
        texts, classes = fold.texts, len(fold.reader.classes)
        logs = _understanding.logs(fold.found, fold.reader, texts.firsts[:-1], texts.firsts[1:])
        own = np.array([len(each) <= 1 for each in fold.needs])
        inputs = np.zeros((len(own), classes, 3 + len(REASONED)))
        inputs[:, :, 0] = 0 if alone else logs
        winner, score = texts.whole_scores.argmax(axis=1), texts.whole_scores.max(axis=1)
        at = np.arange(len(own))
        inputs[at, winner, 1], inputs[at, winner, 2] = score > 0, score
        inputs[at, -1, 3 + texts.whole_state] = score <= 0
        rows.append(inputs[own])
        labels.append(np.array([next(iter(each), classes - 1) for each in fold.needs])[own])
    inputs, label = np.concatenate(rows), np.concatenate(labels)
    wanted = inputs[np.arange(len(label)), label].sum(axis=0)
    weights = np.array([not alone, 0, 3, *np.ones(len(REASONED))], float)
    for _ in range(_STEPS):
        shares = _training.probabilities(inputs @ weights)
        mean = np.einsum("ncf,nc->nf", inputs, shares)
        slope = mean.sum(axis=0) - wanted + 0.1 * weights
        curve = np.einsum("ncf,nc,ncg->fg", inputs, shares, inputs) - mean.T @ mean + 0.1 * np.eye(len(weights))
        weights -= _step(curve, slope)
    return _rounded(weights)


def _split(folds: Sequence[Fold], blend: tuple[float, ...]) -> tuple[float, ...]:
    """Fit what tells that a text has several needs on held-out texts whose runs name several."""
    rows, labels, many, count = [], [], 0, 0
    for fold in folds:
        texts, reader = fold.texts, fold.reader
        whole = _understanding.whole_chances(texts, fold.found, reader, blend)
        runs = _understanding.runs(texts, fold.found, reader, blend)
        places, values = _understanding.candidates(runs, whole, texts, fold.found)
        rows.append(values)
        labels.append(np.array([len(fold.needs[place]) > 1 for place in places], bool))
        many += sum(len(each) > 1 for each in fold.needs)
        count += len(fold.needs)
    inputs, label = np.concatenate(rows), np.concatenate(labels).astype(float)
    mass = np.where(label > 0, _SHARE / (1 - _SHARE) * (count - many) / max(many, 1), 1.0)
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        curve = (inputs * (mass * chance * (1 - chance))[:, None]).T @ inputs + 0.5 * np.eye(len(weights))
        weights -= _step(curve, inputs.T @ (mass * (chance - label)) + 0.5 * weights)
    return _rounded(weights)


def _stances(folds: Sequence[tuple[Fold, tuple[float, ...]]]) -> ClassWeights:
    """Learn from runs whose topic has one stance: own words by their characters, pairs and what is around by hashes."""
    words: dict[str, int] = {}
    text: list[Ints] = []
    unit: list[Ints] = []
    labels: list[int] = []
    sizes: list[int] = []
    for fold, blend in folds:
        texts = fold.texts
        ranks = np.array([words.setdefault(each, len(words)) for each in texts.words] + [-1])
        hashes = _reader.hashes(texts.words)
        told, one = _told(fold, blend), np.array([len(each) == 1 for each in fold.needs])
        single = np.zeros((len(one), len(fold.reader.classes)))
        single[one, [next(iter(each)) for each in fold.needs if len(each) == 1]] = 1
        runs = _understanding.joined(told, _understanding.whole_runs(single, texts, one), ~one)
        start, end, before, after = _understanding.around(runs, texts, len(fold.reader.classes) - 1)
        said = _understanding.said_of(runs, texts)
        for run, (own, topic) in enumerate(zip(runs.text, runs.topic, strict=True)):
            stance = fold.needs[own].get(int(topic), -1)
            if stance < 0:
                continue
            tokens = texts.word[start[run] : end[run]]
            size = max(int((texts.word[before[run] : after[run]] >= 0).sum()), 1)
            near = [ranks[tokens[tokens >= 0]]]
            for place, low, high in ((OWN, start, end), (AFTER, end, after), (BEFORE, before, start)):
                near.append(-2 - _marks(texts, hashes, place, int(low[run]), int(high[run])))
            near += [
                np.full(int(np.sqrt(size)), -2 - _reader.said(name))
                for name, is_said in zip(STANCES, said[run], strict=True)
                if is_said
            ]
            unit.append(np.concatenate(near))
            text.append(np.full(len(unit[-1]), len(labels)))
            labels.append(stance)
            sizes.append(size)
    units, label = np.concatenate(unit), np.array(labels)
    rank, bucket = _reader.sequences(list(words))
    used, rank_of_used = np.unique(-2 - units[units < 0], return_inverse=True)
    units[units < 0] = len(words) + rank_of_used
    bag = _training.Bag(
        len(labels),
        np.concatenate(text),
        units,
        (1 / np.sqrt(np.array(sizes)))[np.concatenate(text)],
        np.concatenate([rank, len(words) + np.arange(len(used))]),
        np.concatenate([bucket, used]),
    )
    return _training.weights(bag, label, len(STANCES), _OTHERS[label])


def _marks(
    texts: TextColumns, hashes: tuple[NDArray[np.uint32], NDArray[np.uint32]], place: int, start: int, end: int
) -> Ints:
    """Return the buckets of the marks of tokens; the pair of a token is with the next word, as in `evidence`."""
    tokens = texts.word[start : texts.firsts[np.searchsorted(texts.firsts[:-1], start, "right")]]
    tokens = tokens[tokens >= 0][: int((texts.word[start:end] >= 0).sum()) + 1]
    count = int((texts.word[start:end] >= 0).sum())
    found = _reader.marks(hashes[0][tokens], hashes[1][tokens], place)[:count]
    found = found[:, 2:] if place == OWN else found
    return found[found >= 0]


def _step(curve: Floats, slope: Floats) -> Floats:
    """Return a step of Newton's method, shortened where the curve is too flat to be trusted."""
    step: NDArray[Any] = np.linalg.solve(curve, slope)
    return step / max(1.0, float(np.abs(step).max()))


def _rounded(weights: Floats) -> tuple[float, ...]:
    return tuple(round(float(each), 3) for each in weights)
