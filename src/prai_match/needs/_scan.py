"""The scan: finds the phrases of a lexicon in all texts at once, in columns.

Words are numbers, and a phrase is a path through a trie whose steps are sorted keys. Only places whose word begins a
phrase are followed, all at once, word by word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from prai_match.needs._trie import (
    AND,
    COMMA,
    NEVER,
    PAYLOAD,
    QUESTION,
    SIGNS,
    STOP,
    Bools,
    Ints,
    Kind,
    Trie,
    among,
    spread,
)

_MOST_WORDS: Final = 1 << 10  # more than the words of any phrase
_LONGEST_CLAUSE = 200  # limits the work on a text without punctuation
_WINDOW = 12  # maximum number of words between the parts of a combination
# The longer reading hides the shorter one: "tableau numérique" hides "numérique", "pas besoin" hides "besoin".
_NOUNS = (Kind.TERM, Kind.CONTEXT, Kind.PLACE)
_SPEECH = tuple(kind for kind in Kind if kind not in {*_NOUNS, Kind.NEUTRAL})


@dataclass(frozen=True, slots=True)
class Sightings:
    """Phrases found, by text, clause and place; places count the meaningful words of all texts."""

    start: Ints
    end: Ints
    kind: Ints
    ref: Ints
    spans: Ints  # the rank of the parts of a combination, else -1

    def __getitem__(self, rows: Ints | Bools) -> Sightings:
        return Sightings(self.start[rows], self.end[rows], self.kind[rows], self.ref[rows], self.spans[rows])

    def of(self, *kinds: Kind) -> Sightings:
        return self[self.kind == kinds[0] if len(kinds) == 1 else np.isin(self.kind, kinds)]


@dataclass(frozen=True, slots=True)
class Scan:
    """The meaningful words of texts, the clauses that they form, and the phrases in them."""

    symbol: Ints  # of each word; a word of its own ends each text
    origin: Ints  # its token
    text: Ints
    clause: Ints  # of each word
    cell: Ints  # of each word: clauses and, inside them, actions
    starts: Ints  # of each clause
    ends: Ints
    found: Sightings
    spans: (
        Ints  # combinations x parts x 2: where each part begins and ends, in the order of the text; ends of -1 for none
    )

    def count(self, *symbols: int) -> Ints:
        """Return how many of these signs stand before each word."""
        is_sign = np.zeros(len(SIGNS) + 1, bool)
        is_sign[[*symbols]] = True
        return np.concatenate([[0], np.cumsum(is_sign[np.minimum(self.symbol, len(SIGNS))])])


class WordColumns(NamedTuple):
    """The meaningful words of texts: their symbols, tokens and texts; a word of no symbol ends each text."""

    symbol: Ints
    origin: Ints
    text: Ints
    is_plural: Bools  # of each token
    is_own: Bools  # of each token: whether it says whose something is


def scan(words: WordColumns, trie: Trie) -> Scan:
    """Find the phrases in words."""
    symbol, origin, text, *_ = words
    found, pieces, nodes = _phrases(symbol, trie)
    clause, starts, ends = _clauses(symbol, text, found.of(Kind.CONTRAST).start)
    actions = found.of(Kind.ACTION)
    begins = actions.start[_begins(actions, words, clause)]
    new: Bools = np.diff(clause, prepend=-1) > 0
    new[begins] = True
    cell = np.cumsum(new).astype(np.int64)
    together, spans = _together(pieces, nodes, clause, cell, trie)
    if len(pieces.start):
        every = [np.concatenate([one, other]) for one, other in zip(_columns(found), _columns(together), strict=True)]
        found = Sightings(*every)
        has_pieces = np.zeros(int(text[-1]) + 1, bool)
        has_pieces[text[pieces.start]] = True
        # Terms and contexts of a text with parts of combinations are in the order of their ends.
        sorts = has_pieces[text[found.start]] & np.isin(found.kind, (Kind.TERM, Kind.CONTEXT))
        key = np.where(sorts, (found.end - found.start) * PAYLOAD + found.ref, 0)
        found = found[np.argsort(found.start * (_MOST_WORDS * PAYLOAD) + key, kind="stable")]
    return Scan(symbol, origin, text, clause, cell, starts, ends, found, spans)


def _columns(found: Sightings) -> tuple[Ints, ...]:
    return found.start, found.end, found.kind, found.ref, found.spans


def _phrases(symbol: Ints, trie: Trie) -> tuple[Sightings, Sightings, Ints]:
    """Return all phrases that aren't inside a longer one, in the order of the text, longer ones first.

    In this order, a phrase is contained in one that began no later and reaches as far; phrases with the same span don't
    hide each other. Phrases unrelated to needs ("plan d'eau") hide everything inside them. Of the parts of combinations
    that begin at the same word, the longest counts: not "acte" if the text has "acte d'état civil". These are returned
    apart, with their nodes.
    """
    start = np.nonzero(trie.roots[symbol] >= 0)[0]
    node, size = trie.roots[symbol[start]], 1
    levels = []
    while len(start):
        levels.append((start, start + size, node))
        key = node * len(trie.symbols) + symbol[start + size]
        may = np.nonzero(trie.may[key % len(trie.may)])[0]
        start, key = start[may], key[may]
        at = np.searchsorted(trie.keys, key)
        goes_on = trie.keys[at] == key
        start, node, size = start[goes_on], trie.nodes[at[goes_on]], size + 1
    start, end, node = map(np.concatenate, zip(*levels, strict=True)) if levels else (start, start, node)
    matters = (np.diff(trie.payloads.bounds)[node] > 0) | (np.diff(trie.parts.bounds)[node] > 0)
    start, end, node = start[matters], end[matters], node[matters]
    order = np.argsort(start * _MOST_WORDS - (end - start), kind="stable")
    start, end, node = start[order], end[order], node[order]
    kinds = trie.kinds.take(node, axis=0)
    hides: Bools = np.any(trie.kinds[:, [*_SPEECH, Kind.NEUTRAL]], axis=1)[node]
    speech = end > _reach(end, hides)
    is_seen = end > _reach(end, speech & kinds[:, Kind.NEUTRAL])
    noun = is_seen & (end > _reach(end, is_seen & (kinds[:, Kind.TERM] | kinds[:, Kind.CONTEXT])))
    speech &= is_seen
    is_piece = is_seen & (end > _reach(end, noun & kinds[:, Kind.CONTEXT])) & (np.diff(trie.parts.bounds)[node] > 0)
    owner, place = trie.payloads.spread(node)
    kind, ref = np.divmod(trie.payloads.values[place], PAYLOAD)
    kept = np.where(np.isin(kind, _NOUNS), noun[owner], speech[owner])
    rows = owner[kept]
    found = Sightings(start[rows], end[rows], kind[kept], ref[kept], np.full(len(rows), -1))
    first = np.nonzero(is_piece)[0]
    first = first[np.diff(start[first], prepend=-1) > 0]
    nothing = np.zeros(len(first), np.int64)
    return found, Sightings(start[first], end[first], nothing, nothing, nothing), node[first]


def _reach(end: Ints, hides: Bools) -> Ints:
    """Return how far the phrases before each one reach that hide others."""
    return np.concatenate([[0], np.maximum.accumulate(np.where(hides, end, 0))])[:-1]


def _clauses(symbol: Ints, text: Ints, breaks: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the clause of each word, and where each clause begins and ends; without the sign that ends it."""
    is_end = (symbol == SIGNS.index(STOP)) | (symbol == SIGNS.index(QUESTION))
    is_end[:-1] |= text[1:] > text[:-1]
    is_end[-1:] = True
    new = np.concatenate([[True], is_end])[:-1]
    new[breaks] = True
    starts = np.nonzero(new)[0]
    sizes = np.diff(np.append(starts, len(symbol)))
    long = np.nonzero(sizes > _LONGEST_CLAUSE)[0]
    for begin, size in zip(starts[long].tolist(), sizes[long].tolist(), strict=True):
        places = np.arange(begin + _LONGEST_CLAUSE, begin + size, _LONGEST_CLAUSE)
        new[places[~is_end[places]]] = True
    starts = np.nonzero(new)[0]
    ends = np.append(starts[1:], len(symbol))
    return np.cumsum(new) - 1, starts, ends - is_end[ends - 1]


