"""Months are simulated on arrays: queries are for what is read before the first and written after the last."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from prai_match.simulate import Scenario
from queries import counted

if TYPE_CHECKING:
    from prai_match import Programme

MOST = 1_500


def test_24_months_take_few_queries(example: Programme) -> None:
    with counted() as queries:
        example.simulate(Scenario(name="now"), dt.date(2007, 1, 1), dt.date(2008, 12, 31), replications=1)
    assert 0 < len(queries) <= MOST, Counter(queries).most_common(10)
