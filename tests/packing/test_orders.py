"""What another order of territories, any other set of sessions, and one actor more would give: how often it is better."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from packing import orders
from packing.orders import EverySet, Gain, Packed, more, priorities
from prai_match import Programme
from prai_match.testing import relay_partners, trainers
from thorough import examples

if TYPE_CHECKING:
    from prai_match.model import RelayPartner, Trainer

REGIONS = [("midi_pyrenees", dt.date(2007, 9, 3)), ("occitanie_2026", dt.date(2026, 9, 7))]
DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 9, 1))


@pytest.mark.parametrize(("region", "on"), REGIONS)
def test_no_order_drawn_at_random_is_better_by_priority(region: str, on: dt.date) -> None:
    packed = Packed(Programme.example(region).recommend(on))
    assert [gain for gain in packed.shuffled(5, 0) if gain] == []


@pytest.mark.parametrize(
    ("region", "on"), [("midi_pyrenees", dt.date(2008, 9, 7)), ("occitanie_2026", dt.date(2026, 7, 15))]
)
def test_what_another_order_gains_is_a_rank_of_one_after_many(region: str, on: dt.date) -> None:
    """Of ten orders a day, on 14 days, 18 were better: where priorities differ, by a rank of one, by three at most."""
    better = [gain for gain in Packed(Programme.example(region).recommend(on)).shuffled(10, 0) if gain]
    assert len(better) <= 5
    assert all(gain.before >= 10 and gain.served == 0 and gain.ranks <= 3 for gain in better)


def test_orders_of_drawn_programmes_are_rarely_better_by_priority() -> None:
    """Of 3,400 orders of 340 programmes of several territories, 32 were: it matters who hosts for others."""
    every: list[Gain | None] = []

    @given(orders.several(), DAYS, st.integers(0, 99))
    @examples(90)
    def look(prog: Programme, on: dt.date, seed: int) -> None:
        every.extend(Packed(prog.recommend(on)).shuffled(5, seed))

    look()
    better = [gain for gain in every if gain]
    assert len(every) >= 30
    assert len(better) <= len(every) / 10
    assert all(gain.served <= 2 for gain in better)


def test_all_orders_of_five_territories_are_rarely_better_by_priority() -> None:
    """In one sample of six, some orders are better, and that for the last of the five alone."""
    better = []
    for seed in range(6):
        region, on = REGIONS[seed % 2]
        prog = Programme.example(region)
        few = Random(seed).sample([territory.id for territory in prog.territories], 5)  # noqa: S311 - a sample
        packed = Packed(prog.recommend(on, territories=few))
        every = (packed.gain(packed.levels(packed.ranks([*each]))) for each in permutations(packed.orders))
        better += [max(gains, key=lambda gain: -gain.before)] if (gains := [gain for gain in every if gain]) else []
    assert len(better) <= 1
    assert all(gain.before == 4 for gain in better)


def test_sets_of_small_programmes_are_rarely_better_by_priority() -> None:
    """Of all sets of 135 programmes, those of 7 had a better one, by two ranks at most or one who is served."""
    every: list[Gain | None] = []

    @given(orders.five(), DAYS, st.integers(0, 6))
    @examples(240)
    def look(prog: Programme, on: dt.date, width: int) -> None:
        packed = Packed(prog.recommend(on), on + dt.timedelta(days=width))
        if packed.orders and (best := EverySet(packed).best_of(5000)):
            every.append(packed.gain(best))

    look()
    better = [gain for gain in every if gain]
    assert len(every) >= 10
    assert len(better) <= len(every) / 10
    assert all(gain.served <= 1 and gain.ranks <= 3 for gain in better)


@pytest.mark.parametrize(("region", "on"), REGIONS)
def test_one_actor_more_rarely_serves_worse(region: str, on: dt.date) -> None:
    prog = Programme.example(region)
    some: list[Trainer | RelayPartner] = [*prog.trainers[::12], *prog.partners[::6]]
    before = priorities(prog, on)
    assert [each for each in some if priorities(more(prog, each), on) < before] == []


def test_one_actor_more_rarely_serves_worse_in_drawn_programmes() -> None:
    """Of 120 drawn or there already, none did."""
    worse: list[bool] = []

    @given(orders.several(), DAYS, st.data())
    @examples(45)
    def look(prog: Programme, on: dt.date, data: st.DataObject) -> None:
        there = [st.sampled_from(each) for each in (prog.trainers, prog.partners) if each]
        actor = data.draw(st.one_of(trainers(prog), relay_partners(prog), *there))
        worse.append(priorities(more(prog, actor), on) < priorities(prog, on))

    look()
    assert sum(worse) <= len(worse) / 20


@given(prog=orders.single(), on=DAYS, relay=st.booleans())
@examples(45)
def test_where_there_is_one_relay_and_one_trainer_another_serves_nobody_worse(
    prog: Programme, on: dt.date, *, relay: bool
) -> None:
    actor = prog.partners[0] if relay else prog.trainers[0]
    assert priorities(more(prog, actor), on) >= priorities(prog, on)
