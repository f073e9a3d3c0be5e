"""The laws of what it would take, checked by recommending again."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from prai_match.explain._what_it_takes._result import NeededAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prai_match import Recommendation
    from prai_match.explain._what_it_takes._result import Move, Needed


def after(rec: Recommendation, moves: Iterable[Move]) -> Recommendation:
    return rec.what_if(**NeededAnswer(tuple(moves), 0, 0).applied).after[rec.territory]


def is_it(rec: Recommendation, needed: Needed) -> bool:
    asked = {"session": needed.session, "partner": needed.partner, "trainer": needed.trainer}
    return rec.offer is not None and all(code in {None, getattr(rec, name)} for name, code in asked.items())


def can_hold(rec: Recommendation, moves: Sequence[Move]) -> bool:
    """Whether each session that is held first is possible after those before."""
    held = [move for move in moves if move.kind == "hold"]
    sessions = [move.changes.with_attendances[0].session for move in held]
    return all(after(rec, held[:place]).why_not(session=session).possible for place, session in enumerate(sessions))


def check(rec: Recommendation, needed: Needed) -> None:
    """The laws: every answer makes it the recommendation with the score said, and no proper part of it does.

    Answers come by cost, what they hold first can be held, and what came nearest isn't enough.
    """
    assert bool(needed) == (needed.no_way is None) == (len(needed) > 0)
    assert (needed.no_way == "already") == is_it(rec, needed)
    for answer in needed:
        changed = after(rec, answer.moves)
        assert is_it(changed, needed)
        assert changed.score == answer.score
        assert can_hold(rec, answer.moves)
        for size in range(len(answer.moves)):
            for part in combinations(answer.moves, size):
                assert not is_it(after(rec, part), needed) or not can_hold(rec, part)
    costs = [answer.cost for answer in needed]
    assert costs == sorted(costs)
    assert all(cost < 2 * costs[0] for cost in costs)
    if needed.nearest is not None:
        assert needed.no_way == "not_enough"
        assert needed.nearest.lacks
        assert not is_it(after(rec, needed.nearest.moves), needed)
    assert needed.text(needed.lang) == str(needed)
    assert needed.text("en").count("\n") == len(needed)
