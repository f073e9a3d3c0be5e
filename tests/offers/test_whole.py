"""Totals, ratings and events of a whole programme."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lively import ON, RENEWED, day, programme
from prai_match import calendar, offers
from prai_match.offers import Whole

NAMES = day().frames.sessions["session"].to_list()


def test_totals_are_people_events_and_money_left() -> None:
    whole = Whole.of(day())
    # Two members at one session on one day are one event; what comes after the day is none. Money: 20,000 - 1,500.50
    # less what is held or booked by the day.
    spent = 600.10 + 310.25 + 400 + 50 + 80
    assert (whole.people.tolist(), whole.served.tolist()) == ([3000 + 500 + 12000 + 800 + 40], [8])
    assert whole.budget_left.tolist() == pytest.approx([18499.5 - spent])
    assert np.isnan(Whole.of(day(programme(budget=None))).budget_left).tolist() == [True]


def test_money_left_is_to_the_cent() -> None:
    held = [{"id": f"h{n}", "session": "sig", "date": "2007-01-01", "host": "A1", "cost": "0.1"} for n in range(3)]
    made = programme(sessions=held, attendances=[], budget={"total": "0.30"})
    assert Whole.of(day(made)).budget_left.tolist() == [0]


def means(whole: Whole) -> dict[str, float]:
    return {name: mean for name, mean in zip(NAMES, whole.ratings[0].tolist(), strict=True) if not math.isnan(mean)}


def test_ratings_are_counted_and_averaged_by_session() -> None:
    rated = zip(*(column.tolist() for column in offers.rating_counts(day())), strict=True)
    assert [(NAMES[s], rating, times) for s, rating, times in sorted(rated)] == [
        ("b_geo", 1, 1), ("b_geo", 2, 1), ("b_web", 3, 1), ("b_web", 4, 1), ("site_internet", 3, 1),
        ("teleservices", 2, 1),
    ]  # fmt: skip
    assert means(Whole.of(day())) == {"b_geo": 1.5, "b_web": 3.5, "site_internet": 3.0, "teleservices": 2.0}


def test_what_was_counted_part_by_part_makes_the_same_whole() -> None:
    snapshot = day()
    s, rating, times = offers.rating_counts(snapshot)
    again = rating == 4
    apart = (np.concatenate([column, column[again]]) for column in (s, rating, times))
    whole = Whole.from_counts(snapshot, 7, *apart)
    assert whole.served.tolist() == [7]
    assert means(whole) == {"b_geo": 1.5, "b_web": (3 + 4 + 4) / 3, "site_internet": 3.0, "teleservices": 2.0}
    assert whole.estimates.chances.tolist() == Whole.of(snapshot).estimates.chances.tolist()


def test_a_mean_does_not_depend_on_the_order_in_which_ratings_come() -> None:
    snapshot, dice = day(), np.random.default_rng(1)
    rating, times = 1 + np.arange(30) / 10, np.arange(30) % 7 + 1
    found = set()
    for _ in range(20):
        order = dice.permutation(30)
        whole = Whole.from_counts(snapshot, 1, np.zeros(30, np.int64), rating[order], times[order])
        found.add(whole.ratings[0, 0])
    assert len(found) == 1


def test_edges_are_the_follow_ups_by_number() -> None:
    edges = day().edges
    graph = programme().follow_ups(ON).edges()
    found = {
        (NAMES[s], NAMES[after]): (chances[0], lag)
        for s, after, chances, lag in zip(
            *(part.tolist() for part in (edges.s, edges.s_next, edges.estimates.chances[0], edges.estimates.lags[0])),
            strict=True,
        )
    }
    rows = graph["source", "target", "probability", "lag_days"].rows()
    assert found == {(one, two): (share, lag) for one, two, share, lag in rows}
    assert day().follow_up_frame.height == len(rows)


def test_each_territory_counts_once_a_session_and_day() -> None:
    snapshot = day()
    events = snapshot.frames.visits.events
    codes = snapshot.frames.territories["territory"]
    past = events["date"] <= snapshot.today
    rows = zip(*(events[name][past].tolist() for name in ("t", "s", "date", "together")), strict=True)
    dates = calendar.dates(np.arange(20_000))
    assert sorted((codes[t], NAMES[s], dates[date].isoformat(), both) for t, s, date, both in rows) == [
        ("A1", "b_geo", RENEWED, 1),
        ("A1", "b_web", "2007-04-10", 1),
        ("A1", "b_web", "2007-06-10", 0),
        ("A2", "b_geo", "2007-03-19", 0),
        ("B1", "site_internet", "2007-09-03", 1),
        ("C1", "b_web", "2007-05-01", 0),
        ("C1", "teleservices", "2007-06-01", 0),
        ("D1", "teleservices", "2006-12-01", 1),
    ]
    assert offers.events_by(snapshot) == 8


def test_a_day_knows_what_is_told_of_the_whole_rather_than_read_it() -> None:
    snapshot = day()
    told = Whole.from_counts(snapshot, 3, *offers.rating_counts(snapshot))
    here = offers.Snapshot(snapshot.frames, ON, snapshot.follow_ups, None, told)
    assert here.whole is told
    assert here.whole.served.tolist() == [3]
    nobody = np.zeros_like(snapshot.interest)[None]
    empty = offers.Snapshot(snapshot.frames, ON, snapshot.follow_ups, None, told, nobody)
    assert not empty.people_around.any()
    assert snapshot.people_around.any()
