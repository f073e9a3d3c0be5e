"""One more need and one territory's answer, beside building the programme anew with it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from _measured import in_turns, keep
from prai_match import Programme
from test_datasets import communes

if TYPE_CHECKING:
    from collections.abc import Callable

ON = dt.date(2007, 9, 3)


@pytest.mark.parametrize(
    ("name", "made", "rounds"), [("region", Programme.example, 9), ("france", communes, 1)], ids=["region", "france"]
)
def test_one_more_need(name: str, made: Callable[[], Programme], rounds: int) -> None:
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
    times = in_turns({"changed": changed, "anew": anew}, rounds)
    keep(f"need_{name}", times["changed"], times["anew"], ratio=0.1)
