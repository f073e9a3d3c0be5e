"""What texts ask for: their terms judged by the places, subjects and phrases around them, in columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from prai_match.needs._cues import REFUSED, cues, refusals
from prai_match.needs._phrases import clauses
from prai_match.needs._trie import (
    AND,
    CHANCES,
    COMMA,
    NEVER,
    REACHES,
    SIGNS,
    Bools,
    Floats,
    Ints,
    Kind,
    Rules,
    among,
    distinct,
    highest,
    spread,
)

if TYPE_CHECKING:
    from prai_match.needs._lexicon import Compiled
    from prai_match.needs._scan import Scan, Sightings

NO_TERM, EXCLUDED, NEGATED = "no_term", "excluded_context", "negated"
HAS, WEAK = "already_has", "too_weak"
# Why the lexicon names nothing.
REASONED = (NO_TERM, EXCLUDED, NEGATED, HAS, WEAK)
ACCEPTED: Final = -1  # beside the places in `REASONED`
_NO_TERM, _EXCLUDED, _NEGATED, _HAS, _WEAK = range(len(REASONED))
_PLACE_CHANCE = 0.5
_ENOUGH = 0.4
_BEARING = 8  # maximum number of words between a term and the subject that it serves
_COORDINATED = 6  # "la mairie, ainsi que pour l'école": words between places named together
_LINKS = (AND, COMMA, "que")
_SHORT = 6  # "RAS", "pas de besoin pour l'instant": all that the text says
_CUES = (Kind.NEGATION, Kind.HAVE, Kind.FINE)
_LONG: Final = 1 << 10  # longer than a clause


@dataclass(frozen=True, slots=True)
class TermColumns:
    """Terms found in texts, in their order, and why each is rejected; `ACCEPTED` if it isn't."""

    place: Ints  # token
    start: Ints  # word
    end: Ints
    ref: Ints
    spans: Ints
    text: Ints
    reason: Ints
    is_at_home: Bools

    def __getitem__(self, rows: Ints | Bools) -> TermColumns:
        return TermColumns(*(getattr(self, name)[rows] for name in self.__slots__))


class Verdicts(NamedTuple):
    """The workshop of each group of terms, or -1, its score, and why there is none; a group without terms has none."""

    workshop: Ints
    score: Floats
    reason: Ints


def judged(scan: Scan, compiled: Compiled) -> tuple[TermColumns, list[tuple[int, int]]]:
    """Judge the terms of texts by the places, subjects and phrases around each, and return the cues near them."""
    rules, found = compiled.rules, scan.found
    terms, contexts, places = (found.of(kind) for kind in (Kind.TERM, Kind.CONTEXT, Kind.PLACE))
    has_place = np.zeros(int(scan.cell[-1]) + 1 if len(scan.cell) else 0, bool)
    has_place[scan.cell[places.start]] = True
    is_at_home = has_place[scan.cell[terms.start]]
    of_clause = scan.clause[contexts.start]
    clause = scan.clause[terms.start]
    owner, at = spread(np.searchsorted(of_clause, clause), np.searchsorted(of_clause, clause, "right"))
    bars = rules.bars[terms.ref[owner], contexts.ref[at]]
    owner, at = owner[bars], at[bars]
    reach = rules.reach[contexts.ref[at]]
    low = np.minimum(contexts.end[at], terms.end[owner])
    high = np.maximum(contexts.start[at], terms.start[owner])
    signs = scan.count(SIGNS.index(COMMA), SIGNS.index(AND))
    bears = (high - low <= _BEARING) & ((high <= low) | (signs[high] == signs[low]))
    is_out = (reach == REACHES.index("phrase")) | ((reach == REACHES.index("objet")) & bears)
    reason = np.full(len(terms.start), ACCEPTED)
    reason[owner[is_out]] = _EXCLUDED
    elsewhere = distinct(owner[reach == REACHES.index("lieu")])
    elsewhere = elsewhere[reason[elsewhere] == ACCEPTED]
    is_at_home &= reason == ACCEPTED
    is_lieu = np.isin(owner, elsewhere) & (reach == REACHES.index("lieu"))
    is_others, is_here = _places(
        scan, terms[elsewhere], np.searchsorted(elsewhere, owner[is_lieu]), contexts[at[is_lieu]], places, rules
    )
    reason[elsewhere[is_others]], is_at_home[elsewhere] = _EXCLUDED, is_here
    told: list[tuple[int, int]] = []
    refused: dict[int, int] = {}
    for each in clauses(scan, distinct(scan.text[found.of(*_CUES).start])):
        told += cues(each)
        refused |= refusals(each)
    rank = np.cumsum(found.kind == Kind.TERM) - 1
    reason[rank[list(refused)]] = [_NEGATED if why == REFUSED else _HAS for why in refused.values()]
    near = [(int(scan.origin[word]), stance) for word, stance in told]
    place, text = scan.origin[terms.start], scan.text[terms.start]
    return TermColumns(place, terms.start, terms.end, terms.ref, terms.spans, text, reason, is_at_home), near


