"""What a text holds: the lexicon's phrases found in its words, clause by clause."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from prai_match.needs._lexicon import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from prai_match.needs._lexicon import Compiled, Ensemble, Node

STOP = "."
QUESTION = "?"
COMMA = ","
AND = "et"
COLON = ":"
_ENDS = frozenset({STOP, QUESTION})

_LONGEST_CLAUSE = 200  # no sentence is longer; bounds the work on a cell without punctuation
_WINDOW = 12  # words between the parts of an ensemble
_OWN = frozenset({"son", "sa", "ses", "leur", "leurs"})
_PLURAL = "sS"  # "installations", "équipements" are things, no actions
_DECIDE = (Kind.TERM, Kind.CONTEXT)
_PLACE = attrgetter("start", "end", "ref")

# The longer reading hides the shorter one: "tableau numérique" hides "numérique", "pas besoin" hides "besoin".
_NEUTRAL, _NOUN, _SUBJECT, _SPEECH = range(4)
_HIDDEN_BY = dict.fromkeys(Kind, _SPEECH) | dict.fromkeys((Kind.TERM, Kind.CONTEXT, Kind.PLACE), _NOUN)
_HIDES: dict[Kind, tuple[int, ...]] = dict.fromkeys(Kind, (_SPEECH,)) | {Kind.PLACE: ()}
_HIDES |= {Kind.TERM: (_NOUN,), Kind.CONTEXT: (_NOUN, _SUBJECT), Kind.NEUTRAL: (_NEUTRAL, _SPEECH)}


Piece = tuple[int, int, tuple[int, ...]]
"""Where parts of combinations begin and end, and which ones."""

_new = tuple.__new__  # half the time of calling the class


class Found(NamedTuple):
    """One thing found: where in the words that carry meaning, what it is, and the parts of a combination."""

    start: int
    end: int
    kind: Kind
    ref: int
    parts: tuple[tuple[int, int], ...] = ()

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The stretches to show."""
        return self.parts or ((self.start, self.end),)


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
    chunks: Sequence[int] = ()

    def of(self, kind: Kind) -> Sequence[Found]:
        """What the clause holds of a kind."""
        return self.found.get(kind, ())

    def between(self, start: int, end: int, signs: Iterable[str]) -> bool:
        """Whether one of the signs stands between two positions."""
        return start < end and not set(self.words[start:end]).isdisjoint(signs)

    def chunk(self, position: int) -> int:
        """Which action of the clause a position belongs to."""
        return bisect_right(self.chunks, position)


def read(tokens: Sequence[str], symbols: Sequence[str], lexicon: Compiled) -> tuple[list[Clause], Sequence[int]]:
    """Find the lexicon's phrases in a text's symbols; ``tokens`` are the words as typed.

    Returns:
        The clauses, and for each of their positions the index of its token.
    """
    origin = [index for index, symbol in enumerate(symbols) if symbol]
    words = [symbols[index] for index in origin]
    found, pieces = _scan(words, lexicon.root)
    clauses = _clauses(words, {item.start for item in found if item.kind is Kind.CONTRAST})
    rank = 0
    for clause in clauses:
        held = clause.found
        while rank < len(found) and found[rank].start < clause.end:
            item = found[rank]
            if item.kind in held:
                held[item.kind].append(item)
            else:
                held[item.kind] = [item]
            rank += 1
        if Kind.ACTION in held:
            clause.chunks = [item.start for item in held[Kind.ACTION] if _begins(item.start, clause, tokens, origin)]
        if pieces:
            _add_ensembles(
                clause, [piece for piece in pieces if clause.start <= piece[0] < clause.end], lexicon.ensembles
            )
    return clauses, origin


def _begins(at: int, clause: Clause, tokens: Sequence[str], origin: Sequence[int]) -> bool:
    """Say whether an action begins another matter: "…, la pose de…", not "l'achat et la pose de…"."""
    sign = at - 1
    if clause.words[sign] not in (COMMA, AND) or tokens[origin[at]][-1:] in _PLURAL:
        return False
    if any(item.end == sign for item in clause.of(Kind.ACTION)):
        return False
    return not any(token.lower() in _OWN for token in tokens[origin[sign] + 1 : origin[at]])


