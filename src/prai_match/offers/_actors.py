"""The columns of relay partners and trainers on a day, each on the smallest table that it depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.offers._columns import days_since, own_days, programme_columns

if TYPE_CHECKING:
    from prai_match.offers._day import Day

_YEAR_DAYS = 365
_MONTH_DAYS = 30


def partners_by_departement(snapshot: Day) -> pl.DataFrame:
    """Return every département × partner, by ``d`` and ``p``."""
    frames = snapshot.frames
    year = snapshot.held.lazy().filter(days_since(snapshot, "date").abs() < _YEAR_DAYS)
    workload = year.group_by("p").agg(carried=pl.len().cast(pl.Int64))
    sessions = snapshot.held.lazy().filter(pl.col("date") <= snapshot.on).select("p", "d", sessions=pl.lit(1, pl.Int64))
    history = (
        pl.concat([frames.hosted_before.lazy().select("p", "d", "sessions"), sessions])
        .group_by("p", "d")
        .agg(partner_hosted=pl.col("sessions").sum().cast(pl.Float64))
    )
    return (
        frames.departements.lazy()
        .join(frames.partners.lazy().with_columns(own_days(snapshot, "partners")), on="w")
        .join(frames.covers.lazy().with_columns(partner_covers=pl.lit(value=True)), on=["p", "d"], how="left")
        .join(workload, on="p", how="left")
        .join(history, on=["p", "d"], how="left")
        .with_columns(
            pl.col("partner_covers").fill_null(value=False),
            pl.col("partner_hosted").fill_null(0.0),
            partner_present=_present(snapshot),
            partner_room=(pl.col("per_year") - pl.col("carried").fill_null(0)).cast(pl.Float64),
            **programme_columns(snapshot),
        )
        .drop("per_year", "carried", "w", "since", "until")
        .collect(engine="in-memory")
    )


def _present(snapshot: Day) -> pl.Expr:
    day = pl.lit(snapshot.on)
    return (pl.col("since").fill_null(day) <= day) & (pl.col("until").fill_null(day) >= day)


def sessions_of_partners(snapshot: Day) -> pl.DataFrame:
    """Return every session × partner, by ``s`` and ``p``: whether the partner can host it."""
    frames = snapshot.frames
    return (
        frames.sessions.lazy()
        .with_columns(own_days(snapshot, "sessions"))
        .select("s", "session", "kind", "form", "min_seats", "max_seats", *frames.attributes["sessions"])
        .join(frames.partners.lazy().select("p"), how="cross")
        .join(frames.carries.lazy().with_columns(partner_carries=pl.lit(value=True)), on=["p", "s"], how="left")
        .with_columns(pl.col("partner_carries").fill_null(value=False))
        .collect(engine="in-memory")
    )


def trainers(snapshot: Day) -> pl.DataFrame:
    """Return every trainer on the day, in the order of ``r``, with its first free day (``day``)."""
    frames = snapshot.frames
    busy = snapshot.held.drop_nulls("r").select("r", "date")
    days = _free_days(snapshot, busy)
    around = (
        busy.join(days, on="r")
        .filter((pl.col("date") - pl.col("day")).dt.total_days().abs() <= _MONTH_DAYS)
        .group_by("r")
        .agg(around=pl.len())
    )
    return (
        frames.trainers.with_columns(own_days(snapshot, "trainers"), trainer_present=_present(snapshot))
        .select(
            *("r", "w", "trainer", "reach_km", "fee", "trainer_rating", "per_month", "trainer_present"),
            *frames.attributes["trainers"],
        )
        .join(days, on="r", how="left", maintain_order="left")
        .join(around, on="r", how="left", maintain_order="left")
        .with_columns(
            trainer_wait_days=(pl.col("day") - pl.lit(snapshot.first_day, pl.Date)).dt.total_days().cast(pl.Float64),
            # Two months of sessions are full; a trainer who takes none is full from the start.
            trainer_load=(pl.col("around").fill_null(0) / (2 * pl.col("per_month"))).fill_nan(1.0),
            **programme_columns(snapshot),
        )
        .drop("per_month", "around", "w")
    )


def _free_days(snapshot: Day, busy: pl.DataFrame) -> pl.DataFrame:
    """Return the first day on which each trainer is free: not taken, in a month that isn't full, in a free period."""
    frames = snapshot.frames
    month = pl.col("date").dt.truncate("1mo")
    busy_days = pl.concat([busy, frames.taken.select("r", "date")]).unique()
    return (
        frames.trainers.lazy()
        .select("r", "per_month")
        .join(snapshot.days.lazy().with_columns(month=month), how="cross")
        .join(busy_days.lazy(), on=["r", "date"], how="anti")
        .join(busy.group_by("r", month=month).agg(booked=pl.len()).lazy(), on=["r", "month"], how="left")
        .join(frames.free.lazy(), on="r", how="left")
        .filter(
            pl.col("per_month").is_null() | (pl.col("booked").fill_null(0) < pl.col("per_month")),
            pl.col("start").is_null() | pl.col("date").is_between(pl.col("start"), pl.col("end")),
        )
        .group_by("r")
        .agg(day=pl.col("date").min())
        .collect(engine="in-memory")
    )


def expertise(snapshot: Day) -> pl.DataFrame:
    """Return every axis × trainer, in the order of ``x`` and ``r``: what the trainer knows."""
    frames = snapshot.frames
    leads = frames.expertise.join(frames.axes.select("x", "s"), on="x").select("r", "s").unique()
    yes = pl.lit(value=True)
    return (
        frames.axes.select("x", "s", none_chosen=pl.col("axis").is_null())
        .join(
            frames.sessions.with_columns(own_days(snapshot, "sessions")).select(
                "s", "session", "kind", "form", "min_seats", "max_seats", *frames.attributes["sessions"]
            ),
            on="s",
            maintain_order="left",
        )
        .join(frames.trainers.select("r"), how="cross", maintain_order="left_right")
        .join(frames.expertise.with_columns(trainer_knows_axis=yes), on=["x", "r"], how="left", maintain_order="left")
        .join(leads.with_columns(trainer_knows_session=yes), on=["r", "s"], how="left", maintain_order="left")
        .with_columns(
            pl.col("trainer_knows_session").fill_null(value=False),
            trainer_knows_axis=pl.col("trainer_knows_axis").fill_null(value=False) | pl.col("none_chosen"),
        )
        .drop("none_chosen")
    )