def _places(  # noqa: PLR0913, PLR0917 - terms, contexts and places of the same clauses
    scan: Scan, terms: Sightings, owner: Ints, contexts: Sightings, places: Sightings, rules: Rules
) -> tuple[Bools, Bools]:
    """Return whether terms are for others, and whether for the authority itself, in clauses that name others.

    A term is for the places named together after it in the same action, else for those before it. ``contexts`` are
    those of others that may exclude the term of which ``owner`` is the rank.
    """
    count, home = len(terms.start), scan.clause[places.start]
    clause = scan.clause[terms.start]
    of, at = spread(np.searchsorted(home, clause), np.searchsorted(home, clause, "right"))
    # "L'école de la commune" is the school.
    ends = np.sort(owner * (size := len(scan.symbol) + 1) + contexts.end)
    kept = ~among(np.append(ends, NEVER), of * size + places.start[at])
    of, at = of[kept], at[kept]
    is_home = np.repeat([False, True], [len(owner), len(of)])
    has_home = np.bincount(of, minlength=count) > 0
    inherits = rules.inherits[contexts.ref] & ~has_home[owner] & (contexts.end <= terms.start[owner])
    is_others = np.bincount(owner[inherits], minlength=count) > 0
    owner = np.concatenate([owner, of])
    start, end = np.append(contexts.start, places.start[at]), np.append(contexts.end, places.end[at])
    here = scan.cell[start] == scan.cell[terms.start[owner]]
    is_after = here & (end > terms.start[owner])
    has_after = (np.bincount(owner[is_after], minlength=count) > 0)[owner]
    rows = np.nonzero(np.where(has_after, is_after, here))[0]
    way = np.where(has_after, 1, -1)[rows]
    rows = rows[np.lexsort((way * is_home[rows], way * end[rows], way * start[rows], owner[rows]))]
    owner, start, end = owner[rows], start[rows], end[rows]
    new = np.diff(owner, prepend=-1) > 0
    low, high = np.minimum(end[:-1], end[1:]), np.maximum(start[:-1], start[1:])
    links = scan.count(*map(SIGNS.index, _LINKS))
    parts: Bools = (high - low > _COORDINATED) | ((high > low) & (links[low] == links[high]))
    breaks = np.cumsum(np.append([False], parts) | new)  # the first place of a term begins what is named together
    run = breaks == breaks[np.maximum.accumulate(np.where(new, np.arange(len(new)), 0))]
    is_at_home = np.bincount(owner[run & is_home[rows]], minlength=count) > 0
    is_others[owner] = True
    return is_others & ~is_at_home, is_at_home


def silence(scan: Scan, compiled: Compiled, texts: int) -> Ints:
    """Return why texts without terms ask for nothing."""
    found, reason = scan.found, np.full(texts, _NO_TERM)
    refusal = found.of(Kind.NEGATION)
    clause = scan.clause[refusal.start]
    reason[scan.text[refusal.start[scan.ends[clause] - scan.starts[clause] <= _SHORT]]] = _NEGATED
    contexts = found.of(Kind.CONTEXT)
    reason[scan.text[contexts.start[compiled.rules.is_reason[contexts.ref]]]] = _EXCLUDED
    return reason


