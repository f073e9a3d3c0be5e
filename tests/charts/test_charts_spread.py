"""Shares sum to 1, the Lorenz curve goes from 0 to 1 below equality, and the Gini index is what it says."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

import made
from prai_match import Programme, UnknownCodeError, charts
from thorough import examples

if TYPE_CHECKING:
    from region import Region


def _curve(programme: Programme, rows_of: Any, **options: Any) -> list[tuple[float, float]]:
    rows = rows_of(charts.lorenz(programme, **options), "order", "population", "received")
    return [(row["population"], row["received"]) for row in sorted(rows, key=lambda row: int(row["order"]))]


def _gini(programme: Programme, **options: Any) -> float:
    subtitle = charts.lorenz(programme, lang="en", **options).to_dict(validate=False)["title"]["subtitle"][0]
    found = re.match(r"Gini coefficient: ([\d.]+)", subtitle)
    assert found
    return float(found[1])


def test_shares_of_the_bundled_region(bundled: Programme, region: Region, rows_of: Any) -> None:
    told = {row["told"] for row in rows_of(charts.shares(bundled, lang="en"), "told", "share", "population")}
    held = Counter(region.departement[session.host] for session in region.data.sessions)
    assert held["46"] == 13
    assert any(text.startswith("Lot: 22% of the sessions (13 sessions), 6% of the population") for text in told)
    assert len(told) == 8


@examples(20)
@given(made.data())
def test_shares_sum_to_the_whole(data: dict[str, Any]) -> None:
    programme = Programme.model_validate(data)
    spec = charts.shares(programme).to_dict(validate=False)
    bars = [row for rows in spec["datasets"].values() for row in rows if {"told", "share", "population"} <= row.keys()]
    held = sum(session.date <= programme.period.end for session in programme.sessions)
    counts = [int(re.findall(r"\((\d+) session", row["told"])[0]) for row in bars]
    assert sum(counts) == held
    shares = [row["share"] for row in bars]
    if held:
        assert shares == pytest.approx([100 * count / held for count in counts])
    else:
        assert sum(shares) == 0
        assert "rien à partager" in spec["title"]["subtitle"][1]


def test_only_what_came_until_the_day_counts(bundled: Programme, rows_of: Any) -> None:
    before = charts.shares(bundled, dt.date(2006, 11, 14)).to_dict(validate=False)["title"]["subtitle"][0]
    assert "1 session jusqu’au 14 novembre 2006" in before
    assert _curve(bundled, rows_of, on=dt.date(2006, 11, 1)) == []


@pytest.mark.parametrize("of", ["sessions", "people"])
def test_lorenz_of_the_bundled_region(of: Any, bundled: Programme, rows_of: Any) -> None:
    points = _curve(bundled, rows_of, of=of)
    assert len(points) == len(bundled.territories) + 1
    assert 0 < _gini(bundled, of=of) < 1


@examples(20)
@given(made.data())
def test_lorenz_goes_from_nothing_to_all_below_equality(data: dict[str, Any]) -> None:
    programme = Programme.model_validate(data)
    spec = charts.lorenz(programme, lang="en").to_dict(validate=False)
    rows = [row for rows in spec["datasets"].values() for row in rows if "received" in row and "order" in row]
    points = [(row["population"], row["received"]) for row in sorted(rows, key=lambda row: int(row["order"]))]
    if not points:
        assert "can't be drawn" in str(spec["datasets"])
        return
    assert points[0] == (0, 0)
    assert points[-1] == (100, 100)
    for (x, y), (x2, y2) in itertools.pairwise(points):
        assert x <= x2
        assert y <= y2
    assert all(y <= x + 1e-9 for x, y in points)
    assert 0 <= _gini(programme) <= 1


def test_gini_of_known_spreads() -> None:
    def spread(*counts: int) -> Programme:
        came = [
            {"collectivity": f"0900{2 * place + 1}", "session": "b_web", "date": "2007-03-01", "elected": count}
            for place, count in enumerate(counts)
            if count
        ]
        return made.programme(attendances=came)

    assert _gini(spread(4, 4, 4), of="people") == 0
    assert _gini(spread(12, 0, 0), of="people") == pytest.approx(2 / 3, abs=0.005)
    assert _gini(spread(12, 0, 0), of="sessions") == pytest.approx(2 / 3, abs=0.005)


def test_a_place_where_nobody_lives_comes_last_if_it_received_something(rows_of: Any) -> None:
    territories = made.small()["territories"]
    territories[1]["population"] = 0
    came = [
        {"collectivity": code, "session": "b_web", "date": "2007-03-01", "elected": 2} for code in ("09001", "09003")
    ]
    points = _curve(made.programme(territories=territories, attendances=came), rows_of)
    assert points == [(0, 0), (50, 0), (100, 50), (100, 100)]


@pytest.mark.usefixtures("english")
def test_another_curve_is_refused(bundled: Programme) -> None:
    with pytest.raises(UnknownCodeError, match="did you mean sessions, people"):
        charts.lorenz(bundled, of="money")  # type: ignore[arg-type]
