"""The follow-up graph and the forecast learned from a programme's history."""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from typing import Any

import polars as pl

from prai_match import _arguments as given
from prai_match.followups._forecast import Forecast
from prai_match.followups._graph import FollowUps
from prai_match.model import STRENGTH, ProgrammeData, Reading, once

_QUARTERS = 4


def territory_of(programme: ProgrammeData) -> pl.DataFrame:
    """Return the territory of each collectivity: columns ``collectivity`` and ``territory``."""
    pairs = [(member, territory.id) for territory in programme.territories for member in territory.members]
    return pl.DataFrame(pairs, schema={"collectivity": pl.String, "territory": pl.String}, orient="row")


def attended(programme: ProgrammeData) -> pl.DataFrame:
    """Return attendances: columns ``territory``, ``session`` and ``date``, one row per attendance."""
    attendances = programme.attendances.to_polars()
    return attendances.join(territory_of(programme), on="collectivity").select("territory", "session", "date")


def groups_of(programme: ProgrammeData, by: str) -> dict[str, str]:
    """Return the group of each territory that has one: its département, quartile of population, or an attribute."""
    names = [each.name for each in programme.attributes if each.of == "territories"]
    given.known_among("attribute", by, ["departement", "size", *names])
    if by == "departement":
        return {each.id: each.departement for each in programme.territories}
    if by in names:
        own = {each.id: each.attributes.get(by) for each in programme.territories}
        return {code: str(value) for code, value in own.items() if value is not None}
    quarters, sizes = quarters_of(programme), defaultdict[int, list[int]](list)
    for each in programme.territories:
        sizes[quarters[each.id]].append(each.population)
    return {code: f"{min(sizes[quarter])}-{max(sizes[quarter])}" for code, quarter in quarters.items()}


def quarters_of(programme: ProgrammeData) -> dict[str, int]:
    """Return the quartile of population of each territory, from 0; equal populations have the same quartile."""
    sizes = sorted(each.population for each in programme.territories)
    return {each.id: bisect_left(sizes, each.population) * _QUARTERS // len(sizes) for each in programme.territories}


def follow_ups_of(  # noqa: PLR0913 - all but four by keyword
    programme: ProgrammeData,
    on: dt.date,
    strength: float = STRENGTH,
    horizon_days: int | None = None,
    *,
    came: pl.DataFrame | None = None,
    group_by: str | None = None,
) -> FollowUps:
    """Return the graph learned from the history, or from the attendances ``came`` (see `Programme.follow_ups`)."""
    horizon = programme.offer_horizon_days if horizon_days is None else horizon_days
    if came is None:
        came = once(programme, "attended", lambda: attended(programme), ("attendances", "territories"))
    settings: Any = {"strength": strength, "horizon_days": horizon, "blackouts": programme.calendar.blackouts}
    settings["groups"] = {} if group_by is None else groups_of(programme, group_by)
    return FollowUps.learned(programme.catalogue, came, on, **settings)


def forecast_of(
    programme: ProgrammeData, on: dt.date, reading: Reading, strength: float, horizon: int | None
) -> Forecast:
    """Return the forecast learned from the history of a programme (see `Programme.forecast`)."""
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
