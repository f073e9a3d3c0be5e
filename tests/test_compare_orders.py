"""What `scripts/compare_orders.py` counts, and that it ends with 1 where somebody is served worse who shouldn't be."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest

import compare_orders
from packing.orders import EverySet, Gain, Packed
from packing.paired import ON, alone


def test_what_others_gain_is_counted_from_the_highest_priority() -> None:
    packed = Packed(alone("T1", free=[{"start": "2007-10-08", "end": "2007-10-08"}]).recommend(ON))
    assert packed.own == ((0,), (packed.none,))
    assert packed.gain(((0,), (0,))) == Gain(before=1, ranks=packed.none, served=1)
    assert packed.gain(((packed.none,), (0,))) is None
    assert packed.gain(packed.own) is None


def test_a_better_set_is_found_where_there_is_one() -> None:
    """Nobody has a seat to begin with, and a set of all is there."""
    packed = Packed(alone("T1", notice_days=0).recommend(dt.date(2007, 9, 3)), dt.date(2007, 9, 4))
    best, packed.own = packed.own, tuple((packed.none,) for _ in packed.own)
    assert best < packed.own
    assert EverySet(packed).best_of(10_000) == best
    assert EverySet(packed).best_of(2) is None


def test_drawn_programmes_are_counted() -> None:
    counts = compare_orders.drawn(3, 0, 2)
    assert counts["actors more"] == 3
    assert counts["programmes with one relay and one trainer, and another"] == 6
    assert counts[compare_orders.FAULT] == 0


@pytest.mark.parametrize("worse", [0, 1])
def test_it_ends_with_1_where_somebody_is_served_worse(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, worse: int
) -> None:
    counts = Counter({compare_orders.FAULT: worse})
    monkeypatch.setattr(compare_orders, "drawn", lambda *_: counts)
    assert compare_orders.main(["--drawn", "1"]) == worse
    assert compare_orders.FAULT in capsys.readouterr().out
