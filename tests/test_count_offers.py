"""What `scripts/count_offers.py` counts, and that it ends with 1 where something can't be offered."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

import count_offers
from made import programme
from prai_match import Programme

ON = dt.date(2007, 9, 3)
ASKS = [
    {"collectivity": code, "date": "2007-05-02", "workshop": "site_internet", "people": 12}
    for code in ("09001", "09003", "09005")
]
BOOKED = {
    "id": "held", "session": "site_internet", "date": "2007-09-20", "booked_on": "2007-08-01", "host": "T2",
    "axis": None, "partner": "adm09", "trainer": "web", "cost": "900",
}  # fmt: skip


def test_offers_are_counted_by_where_they_are_held() -> None:
    alone = count_offers.count(programme(sessions=[], attendances=[], needs=ASKS), [ON])
    assert (alone["territories"], alone["first: its own place"], alone["first: a booked session"]) == (3, 3, 0)
    joined = count_offers.count(programme(sessions=[BOOKED], attendances=[], needs=ASKS), [ON])
    assert joined["first: a booked session"] == 2
    assert [joined[fault] for fault in count_offers.FAULTS] == [0, 0, 0]


def test_days_are_a_fortnight_apart() -> None:
    days = list(count_offers.fortnights(dt.date(2007, 1, 1), dt.date(2007, 2, 1)))
    assert days == [dt.date(2007, 1, 1), dt.date(2007, 1, 15), dt.date(2007, 1, 29)]


@pytest.mark.parametrize(("faults", "code"), [(0, 0), (2, 1)])
def test_it_ends_with_1_where_something_cant_be_offered(
    faults: int, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Programme, "example", lambda _: None)
    monkeypatch.setattr(count_offers, "count", lambda *_: Counter({"territories": 101, "closed day": faults}))
    assert count_offers.main(["--days", "2"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        *("midi_pyrenees:", "closed", "territories"),
        *("occitanie_2026:", "closed", "territories"),
    ]
