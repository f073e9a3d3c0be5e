"""What another order of territories would give, and one actor more: how often, and how much, it is better or worse."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from random import Random
from typing import TYPE_CHECKING

import pytest

from prai_match import Programme
from prai_match.explain import Changes, after_changes
from prai_match.packing import Weights, by_priority, tables, wishes
from prai_match.plan import together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match import Recommendations
    from prai_match.packing import Draft, Tables, Wish

DAYS = [("midi_pyrenees", dt.date(2007, 9, 3)), ("occitanie_2026", dt.date(2026, 9, 7))]


def outcomes(draft: Draft, orders: Sequence[tuple[Wish, ...]]) -> tuple[int, ...]:
    """The rank of the offer that each territory attends, wherever it is held, in the order of priority; none: the last."""
    every, places = [], draft.tables.places
    for own in orders:
        ranks = [rank for rank, wish in enumerate(own) if wish.n in draft.at]
        every.append(min(ranks, default=len(places)))
    return tuple(every)


def case(recs: Recommendations) -> tuple[Tables, list[tuple[Wish, ...]]]:
    """What is packed for recommendations, and in which order."""
    inputs = together(recs.answers).inputs
    return tables(inputs, Weights()), wishes(inputs, recs.answers.territories)


@pytest.mark.parametrize(("region", "on"), DAYS)
def test_no_order_drawn_at_random_is_better_by_priority(region: str, on: dt.date) -> None:
    inputs, orders = case(Programme.example(region).recommend(on))
    own, shuffled = outcomes(by_priority(inputs, orders), orders), list(orders)
    better = 0
    for seed in range(5):
        Random(seed).shuffle(shuffled)  # noqa: S311 - an order
        better += outcomes(by_priority(inputs, shuffled), orders) < own
    assert better == 0


def test_all_orders_of_five_territories_are_rarely_better_by_priority() -> None:
    """In one sample of six, some orders are better, and that for the last of the five alone."""
    better = []
    for seed in range(6):
        region, on = DAYS[seed % 2]
        prog = Programme.example(region)
        few = Random(seed).sample([territory.id for territory in prog.territories], 5)  # noqa: S311 - a sample
        inputs, orders = case(prog.recommend(on, territories=few))
        own = outcomes(by_priority(inputs, orders), orders)
        best = min(outcomes(by_priority(inputs, each), orders) for each in permutations(orders))
        better += [seed] if best < own else []
        assert best[:4] == own[:4]
    assert len(better) <= 1


@pytest.mark.parametrize(("region", "on"), DAYS)
def test_one_trainer_more_rarely_serves_worse(region: str, on: dt.date) -> None:
    prog = Programme.example(region)
    before, worse = served(prog, on), 0
    for trainer in prog.trainers[::12]:
        more = trainer.model_copy(update={"id": f"{trainer.id}_again"})
        worse += served(after_changes(prog, Changes.of(with_trainers=[more])), on) < before
    assert worse == 0


def served(prog: Programme, on: dt.date) -> list[float]:
    """The priorities that are served, the highest first."""
    recs = prog.recommend(on)
    seated = {*together(recs.answers).seats["territory"]}
    return sorted((rec.priority for rec in recs if rec.territory in seated), reverse=True)