def _begins(actions: Sightings, words: WordColumns, clause: Ints) -> Bools:
    """Return whether actions begin another subject: "…, la pose de…", not "l'achat et la pose de…"."""
    symbol, origin, _, is_plural, is_own = words
    at = actions.start
    sign = np.maximum(at - 1, 0)
    is_other = (at > 0) & np.isin(symbol[sign], (SIGNS.index(COMMA), SIGNS.index(AND))) & ~is_plural[origin[at]]
    is_done = np.zeros(len(symbol) + 1, bool)  # where an action of the same clause ends
    inside = clause[actions.start] == clause[np.minimum(actions.end, len(clause) - 1)]
    is_done[actions.end[inside]] = True
    own = np.concatenate([[0], np.cumsum(is_own)])
    is_free = ~(is_done[sign] & (clause[sign] == clause[at])) & (own[origin[at]] == own[origin[sign] + 1])
    begins: Bools = is_other & is_free
    return begins


def _together(pieces: Sightings, nodes: Ints, clause: Ints, cell: Ints, trie: Trie) -> tuple[Sightings, Ints]:
    """Return the combinations all of whose parts are in one clause, without words that must not be there."""
    owner, place = trie.parts.spread(nodes)
    count = len(trie.of_part.bounds) - 1
    key = clause[pieces.start[owner]] * max(count, 1) + trie.parts.values[place]
    order = np.argsort(key, kind="stable")
    is_new = np.diff(key[order], prepend=-1) > 0
    present = key[order][is_new]
    rank = np.full(len(key), -1)
    rank[order[is_new]] = np.arange(len(present))
    turn = rank[rank >= 0]  # in the order of the text
    each, at = trie.of_part.spread(present[turn] % max(count, 1))
    each, ensemble = turn[each], trie.of_part.values[at]
    base = present[each] - present[each] % max(count, 1)
    present = np.append(present, NEVER)
    for table, is_wanted in ((trie.wanted.T[1:], True), (trie.unwanted.T, False)):
        for part in table:
            rows = np.nonzero(part[ensemble] >= 0)[0]
            kept = np.ones(len(ensemble), bool)
            kept[rows] = among(present, base[rows] + part[ensemble[rows]]) == is_wanted
            base, ensemble = base[kept], ensemble[kept]
    starts, ends, cells = (column[owner][order] for column in (pieces.start, pieces.end, cell[pieces.start]))
    wanted = trie.wanted.take(ensemble, axis=0)
    of, begins, stops = _nearest(np.where(wanted < 0, -1, base[:, None] + wanted), key[order], starts, ends, cells)
    turn = np.argsort(begins, axis=1)
    begins, stops = (np.take_along_axis(each, turn, axis=1) for each in (begins, stops))
    kinds, refs = trie.payload[ensemble[of]].T
    low, high = begins.min(axis=1, initial=NEVER), stops.max(axis=1, initial=-1)
    return Sightings(low, high, kinds, refs, np.arange(len(of))), np.stack([begins, stops], axis=2)


