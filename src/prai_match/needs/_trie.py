"""A compiled lexicon as arrays: a trie of its phrases, and what the judgement asks of its terms and contexts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from prai_match.model import LexiconTable

# The role of a phrase; from NEGATION to PLACE they are the ``tournures``, in the order of the file.
Kind = IntEnum("Kind", "TERM CONTEXT NEGATION HAVE FINE RENEW WISH DENIAL CONTRAST ACTION NEUTRAL PLACE PART")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

STOP, QUESTION, COMMA, AND, COLON = ".", "?", ",", "et", ":"
# The first symbols; 0 is a word that the lexicon doesn't have.
SIGNS: Final = ("", STOP, QUESTION, COMMA, AND, COLON, "que", "ni", "ou")
PAYLOAD: Final = 1 << 20  # more than the terms of any lexicon
_REMAINDERS: Final = 1 << 16
NEVER: Final = np.iinfo(np.int64).max
CHANCES: Final = {"fort": 0.8, "moyen": 0.5, "faible": 0.2}
REACHES: Final = ("phrase", "objet", "lieu")


class Ensemble(NamedTuple):
    """Parts that count only together, in any order, and words that must not be near them."""

    parts: tuple[int, ...]
    without: frozenset[int]
    kind: Kind
    ref: int
    others: frozenset[int] = frozenset()


class EnsembleColumns(NamedTuple):
    """Lists of numbers, one after the other."""

    bounds: Ints
    values: Ints

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> EnsembleColumns:
        bounds = np.cumsum([0, *map(len, lists)])
        return cls(bounds, np.array([each for group in lists for each in group], np.int64))

    def spread(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return for each value of the lists of these rows the place of its row, and its place among the values."""
        return spread(self.bounds[rows], self.bounds[rows + 1])


