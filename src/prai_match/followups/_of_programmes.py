"""What a programme's own history says: the graph and the forecast learned from it."""

import datetime as dt
from typing import Any

import polars as pl

from prai_match.followups._forecast import Forecast
from prai_match.followups._graph import FollowUps
from prai_match.model import STRENGTH, ProgrammeData, Reading, once


def territory_of(programme: ProgrammeData) -> pl.DataFrame:
    """Return the territory of each collectivity: columns ``collectivity`` and ``territory``."""
    pairs = [(member, territory.id) for territory in programme.territories for member in territory.members]
    return pl.DataFrame(pairs, schema={"collectivity": pl.String, "territory": pl.String}, orient="row")


def attended(programme: ProgrammeData) -> pl.DataFrame:
    """Return who attended what: columns ``territory``, ``session`` and ``date``, one row an attendance."""
    attendances = programme.attendances.to_polars()
    return attendances.join(territory_of(programme), on="collectivity").select("territory", "session", "date")


def follow_ups_of(
    programme: ProgrammeData,
    on: dt.date,
    strength: float = STRENGTH,
    horizon_days: int | None = None,
    came: pl.DataFrame | None = None,
) -> FollowUps:
    """Return the graph learned from the history, or from who ``came`` instead (see `Programme.follow_ups`)."""
    horizon = programme.offer_horizon_days if horizon_days is None else horizon_days
    if came is None:
        came = once(programme, "attended", lambda: attended(programme), ("attendances", "territories"))
    settings: Any = {"strength": strength, "horizon_days": horizon, "blackouts": programme.calendar.blackouts}
    return FollowUps.learned(programme.catalogue, came, on, **settings)


def forecast_of(
    programme: ProgrammeData, on: dt.date, reading: Reading, strength: float, horizon: int | None
) -> Forecast:
    """Return what the history of a programme says (see `Programme.forecast`)."""
    return Forecast.learned(
        attended(programme),
        on,
        territories=[each.id for each in programme.territories],
        sessions=[each.id for each in programme.catalogue.sessions],
        horizon_days=programme.offer_horizon_days if horizon is None else horizon,
        reading=reading,
        strength=strength,
        blackouts=programme.calendar.blackouts,
        names={each.id: each.name for each in programme.catalogue.sessions},
    )
