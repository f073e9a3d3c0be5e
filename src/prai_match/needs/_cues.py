"""What clauses say of the terms in them where columns can't tell: refusals, and what is there already."""

from collections.abc import Iterator, Sequence

from prai_match.needs._phrases import Clause, Sighting
from prai_match.needs._trie import COLON, COMMA, Kind

# Plain numbers are found faster than members.
_TERM, _CONTEXT, _NEGATION, _HAVE, _FINE, _RENEW, _WISH, _DENIAL, _CONTRAST, _ACTION, *_REST = map(int, Kind)
_DENIED = 4  # "n'est toujours pas vraiment en place": words between the denial and what is denied
_GOES_ON = frozenset({"ni", "et", "ou"})
REFUSED, THERE = range(1, 3)  # what cues say


def refusals(clauses: Sequence[Clause]) -> dict[int, int]:
    """Return the rows of terms that are refused or there already."""
    reasons: dict[int, int] = {}
    for rank, clause in enumerate(clauses):
        before = clauses[rank - 1] if rank and clauses[rank - 1].is_question else None
        for cue in clause.of(_NEGATION):
            for term in _ahead(clause, cue) or _behind(clause, cue, before):
                reasons[term.row] = REFUSED
        after = clauses[rank + 1] if rank + 1 < len(clauses) else None
        for cue in (*clause.of(_HAVE), *clause.of(_FINE)):
            is_doubt = cue.kind == _FINE and clause.is_question  # "est-ce en règle ?"
            if not is_doubt and not _is_denied(clause, cue):
                for term in _behind(clause, cue, None) or _ahead(clause, cue) or _behind(clause, cue, before):
                    is_wish = cue.kind == _FINE and _is_asked_for(clause, term)
                    if not is_wish and not _to_redo(clause, term, cue, after):
                        reasons.setdefault(term.row, THERE)
    return reasons


def _is_denied(clause: Clause, cue: Sighting) -> bool:
    return any(
        item.start == cue.end
        or (0 <= cue.start - item.end <= _DENIED and not clause.between(item.end, cue.start, (COMMA, COLON)))
        for item in clause.of(_DENIAL)
    )


def _ahead(clause: Clause, cue: Sighting) -> list[Sighting]:
    """Return the terms after a phrase that it governs: up to a wish, or to a comma that begins another subject."""
    limit = min((item.start for item in clause.of(_WISH) if item.start > cue.end), default=clause.end)
    terms = [item for item in clause.of(_TERM) if cue.start <= item.start < limit]
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
    cues = (*clause.of(_WISH), *clause.of(_RENEW))
    return start in terms and not any(start <= item.start < end for item in cues)


def _behind(clause: Clause, cue: Sighting, before: Clause | None) -> list[Sighting]:
    """Return the terms before a phrase that it governs: in its part of the sentence, else in the previous one."""
    if not (terms := [item for item in clause.of(_TERM) if item.start < cue.start]):
        first = not any(item.start < cue.start for item in clause.of(_WISH))
        return list(before.of(_TERM)) if before is not None and first else []
    start = cue.start
    while start > clause.start and not any(item.start >= start for item in terms):
        start = _part_start(clause, start - 1)
    return [item for item in terms if item.start >= start]


def _is_asked_for(clause: Clause, term: Sighting) -> bool:
    """Return whether a term is requested or bought: in "souhaite un site qui fonctionne bien", none exists yet."""
    start = _part_start(clause, term.start)
    return any(start <= item.start <= term.start for kind in (_WISH, _ACTION) for item in clause.of(kind))


def _part_start(clause: Clause, position: int) -> int:
    while position > clause.start and clause.words[position - 1] != COMMA:
        position -= 1
    return position


def _to_redo(clause: Clause, term: Sighting, cue: Sighting, after: Clause | None) -> bool:
    """Return whether an existing thing has to be redone: "site déjà en place mais vieillissant"."""
    following = [item.start for item in clause.of(_TERM) if item.start >= term.end]
    start, limit = min(term.start, cue.end), min(following, default=clause.end)
    if any(start <= item.start < limit or item.end == term.start for item in clause.of(_RENEW)):
        return True
    if following:
        return False
    is_wish = any(term.end <= item.start for item in clause.of(_WISH))
    if is_wish or after is None:
        return is_wish
    if not after.of(_TERM):
        return bool(after.of(_RENEW) or after.of(_WISH))
    limit = after.of(_TERM)[0].start
    return any(after.between(item.end, limit, (COMMA,)) for item in after.of(_RENEW))


def cues(clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """Yield the places of phrases that refuse or say that something is there already for what they stand near."""
    for clause in clauses:
        for cue in clause.of(_NEGATION):
            yield cue.start, REFUSED
        for cue in (*clause.of(_HAVE), *clause.of(_FINE)):
            wishes = (*clause.of(_RENEW), *clause.of(_WISH))
            if not _is_denied(clause, cue) and not any(_part_start(clause, cue.start) <= item.start for item in wishes):
                yield cue.start, THERE
