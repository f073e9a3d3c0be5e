"""Learning of the topics of a catalogue: from the phrases of its lexicon, and from examples of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from prai_match.needs import _training
from prai_match.needs._reader import NONE, ClassWeights, ExampleReader
from prai_match.needs._text import cut, form

if TYPE_CHECKING:
    from prai_match.needs._lexicon import Compiled, Lexicon

_PHRASE: Final = 0.5  # weight beside 1 for a text
_GROUP = re.compile(r"\{[^{}]*\}")
Row = tuple[list[str], int, float]  # words, topic, weight


def learn(lexicon: Lexicon, base: ExampleReader) -> ExampleReader:
    """Return the reader of a catalogue; what its phrases can't tell is that of ``base``."""
    classes = (*lexicon.compiled.topics, NONE)
    return replace(base, classes=classes, topics=topics_of([*phrases(lexicon.compiled, classes)], len(classes)))


def adapt(reader: ExampleReader, examples: Sequence[tuple[str, str]]) -> ExampleReader:
    """Return a reader that also learned from texts with a label (a workshop or `NONE`), in any order."""
    read = ((forms(text), reader.classes.index(topic), 1.0) for text, topic in sorted(examples))
    rows = [row for row in read if row[0]]
    return replace(reader, topics=topics_of(rows, len(reader.classes), reader.topics)) if rows else reader


def topics_of(rows: Sequence[Row], classes: int, start: ClassWeights | None = None) -> ClassWeights:
    words, topics, weights = zip(*rows, strict=True)
    return _training.weights(_training.bag(words), np.array(topics) % classes, classes, np.array(weights), start)


def phrases(compiled: Compiled, classes: Sequence[str]) -> Iterator[Row]:
    """Yield the words of each phrase of a lexicon, with what it names by place in the classes."""
    table = compiled.table
    terms = [(each, each.atelier) for each in table.terme if each.niveau != "faible"]
    every = [(phrase, topic) for each, topic in terms for phrase in (*each.mots, *each.ensembles)]
    every += [(phrase, NONE) for each in table.contexte for phrase in each.mots]
    for phrase, topic in [*every, *((phrase, NONE) for phrase in table.tournures.neutre)]:
        wanted = re.split(r"\s-\s", phrase)[0].replace("+", " ")
        if not _GROUP.search(wanted) and (words := forms(wanted)):
            yield words, classes.index(topic), _PHRASE


def forms(text: str) -> list[str]:
    return [*filter(None, map(form, cut(text)))]
