"""What was known on each split, what could be offered then, and what was attended afterwards."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import ProgrammeData

_BEGINNING = dt.date(1, 1, 1)


def candidates(programme: ProgrammeData, came: pl.DataFrame, on: dt.date) -> pl.DataFrame:
    """Return what could be offered on a day: ``territory`` and ``session``, sorted.

    These are the sessions of the catalogue that the territory hasn't attended since its council was renewed, as far as
    is known on the day. What relays, trainers and money allow isn't asked: it is for the policy to know.
    """
    renewed = programme.calendar.renewed_before(on) or _BEGINNING
    territories = pl.Series("territory", [each.id for each in programme.territories], pl.String).to_frame()
    sessions = pl.Series("session", [each.id for each in programme.catalogue.sessions], pl.String).to_frame()
    recent = came.filter(pl.col("date") <= on, pl.col("date") > renewed)
    return (
        territories.join(sessions, how="cross")
        .join(recent, on=["territory", "session"], how="anti")
        .sort("territory", "session")
    )


def truths(programme: ProgrammeData, came: pl.DataFrame, on: dt.date, horizon_days: int) -> pl.DataFrame:
    """Return what territories attended in the ``horizon_days`` after a day.

    One row a territory and session, sorted: ``territory``, ``session``, ``date`` (the first after the day), ``booked``
    (whether that session was booked by the day already) and ``candidate`` (whether it could be offered on the day: only
    these are truths).
    """
    end = on + dt.timedelta(days=horizon_days)
    bookings = (
        programme.sessions.to_polars()
        .filter(pl.col("booked_on") <= on)
        .select("session", "date", booked=pl.lit(value=True))
        .unique()
    )
    possible = candidates(programme, came, on).with_columns(candidate=pl.lit(value=True))
    return (
        came.filter(pl.col("date") > on, pl.col("date") <= end)
        .group_by("territory", "session")
        .agg(pl.col("date").min())
        .join(bookings, on=["session", "date"], how="left")
        .join(possible, on=["territory", "session"], how="left")
        .with_columns(pl.col("booked", "candidate").fill_null(value=False))
        .sort("territory", "session")
    )


SPLITS = {
    "split": pl.Date,
    **dict.fromkeys(("territories", "known", "cases", "without", "truths", "booked", "repeated"), pl.Int64),
}
"""Columns of `Backtest.splits`."""


def splits_of(programme: ProgrammeData, came: pl.DataFrame, later: Mapping[dt.date, pl.DataFrame]) -> pl.DataFrame:
    """Count what each split has; `truths` come ``later``."""
    rows = []
    for on, frame in later.items():
        judged = frame.filter("candidate")
        territories, cases = len(programme.territories), judged["territory"].n_unique()
        before = came.filter(pl.col("date") <= on).height
        counts = (judged.height, judged["booked"].sum(), frame.height - judged.height)
        rows.append((on, territories, before, cases, territories - cases, *counts))
    return pl.DataFrame(rows, schema=SPLITS, orient="row")
