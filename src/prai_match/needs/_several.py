"""Whether a text whose parts name several workshops asks for several, or tells of one at length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from prai_match.needs import _reader
from prai_match.needs._reader import WHOLE, ClassWeights, Floats, Ints
from prai_match.needs._runs import UNSURE, Evidence, Runs, forms, said_together
from prai_match.needs._trie import Bools, highest, spread

if TYPE_CHECKING:
    from prai_match.needs._texts import TextColumns


def candidates(
    runs: Runs, whole: Floats, texts: TextColumns, found: Evidence, several: ClassWeights | None
) -> tuple[Ints, Floats]:
    """Return the texts whose runs name several workshops, and what tells whether they ask for several.

    ``several`` tells how texts with one need and with several are said; None sets it aside.
    """
    named = np.nonzero(runs.topic != whole.shape[1] - 1)[0]
    named = named[np.lexsort((-runs.chance[named], runs.topic[named], runs.text[named]))]
    pair = runs.text[named] * whole.shape[1] + runs.topic[named]
    best = named[np.append(True, pair[1:] != pair[:-1])[: len(named)]]  # of each workshop that a text names
    best = best[np.lexsort((-runs.chance[best], runs.text[best]))]
    count = np.bincount(runs.text[best], minlength=len(whole))
    rows = np.nonzero(count >= 2)[0]  # noqa: PLR2004 - several
    first = best[(np.cumsum(count) - count)[rows]]
    second = best[(np.cumsum(count) - count)[rows] + 1]
    hard = np.zeros(len(whole), np.int64)
    np.add.at(
        hard, runs.text[named], texts.is_hard[runs.first[named]] & (runs.first[named] > texts.parts[runs.text[named]])
    )
    size = found.counts[texts.firsts[1:]] - found.counts[texts.firsts[:-1]]
    known = np.zeros(len(whole))
    np.maximum.at(known, texts.text, highest(texts.scores, 0))
    values = [
        np.ones(len(rows)),
        log_odds(runs.chance[first]),
        log_odds(runs.chance[second]),
        log_odds(whole[rows, runs.topic[second]]),
        log_odds(highest(whole[rows], 0)),
        np.log(np.maximum(size[rows], 1)),
        np.minimum(hard[rows], 2),
        (count[rows] > 2).astype(float),  # noqa: PLR2004
        log_odds(np.maximum(known[rows], UNSURE)),
        np.log1p(found.counts[texts.end[runs.last[second]]] - found.counts[texts.start[runs.first[second]]]),
        *(is_known(runs, texts, each) for each in (first, second)),
        np.zeros(len(rows)) if several is None else _told_several(texts, found, rows, several),
    ]
    return rows, np.stack(values, axis=1)


def is_known(runs: Runs, texts: TextColumns, rows: Ints) -> Bools:
    """Return whether the lexicon names the workshop of runs."""
    scores, _ = said_together(texts, runs.first[rows], runs.last[rows])
    of_class = np.column_stack([scores, np.zeros(len(rows))])
    known: Bools = of_class[np.arange(len(rows)), runs.topic[rows]] > 0
    return known


def _told_several(texts: TextColumns, found: Evidence, rows: Ints, weights: ClassWeights) -> Floats:
    """Return the logarithms of the odds that texts are said like those with several needs."""
    owner, buckets = said_whole(texts, found, rows)
    sizes = found.counts[found.end[rows]] - found.counts[found.begin[rows]]
    points = np.stack(
        [np.bincount(owner, column, len(rows)) for column in weights.points[buckets].T.astype(np.int64)], 1
    )
    odds: Floats = weights.logs(points.astype(np.int64), sizes) @ np.array([-1.0, 1.0])
    return odds


def said_whole(texts: TextColumns, found: Evidence, rows: Ints) -> tuple[Ints, Ints]:
    """Return the buckets of all tokens of some texts, and the text of each, by rank."""
    owner, at = spread(found.begin[rows], found.end[rows])
    heard = _reader.heard(forms(texts), texts.word, found.end, at)
    bounds = np.searchsorted(owner, np.arange(len(rows) + 1))
    marks = heard.marks(slice(None), WHOLE)
    edges = heard.bounds(bounds[:-1], bounds[1:], WHOLE)
    buckets = np.concatenate([marks.ravel(), edges.ravel()])
    owner = np.concatenate([np.repeat(owner, marks.shape[1]), np.repeat(np.arange(len(rows)), edges.shape[1])])
    order = np.argsort(owner, kind="stable")
    order = order[buckets[order] >= 0]
    return owner[order], buckets[order]


def log_odds(chance: Floats) -> Floats:
    inside = np.clip(chance, 1e-3, 1 - 1e-3)
    odds: Floats = np.log(inside / (1 - inside))
    return odds
