"""What is shown of needs: the words that counted, of the lexicon or of the second reader, and the axis, in columns."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from prai_match.needs._judgement import ACCEPTED, EXCLUDED, REASONED, together
from prai_match.needs._trie import Bools, Ints, Rules, spread

if TYPE_CHECKING:
    from prai_match.needs._texts import TextColumns

BETWEEN: Final = "\x1f"  # occurs in no word; Polars takes far longer to build a column of lists
_MOST_WORDS, _LEAST_SHARE = 4, 0.25  # of the words shown of the second reader
_FAR: Final = 1 << 40  # more than the words of all texts


def chosen(texts: TextColumns, low: Ints, high: Ints, workshop: Ints, rules: Rules) -> tuple[Ints, Ints]:
    """Return the terms of the workshop of each need between two places, each with the rank of its need.

    These are the terms that are accepted, if there are any.
    """
    terms = texts.terms
    owner, row = spread(np.searchsorted(terms.place, low), np.searchsorted(terms.place, high))
    is_own = rules.workshop[terms.ref[row]] == workshop[owner]
    owner, row = owner[is_own], row[is_own]
    is_accepted = terms.reason[row] == ACCEPTED
    has_accepted = np.bincount(owner[is_accepted], minlength=len(low)) > 0
    kept = np.where(has_accepted[owner], is_accepted, terms.reason[row] != REASONED.index(EXCLUDED))
    return owner[kept], row[kept]


def axes(texts: TextColumns, owner: Ints, row: Ints, rules: Rules) -> dict[int, str]:
    """Return the axis that the terms of each need name most, the first of several."""
    ref = texts.terms.ref[row]
    kept = rules.axis[ref] >= 0
    owner, ref = owner[kept], ref[kept]
    cell = owner * max(len(rules.axes), 1) + rules.axis[ref]
    _, once = np.unique(owner * (len(rules.axis) + 1) + ref, return_index=True)
    once = np.sort(once)
    used, first, at = np.unique(cell[once], return_index=True, return_inverse=True)
    score = together(at, rules.chance[ref[once]], len(used))
    of = used // max(len(rules.axes), 1)
    order = np.lexsort((first, -score, of))
    best = order[np.diff(of[order], prepend=-1) > 0]
    names = (rules.axes[axis] for axis in (used[best] % max(len(rules.axes), 1)).tolist())
    return dict(zip(of[best].tolist(), names, strict=True))


def words(texts: TextColumns, owner: Ints, row: Ints) -> dict[int, str]:
    """Return the words that decided for each need, without those inside a longer match."""
    terms, spans = texts.terms, texts.spans
    start, end, which = terms.start[row], terms.end[row], terms.spans[row]
    sizes = np.where(which < 0, 1, (spans[:, :, 1] >= 0).sum(axis=1)[which] if len(spans) else 1)
    is_single = sizes == 1
    kept = np.nonzero(~(is_single & _is_inside(owner, start, end, is_single)))[0]
    owner, which, start, end, sizes = (each[kept] for each in (owner, which, start, end, sizes))
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    low, high = np.repeat(start, sizes), np.repeat(end, sizes)
    of, place = spread(bounds[:-1][which >= 0], bounds[1:][which >= 0])
    of, part = which[which >= 0][of], place - np.repeat(bounds[:-1], sizes)[place]
    low[place], high[place] = spans[of, part, 0], spans[of, part, 1]
    parts = _joined(texts, texts.origin[low], texts.origin[high - 1] + 1)
    edges = bounds.tolist()
    matches = [parts[one] if other == one + 1 else " … ".join(parts[one:other]) for one, other in pairwise(edges)]
    heads = np.nonzero(np.diff(owner, prepend=-1))[0]
    ends = [*heads.tolist(), len(matches)]
    whole = [matches[at] if to == at + 1 else BETWEEN.join(dict.fromkeys(matches[at:to])) for at, to in pairwise(ends)]
    return dict(zip(owner[heads].tolist(), whole, strict=True))


def _is_inside(owner: Ints, start: Ints, end: Ints, is_single: Bools) -> Bools:
    """Return which matches are inside a longer one of the same need that is a single stretch of words."""
    inside = np.zeros(len(owner), bool)
    order = np.lexsort((-end, start, owner))
    order = order[is_single[order]]
    own, first, last = owner[order], start[order], end[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (np.diff(own) != 0) | (np.diff(first) != 0) | (np.diff(last) != 0)
    reach = np.maximum.accumulate(own * _FAR + last)
    before = np.concatenate([[-1], reach])[:-1]
    head = np.maximum.accumulate(np.where(is_new, np.arange(len(order)), 0))  # the first of equal ones
    inside[order] = (before >= own * _FAR + last)[head]
    return inside


def _joined(texts: TextColumns, low: Ints, high: Ints) -> list[str]:
    _, place = spread(low, high)
    tokens = [*map(texts.tokens.__getitem__, texts.token[place].tolist())]
    bounds = np.concatenate([[0], np.cumsum(high - low)]).tolist()
    return [tokens[first] if last == first + 1 else " ".join(tokens[first:last]) for first, last in pairwise(bounds)]


def counted(texts: TextColumns, topics: Ints, topic: Ints, low: Ints, high: Ints) -> list[str]:
    """Return the words of each need that counted most for its topic in the second reader."""
    owner, place = spread(low, high)
    points = topics[place + 1] - topics[place]
    share = points[np.arange(len(place)), topic[owner]] - points.mean(axis=1)
    order = np.lexsort((place, -share, owner))
    of = owner[order]
    head = np.maximum.accumulate(np.where(np.diff(of, prepend=-1) > 0, np.arange(len(of)), 0))
    best = share[order][head]
    kept = (np.arange(len(of)) - head < _MOST_WORDS) & (share[order] > np.maximum(0.0, _LEAST_SHARE * best))
    rows = np.sort(order[kept])
    found: list[dict[str, None]] = [{} for _ in low]
    for need, token in zip(owner[rows].tolist(), texts.token[place[rows]].tolist(), strict=True):
        found[need][texts.tokens[token]] = None
    return [BETWEEN.join(each) for each in found]