def decide(terms: TermColumns, group: Ints, groups: int, rules: Rules) -> Verdicts:
    """Weigh the accepted terms of each group, and return the workshop that they ask for most."""
    names = len(rules.workshops)
    shape = groups, names
    kept = np.nonzero(terms.reason == ACCEPTED)[0]
    ref = terms.ref[kept]
    cell = group[kept] * names + rules.workshop[ref]
    used, first, at = np.unique(cell, return_index=True, return_inverse=True)
    score, sure, strong = np.zeros((3, *shape))
    start, is_firm = np.full(shape, np.iinfo(np.int64).max), np.zeros(shape, bool)
    is_firm.flat[cell[~rules.yields[ref]]] = True
    start.flat[used] = terms.start[kept[first]] * _LONG + terms.end[kept[first]] - terms.start[kept[first]]
    # A place of the authority itself counts once for each workshop, after the term that it makes stronger.
    is_home = terms.is_at_home[kept] & rules.is_at_home[ref]
    rows = np.repeat(np.arange(len(ref)), 1 + is_home)
    again = np.diff(rows, prepend=-1) == 0
    owner, items = at[rows], np.where(again, len(rules.workshop), ref[rows])
    chance = np.where(again, _PLACE_CHANCE, rules.chance[ref[rows]])
    once = np.sort(np.unique(owner * (len(rules.workshop) + 1) + items, return_index=True)[1])
    score.flat[used] = together(owner[once], chance[once], len(used))
    once = once[~again[once] & (chance[once] > CHANCES["faible"])]
    strong.flat[used] = together(owner[once], chance[once], len(used))
    np.maximum.at(sure.reshape(-1), used[owner[once]], chance[once])
    able = score >= _ENOUGH
    firm = able & is_firm
    able = np.where(highest(firm, 0)[:, None] > 0, firm, able)
    for each in (sure, strong):
        high = np.where(able, each, -1.0)
        able &= high == highest(high, -1.0)[:, None]
    winner = np.where(able, start, np.iinfo(np.int64).max).argmin(axis=1) if names else np.zeros(groups, np.int64)
    is_named = highest(able, 0) > 0
    reason = np.full(groups, -1)
    # Terms are in the order of the text.
    order = np.argsort(group * 10 - np.rint(10 * rules.chance[terms.ref]).astype(np.int64), kind="stable")
    best = order[np.diff(group[order], prepend=-1) > 0]
    reason[group[best]] = np.where(terms.reason[best] == ACCEPTED, _WEAK, terms.reason[best])
    points = score[np.arange(groups), winner] if names else np.zeros(groups)
    return Verdicts(np.where(is_named, winner, -1), np.where(is_named, points, 0.0), np.where(is_named, -1, reason))


def named(found: Verdicts, terms: TermColumns, group: Ints, rules: Rules) -> Verdicts:
    """Return verdicts on accepted terms, or on those that are refused or there already if there are no others."""
    is_other = np.isin(terms.reason, (_NEGATED, _HAS))
    turns = np.isin(found.reason, (_NEGATED, _HAS)) & (np.bincount(group[is_other], minlength=len(found.reason)) > 0)
    rows = np.nonzero(is_other & turns[group])[0]
    if not len(rows):
        return found
    others = terms[rows]
    again = decide(replace(others, reason=np.full(len(rows), ACCEPTED)), group[rows], len(turns), rules)
    return Verdicts(*(np.where(turns, new, old) for new, old in zip(again, found, strict=True)))


def together(owner: Ints, chance: Floats, count: int) -> Floats:
    """Return the chance that one of several things is so, for each owner: multiplied in their order."""
    order = np.argsort(owner, kind="stable")
    owner, left = owner[order], 1 - chance[order]
    sizes = np.bincount(owner, minlength=count)
    product, bounds = np.ones(count), np.cumsum(sizes) - sizes
    for step in range(int(sizes.max(initial=0))):
        rows = np.nonzero(sizes > step)[0]
        product[rows] *= left[bounds[rows] + step]
    return 1 - product
