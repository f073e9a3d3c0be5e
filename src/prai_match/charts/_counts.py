"""What territories received until a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.followups import attended, territory_of

if TYPE_CHECKING:
    import datetime as dt

    from prai_match.model import ProgrammeData


def sessions_attended(programme: ProgrammeData, on: dt.date) -> dict[str, int]:
    """Return the number of sessions that each territory attended until a day; those that attended none are left out."""
    until = attended(programme).filter(pl.col("date") <= on).unique()
    return dict(until.group_by("territory").len().iter_rows())


def people_trained(programme: ProgrammeData, on: dt.date) -> dict[str, int]:
    """Return how many people of each territory came until a day, counted at each session that they came to."""
    came = programme.attendances.to_polars().join(territory_of(programme), on="collectivity")
    until = came.filter(pl.col("date") <= on).group_by("territory")
    return dict(until.agg(pl.col("elected").sum() + pl.col("technicians").sum()).iter_rows())


def sessions_held(programme: ProgrammeData, on: dt.date) -> dict[str, int]:
    """Return the number of sessions that each département hosted until a day."""
    places = [(territory.id, territory.departement) for territory in programme.territories]
    hosts = pl.DataFrame(places, schema={"host": pl.String, "departement": pl.String}, orient="row")
    held = programme.sessions.to_polars().filter(pl.col("date") <= on).join(hosts, on="host")
    return dict(held.group_by("departement").len().iter_rows())
