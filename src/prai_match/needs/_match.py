"""What a text holds: the lexicon's phrases found in its words, clause by clause."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prai_match.needs._lexicon import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from prai_match.needs._lexicon import Compiled, Ensemble, Node

STOP = "."
QUESTION = "?"
COMMA = ","
AND = "et"
COLON = ":"
_SIGNS = frozenset({STOP, QUESTION, COMMA, COLON})

_LONGEST_CLAUSE = 200  # no sentence is longer; bounds the work on a cell without punctuation
_WINDOW = 12  # words between the parts of an ensemble
_OWN = frozenset({"son", "sa", "ses", "leur", "leurs"})
_PLURAL = "sS"  # "installations", "équipements" are things, no actions
_DECIDE = frozenset({Kind.TERM, Kind.CONTEXT})
_NOUNS = frozenset({Kind.TERM, Kind.CONTEXT, Kind.PLACE})


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: where in the words that carry meaning, what it is, and the spans to show."""

    start: int
    end: int
    kind: Kind
    ref: int
    spans: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Clause:
    """A stretch of text that negations and places do not leave.

    Attributes:
        words: The symbols of the whole text (what is skipped left out); positions count in it.
        start: Position of the clause's first word.
        end: Position after its last word.
        asked: Whether it ends with a question mark.
        found: What it holds by kind, in the order of the text.
        chunks: Positions where a new action begins ("…, et la réfection de…").
    """

    words: Sequence[str]
    start: int
    end: int
    asked: bool
    found: dict[Kind, list[Found]] = field(default_factory=dict)
    chunks: list[int] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Found]:
        """What the clause holds of a kind."""
        return self.found.get(kind, [])

    def between(self, start: int, end: int, signs: Iterable[str]) -> bool:
        """Whether one of the signs stands between two positions."""
        return not set(self.words[start:end]).isdisjoint(signs)

    def chunk(self, position: int) -> int:
        """Which action of the clause a position belongs to."""
        return sum(1 for start in self.chunks if start <= position)


def read(tokens: Sequence[str], symbols: Sequence[str], lexicon: Compiled) -> list[Clause]:
    """Find the lexicon's phrases in a text's symbols; ``tokens`` are the words as typed."""
    origin = [index for index, symbol in enumerate(symbols) if symbol]
    words = [symbols[index] for index in origin]
    found = _without_contained(_scan(words, origin, lexicon.root))
    clauses = _clauses(words, [item.start for item in found if item.kind is Kind.CONTRAST])
    rank = 0
    for clause in clauses:
        while rank < len(found) and found[rank].start < clause.end:
            clause.found.setdefault(found[rank].kind, []).append(found[rank])
            rank += 1
        clause.chunks = [item.start for item in clause.of(Kind.ACTION) if _begins(item.start, clause, tokens, origin)]
        if Kind.PART in clause.found:
            _add_ensembles(clause, lexicon.ensembles)
    return clauses


def _begins(at: int, clause: Clause, tokens: Sequence[str], origin: Sequence[int]) -> bool:
    """Say whether an action begins another matter: "…, la pose de…", not "l'achat et la pose de…"."""
    sign = at - 1
    if at <= clause.start or clause.words[sign] not in (COMMA, AND) or tokens[origin[at]][-1:] in _PLURAL:
        return False
    if any(item.end == sign for item in clause.of(Kind.ACTION)):
        return False
    return not any(token.lower() in _OWN for token in tokens[origin[sign] + 1 : origin[at]])


def _scan(words: Sequence[str], origin: Sequence[int], root: dict[str, Node]) -> Iterator[Found]:
    for start, word in enumerate(words):
        node = root.get(word)
        end = start + 1
        while node is not None:
            for kind, ref in node.ends:
                yield Found(start, end, kind, ref, ((origin[start], origin[end - 1] + 1),))
            node = node.next.get(words[end]) if end < len(words) else None
            end += 1


