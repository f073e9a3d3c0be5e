"""The speed of forecasts from a history alone: a million events learned, and a region's day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from _measured import in_turns, keep
from prai_match import Programme
from prai_match.followups import Forecast

EVENTS, ORGANISATIONS, TYPES = 1_000_000, 100_000, 200
FIRST, ON = dt.date(2020, 1, 1), dt.date(2025, 1, 1)


def log() -> pl.DataFrame:
    """Events of organisations over five years, of types of which a few are frequent."""
    dice = np.random.default_rng(3)
    types = dice.permutation(TYPES)[np.minimum(dice.pareto(1, EVENTS) * 10, TYPES - 1).astype(np.int64)]
    days = dice.integers(0, (ON - FIRST).days, EVENTS)
    columns = {"territory": dice.integers(0, ORGANISATIONS, EVENTS), "session": types, "date": days}
    return pl.DataFrame(columns).select(
        pl.format("o{}", "territory").alias("territory"),
        pl.format("t{}", "session").alias("session"),
        date=FIRST + pl.duration(days="date"),
    )


def test_a_million_events_are_learned() -> None:
    came = log()

    def learned() -> Forecast:
        return Forecast.learned(came, ON)

    assert learned().arrows().height == TYPES * (TYPES - 1)
    keep("forecast_learned", in_turns({"learned": learned}, rounds=1)["learned"], most=2.0)


def test_the_day_of_a_region() -> None:
    forecast = Programme.example().forecast(dt.date(2008, 9, 1))
    assert forecast.probabilities().height == 8 * 101
    keep("forecast_day", in_turns({"day": forecast.probabilities}, rounds=50)["day"], most=0.001)
