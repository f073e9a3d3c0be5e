"""Reading of a text: finds the lexicon's phrases in its words, clause by clause."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from prai_match.needs._lexicon import Compiled, Ensemble, Kind

STOP, QUESTION, COMMA, AND, COLON = ".", "?", ",", "et", ":"
_ENDS = frozenset({STOP, QUESTION})
_LONGEST_CLAUSE = 200  # limits the work on a text without punctuation
_WINDOW = 12  # maximum number of words between the parts of a combination
_OWN = frozenset({"son", "sa", "ses", "leur", "leurs"})
_PLURAL = "sS"  # "installations", "équipements" are things, not actions
_PLACE = attrgetter("start", "end", "ref")
# The longer reading hides the shorter one: "tableau numérique" hides "numérique", "pas besoin" hides "besoin".
_NEUTRAL, _NOUN, _SUBJECT, _SPEECH = range(4)
_HIDDEN_BY = dict.fromkeys(Kind, _SPEECH) | dict.fromkeys((Kind.TERM, Kind.CONTEXT, Kind.PLACE), _NOUN)
_HIDES: dict[Kind, tuple[int, ...]] = dict.fromkeys(Kind, (_SPEECH,)) | {Kind.PLACE: ()}
_HIDES |= {Kind.TERM: (_NOUN,), Kind.CONTEXT: (_NOUN, _SUBJECT), Kind.NEUTRAL: (_NEUTRAL, _SPEECH)}


Span = tuple[int, int]
Piece = tuple[int, int, tuple[int, ...]]  # where parts of combinations begin and end, and which ones
_new = tuple.__new__  # takes half the time of calling the class


class Sighting(NamedTuple):
    """A phrase of the lexicon found in a text: its position among meaningful words, its role, its parts."""

    start: int
    end: int
    kind: Kind
    ref: int
    parts: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.parts or ((self.start, self.end),)


@dataclass(slots=True)
class Clause:
    """A part of a text that limits the effect of negations and places: from ``start`` to before ``end``."""

    words: Sequence[str]  # the symbols of the whole text (what is skipped left out); positions count in it
    start: int
    end: int
    is_question: bool
    matches: dict[Kind, list[Sighting]] = field(default_factory=dict)  # what it holds by kind, in the order of the text
    chunks: Sequence[int] = ()  # where a new action begins ("…, et la réfection de…")

    def of(self, kind: Kind) -> Sequence[Sighting]:
        return self.matches.get(kind, ())

    def between(self, start: int, end: int, signs: Iterable[str]) -> bool:
        return start < end and not set(self.words[start:end]).isdisjoint(signs)

    def chunk(self, position: int) -> int:
        return bisect_right(self.chunks, position)


def read(tokens: Sequence[str], symbols: Sequence[str], lexicon: Compiled) -> tuple[list[Clause], Sequence[int]]:
    """Return a text's clauses with the lexicon's phrases in them, and the index of the token of each position."""
    origin = [index for index, symbol in enumerate(symbols) if symbol]
    words = [symbols[index] for index in origin]
    matches, pieces = _scan(words, lexicon)
    clauses = _clauses(words, {match.start for match in matches if match.kind is Kind.CONTRAST})
    rank = 0
    for clause in clauses:
        while rank < len(matches) and matches[rank].start < clause.end:
            clause.matches.setdefault(matches[rank].kind, []).append(matches[rank])
            rank += 1
        actions = clause.of(Kind.ACTION)
        clause.chunks = [match.start for match in actions if _begins(match.start, clause, tokens, origin)]
        if pieces:
            inside = [piece for piece in pieces if clause.start <= piece[0] < clause.end]
            _add_ensembles(clause, inside, lexicon.ensembles)
    return clauses, origin


def _begins(at: int, clause: Clause, tokens: Sequence[str], origin: Sequence[int]) -> bool:
    """Return whether an action begins another subject: "…, la pose de…", not "l'achat et la pose de…"."""
    sign = at - 1
    is_plural = tokens[origin[at]][-1:] in _PLURAL
    if clause.words[sign] not in (COMMA, AND) or is_plural or any(each.end == sign for each in clause.of(Kind.ACTION)):
        return False
    return not any(token.lower() in _OWN for token in tokens[origin[sign] + 1 : origin[at]])


def _scan(words: Sequence[str], lexicon: Compiled) -> tuple[list[Sighting], list[Piece]]:
    """Find all phrases that aren't inside a longer one, in the order of the text, longer ones first.

    In this order, a phrase is contained in one that began no later and reaches as far; phrases with the same span don't
    hide each other. Phrases unrelated to needs ("plan d'eau") hide everything inside them. Of the parts of combinations
    that begin at the same word, the longest counts: not "acte" if the text has "acte d'état civil".
    """
    matches: list[Sighting] = []
    pieces: list[Piece] = []
    reach, begin = [0] * 4, [0] * 4
    known, parts, payloads = lexicon.runs, lexicon.parts, lexicon.payloads
    for start, word in enumerate(words):
        if word not in known:
            continue
        headless = True
        for end, run in _runs(words, start, known):
            if end <= reach[_NEUTRAL]:
                continue
            for kind, ref in payloads[known[run]]:
                layer = _HIDDEN_BY[kind]
                if end > reach[layer] or (end == reach[layer] and start == begin[layer]):
                    for other in _HIDES[kind]:
                        if end > reach[other]:
                            reach[other], begin[other] = end, start
                    matches.append(_new(Sighting, (start, end, kind, ref, ())))
            is_in_sight = end > reach[_SUBJECT] or (end == reach[_SUBJECT] and start == begin[_SUBJECT])
            if headless and is_in_sight and run in parts:
                pieces.append((start, end, parts[run]))
                headless = False
    return matches, pieces


def _runs(words: Sequence[str], start: int, known: Collection[str]) -> list[tuple[int, str]]:
    """Return the possible ends of phrases that begin at ``start``, with their symbols, the farthest first."""
    end, run = start + 1, words[start]
    runs = [(end, run)]
    while end < len(words) and (run := f"{run} {words[end]}") in known:
        end += 1
        runs.append((end, run))
    return runs[::-1]


def _clauses(words: Sequence[str], breaks: Collection[int]) -> list[Clause]:
    clauses: list[Clause] = []
    start = 0
    for position, word in enumerate(words):
        if word in _ENDS or position in breaks or position - start >= _LONGEST_CLAUSE:
            if position > start:
                clauses.append(Clause(words, start, position, word == QUESTION))
            start = position + (word in _ENDS)
    if start < len(words):
        clauses.append(Clause(words, start, len(words), is_question=False))
    return clauses


def _add_ensembles(clause: Clause, pieces: Iterable[Piece], ensembles: Mapping[int, tuple[Ensemble, ...]]) -> None:
    parts: dict[int, list[Span]] = {}
    for start, end, refs in pieces:
        for ref in refs:
            parts.setdefault(ref, []).append((start, end))
    present = set(parts)
    for part in parts:
        for ensemble in ensembles.get(part, ()):
            # All parts are present, and no excluded word.
            if ensemble.others <= present and present.isdisjoint(ensemble.without):
                first, *others = (parts[each] for each in ensemble.parts)
                if spans := next(filter(None, (_nearest(clause, span, others) for span in first)), None):
                    end = max(end for _, end in spans)
                    match = Sighting(spans[0][0], end, ensemble.kind, ensemble.ref, spans)
                    clause.matches.setdefault(ensemble.kind, []).append(match)
    for kind in (Kind.TERM, Kind.CONTEXT):
        clause.matches.get(kind, []).sort(key=_PLACE)


def _nearest(clause: Clause, first: Span, others: list[list[Span]]) -> tuple[Span, ...]:
    """Choose the occurrence of each part nearest to the first one, in the same action; empty if one is missing."""
    spans = [first]
    for candidates in others:
        near = [
            (abs(start - first[0]), start, end)
            for start, end in candidates
            if abs(start - first[0]) <= _WINDOW
            and clause.chunk(start) == clause.chunk(first[0])
            and all(start >= other[1] or end <= other[0] for other in spans)
        ]
        if not near:
            return ()
        spans.append(min(near)[1:])
    return tuple(sorted(set(spans)))
