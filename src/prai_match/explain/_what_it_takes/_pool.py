"""The sets of moves to try: moves that could settle refuted conditions, and holding recommended sessions first."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import TypeVar

from prai_match.explain._what_it_takes import _engine_runs, _moves
from prai_match.explain._what_it_takes._result import Move, Terms
from prai_match.explain._what_it_takes._situation import Situation, reads
from prai_match.explain._what_it_takes._standing import NONE, Moves, Question
from prai_match.explain._why_not import Finding

T = TypeVar("T")
Search = Generator[Sequence[Moves] | Moves, None, T]  # yields sets to try, or one to explain

MOST_MOVES = 4
_MOST_TRIALS, _TOGETHER = 40, 3  # without sessions held first, so many sets are tried, of so many moves
_ROUNDS = 3  # how many times conditions that are still refuted after all moves can add further moves


@dataclass(frozen=True, slots=True)
class Pool:
    """The moves to try; among those that settle the same condition, those that ask for less come first.

    Also holds the columns that can settle each refuted condition, and the conditions that no move changes.
    """

    moves: tuple[Move, ...]
    columns: Mapping[str, frozenset[str]]
    stopping: tuple[Finding, ...]

    @property
    def all(self) -> Moves:
        """The strongest move for each slot."""
        return frozenset({move.slot: move for move in self.moves}.values())

    def sets(self) -> list[tuple[Move, ...]]:
        """Return the sets to try, those of few moves first."""
        every = (moves for size in range(1, _TOGETHER + 1) for moves in combinations(self.moves, size))
        return [*islice(filter(self.may_do, every), _MOST_TRIALS)]

    def sets_with(self, held: Sequence[tuple[Move, ...]]) -> list[tuple[Move, ...]]:
        """Return the sets that combine sessions held first with one other move."""
        others = [move for move in self.moves if move.kind != "wait"]  # sessions held first are held on the day itself
        every = ((*first, move) for first in held if len(first) < MOST_MOVES for move in others)
        return [*filter(self.may_do, every)]

    def may_do(self, moves: tuple[Move, ...]) -> bool:
        own = frozenset[str]().union(*(move.columns for move in moves))
        alike = len({move.slot for move in moves}) < len(moves)
        return not alike and not any(own.isdisjoint(columns) for columns in self.columns.values())


def parts_of(moves: tuple[Move, ...]) -> list[tuple[Move, ...]]:
    """Return the sets of some of the moves, then all of them."""
    return [part for size in range(1, len(moves) + 1) for part in combinations(moves, size)]


def pool_of(engine: _engine_runs.Engine, question: Question, terms: Terms) -> Search[Pool]:
    """Return moves for the refuted conditions, then for those still refuted after all these moves, and so on."""
    pool = Pool((), {}, ())
    for _ in range(_ROUNDS):
        yield pool.all
        standing = question.standings[pool.all]
        case = Situation(engine.material, question.territory, standing, question.request, terms.never)
        before = {(move.kind, move.slot) for move in pool.moves}
        new = tuple(move for move in _moves.moves(case) if (move.kind, move.slot) not in before)
        moves = pool.moves + new
        can = _moves.held(case).union(*(move.columns for move in moves))
        columns = {**pool.columns, **{finding.rule: reads(finding) for finding in standing.refuting}}
        stopping = tuple(finding for finding in standing.refuting if can.isdisjoint(columns[finding.rule]))
        pool = Pool(moves, columns, stopping)
        if stopping or not new:
            break
        # The smallest sets are tried in the same run, which costs almost nothing.
        yield [pool.all, *(frozenset([move]) for move in pool.moves if pool.may_do((move,)))]
        if question.score(pool.all) is not None:
            break
    return pool


def held_first(
    engine: _engine_runs.Engine, question: Question, terms: Terms, most: float
) -> Search[list[tuple[Move, ...]]]:
    """Return sets that hold the recommended session first, then also the one recommended after it, and so on.

    They are tried until the candidate is recommended, or as long as they cost less than ``most``.
    """
    case = Situation(engine.material, question.territory, question.standings[NONE], question.request, terms.never)
    every: list[tuple[Move, ...]] = []
    held: tuple[Move, ...] = ()
    while _moves.held(case) and len(held) < MOST_MOVES:
        session = question.recommended(frozenset(held))
        if session is None or session == case.standing.session or (move := _moves.visit(case, "hold", session)) in held:
            break
        held = (*held, move)
        if terms.cost(held) >= most:
            break
        yield [frozenset(held)]
        every.append(held)
    return every