def _without_contained(found: Iterable[Found]) -> list[Found]:
    """Keep the longer reading: "tableau numérique" hides "numérique", "pas besoin" hides "besoin".

    What says nothing of the need ("plan d'eau") hides all that lies in it.
    """
    items = sorted(found, key=lambda item: (item.start, -item.end))
    if any(item.kind is Kind.NEUTRAL for item in items):
        spans = {(item.start, item.end) for item in items if item.kind is Kind.NEUTRAL}
        items = [item for item in items if item.kind is Kind.NEUTRAL or (item.start, item.end) not in spans]
        items = _drop_inside(items, lambda _: True, lambda kind: kind is Kind.NEUTRAL)
    kept = _drop_inside(items, lambda kind: kind in _NOUNS, lambda kind: kind in _DECIDE)
    kept = _drop_inside(kept, lambda kind: kind is Kind.PART, lambda kind: kind is Kind.CONTEXT)
    kept = _drop_heads(kept)
    return _drop_inside(kept, _is_speech, _is_speech)


def _is_speech(kind: Kind) -> bool:
    return kind not in _NOUNS and kind is not Kind.PART


def _drop_inside(items: list[Found], hidden: Callable[[Kind], bool], hiding: Callable[[Kind], bool]) -> list[Found]:
    kept: list[Found] = []
    reach, span = -1, (-1, -1)
    for item in items:
        # In this order whatever reaches as far and began no later contains the item; its own span does not.
        if not (hidden(item.kind) and reach >= item.end and span != (item.start, item.end)):
            kept.append(item)
        if hiding(item.kind) and item.end > reach:
            reach, span = item.end, (item.start, item.end)
    return kept


def _drop_heads(items: list[Found]) -> list[Found]:
    """Drop the parts of which a longer part says more: "acte" where the text has "acte d'état civil"."""
    ends: dict[int, int] = {}
    for item in items:
        if item.kind is Kind.PART:
            ends[item.start] = max(ends.get(item.start, 0), item.end)
    return [item for item in items if item.kind is not Kind.PART or item.end == ends[item.start]]


def _clauses(words: Sequence[str], contrasts: Sequence[int]) -> list[Clause]:
    clauses: list[Clause] = []
    start, breaks = 0, set(contrasts)
    for position, word in enumerate(words):
        if word in (STOP, QUESTION) or position in breaks or position - start >= _LONGEST_CLAUSE:
            if position > start:
                clauses.append(Clause(words, start, position, word == QUESTION))
            start = position if position in breaks else position + (word in (STOP, QUESTION))
    if start < len(words):
        clauses.append(Clause(words, start, len(words), asked=False))
    return clauses


def _add_ensembles(clause: Clause, ensembles: dict[int, tuple[Ensemble, ...]]) -> None:
    parts: dict[int, list[Found]] = {}
    for item in clause.of(Kind.PART):
        parts.setdefault(item.ref, []).append(item)
    added = False
    for part, first in parts.items():
        for ensemble in ensembles.get(part, ()):
            if all(other in parts for other in ensemble.parts) and not any(
                other in parts for other in ensemble.without
            ):
                for item in first:
                    chosen = _nearest(clause, item, [parts[other] for other in ensemble.parts[1:]])
                    if chosen:
                        spans = tuple(sorted({span for each in chosen for span in each.spans}))
                        start, end = min(each.start for each in chosen), max(each.end for each in chosen)
                        found = Found(start, end, ensemble.kind, ensemble.ref, spans)
                        clause.found.setdefault(ensemble.kind, []).append(found)
                        added = True
                        break
    if added:
        for kind in _DECIDE:
            clause.of(kind).sort(key=lambda item: (item.start, item.end, item.ref))


def _nearest(clause: Clause, first: Found, others: list[list[Found]]) -> list[Found]:
    """Choose the occurrence of each part that is nearest to the first one, of the same action."""
    chosen = [first]
    chunk = clause.chunk(first.start)
    for candidates in others:
        near = [
            item
            for item in candidates
            if all(item.start >= other.end or item.end <= other.start for other in chosen)
            and abs(item.start - first.start) <= _WINDOW
            and clause.chunk(item.start) == chunk
        ]
        if not near:
            return []
        chosen.append(min(near, key=lambda item: (abs(item.start - first.start), item.start)))
    return chosen
