"""What counted in a text: the points of each word in both readers, for what won against what came next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from prai_match.needs import _runs, _shown, _understanding
from prai_match.needs._reader import NONE, ExampleReader, Floats
from prai_match.needs._readers import reader_of
from prai_match.needs._texts import TextColumns, texts_of

if TYPE_CHECKING:
    from prai_match.needs._lexicon import Lexicon

_COLUMNS: Final = {**dict.fromkeys(("word", "reader", "workshop", "against"), pl.String), "points": pl.Float64}
_Counted = tuple[str | None, str, float]


def weigh(lexicon: Lexicon, text: str) -> pl.DataFrame:
    """Return the words of a text that counted; see `Lexicon.weigh`."""
    reader = reader_of(lexicon)
    texts = texts_of([text], lexicon.compiled, reader.classes[:-1])
    found, runs, *_ = _understanding.verdicts(texts, reader, alone=lexicon.is_alone)
    blend = reader.alone if lexicon.is_alone else reader.blend
    start, end = texts.start[runs.first], texts.end[runs.last]
    scores, state = _runs.said_together(texts, runs.first, runs.last)
    if len(runs.text) == 1:
        scores, state = texts.whole_scores, texts.whole_state
    logs = _runs.logs(found, reader, start, end)
    values = _understanding.values(logs, scores, state, blend)
    rows: list[tuple[str | None, str, str | None, str | None, float]] = []
    for run, (low, high) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        won = int(runs.topic[run])
        against = int(np.where(np.arange(len(reader.classes)) == won, -np.inf, values[run]).argmax())
        size = max(int(found.counts[high] - found.counts[low]), 1)
        points = found.topics[:, won] - found.topics[:, against]
        each = np.diff(points[low : high + 1]) * blend[0] * reader.topics.scale / np.sqrt(size)
        bias = int(reader.topics.bias[won]) - int(reader.topics.bias[against])
        counted = [
            *_examples(texts, low, each),
            (None, "examples", bias * blend[0] * reader.topics.scale),
            *_lexicon(texts, reader, lexicon, (low, high), scores[run], int(state[run]), (won, against)),
        ]
        sides = [None if reader.classes[side] == NONE else reader.classes[side] for side in (won, against)]
        kept = sorted((row for row in counted if row[2]), key=lambda row: -row[2])
        rows += [(word, of, sides[0], sides[1], value) for word, of, value in kept]
    return pl.DataFrame(rows, _COLUMNS, orient="row")


def _examples(texts: TextColumns, low: int, points: Floats) -> Iterator[_Counted]:
    """Yield the words of a run, each once, with what they count in the second reader."""
    total: dict[int, float] = {}
    first: dict[int, str] = {}
    for place, value in enumerate(points.tolist(), low):
        word = int(texts.word[place])
        total[word] = total.get(word, 0.0) + value
        first.setdefault(word, texts.tokens[texts.token[place]])
    return ((first[word], "examples", value) for word, value in total.items())


def _lexicon(  # noqa: PLR0913, PLR0917 - a run, as it was read
    texts: TextColumns,
    reader: ExampleReader,
    lexicon: Lexicon,
    places: tuple[int, int],
    scores: Floats,
    state: int,
    sides: tuple[int, int],
) -> Iterator[_Counted]:
    """Yield the terms of a run that name one of the sides, or the silence of the lexicon if one is none."""
    _, named, strong, *silent = reader.alone if lexicon.is_alone else reader.blend
    best, nothing = int(scores.argmax()) if len(scores) else -1, len(reader.classes) - 1
    is_silent = best < 0 or scores[best] <= 0
    topic = nothing if is_silent else best
    if topic not in sides:
        return
    sign = 1 if topic == sides[0] else -1
    if is_silent:
        yield None, "lexicon", sign * silent[state]
        return
    rules = lexicon.compiled.rules
    low, high, workshop = (np.array([each]) for each in (*places, rules.workshops.index(reader.classes[topic])))
    _, row = _shown.chosen(texts, low, high, workshop, rules)
    row = row[np.sort(np.unique(texts.terms.ref[row], return_index=True)[1])]
    shares = -np.log1p(-rules.chance[texts.terms.ref[row]])
    shares /= shares.sum()
    words = _shown.words(texts, np.arange(len(row)), row)
    for rank, share in enumerate(shares.tolist()):
        yield words[rank], "lexicon", sign * (named + strong * float(scores[topic])) * share
