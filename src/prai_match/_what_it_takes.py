"""What it would take: sets of moves are tried on the engine, for one territory alone, the smallest first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from prai_match._what_it_takes_trials import Engine
from prai_match.explain._needed import Answer, Needed, short, title
from prai_match.explain._needed_moves import Situation, reads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prai_match._recommendations import Recommendations
    from prai_match._what_it_takes_trials import Moves
    from prai_match.explain import Finding, WhyNot
    from prai_match.explain._needed import Move, NoWay
    from prai_match.model import Lang

_MOST_MOVES = 3
_MOST_ANSWERS = 5
_MOST_TRIALS = 40
_ROUNDS = 3
"""How many times what is still refuted after all the moves can bring others."""

_LANGS: tuple[Lang, ...] = ("fr", "en")


def what_it_takes(  # noqa: PLR0913 - what is asked, by keyword
    recs: Recommendations, territory: str, *, session: str | None, partner: str | None, trainer: str | None, lang: Lang
) -> Needed:
    """Find the smallest sets of moves that make a candidate the recommendation (see `Recommendation`).

    Raises:
        UnknownCodeError: The session, the partner or the trainer isn't known.
        ValueError: None of them is given, or ``lang`` is not a language.
    """
    if lang not in _LANGS:
        msg = f"lang must be 'fr' or 'en', not {lang!r}"
        raise ValueError(msg)
    asked = {"session": session, "partner": partner, "trainer": trainer}
    if all(code is None for code in asked.values()):
        msg = "what_would_it_take needs a session, a partner or a trainer"
        raise ValueError(msg)
    engine = Engine.of(recs, territory, asked)
    answers, no_way, why = _search(engine)
    named = {each: [engine.names[each][code] for code in asked.values() if code is not None] for each in _LANGS}
    return Needed(
        territory=territory,
        session=session,
        partner=partner,
        trainer=trainer,
        answers=answers,
        tried=engine.tried,
        no_way=no_way,
        lang=lang,
        title={
            each: title(
                each,
                no_way,
                engine.territory.name,
                named=named[each],
                why=[said[each] for said in why],
                answers=len(answers),
            )
            for each in _LANGS
        },
    )


def _search(engine: Engine) -> tuple[tuple[Answer, ...], NoWay | None, Sequence[Mapping[Lang, str]]]:
    """Return the answers or why there are none, with the sentences that say more."""
    if engine.score(frozenset()) is not None:
        return (), "already", ()
    pool = _pool(engine)
    if pool.stopping:
        return (), "out_of_reach", [finding.sentence for finding in pool.stopping]
    for size in range(1, _MOST_MOVES + 1):
        answers = _of_size(engine, pool, size)
        if answers:
            return answers, None, ()
    if engine.score(pool.all) is not None:
        return (), "too_many", ()
    return (), "not_enough", _short(engine.why_not(pool.all))


def _short(why_not: WhyNot) -> list[Mapping[Lang, str]]:
    """Say what the candidate still lacks after all the moves: points, or conditions."""
    if why_not.refuting or why_not.gap is None:
        return [finding.sentence for finding in why_not.refuting]
    return [{lang: short(why_not.gap, lang) for lang in _LANGS}]


@dataclass(frozen=True, slots=True)
class _Pool:
    """The moves to try.

    Attributes:
        moves: In the order of trying, those that ask for less before others that settle the same.
        wanted: Columns that can mend each condition refuted.
        stopping: The conditions that no move changes.
    """

    moves: tuple[Move, ...]
    wanted: Mapping[str, frozenset[str]]
    stopping: tuple[Finding, ...]

    @property
    def all(self) -> Moves:
        """The moves that do most for each thing to settle."""
        return frozenset({move.slot: move for move in self.moves}.values())

    def sets(self, size: int) -> Iterator[tuple[Move, ...]]:
        """Return the sets of so many moves that can mend all that is refuted."""
        for moves in combinations(self.moves, size):
            changed = frozenset[str]().union(*(move.columns for move in moves))
            alike = len({move.slot for move in moves}) < size
            if not alike and not any(changed.isdisjoint(columns) for columns in self.wanted.values()):
                yield moves


def _pool(engine: Engine) -> _Pool:
    """Return the moves for what is refuted, then for what is still refuted after all of these, and so on."""
    pool = _Pool((), {}, ())
    for _ in range(_ROUNDS):
        why_not = engine.why_not(pool.all)
        snapshot, asked = engine.snapshot, engine.asked
        case = Situation(engine.programme, snapshot, engine.territory, why_not, asked, engine.names)
        known = {(move.kind, move.slot) for move in pool.moves}
        new = tuple(move for move in case.moves() if (move.kind, move.slot) not in known)
        moves = pool.moves + new
        can = frozenset[str]().union(*(move.columns for move in moves))
        refuted = {finding.rule: finding for finding in why_not.refuting}
        wanted = {**pool.wanted, **{rule: reads(finding) for rule, finding in refuted.items()}}
        stopping = tuple(finding for rule, finding in refuted.items() if can.isdisjoint(wanted[rule]))
        pool = _Pool(moves, wanted, stopping)
        if stopping or not new or engine.score(pool.all) is not None:
            break
    return pool


def _of_size(engine: Engine, pool: _Pool, size: int) -> tuple[Answer, ...]:
    """Return the answers of so many moves, where none of fewer was found."""
    answers: list[Answer] = []
    settled: set[frozenset[str]] = set()
    for moves in pool.sets(size):
        slots = frozenset(move.slot for move in moves)
        if len(answers) == _MOST_ANSWERS or engine.tried >= _MOST_TRIALS:
            break
        # What asks for less of the same was enough.
        if slots in settled:
            continue
        score = engine.score(frozenset(moves))
        if score is not None and _all_needed(engine, moves):
            settled.add(slots)
            answers.append(Answer(moves, score))
    return tuple(answers)


def _all_needed(engine: Engine, moves: tuple[Move, ...]) -> bool:
    """Tell whether no proper part of the moves does it."""
    parts = (frozenset(part) for size in range(1, len(moves)) for part in combinations(moves, size))
    return all(engine.score(part) is None for part in parts)
