"""What was known on each split, what could be offered then, and what was attended afterwards."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from prai_match.backtest._settings import Settings
    from prai_match.model import ProgrammeData

_BEGINNING = dt.date(1, 1, 1)


def candidates(programme: ProgrammeData, came: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """Return what could be offered on a day: ``territory`` and ``session``, sorted.

    These are the sessions of the catalogue that the territory hasn't attended since its council was renewed, as far as
    is known on the day. What relays, trainers and money allow isn't asked: it is for the policy to know.
    """
    renewed = programme.calendar.renewed_before(on) or _BEGINNING
    territories = pl.DataFrame(
        {"territory": [one.id for one in programme.territories]}, schema={"territory": pl.String}
    )
    sessions = pl.DataFrame(
        {"session": [one.id for one in programme.catalogue.sessions]}, schema={"session": pl.String}
    )
    recent = came.filter(pl.col("date") <= on, pl.col("date") > renewed)
    return (
        territories.join(sessions, how="cross")
        .join(recent, on=["territory", "session"], how="anti")
        .sort("territory", "session")
    )


def truths(programme: ProgrammeData, came: pl.DataFrame, on: dt.date, horizon_days: int) -> pl.DataFrame:
    """Return what territories attended in the ``horizon_days`` after a day.

    Returns:
        One row a territory and session, sorted: ``territory``, ``session``, ``date`` (the first after the day),
        ``booked`` (whether that session was booked by the day already) and ``candidate`` (whether it could be offered
        on the day: only these are truths).
    """
    end = on + dt.timedelta(days=horizon_days)
    held = (
        programme.sessions.to_polars()
        .filter(pl.col("booked_on") <= on)
        .select("session", "date", booked=pl.lit(value=True))
        .unique()
    )
    offered = candidates(programme, came, on).with_columns(candidate=pl.lit(value=True))
    return (
        came.filter(pl.col("date") > on, pl.col("date") <= end)
        .group_by("territory", "session")
        .agg(pl.col("date").min())
        .join(held, on=["session", "date"], how="left")
        .join(offered, on=["territory", "session"], how="left")
        .with_columns(pl.col("booked", "candidate").fill_null(value=False))
        .sort("territory", "session")
    )


def told(programme: ProgrammeData, came: pl.DataFrame, asked: Settings) -> pl.DataFrame:
    """Count what each split has: the frame of `Backtest.splits`."""
    found = [_told(programme, came, on, asked.horizon_days) for on in asked.splits]
    return pl.DataFrame(found, schema=SPLITS, orient="row")


SPLITS = {
    "split": pl.Date,
    "territories": pl.Int64,
    "known": pl.Int64,
    "cases": pl.Int64,
    "without": pl.Int64,
    "truths": pl.Int64,
    "booked": pl.Int64,
    "repeated": pl.Int64,
}
"""Columns of `Backtest.splits`."""


def _told(programme: ProgrammeData, came: pl.DataFrame, on: dt.date, horizon_days: int) -> tuple[object, ...]:
    found = truths(programme, came, on, horizon_days)
    real = found.filter("candidate")
    territories, cases = len(programme.territories), real["territory"].n_unique()
    return (
        on,
        territories,
        came.filter(pl.col("date") <= on).height,
        cases,
        territories - cases,
        real.height,
        real["booked"].sum(),
        found.height - real.height,
    )
