"""What a text asks for: each term judged by the places, the subjects and the turns of phrase around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from prai_match.needs._lexicon import Kind
from prai_match.needs._phrases import AND, COLON, COMMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from prai_match.needs._lexicon import Compiled
    from prai_match.needs._phrases import Clause, Found

NO_TERM = "no_term"
EXCLUDED = "excluded_context"
NEGATED = "negated"
HAS = "already_has"
WEAK = "too_weak"
TIE = "tie"

_CHANCES = {"fort": 0.8, "moyen": 0.5, "faible": 0.2}
_PLACE_CHANCE = 0.5
_ENOUGH = 0.4
_TOO_MANY = 3  # workshops asked for alike: the text doesn't choose
_COORDINATED = 6  # "la mairie, ainsi que pour l'école": words between places named together
_BEARING = 8  # words between a term and the subject that it serves
_DENIED = 4  # "n'est toujours pas vraiment en place": words between the denial and what is denied
_SHORT = 6  # "RAS", "pas de besoin pour l'instant": all that the text says
_GOES_ON = frozenset({"ni", "et", "ou"})
_LINKS = frozenset({AND, COMMA, "que"})
_CUES = frozenset({Kind.NEGATION, Kind.HAVE, Kind.FINE})


class Verdict(NamedTuple):
    """What one text asks for, or why nothing is said."""

    workshop: str | None
    axis: str | None
    score: float
    terms: list[Found]
    reason: str | None


class _Judged(NamedTuple):
    found: Found
    reason: str | None
    at_home: bool


def judge(clauses: Sequence[Clause], lexicon: Compiled) -> Verdict:
    """Weigh the terms that stand, and name the workshop that they ask for most."""
    silenced = _silenced(clauses)
    judged: list[_Judged] = []
    out_of_scope = False
    refused = False
    for clause in clauses:
        held = clause.found
        if Kind.CONTEXT in held:
            out_of_scope |= any(lexicon.contexts[item.ref].motif for item in held[Kind.CONTEXT])
        refused |= clause.end - clause.start <= _SHORT and Kind.NEGATION in held
        if Kind.TERM in held:
            judged += _placed(clause, silenced, lexicon)
    if not judged:
        return Verdict(None, None, 0.0, [], EXCLUDED if out_of_scope else NEGATED if refused else NO_TERM)
    return _decide(judged, lexicon)


def _decide(judged: Sequence[_Judged], lexicon: Compiled) -> Verdict:
    weights: dict[str, dict[int, float]] = {}
    first: dict[str, tuple[int, int]] = {}
    firm: set[str] = set()  # workshops asked for by more than their tool
    for found, reason, at_home in judged:
        if reason is None:
            term = lexicon.terms[found.ref]
            workshop = term.atelier
            chances = weights.get(workshop)
            if chances is None:
                chances = weights[workshop] = {}
                first[workshop] = found.start, found.end
            chances[found.ref] = _CHANCES[term.niveau]
            if at_home and term.chez_soi:
                chances[-1] = _PLACE_CHANCE
            if not term.cede:
                firm.add(workshop)
    scores = {workshop: _together(chances.values()) for workshop, chances in weights.items()}
    able = [workshop for workshop, score in scores.items() if score >= _ENOUGH]
    if not able:
        strongest = min(judged, key=lambda item: (-_CHANCES[lexicon.terms[item.found.ref].niveau], item.found.start))
        return Verdict(None, None, 0.0, [], strongest.reason or WEAK)
    able = [workshop for workshop in able if workshop in firm] or able
    winner = able[0]
    if len(able) > 1:
        strength = {workshop: _strength(weights[workshop]) for workshop in able}
        best = max(strength.values())
        leaders = [workshop for workshop in able if strength[workshop] == best]
        if len(leaders) >= _TOO_MANY:
            return Verdict(None, None, 0.0, [], TIE)
        winner = min(leaders, key=lambda workshop: (first[workshop], workshop))
    mine = [item.found for item in judged if item.reason is None and lexicon.terms[item.found.ref].atelier == winner]
    return Verdict(winner, _axis(mine, lexicon), round(100 * scores[winner], 1), mine, None)


def _strength(chances: Mapping[int, float]) -> tuple[float, float]:
    sure = [chance for ref, chance in chances.items() if ref >= 0 and chance > _CHANCES["faible"]]
    return max(sure, default=0.0), _together(sure)


def _together(chances: Iterable[float]) -> float:
    missed = 1.0
    for chance in chances:
        missed *= 1 - chance
    return 1 - missed


def _axis(found: Sequence[Found], lexicon: Compiled) -> str | None:
    weights: dict[str, dict[int, float]] = {}
    for item in found:
        term = lexicon.terms[item.ref]
        if term.axe is not None:
            weights.setdefault(term.axe, {})[item.ref] = _CHANCES[term.niveau]
    ranked = {axis: _together(chances.values()) for axis, chances in weights.items()}
    return max(ranked, key=ranked.__getitem__) if ranked else None


def _placed(clause: Clause, silenced: Mapping[Found, str], lexicon: Compiled) -> Iterator[_Judged]:
    """Say whether the place or the subject beside each term excludes it, and whether it is for the body itself."""
    contexts, places = clause.of(Kind.CONTEXT), clause.of(Kind.PLACE)
    for term in clause.found[Kind.TERM]:
        reason, at_home = None, False
        if contexts:
            reason, at_home = _excluded(clause, term, contexts, places, lexicon)
        elif places:
            at_home = bool(_places_of(clause, term, places))
        yield _Judged(term, silenced.get(term, reason), at_home)


def _excluded(
    clause: Clause, term: Found, contexts: Sequence[Found], homes: Sequence[Found], lexicon: Compiled
) -> tuple[str | None, bool]:
    places = list(homes)
    if contexts:
        barring = lexicon.barring[term.ref]
        for item in contexts:
            if item.ref in barring:
                reach = lexicon.contexts[item.ref].portee
                if reach == "lieu":
                    places.append(item)
                elif reach == "phrase" or _bears_on(clause, item, term):
                    return EXCLUDED, False
    if len(places) > len(homes):
        owned = {item.end for item in places if item.kind is Kind.CONTEXT}  # "l'école de la commune" is the school
        places = [item for item in places if item.kind is Kind.CONTEXT or item.start not in owned]
        places.sort()
    run = _places_of(clause, term, places)
    if not run and not any(item.kind is Kind.PLACE for item in places):
        run = [item for item in places if item.end <= term.start and lexicon.contexts[item.ref].herite]
    at_home = any(item.kind is Kind.PLACE for item in run)
    return (EXCLUDED if run and not at_home else None), at_home


def _bears_on(clause: Clause, subject: Found, term: Found) -> bool:
    start, end = min(subject.end, term.end), max(subject.start, term.start)
    return end - start <= _BEARING and not clause.between(start, end, (COMMA, AND))


def _places_of(clause: Clause, term: Found, places: Sequence[Found]) -> Sequence[Found]:
    """Find the places that a term is for: those named after it and together, else those before it."""
    here = places
    if clause.chunks:
        chunk = clause.chunk(term.start)
        here = [item for item in places if clause.chunk(item.start) == chunk]
    after = [item for item in here if item.end > term.start]
    return _coordinated(clause, after or here[::-1])


def _coordinated(clause: Clause, places: Sequence[Found]) -> Sequence[Found]:
    for rank in range(1, len(places)):
        last, item = places[rank - 1], places[rank]
        start, end = min(last.end, item.end), max(last.start, item.start)
        if end - start > _COORDINATED or (end > start and not clause.between(start, end, _LINKS)):
            return places[:rank]
    return places


def _silenced(clauses: Sequence[Clause]) -> dict[Found, str]:
    """Find the terms that a negation refuses or that are there already, with the reason."""
    silenced: dict[Found, str] = {}
    for rank, clause in enumerate(clauses):
        if clause.found.keys().isdisjoint(_CUES):
            continue
        before = clauses[rank - 1] if rank and clauses[rank - 1].asked else None
        for cue in clause.of(Kind.NEGATION):
            for term in _ahead(clause, cue) or _behind(clause, cue, before):
                silenced[term] = NEGATED
        after = clauses[rank + 1] if rank + 1 < len(clauses) else None
        for cue in (*clause.of(Kind.HAVE), *clause.of(Kind.FINE)):
            doubted = cue.kind is Kind.FINE and clause.asked  # "est-ce en règle ?"
            if not doubted and not _denied(clause, cue):
                for term in _behind(clause, cue, None) or _ahead(clause, cue) or _behind(clause, cue, before):
                    wanted = cue.kind is Kind.FINE and _wanted(clause, term)
                    if not wanted and not _to_redo(clause, term, cue, after):
                        silenced.setdefault(term, HAS)
    return silenced


def _denied(clause: Clause, cue: Found) -> bool:
    return any(
        item.start == cue.end
        or (0 <= cue.start - item.end <= _DENIED and not clause.between(item.end, cue.start, (COMMA, COLON)))
        for item in clause.of(Kind.DENIAL)
    )


def _ahead(clause: Clause, cue: Found) -> list[Found]:
    """Give the terms that a turn of phrase governs after it: up to a wish, or to a comma that opens another matter."""
    limit = min([item.start for item in clause.of(Kind.WISH) if item.start > cue.end], default=clause.end)
    terms = [item for item in clause.of(Kind.TERM) if cue.start <= item.start < limit]
    starts = {item.start for item in terms}
    for position in range(cue.end, limit):
        if clause.words[position] == COMMA and not _goes_on(clause, position + 1, starts):
            return [item for item in terms if item.start < position]
    return terms


def _goes_on(clause: Clause, start: int, terms: set[int]) -> bool:
    """Say whether a list goes on after a comma: "ni de SIG", or a bare term with nothing said of it."""
    if not _GOES_ON.isdisjoint(clause.words[start : start + 1]):
        return True
    end = start
    while end < clause.end and clause.words[end] != COMMA:
        end += 1
    said = (*clause.of(Kind.WISH), *clause.of(Kind.RENEW))
    return start in terms and not any(start <= item.start < end for item in said)


def _behind(clause: Clause, cue: Found, before: Clause | None) -> list[Found]:
    """Give the terms that a turn of phrase governs before it: of its own part of the sentence, else of the last one."""
    terms = [item for item in clause.of(Kind.TERM) if item.start < cue.start]
    if not terms:
        first = not any(item.start < cue.start for item in clause.of(Kind.WISH))
        return list(before.of(Kind.TERM)) if before is not None and first else []
    start = cue.start
    while start > clause.start and not any(item.start >= start for item in terms):
        start = _part_start(clause, start - 1)
    return [item for item in terms if item.start >= start]


def _wanted(clause: Clause, term: Found) -> bool:
    """Say whether a term is asked for or bought: "souhaite un site qui fonctionne bien" has none yet."""
    start = _part_start(clause, term.start)
    return any(start <= item.start <= term.start for kind in (Kind.WISH, Kind.ACTION) for item in clause.of(kind))


def _part_start(clause: Clause, position: int) -> int:
    while position > clause.start and clause.words[position - 1] != COMMA:
        position -= 1
    return position


def _to_redo(clause: Clause, term: Found, cue: Found, after: Clause | None) -> bool:
    """Say whether what is there already is to be made anew: "site déjà en place mais vieillissant"."""
    following = [item.start for item in clause.of(Kind.TERM) if item.start >= term.end]
    limit = min(following, default=clause.end)
    start = min(term.start, cue.end)
    if any(start <= item.start < limit or item.end == term.start for item in clause.of(Kind.RENEW)):
        return True
    if following:
        return False
    if any(term.end <= item.start for item in clause.of(Kind.WISH)):
        return True
    if after is None:
        return False
    if not after.of(Kind.TERM):
        return bool(after.of(Kind.RENEW) or after.of(Kind.WISH))
    limit = after.of(Kind.TERM)[0].start
    return any(after.between(item.end, limit, (COMMA,)) for item in after.of(Kind.RENEW))
