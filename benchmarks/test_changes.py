"""One more need and one territory's answer, beside building the programme anew with it."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import pytest

from prai_match import Programme
from test_datasets import communes

if TYPE_CHECKING:
    from collections.abc import Callable

ON = dt.date(2007, 9, 3)


def best(run: Callable[[], object], rounds: int) -> float:
    """Milliseconds of the quickest of several runs."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


@pytest.mark.parametrize(
    ("made", "rounds"), [(Programme.example, 20), (communes, 5)], ids=["a region", "34,969 communes"]
)
def test_one_more_need(made: Callable[[], Programme], rounds: int) -> None:
    prog = made()
    territory = prog.territories[0]
    need = {"collectivity": territory.members[0], "date": ON, "text": "refonte du site internet"}
    prog.recommend(ON, territories=territory.id)

    def changed() -> str | None:
        return prog.with_needs([need]).recommend(ON, territories=territory.id)[territory.id].session

    def anew() -> str | None:
        data = {name: getattr(prog, name) for name in Programme.model_fields}
        again = Programme.model_validate(data | {"needs": [*prog.needs, need]})
        return again.recommend(ON, territories=territory.id)[territory.id].session

    assert changed() == anew()
    fast, slow = best(changed, rounds), best(anew, max(2, rounds // 4))
    print(f"\none more need and one answer: {fast:.0f} ms, built anew {slow:.0f} ms ({slow / fast:.1f} x)")
    assert fast < slow
