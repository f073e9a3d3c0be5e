"""What a text asks for: each term is judged by the places, subjects and phrases around it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import prod
from typing import NamedTuple

from prai_match.needs._lexicon import Compiled, Kind
from prai_match.needs._phrases import AND, COLON, COMMA, Clause, Sighting

NO_TERM, EXCLUDED, NEGATED = "no_term", "excluded_context", "negated"
HAS, WEAK, TIE = "already_has", "too_weak", "tie"
_CHANCES = {"fort": 0.8, "moyen": 0.5, "faible": 0.2}
_PLACE_CHANCE = 0.5
_ENOUGH = 0.4
_TOO_MANY = 3  # workshops asked for equally: the text doesn't decide
_COORDINATED = 6  # "la mairie, ainsi que pour l'école": words between places named together
_BEARING = 8  # maximum number of words between a term and the subject that it serves
_DENIAL = 4  # "n'est toujours pas vraiment en place": words between the denial and what is denied
_SHORT = 6  # "RAS", "pas de besoin pour l'instant": all that the text says
_GOES_ON = frozenset({"ni", "et", "ou"})
_LINKS = frozenset({AND, COMMA, "que"})


class Verdict(NamedTuple):
    """What one text asks for, or why no workshop is recognised."""

    workshop: str | None
    axis: str | None
    score: float
    terms: list[Sighting]
    reason: str | None


_Judgement = tuple[Sighting, str | None, bool]  # a term, why it is rejected, and whether it is for the authority itself


def judge(clauses: Sequence[Clause], lexicon: Compiled) -> Verdict:
    """Weigh the accepted terms, and return the workshop that they ask for most."""
    refusals = _refusals(clauses)
    judgements = [
        (term, refusals.get(term, reason), is_at_home)
        for clause in clauses
        for term in clause.of(Kind.TERM)
        for reason, is_at_home in [_exclusion(clause, term, lexicon)]
    ]
    if judgements:
        return _decide(judgements, lexicon)
    if any(lexicon.table.contexte[item.ref].motif for clause in clauses for item in clause.of(Kind.CONTEXT)):
        return Verdict(None, None, 0.0, [], EXCLUDED)
    is_no = any(clause.of(Kind.NEGATION) and clause.end - clause.start <= _SHORT for clause in clauses)
    return Verdict(None, None, 0.0, [], NEGATED if is_no else NO_TERM)


def _decide(judgements: Sequence[_Judgement], lexicon: Compiled) -> Verdict:
    weights: dict[str, dict[int, float]] = {}
    first: dict[str, tuple[int, int]] = {}
    firm: set[str] = set()  # workshops requested by more than the name of a tool
    for match, reason, is_at_home in judgements:
        if reason is None:
            term = lexicon.table.terme[match.ref]
            first.setdefault(term.atelier, (match.start, match.end))
            chances = weights.setdefault(term.atelier, {})
            chances[match.ref] = _CHANCES[term.niveau]
            if is_at_home and term.chez_soi:
                chances[-1] = _PLACE_CHANCE
            if not term.cede:
                firm.add(term.atelier)
    scores = {workshop: _together(chances.values()) for workshop, chances in weights.items()}
    able = [workshop for workshop, score in scores.items() if score >= _ENOUGH]
    if not able:
        ranks = [(-_CHANCES[lexicon.table.terme[match.ref].niveau], match.start) for match, _, _ in judgements]
        return Verdict(None, None, 0.0, [], judgements[ranks.index(min(ranks))][1] or WEAK)
    able = [workshop for workshop in able if workshop in firm] or able
    strengths = {workshop: _strength(weights[workshop]) for workshop in able}
    leaders = [workshop for workshop in able if strengths[workshop] == max(strengths.values())]
    if len(leaders) >= _TOO_MANY:
        return Verdict(None, None, 0.0, [], TIE)
    winner = min(leaders, key=lambda workshop: (first[workshop], workshop))
    matches = [m for m, reason, _ in judgements if reason is None and lexicon.table.terme[m.ref].atelier == winner]
    return Verdict(winner, _axis(matches, lexicon), round(100 * scores[winner], 1), matches, None)


def _strength(chances: Mapping[int, float]) -> tuple[float, float]:
    sure = [chance for ref, chance in chances.items() if ref >= 0 and chance > _CHANCES["faible"]]
    return max(sure, default=0.0), _together(sure)


def _together(chances: Iterable[float]) -> float:
    return 1 - prod(1 - chance for chance in chances)


def _axis(matches: Sequence[Sighting], lexicon: Compiled) -> str | None:
    weights: dict[str, dict[int, float]] = {}
    for item in matches:
        term = lexicon.table.terme[item.ref]
        if term.axe is not None:
            weights.setdefault(term.axe, {})[item.ref] = _CHANCES[term.niveau]
    scores = {axis: _together(chances.values()) for axis, chances in weights.items()}
    return max(scores, key=scores.__getitem__, default=None)


def _exclusion(clause: Clause, term: Sighting, lexicon: Compiled) -> tuple[str | None, bool]:
    """Return whether a place or subject near a term excludes it, and whether the term is for the authority itself."""
    places = list(clause.of(Kind.PLACE))
    contexts = [item for item in clause.of(Kind.CONTEXT) if item.ref in lexicon.barring[term.ref]]
    for item in contexts:
        reach = lexicon.table.contexte[item.ref].portee
        if reach == "phrase" or (reach == "objet" and _bears_on(clause, item, term)):
            return EXCLUDED, False
    if others := [item for item in contexts if lexicon.table.contexte[item.ref].portee == "lieu"]:
        ends = {item.end for item in others}  # "l'école de la commune" is the school
        places = sorted([*others, *(item for item in places if item.start not in ends)])
    run = _places_of(clause, term, places)
    if not run and not any(item.kind is Kind.PLACE for item in places):
        run = [item for item in places if item.end <= term.start and lexicon.table.contexte[item.ref].herite]
    is_at_home = any(item.kind is Kind.PLACE for item in run)
    return (EXCLUDED if run and not is_at_home else None), is_at_home


def _bears_on(clause: Clause, subject: Sighting, term: Sighting) -> bool:
    start, end = min(subject.end, term.end), max(subject.start, term.start)
    return end - start <= _BEARING and not clause.between(start, end, (COMMA, AND))


def _places_of(clause: Clause, term: Sighting, places: Sequence[Sighting]) -> Sequence[Sighting]:
    """Find the places that a term is for: those named together after it, else those before it."""
    here = [item for item in places if clause.chunk(item.start) == clause.chunk(term.start)]
    places = [item for item in here if item.end > term.start] or here[::-1]
    for rank, (last, item) in enumerate(pairwise(places), 1):
        start, end = min(last.end, item.end), max(last.start, item.start)
        if end - start > _COORDINATED or (end > start and not clause.between(start, end, _LINKS)):
            return places[:rank]
    return places


def _refusals(clauses: Sequence[Clause]) -> dict[Sighting, str]:
    reasons: dict[Sighting, str] = {}
    for rank, clause in enumerate(clauses):
        before = clauses[rank - 1] if rank and clauses[rank - 1].is_question else None
        for cue in clause.of(Kind.NEGATION):
            for term in _ahead(clause, cue) or _behind(clause, cue, before):
                reasons[term] = NEGATED
        after = clauses[rank + 1] if rank + 1 < len(clauses) else None
        for cue in (*clause.of(Kind.HAVE), *clause.of(Kind.FINE)):
            is_doubt = cue.kind is Kind.FINE and clause.is_question  # "est-ce en règle ?"
            if not is_doubt and not _is_denied(clause, cue):
                for term in _behind(clause, cue, None) or _ahead(clause, cue) or _behind(clause, cue, before):
                    is_wish = cue.kind is Kind.FINE and _is_asked_for(clause, term)
                    if not is_wish and not _to_redo(clause, term, cue, after):
                        reasons.setdefault(term, HAS)
    return reasons


def _is_denied(clause: Clause, cue: Sighting) -> bool:
    return any(
        item.start == cue.end
        or (0 <= cue.start - item.end <= _DENIAL and not clause.between(item.end, cue.start, (COMMA, COLON)))
        for item in clause.of(Kind.DENIAL)
    )


def _ahead(clause: Clause, cue: Sighting) -> list[Sighting]:
    """Return the terms after a phrase that it governs: up to a wish, or to a comma that begins another subject."""
    limit = min((item.start for item in clause.of(Kind.WISH) if item.start > cue.end), default=clause.end)
    terms = [item for item in clause.of(Kind.TERM) if cue.start <= item.start < limit]
    starts = {item.start for item in terms}
    for position in range(cue.end, limit):
        if clause.words[position] == COMMA and not _goes_on(clause, position + 1, starts):
            return [item for item in terms if item.start < position]
    return terms


def _goes_on(clause: Clause, start: int, terms: set[int]) -> bool:
    """Return whether a list continues after a comma: "ni de SIG", or a term alone."""
    if not _GOES_ON.isdisjoint(clause.words[start : start + 1]):
        return True
    end = next((position for position in range(start, clause.end) if clause.words[position] == COMMA), clause.end)
    cues = (*clause.of(Kind.WISH), *clause.of(Kind.RENEW))
    return start in terms and not any(start <= item.start < end for item in cues)


def _behind(clause: Clause, cue: Sighting, before: Clause | None) -> list[Sighting]:
    """Return the terms before a phrase that it governs: in its part of the sentence, else in the previous one."""
    if not (terms := [item for item in clause.of(Kind.TERM) if item.start < cue.start]):
        first = not any(item.start < cue.start for item in clause.of(Kind.WISH))
        return list(before.of(Kind.TERM)) if before is not None and first else []
    start = cue.start
    while start > clause.start and not any(item.start >= start for item in terms):
        start = _part_start(clause, start - 1)
    return [item for item in terms if item.start >= start]


def _is_asked_for(clause: Clause, term: Sighting) -> bool:
    """Return whether a term is requested or bought: in "souhaite un site qui fonctionne bien", none exists yet."""
    start = _part_start(clause, term.start)
    return any(start <= item.start <= term.start for kind in (Kind.WISH, Kind.ACTION) for item in clause.of(kind))


def _part_start(clause: Clause, position: int) -> int:
    while position > clause.start and clause.words[position - 1] != COMMA:
        position -= 1
    return position


def _to_redo(clause: Clause, term: Sighting, cue: Sighting, after: Clause | None) -> bool:
    """Return whether an existing thing has to be redone: "site déjà en place mais vieillissant"."""
    following = [item.start for item in clause.of(Kind.TERM) if item.start >= term.end]
    start, limit = min(term.start, cue.end), min(following, default=clause.end)
    if any(start <= item.start < limit or item.end == term.start for item in clause.of(Kind.RENEW)):
        return True
    if following:
        return False
    is_wish = any(term.end <= item.start for item in clause.of(Kind.WISH))
    if is_wish or after is None:
        return is_wish
    if not after.of(Kind.TERM):
        return bool(after.of(Kind.RENEW) or after.of(Kind.WISH))
    limit = after.of(Kind.TERM)[0].start
    return any(after.between(item.end, limit, (COMMA,)) for item in after.of(Kind.RENEW))