def _nearest(wanted: Ints, key: Ints, starts: Ints, ends: Ints, cells: Ints) -> tuple[Ints, Ints, Ints]:
    """Choose the first occurrence of a combination's first part that has the others near it, in the same action.

    Of each other part that is the nearest that none before covers. Return the combinations for which there is one, and
    where their parts begin and end.
    """
    place = key * (size := len(cells) and int(ends.max()) + _WINDOW + 1) + starts
    of, row = spread(np.searchsorted(key, wanted[:, 0]), np.searchsorted(key, wanted[:, 0], "right"))
    begins, stops = np.full((len(of), wanted.shape[1]), NEVER), np.full((len(of), wanted.shape[1]), -1)
    begins[:, 0], stops[:, 0] = starts[row], ends[row]
    for part in range(1, wanted.shape[1]):
        rows = np.nonzero(wanted[of, part] >= 0)[0]
        first = wanted[of[rows], part] * size + begins[rows, 0]
        owner, at = spread(np.searchsorted(place, first - _WINDOW), np.searchsorted(place, first + _WINDOW, "right"))
        owner = rows[owner]
        is_free = (starts[at][:, None] >= stops[owner]) | (ends[at][:, None] <= begins[owner])
        kept = is_free.all(axis=1) & (cells[at] == cells[row[owner]])
        owner, at = owner[kept], at[kept]
        turn = np.lexsort((starts[at], np.abs(starts[at] - begins[owner, 0]), owner))
        turn = turn[np.diff(owner[turn], prepend=-1) > 0]
        owner, at = owner[turn], at[turn]
        begins[owner, part], stops[owner, part] = starts[at], ends[at]
        is_there = wanted[of, part] < 0
        is_there[owner] = True
        of, row, begins, stops = of[is_there], row[is_there], begins[is_there], stops[is_there]
    once = np.diff(of, prepend=-1) > 0
    return of[once], begins[once], stops[once]