def _scan(words: Sequence[str], root: dict[str, Node]) -> tuple[list[Found], list[Piece]]:
    """Find every phrase that no longer one hides, in the order of the text, the longer first.

    In this order whatever reaches as far and began no later contains the phrase; its own span does not hide it. What
    says nothing of the need ("plan d'eau") hides all that lies in it. Of the parts of combinations that begin at one
    word the longest counts: "acte" does not where the text has "acte d'état civil".
    """
    kept: list[Found] = []
    pieces: list[Piece] = []
    reach, begin = [0] * 4, [0] * 4
    following = [*words[1:], ""]
    for start, word in enumerate(words):
        first = root.get(word)
        if first is None:
            continue
        headless = True
        for end, node in _runs(words, start, first) if following[start] in first.next else ((start + 1, first),):
            if end <= reach[_NEUTRAL]:
                continue
            for kind, ref in node.ends:
                layer = _HIDDEN_BY[kind]
                if end > reach[layer] or (end == reach[layer] and start == begin[layer]):
                    for hidden in _HIDES[kind]:
                        if end > reach[hidden]:
                            reach[hidden], begin[hidden] = end, start
                    kept.append(_new(Found, (start, end, kind, ref, ())))
            if (
                node.parts
                and headless
                and (end > reach[_SUBJECT] or [end, start] == [reach[_SUBJECT], begin[_SUBJECT]])
            ):
                pieces.append((start, end, node.parts))
                headless = False
    return kept, pieces


def _runs(words: Sequence[str], start: int, node: Node) -> list[tuple[int, Node]]:
    """Give where each phrase that begins at ``start`` may end, the farthest first."""
    end, count = start + 1, len(words)
    found = [(end, node)]
    while end < count and words[end] in node.next:
        node = node.next[words[end]]
        end += 1
        found.append((end, node))
    found.reverse()
    return found


def _clauses(words: Sequence[str], breaks: Collection[int]) -> list[Clause]:
    if not breaks and len(words) <= _LONGEST_CLAUSE and STOP not in words and QUESTION not in words:
        return [Clause(words, 0, len(words), asked=False)]
    clauses: list[Clause] = []
    start = 0
    for position, word in enumerate(words):
        if word in _ENDS or position in breaks or position - start >= _LONGEST_CLAUSE:
            if position > start:
                clauses.append(Clause(words, start, position, word == QUESTION))
            start = position + (word in _ENDS)
    if start < len(words):
        clauses.append(Clause(words, start, len(words), asked=False))
    return clauses


def _add_ensembles(clause: Clause, pieces: Iterable[Piece], ensembles: Mapping[int, tuple[Ensemble, ...]]) -> None:
    parts: dict[int, list[tuple[int, int]]] = {}
    for start, end, refs in pieces:
        for ref in refs:
            if ref in parts:
                parts[ref].append((start, end))
            else:
                parts[ref] = [(start, end)]
    for ensemble in _whole(parts, ensembles):
        found = _combined(clause, ensemble, parts)
        if found is not None:
            clause.found.setdefault(ensemble.kind, []).append(found)
    for kind in _DECIDE:
        if kind in clause.found:
            clause.found[kind].sort(key=_PLACE)


def _whole(parts: Collection[int], ensembles: Mapping[int, tuple[Ensemble, ...]]) -> list[Ensemble]:
    """Give the combinations of which every part is there, and nothing that must not be."""
    present = set(parts)
    return [
        ensemble
        for part in parts
        if part in ensembles
        for ensemble in ensembles[part]
        if ensemble.others <= present and present.isdisjoint(ensemble.without)
    ]


def _combined(clause: Clause, ensemble: Ensemble, parts: dict[int, list[tuple[int, int]]]) -> Found | None:
    others = [parts[other] for other in ensemble.parts[1:]]
    for first in parts[ensemble.parts[0]]:
        chosen = _nearest(clause, first, others)
        if chosen:
            spans = tuple(sorted(set(chosen)))
            return Found(spans[0][0], max(end for _, end in spans), ensemble.kind, ensemble.ref, spans)
    return None


def _nearest(
    clause: Clause, first: tuple[int, int], others: list[list[tuple[int, int]]]
) -> list[tuple[int, int]] | None:
    """Choose the occurrence of each part that is nearest to the first one, of the same action."""
    chosen = [first]
    origin = first[0]
    chunk = clause.chunk(origin)
    for candidates in others:
        best: tuple[int, int] | None = None
        for span in candidates:
            start, end = span
            far = abs(start - origin)
            if (
                far <= _WINDOW
                and (best is None or (far, start) < (abs(best[0] - origin), best[0]))
                and clause.chunk(start) == chunk
                and all(start >= other[1] or end <= other[0] for other in chosen)
            ):
                best = span
        if best is None:
            return None
        chosen.append(best)
    return chosen
