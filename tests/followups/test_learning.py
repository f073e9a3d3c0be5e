"""What is learned on arrays, of many worlds at once, is what columns count of each world."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
from hypothesis import given, strategies as st

from made import SESSIONS, programme
from prai_match import FollowUps
from prai_match.calendar import day_number, days_between
from prai_match.followups import Declared, Estimates, History, count, interval, learn
from prai_match.model import READINGS, Blackout, Reading, Text
from thorough import examples

CATALOGUE = programme().catalogue
DECLARED = FollowUps.declared(CATALOGUE)
CODES = sorted(SESSIONS)
TERRITORIES = 7
FIRST, ON = dt.date(2007, 1, 1), dt.date(2007, 9, 1)
FIRST_DAY, WHY = day_number(FIRST), Text(fr="gel", en="freeze")
Came = list[tuple[int, str, dt.date]]

_came = st.lists(
    st.tuples(st.integers(0, TERRITORIES - 1), st.sampled_from(SESSIONS), st.dates(FIRST, ON + dt.timedelta(days=60))),
    max_size=60,
)


def on_arrays(worlds: list[Came], strength: float, reading: Reading = "eventually") -> Estimates:
    rows = [
        (world * TERRITORIES + territory, CODES.index(session), day_number(date))
        for world, came in enumerate(worlds)
        for territory, session, date in came
    ]
    t, s, date = np.array(rows, np.int64).reshape(-1, 3).T
    shape, numbered, longest = (len(worlds), TERRITORIES, len(CODES)), DECLARED.numbered, (ON - FIRST).days
    times = count(numbered, History(t, s, date), day_number(ON), shape, (), longest, reading)
    return learn(numbered, times, 120, strength)


def on_columns(came: Came, strength: float) -> FollowUps:
    schema = {"territory": pl.Int64, "session": pl.String, "date": pl.Date}
    return FollowUps.learned(CATALOGUE, pl.DataFrame(came, schema=schema, orient="row"), ON, strength=strength)


@given(st.lists(_came, min_size=1, max_size=3), st.floats(0.1, 100), st.sampled_from(READINGS))
@examples(60)
def test_worlds_learn_what_each_would_alone(worlds: list[Came], strength: float, reading: Reading) -> None:
    learned = on_arrays(worlds, strength, reading)
    for world, came in enumerate(worlds):
        graph = on_columns(came, strength)
        wanted = graph.edges(reading).select("count", "support", "lag_days")
        each = zip(wanted.columns, (learned.counts, learned.supports, learned.lags), strict=True)
        assert pl.DataFrame({name: part[world] for name, part in each}).equals(wanted)
        chances = learned.chances[world]
        alone = graph.estimates if reading == "eventually" else graph.next_estimates
        assert np.array_equal(chances, alone.chances[0, :, : chances.shape[1]])


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """500 draws of 120 territories each: known hazards, a freeze, and censoring on the day."""
    dice, draws, territories, prior, lag = np.random.default_rng(1), 500, 120, 0.5, 70
    size, on, freeze = (
        draws * territories,
        FIRST_DAY + 400,
        Blackout(start=dt.date(2007, 6, 1), end=dt.date(2007, 7, 15), reason=WHY),
    )
    begin = FIRST_DAY + dice.integers(0, 395, size)
    follows = np.where(dice.random(size) < prior, np.ceil(dice.exponential(lag / np.log(2), size)), 10_000).clip(1)
    every = np.arange(FIRST_DAY, FIRST_DAY + 20_000)
    clock, started = (days_between(np.array(FIRST_DAY), days, [freeze]) for days in (every, begin))
    then = every[np.searchsorted(clock, started + follows)]
    numbers = np.concatenate([np.arange(size)] * 2), np.repeat([0, 1], size), np.concatenate([begin, then])
    declared = Declared(np.array([0]), np.array([1]), np.array([0.35]), np.array([lag]))
    times = count(declared, History(*numbers), on, (draws, territories, 2), [freeze], 400)
    learned = learn(declared, times, 120, 2.0)
    low, high = interval(learned.chances[:, 0, 0], learned.errors[:, 0])
    truth = prior * (1 - 2 ** (-120 / lag))
    assert 0.93 <= ((low <= truth) & (truth <= high)).mean() <= 0.97
    assert abs(learned.chances[:, 0, 0].mean() - truth) < 0.01


def test_from_five_on_the_lag_is_the_median_and_half_a_day_goes_to_the_even_one() -> None:
    came = [(n, "b_web", FIRST) for n in range(6)]
    came += [(n, "site_internet", FIRST + dt.timedelta(days=days)) for n, days in enumerate((9, 30, 20, 10, 11))]
    assert on_arrays([came], 10.0).lags[0].tolist() == [90, 11, 90, 120]
    more = [*came, (5, "site_internet", FIRST + dt.timedelta(days=10))]
    assert on_arrays([more, came[:-1]], 10.0).lags[:, 1].tolist() == [10, 60]
