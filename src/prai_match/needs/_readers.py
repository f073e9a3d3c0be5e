"""The reader of a lexicon: one that comes with the library, or one learned from its phrases and examples."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from prai_match.needs._labels import examples_of
from prai_match.needs._learning import adapt, learn
from prai_match.needs._reader import NONE, ClassWeights, ExampleReader

if TYPE_CHECKING:
    from prai_match.needs._lexicon import Lexicon

SHIPPED: Final = ("midi_pyrenees", "occitanie_2026")
_PHRASES: Final = 200  # terms from which the second reader learns more than the lexicon knows
_kept: dict[str, ExampleReader] = {}


@cache
def shipped(name: str) -> ExampleReader:
    return ExampleReader.unpacked(files("prai_match.needs").joinpath(f"data/reader_{name}.bin").read_bytes())


def reader_of(lexicon: Lexicon) -> ExampleReader:
    """Return the reader of a lexicon, learned once: the one shipped for its workshops, with its own examples."""
    topics, table = lexicon.compiled.topics, lexicon.compiled.table
    examples = [(text, topic or NONE) for text, topic in examples_of(table.exemples)]
    base = next((each for each in map(shipped, SHIPPED) if {*each.classes} == {*topics, NONE}), None)
    if base is not None and not examples:
        return base
    phrases = sum(len(term.mots) + len(term.ensembles) for term in table.terme)
    read = table.model_dump_json() if base is None else repr((base.classes, examples))
    key = hashlib.sha256(read.encode()).hexdigest()
    if key not in _kept:
        if base is None:
            base = learn(lexicon, shipped(SHIPPED[0])) if phrases >= _PHRASES else _silent(topics)
        _kept[key] = adapt(base, examples)
    return _kept[key]


def _silent(topics: tuple[str, ...]) -> ExampleReader:
    """Return a reader that knows nothing of its topics."""
    base, classes = shipped(SHIPPED[0]), (*topics, NONE)
    return replace(base, classes=classes, topics=ClassWeights.silent(len(classes)), blend=base.alone)
