"""Totals, ratings and events of a whole programme."""

from __future__ import annotations

import polars as pl
import pytest

from lively import ON, RENEWED, day, programme
from prai_match import offers
from prai_match.offers import Whole

NAMES = day().frames.sessions["session"].to_list()


def test_totals_are_people_events_and_money_left() -> None:
    totals = Whole.of(day()).totals
    assert totals.schema == {"people": pl.Float64, "served": pl.Float64, "budget_left": pl.Float64}
    # Two members at one session on one day are one event; what comes after the day is none. Money: 20,000 - 1,500.50
    # less what is held or booked by the day.
    spent = 600.10 + 310.25 + 400 + 50 + 80
    assert totals.row(0) == (3000 + 500 + 12000 + 800 + 40, 8, pytest.approx(18499.5 - spent))
    assert Whole.of(day(programme(budget=None))).totals["budget_left"].to_list() == [None]


def test_money_left_is_to_the_cent() -> None:
    held = [{"id": f"h{n}", "session": "sig", "date": "2007-01-01", "host": "A1", "cost": "0.1"} for n in range(3)]
    made = programme(sessions=held, attendances=[], budget={"total": "0.30"})
    assert Whole.of(day(made)).totals["budget_left"].item() == 0


def test_ratings_are_counted_and_averaged_by_session() -> None:
    rated = offers.rating_counts(day())
    assert rated.schema == {"s": pl.UInt32, "rating": pl.Float64, "times": pl.Int64}
    assert [(NAMES[s], rating, times) for s, rating, times in rated.sort("s", "rating").rows()] == [
        ("b_geo", 1, 1), ("b_geo", 2, 1), ("b_web", 3, 1), ("b_web", 4, 1), ("site_internet", 3, 1),
        ("teleservices", 2, 1),
    ]  # fmt: skip
    ratings = Whole.of(day()).ratings
    assert ratings.schema == {"w": pl.UInt32, "s": pl.UInt32, "session_rating": pl.Float64}
    assert [(w, NAMES[s], mean) for w, s, mean in ratings.sort("s").rows()] == [
        (0, "b_geo", 1.5), (0, "b_web", 3.5), (0, "site_internet", 3.0), (0, "teleservices", 2.0),
    ]  # fmt: skip


def test_what_was_counted_part_by_part_makes_the_same_whole() -> None:
    snapshot = day()
    rated = offers.rating_counts(snapshot)
    apart = pl.concat([rated.with_columns(times=pl.lit(1, pl.Int64)), rated.filter(rating=4)])
    whole = Whole.from_counts(snapshot, 7, apart)
    assert whole.totals["served"].item() == 7
    means = {NAMES[s]: mean for s, mean in whole.ratings["s", "session_rating"].rows()}
    assert means == {"b_geo": 1.5, "b_web": (3 + 4 + 4) / 3, "site_internet": 3.0, "teleservices": 2.0}
    assert whole.edges.equals(Whole.of(snapshot).edges)


def test_a_mean_does_not_depend_on_the_order_in_which_ratings_come() -> None:
    snapshot = day()
    ratings = pl.DataFrame(
        {"s": [0] * 30, "rating": [1 + n / 10 for n in range(30)], "times": [n % 7 + 1 for n in range(30)]},
        schema={"s": pl.UInt32, "rating": pl.Float64, "times": pl.Int64},
    )
    means = {
        Whole.from_counts(snapshot, 1, ratings.sample(fraction=1, shuffle=True, seed=seed))
        .ratings["session_rating"]
        .item()
        for seed in range(20)
    }
    assert len(means) == 1


def test_edges_are_the_follow_ups_by_number() -> None:
    edges = Whole.of(day()).edges
    assert edges.schema == {"w": pl.UInt32, "s": pl.UInt32, "s_next": pl.UInt32, "probability": pl.Float64}
    graph = programme().follow_ups(ON).edges()
    found = {(NAMES[s], NAMES[after]): share for s, after, share in edges["s", "s_next", "probability"].rows()}
    assert found == {(one, two): share for one, two, share in graph["source", "target", "probability"].rows()}


def test_each_territory_counts_once_a_session_and_day() -> None:
    found = offers.events(day()).collect()
    assert found.schema == {"t": pl.UInt32, "s": pl.UInt32, "date": pl.Date, "together": pl.Boolean}
    codes = day().frames.territories["territory"]
    assert sorted((codes[t], NAMES[s], date.isoformat(), both) for t, s, date, both in found.rows()) == [
        ("A1", "b_geo", RENEWED, True),
        ("A1", "b_web", "2007-04-10", True),
        ("A1", "b_web", "2007-06-10", False),
        ("A2", "b_geo", "2007-03-19", False),
        ("B1", "site_internet", "2007-09-03", True),
        ("C1", "b_web", "2007-05-01", False),
        ("C1", "teleservices", "2007-06-01", False),
        ("D1", "teleservices", "2006-12-01", True),
    ]


def test_a_total_is_that_of_the_world() -> None:
    whole = Whole(pl.DataFrame({"people": [5.0, 7.0]}), pl.DataFrame(), pl.DataFrame())
    asked = pl.DataFrame({"w": [1, 0, 1]}).select(whole.total("people"))
    assert asked.to_dict(as_series=False) == {"people": [7.0, 5.0, 7.0]}


def test_a_day_knows_what_is_told_of_the_whole_rather_than_read_it() -> None:
    snapshot = day()
    told = Whole.from_counts(snapshot, 3, offers.rating_counts(snapshot))
    here = offers.Snapshot(snapshot.frames, ON, snapshot.follow_ups, None, told)
    assert here.whole is told
    assert here.whole.totals["served"].item() == 3
    nobody = snapshot.interest.clear()
    assert offers.Snapshot(snapshot.frames, ON, snapshot.follow_ups, None, told, nobody).interest.is_empty()
