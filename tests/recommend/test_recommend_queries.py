"""Answers are worked out on arrays: queries are for what is read and what is returned."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from prai_match import Programme
from queries import counted

MOST = 25


def test_a_region_on_a_new_day_takes_few_queries() -> None:
    region = Programme.example()
    region.recommend(dt.date(2008, 1, 10))
    with counted() as queries:
        region.recommend(dt.date(2008, 1, 11))
    assert 0 < len(queries) <= MOST, Counter(queries).most_common(10)