def spread(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return all places of ranges, one range after the other, each with the rank of its range."""
    sizes = end - start
    owner = np.repeat(np.arange(len(start)), sizes)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes - start, sizes)


@dataclass(frozen=True, slots=True)
class Trie:
    """The phrases of a lexicon; a node stands for a phrase or for its beginning."""

    symbols: dict[str, int]
    roots: Ints  # node of each symbol that begins a phrase, else -1
    keys: Ints  # sorted: node and symbol that follows, as one number
    may: Bools  # whether there may be such a key, by its remainder: most numbers aren't keys
    nodes: Ints  # node to which each key leads
    payloads: EnsembleColumns  # of each node: kind and number, as one number
    parts: EnsembleColumns  # of each node: parts of combinations
    kinds: Bools  # nodes x kinds
    payload: Ints  # combinations x 2: kind and number
    of_part: EnsembleColumns  # of each part: combinations of which it is the rarest
    wanted: Ints  # combinations x parts, the rarest first, -1 for none
    unwanted: Ints  # combinations x parts, -1 for none
    wakes: Bools  # of each symbol: whether it may decide, alone or beside another
    wakes_alone: Bools
    pairs: Ints  # sorted: symbols that may decide together, as one number
    may_pair: Bools

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 - the parts of a compiled lexicon
        cls,
        payloads: Sequence[Sequence[tuple[int, int]]],
        runs: Mapping[str, int],
        parts: Mapping[str, Sequence[int]],
        ensembles: Sequence[Ensemble],
        waking: Mapping[str, Collection[str] | None],
        kinds: int,
    ) -> Trie:
        symbols = {symbol: rank for rank, symbol in enumerate(SIGNS)}
        node_of = {run: node for node, run in enumerate(runs)}
        heads, keys, nodes = [], [], []
        for run, node in node_of.items():
            before, _, last = run.rpartition(" ")
            symbol = symbols.setdefault(last, len(symbols))
            if before:
                keys.append((node_of[before], symbol))
                nodes.append(node)
            else:
                heads.append((symbol, node))
        roots = np.full(len(symbols), -1)
        for symbol, node in heads:
            roots[symbol] = node
        steps = np.array([node * len(symbols) + symbol for node, symbol in keys], np.int64)
        order = np.argsort(steps)
        codes = [[kind * PAYLOAD + ref for kind, ref in payload] for payload in payloads]
        ends = EnsembleColumns.of([codes[payload] for payload in runs.values()])
        owner, _ = ends.spread(np.arange(len(node_of)))
        has_kind = np.zeros((len(node_of), kinds + 1), bool)
        has_kind[owner, ends.values // PAYLOAD] = True
        count = 1 + max((ref for refs in parts.values() for ref in refs), default=-1)
        lists: list[list[int]] = [[] for _ in range(count)]
        for rank, ensemble in enumerate(ensembles):
            lists[ensemble.parts[0]].append(rank)
        alone, wakes = np.zeros(len(symbols), bool), np.zeros(len(symbols), bool)
        pairs = []
        for name, beside in waking.items():
            own = symbols[name]
            wakes[own], alone[own] = True, beside is None
            pairs += [own * len(symbols) + symbols[each] for each in beside or ()]
        return cls(
            symbols,
            roots,
            np.append(steps[order], NEVER),
            _remainders(steps),
            np.append(np.array(nodes, np.int64)[order], -1),
            ends,
            EnsembleColumns.of([parts.get(run, ()) for run in node_of]),
            has_kind,
            np.array([(each.kind, each.ref) for each in ensembles], np.int64).reshape(-1, 2),
            EnsembleColumns.of(lists),
            _table([each.parts for each in ensembles]),
            _table([sorted(each.without) for each in ensembles]),
            wakes,
            alone,
            np.sort(np.array([*pairs, NEVER], np.int64)),
            _remainders(np.array(pairs, np.int64)),
        )

    def awake(self, symbol: Ints, firsts: Ints) -> Bools:
        """Return for each text whether the lexicon may find something decisive in it; if not, it needn't be read."""
        text = np.repeat(np.arange(len(firsts) - 1), np.diff(firsts))
        found = np.zeros(len(firsts) - 1, bool)
        found[text[self.wakes_alone[symbol]]] = True
        rest = np.nonzero(self.wakes[symbol] & ~found[text])[0]
        owner, beside = spread(firsts[text[rest]], firsts[text[rest] + 1])
        keys = symbol[rest][owner] * len(self.symbols) + symbol[beside]
        may = np.nonzero(self.may_pair[keys % _REMAINDERS])[0]
        found[text[rest][owner[may[among(self.pairs, keys[may])]]]] = True
        return found


def distinct(values: Ints) -> Ints:
    """Return small numbers in their order; `numpy.unique` imports more than all else when it is called so."""
    return np.nonzero(np.bincount(values))[0]


def _remainders(keys: Ints) -> Bools:
    found = np.zeros(_REMAINDERS, bool)
    found[keys % _REMAINDERS] = True
    return found


def _table(rows: Sequence[Sequence[int]]) -> Ints:
    table = np.full((len(rows), max(map(len, rows), default=1)), -1)
    for row, values in zip(table, rows, strict=True):
        row[: len(values)] = values
    return table


def highest(rows: NDArray[Any], *least: float) -> NDArray[Any]:
    """Return the largest value of each row, at ``least`` so much, column by column: rows are short."""
    return np.asarray(reduce(np.maximum, (*rows.T, *map(np.asarray, least))))


def among(keys: Ints, values: Ints) -> Bools:
    """Return which values are among sorted keys, the last of which is larger than any value."""
    found: Bools = keys[np.searchsorted(keys, values)] == values
    return found


@dataclass(frozen=True, slots=True)
class Rules:
    """What the judgement asks of terms and contexts; workshops and axes count in alphabetical order."""

    workshops: tuple[str, ...]
    axes: tuple[str, ...]
    workshop: Ints  # of each term
    axis: Ints  # of each term; -1 for none
    chance: Floats  # of each term
    yields: Bools  # whether a term is only the name of a tool
    is_at_home: Bools  # whether a place of the authority itself makes a term stronger
    bars: Bools  # terms x contexts: whether the context may exclude the term
    reach: Ints  # of each context, by place in `REACHES`
    inherits: Bools  # whether a context before a term also counts for it in another action
    is_reason: Bools  # whether a context explains alone why a text asks for nothing

    @classmethod
    def of(cls, table: LexiconTable, barring: Sequence[Collection[int]]) -> Rules:
        terms, contexts = table.terme, table.contexte
        workshops = sorted({term.atelier for term in terms})
        axes = sorted({term.axe for term in terms if term.axe is not None})
        bars = np.zeros((len(terms), len(contexts)), bool)
        for row, numbers in zip(bars, barring, strict=True):
            for number in numbers:
                row[number] = True
        return cls(
            tuple(workshops),
            tuple(axes),
            np.array([workshops.index(term.atelier) for term in terms], np.int64),
            np.array([-1 if term.axe is None else axes.index(term.axe) for term in terms], np.int64),
            np.array([CHANCES[term.niveau] for term in terms], float),
            np.array([term.cede for term in terms], bool),
            np.array([term.chez_soi for term in terms], bool),
            bars,
            np.array([REACHES.index(each.portee) for each in contexts], np.int64),
            np.array([each.herite for each in contexts], bool),
            np.array([each.motif for each in contexts], bool),
        )
