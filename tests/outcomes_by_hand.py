"""Outcomes of simulations whose every number is known: nothing was simulated to make them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl

from made import programme
from prai_match.simulate import Outcomes, Scenario, Sensitivity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prai_match import Programme

START, END = dt.date(2008, 1, 1), dt.date(2008, 4, 30)
MONTHS = [dt.date(2008, month, 1) for month in range(1, 5)]
REPLICATIONS = 3

# By month; a replication adds its number to what came, another scenario takes its place off.
FLOWS = {
    "buffets": (1, 0, 0, 1),
    "workshops": (2, 0, 1, 1),
    "called_off": (0, 0, 1, 0),
    "frozen": (0, 1, 0, 0),
    "served": (10, 0, 6, 8),
    "served_workshops": (8, 0, 4, 6),
    "served_after_buffet": (6, 0, 4, 5),
    "elected": (20, 0, 12, 16),
    "technicians": (12, 0, 8, 10),
    "seats": (48, 0, 24, 36),
    "needs": (9, 7, 8, 6),
}
COMING = frozenset({"served", "elected", "technicians", "needs"})
ATTENDED = {  # by territory, then by scenario and replication
    "T1": ((1, 2, 3), (1, 2, 3), (1, 2, 3)),
    "T2": ((1, 0, 0), (0, 0, 0), (1, 1, 1)),
    "T3": ((0, 0, 0), (0, 1, 1), (0, 0, 0)),
}


def scenarios(made: Programme) -> list[Scenario]:
    """The reference, half of the budget, called as the programme is, and no blackout, without a name for people."""
    return [
        Scenario(name="baseline"),
        Scenario.of("cut", budget_times=0.5, label=made.name),
        Scenario.of("open", blackouts=()),
    ]


def by_hand(folder: Path, made: Programme | None = None, count: int = 3) -> Outcomes:
    """Outcomes of some programme like the small one, under one to three scenarios, written in a folder."""
    known = made or programme()
    chosen = scenarios(known)[:count]
    for place, scenario in enumerate(chosen):
        rows = pl.DataFrame(
            [{"scenario": scenario.name, **row} for row in _rows(place)],
            schema={
                "scenario": pl.String,
                "replication": pl.UInt32,
                "month": pl.Date,
                "measure": pl.String,
                "of": pl.String,
                "value": pl.Float64,
            },
        )
        rows.write_parquet(folder / f"{scenario.name}-000000-{REPLICATIONS:03}.parquet")
    return Outcomes(known, tuple(chosen), START, END, REPLICATIONS, 0, folder)


def _rows(place: int) -> Iterator[dict[str, Any]]:
    for replication in range(REPLICATIONS):
        for number, month in enumerate(MONTHS):
            at = {"replication": replication, "month": month, "of": None}
            for measure, values in FLOWS.items():
                base = values[number]
                came = max(0, base + replication - place) if base and measure in COMING else base
                yield at | {"measure": measure, "value": float(came)}
            ratings = FLOWS["workshops"][number] * 2  # no workshop, no rating
            yield at | {"measure": "ratings", "value": float(ratings)}
            yield at | {"measure": "rating_points", "value": ratings * (3.25 + replication / 4)}
            yield at | {"measure": "spent", "value": 20_000.0 * (replication + 1) / (place + 1)}
            yield at | {"measure": "unmet", "value": 5.0 + number - place}
            yield at | {"measure": "reached", "value": 1.0 + number / 2}
            yield at | {"measure": "sessions", "of": "09", "value": FLOWS["workshops"][number]}
            yield at | {"measure": "workshops", "of": "sig", "value": FLOWS["workshops"][number]}
            if month == MONTHS[-1]:
                for territory, came_by in ATTENDED.items():
                    yield at | {"measure": "attended", "of": territory, "value": came_by[place][replication]}


def sensitivity_by_hand(count: int = 4) -> Sensitivity:
    """What a measure changes by: both ways, one way, hardly, and not at all."""
    rows = [
        ("sessions_a_month", 0.15, 0.7, -12.0, 8.0, 2.0, 1.5, "fitted"),
        ("distance_km", 80.0, 600.0, -6.0, -1.0, 1.0, 0.5, "assumed"),
        ("rating", 3.2, 3.9, 0.0, 0.25, None, None, "report"),
        ("overhead_spread", 0.0, 0.3, 0.0, 0.0, 0.0, 0.0, "assumed"),
    ]
    names = ("parameter", "low_value", "high_value", "low", "high", "low_error", "high_error", "given")
    frame = pl.DataFrame(rows[-count:] if count < len(rows) else rows, schema=names, orient="row")
    return Sensitivity("served", frame.with_columns(base=pl.lit(24.0)))
