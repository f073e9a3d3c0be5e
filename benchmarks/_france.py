"""A made programme of the size of France: real communes and places, made needs, relays and trainers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from prai_match import Programme, register
from prai_match.calendar import SessionDays
from prai_match.model import Budget, Calendar, Period
from prai_match.offers import SCHEMAS, Frames, from_tables

ON = dt.date(2007, 9, 3)
PERIOD = Period(start=dt.date(2006, 9, 1), end=dt.date(2008, 12, 31))
BUDGET = Budget(total=Decimal(10_000_000))
_NAME = {"fr": "France", "en": "France"}
WORKSHOPS = ("dematerialisation", "organisation_interne", "sig", "site_internet", "teleservices")


def tables(
    departements: list[str] | None = None,
    copies: int = 1,
    trainers: int = 300,
    needs_each: int = 5,
    most: int | None = None,
) -> dict[str, pl.DataFrame]:
    """Communes of ``departements`` (None: all) as territories, ``copies`` times over; needs, relays, trainers made.

    Of them ``most`` are taken, spread evenly over the register's order.
    """
    rng = np.random.default_rng(7)
    places = register.frame("commune").drop_nulls(["latitude", "population"])
    if departements is not None:
        places = places.filter(pl.col("departement").is_in(departements))
    if most is not None:
        places = places[np.linspace(0, places.height - 1, most).astype(int)]
    communes = pl.concat(
        [
            places.select(
                territory=pl.col("code") + pl.lit("" if copy == 0 else f"x{copy}"),
                territory_name="name",
                departement="departement",
                population=pl.col("population").cast(pl.Float64),
                latitude="latitude",
                longitude="longitude",
            )
            for copy in range(copies)
        ]
    )
    codes = sorted(set(communes["departement"]))
    size, needs = communes.height, communes.height * needs_each
    relays = [f"{kind}{code}" for code in codes for kind in ("adm", "agglo", "cg", "syndicat")]
    home = rng.integers(0, places.height, trainers)
    ids = [f"r{index:04}" for index in range(trainers)]
    led = [sorted(rng.choice(len(WORKSHOPS), 2, replace=False)) for _ in ids]
    made = {
        "territories": communes,
        "members": communes.select(collectivity="territory", territory="territory"),
        "sessions": pl.DataFrame({"session": WORKSHOPS}).with_columns(
            kind=pl.lit("workshop"),
            form=pl.lit("workshop"),
            min_seats=pl.lit(10.0),
            max_seats=pl.lit(20.0),
            session_cost=pl.lit(150.0),
        ),
        "partners": pl.DataFrame({"partner": relays}).with_columns(
            partner_kind=pl.Series(["adm", "epci", "conseil_general", "syndicat"] * len(codes)),
            partner_brings_both=pl.Series(rng.random(len(relays)) < 0.5),
            per_year=pl.Series(rng.integers(0, 30, len(relays))),
        ),
        "covers": pl.DataFrame({"partner": relays, "departement": [code for code in codes for _ in range(4)]}),
        "carries": pl.DataFrame([(relay, session) for relay in relays for session in WORKSHOPS], orient="row"),
        "hosted_before": pl.DataFrame(
            {
                "partner": relays,
                "departement": [code for code in codes for _ in range(4)],
                "sessions": rng.integers(0, 9, len(relays)),
            }
        ),
        "trainers": pl.DataFrame({"trainer": ids}).with_columns(
            latitude=places["latitude"].gather(home),
            longitude=places["longitude"].gather(home),
            reach_km=pl.Series(rng.integers(40, 121, trainers).astype(float)),
            per_month=pl.Series(rng.integers(2, 7, trainers)),
            fee=pl.Series(rng.integers(300, 900, trainers).astype(float)),
            trainer_rating=pl.Series(rng.uniform(2.5, 4, trainers)),
        ),
        "expertise": pl.DataFrame(
            [(code, WORKSHOPS[index], None) for code, pair in zip(ids, led, strict=True) for index in pair],
            orient="row",
        ),
        "needs": pl.DataFrame(
            {
                "collectivity": communes["territory"].gather(rng.integers(0, size, needs)),
                "session": pl.Series(WORKSHOPS).gather(rng.integers(0, len(WORKSHOPS), needs)),
                "axis": pl.Series([None] * needs, dtype=pl.String),
                "score": rng.uniform(30, 100, needs).round(1),
                "people": rng.integers(1, 4, needs),
            }
        ).with_columns(date=_days_before(rng.integers(1, 900, needs))),
        "attendances": pl.DataFrame(
            {
                "collectivity": communes["territory"].gather(rng.integers(0, size, size // 2)),
                "session": pl.Series(WORKSHOPS).gather(rng.integers(0, len(WORKSHOPS), size // 2)),
                "elected": rng.integers(0, 4, size // 2),
                "technicians": rng.integers(0, 2, size // 2),
                "rating": rng.integers(2, 5, size // 2).astype(float),
            }
        ).with_columns(date=_days_before(rng.integers(1, 900, size // 2))),
    }
    return {name: _shaped(made.get(name), schema) for name, schema in SCHEMAS.items()}


def _days_before(days: Any) -> pl.Series:
    return pl.Series(np.datetime64(ON, "D") - days.astype("timedelta64[D]")).cast(pl.Date)


def _shaped(frame: pl.DataFrame | None, schema: dict[str, Any]) -> pl.DataFrame:
    """Give ``frame`` the names, the order and the types of ``schema``; a column that it lacks is unknown."""
    if frame is None:
        return pl.DataFrame(schema=schema)
    if frame.columns[0] == "column_0":
        frame.columns = list(schema)
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )


def programme(made: dict[str, pl.DataFrame]) -> Programme:
    """Make a programme of these tables, for what asks more than frames; nobody's attendances are left out."""
    covers, hosted, led = (_by(made[name]) for name in ("covers", "hosted_before", "expertise"))
    homes = {(row["latitude"], row["longitude"]): row["territory"] for row in made["territories"].to_dicts()}
    codes = {"code": "territory", "name": "territory_name"}
    workshop = {"name": _NAME, "core": _NAME, "theme": "web", "cost": "150"}
    return Programme.model_validate(
        {
            "name": _NAME,
            "period": PERIOD,
            "catalogue": {
                "themes": [{"id": "web", "name": _NAME}],
                "workshops": [{"id": code, **workshop} for code in WORKSHOPS],
            },
            "collectivities": made["territories"]
            .select("departement", "population", kind=pl.lit("commune"), **codes)
            .to_dicts(),
            "territories": made["territories"]
            .select("departement", "population", "latitude", "longitude", "territory", name="territory_name")
            .with_columns(members=pl.concat_list("territory"))
            .rename({"territory": "id"})
            .to_dicts(),
            "partners": [
                {
                    "id": code,
                    "name": code,
                    "kind": row["partner_kind"],
                    "departements": [each["departement"] for each in covers[code]],
                    "sessions_a_year": row["per_year"],
                    "hosted": hosted[code],
                    "brings": ["elected", "technicians"][: 1 + row["partner_brings_both"]],
                }
                for code, (row,) in _by(made["partners"]).items()
            ],
            "trainers": [
                {
                    "id": code,
                    "organisation": code,
                    "role": "formateur",
                    "expertise": [{"session": each["session"]} for each in led[code]],
                    "home": homes[row["latitude"], row["longitude"]],
                    "sessions_a_month": row["per_month"],
                    "fee": str(row["fee"]),
                    "rating": row["trainer_rating"],
                    **{name: row[name] for name in ("latitude", "longitude", "reach_km")},
                }
                for code, (row,) in _by(made["trainers"]).items()
            ],
            "needs": made["needs"].rename({"session": "workshop"}).to_dicts(),
            "attendances": made["attendances"].filter(pl.col("elected") + pl.col("technicians") > 0).to_dicts(),
            "budget": BUDGET,
        }
    )


def _by(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each code in the first column, without it."""
    return frame.rows_by_key(frame.columns[0], named=True)


def frames(made: dict[str, pl.DataFrame]) -> Frames:
    """Prepare the frames of the made programme."""
    return from_tables(
        made,
        days=SessionDays(PERIOD, Calendar()),  # but for local holidays
        budget=BUDGET,
        notice_days=21,
        horizon_days=120,
        join_notice_days=7,
        limits={"strong_need": 60.0, "trainer_wait_limit": 60.0, "trainer_load_limit": 1.0, "travel_km": 60.0},
        lapse_months=24,
        euros_per_km=0.35,
    )
