"""What is learned on arrays, of many worlds at once, is what columns count of each world."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
from hypothesis import given, strategies as st

from made import SESSIONS, programme
from prai_match import FollowUps
from prai_match.calendar import day_number
from prai_match.followups import Declared, History, Learned, learn, tally
from thorough import examples

CATALOGUE = programme().catalogue
EDGES = FollowUps.declared(CATALOGUE).edges()
CODES = sorted(SESSIONS)
TERRITORIES = 7
FIRST, ON = dt.date(2007, 1, 1), dt.date(2007, 9, 1)
Came = list[tuple[int, str, dt.date]]

_came = st.lists(
    st.tuples(st.integers(0, TERRITORIES - 1), st.sampled_from(SESSIONS), st.dates(FIRST, ON + dt.timedelta(days=60))),
    max_size=60,
)


def on_arrays(worlds: list[Came], strength: float) -> Learned:
    source, target = (np.array([CODES.index(code) for code in EDGES[name]]) for name in ("source", "target"))
    declared = Declared(source, target, EDGES["prior"].to_numpy(), EDGES["lag_days"].to_numpy())
    rows = [
        (world * TERRITORIES + territory, CODES.index(session), day_number(date))
        for world, came in enumerate(worlds)
        for territory, session, date in came
    ]
    t, s, date = np.array(rows, np.int64).reshape(-1, 3).T
    return learn(declared, History(t, s, date), day_number(ON), (len(worlds), TERRITORIES, len(CODES)), strength)


def on_columns(came: Came, strength: float) -> pl.DataFrame:
    schema = {"territory": pl.Int64, "session": pl.String, "date": pl.Date}
    attended = pl.DataFrame(came, schema=schema, orient="row")
    return FollowUps.counted(CATALOGUE, tally(EDGES, attended, ON), strength=strength).edges()


@given(st.lists(_came, min_size=1, max_size=3), st.floats(0.1, 100))
@examples(60)
def test_worlds_learn_what_each_would_alone(worlds: list[Came], strength: float) -> None:
    learned = on_arrays(worlds, strength)
    for world, came in enumerate(worlds):
        wanted = on_columns(came, strength).select("count", "support", "probability", "lag_days")
        found = {name: part[world] for name, part in zip(wanted.columns, learned, strict=True)}
        assert pl.DataFrame(found).equals(wanted)


def test_from_five_on_the_lag_is_the_median_and_half_a_day_goes_to_the_even_one() -> None:
    came = [(n, "b_web", FIRST) for n in range(6)]
    came += [(n, "site_internet", FIRST + dt.timedelta(days=days)) for n, days in enumerate((9, 30, 20, 10, 11))]
    assert on_arrays([came], 10.0).lags[0].tolist() == [90, 11, 90, 120]
    more = [*came, (5, "site_internet", FIRST + dt.timedelta(days=10))]
    assert on_arrays([more, came[:-1]], 10.0).lags[:, 1].tolist() == [10, 60]
