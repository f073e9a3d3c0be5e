"""Where sessions can be held, who can come, lead and host there, and what each trainer and relay has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match import offers
from prai_match.register import haversine_km

if TYPE_CHECKING:
    from prai_match.model import ProgrammeData
    from prai_match.offers import Snapshot
    from prai_match.policy import Policy, Requirement, Stage

DECIDED = frozenset(
    {"trainer_wait_days", "trainer_load", "budget_left", "partner_room", "in_blackout", "distance_km", "reach_km"}
    | {"trainer_knows_session", "trainer_knows_axis", "partner_covers", "partner_carries"}
)
"""Columns about which the plan has conditions of its own, on each day and place."""

_YEAR_DAYS = 365


def held(programme: ProgrammeData, snapshot: Snapshot) -> pl.DataFrame:
    """Return the sessions known on the day, held or booked, by date and identifier, with the numbers of all.

    Returns:
        ``id``, ``session``, ``axis``, ``date``, ``host``, ``partner``, ``trainer``, ``cost`` and ``t`` (of the host),
        ``s``, ``x``, ``p`` and ``r``.
    """
    frames = snapshot.frames
    known = pl.coalesce("booked_on", "date") <= snapshot.on
    return (
        programme.sessions.to_polars()
        .filter(known)
        .select(
            *("id", "session", "axis", "date", "host", "partner", "trainer"),
            pl.col("cost").cast(pl.Float64),
        )
        .join(frames.territories.select("t", host="territory"), on="host", how="left")
        .join(frames.axes.select("session", "axis", "s", "x"), on=["session", "axis"], how="left", nulls_equal=True)
        .join(frames.partners.select("partner", "p"), on="partner", how="left")
        .join(frames.trainers.select("trainer", "r"), on="trainer", how="left")
        .sort("date", "id")
    )


def places(demands: pl.DataFrame, booked: pl.DataFrame) -> pl.DataFrame:
    """Return where and what sessions can be held: one a demand, whose territory hosts, then those booked."""
    new = demands.select("t", "s", n="n", booked=pl.lit(value=False))
    fixed = booked.select("t", "s", "id", "date", "r", "p", "cost", booked=pl.lit(value=True))
    return pl.concat([new, fixed], how="diagonal").with_row_index("g")


def seats(snapshot: Snapshot, demands: pl.DataFrame, places: pl.DataFrame, travel_km: float) -> pl.DataFrame:
    """Return the demands that each place can serve: ``n``, ``g`` and ``km``, sorted by place.

    At a booked place the trainer must know the axis.
    """
    frames = snapshot.frames
    here = frames.territories.select("t", "latitude", "longitude")
    there = here.select(pl.all().name.suffix("_host"))
    km = (
        here.join(there, how="cross")
        .select("t", "t_host", km=haversine_km("latitude", "longitude", "latitude_host", "longitude_host"))
        .filter(pl.col("km") <= travel_km)
    )
    at = places.select("g", "s", "booked", "r", t_host="t")
    knows = frames.expertise.with_columns(knows=pl.lit(value=True))
    return (
        demands.select("n", "t", "s", "x", "chosen")
        .join(km, on="t")
        .join(at, on=["t_host", "s"])
        .join(knows, on=["r", "x"], how="left")
        .filter(~pl.col("booked") | ~pl.col("chosen") | pl.col("knows").fill_null(value=False))
        .select("n", "g", "km")
        .sort("g", "n")
    )


def leads(snapshot: Snapshot, policy: Policy, places: pl.DataFrame) -> pl.DataFrame:
    """Return the trainers within reach who know the session and pass the rules.

    Returns:
        ``g``, ``r``, ``km``, ``cost`` (null: a part of it is unknown) and ``counted`` (with the fee that the programme
        assumes where it is unknown).
    """
    frames = snapshot.frames
    knows = frames.expertise.join(frames.axes.select("x", "s"), on="x").select("r", "s").unique()
    pairs = (
        places.filter(~pl.col("booked"))
        .select("g", "t", "s")
        .join(frames.reach, on="t")
        .join(frames.trainers.select("r", "reach_km"), on="r")
        .filter(pl.col("distance_km") <= pl.col("reach_km"))
        .join(knows, on=["r", "s"], how="semi")
        .sort("g", "r")
        .select("g", "t", "s", "r")
    )
    wide = passing(snapshot, policy, pairs, "trainer")
    return wide.select("g", "r", snapshot.frames.counted_cost, km="distance_km", cost="cost")


def spent(snapshot: Snapshot, planned: pl.DataFrame) -> float:
    """Return what sessions that were planned (``t``, ``s``, ``r`` and ``cost``) take of the money."""
    return float(with_counted(snapshot, planned)["counted"].sum())


def with_counted(snapshot: Snapshot, planned: pl.DataFrame) -> pl.DataFrame:
    """Add to sessions (``t``, ``s``, ``r`` and ``cost``) the cost ``due`` by its parts, and the one ``counted``.

    That is the cost that is said or, where it is unknown, the one due with the fee that the programme assumes.
    """
    if planned.is_empty():
        return planned.with_columns(due="cost", counted="cost")
    rows = as_offers(snapshot, planned.select("t", "s", "r"))
    wide = offers.with_columns(snapshot, rows, {"fee", "session_cost"})
    due = wide.select(due="cost", counted=snapshot.frames.counted_cost)
    return planned.hstack(due).with_columns(counted=pl.coalesce("cost", "counted"))


def relays(snapshot: Snapshot, policy: Policy, places: pl.DataFrame) -> pl.DataFrame:
    """Return the relays that cover the place, can host the session and pass the rules: ``g`` and ``p``."""
    frames = snapshot.frames
    pairs = (
        places.filter(~pl.col("booked"))
        .select("g", "t", "s")
        .join(frames.territories.select("t", "d"), on="t")
        .join(frames.covers, on="d")
        .join(frames.carries, on=["p", "s"], how="semi")
        .sort("g", "p")
        .select("g", "t", "s", "p")
    )
    return passing(snapshot, policy, pairs, "partner").select("g", "p")


def passing(snapshot: Snapshot, policy: Policy, pairs: pl.DataFrame, stage: Stage) -> pl.DataFrame:
    """Keep the ``pairs`` that pass the rules of ``stage`` about what the plan doesn't decide itself."""
    rules = rules_of(policy, stage)
    wanted = {name for rule in rules for name in rule.condition.columns} | {"fee", "session_cost"}
    wide = offers.with_columns(snapshot, as_offers(snapshot, pairs), wanted)
    return wide.filter(*(rule.holds for rule in rules))


def as_offers(snapshot: Snapshot, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return ``pairs`` as offers: without an axis, and with a relay or a trainer that isn't there unknown."""
    core = snapshot.frames.axes.filter(pl.col("axis").is_null()).select("s", "x")
    unknown = [pl.lit(None, pl.UInt32).alias(name) for name in ("p", "r") if name not in pairs.columns]
    return pairs.with_columns(*unknown).join(core, on="s", how="left", maintain_order="left")


def rules_of(policy: Policy, stage: Stage) -> list[Requirement]:
    """Return the requirements of ``stage`` about which the plan has no condition of its own."""
    return [
        rule
        for rule in policy.requirements
        if rule.stage == stage and not rule.postpones and DECIDED.isdisjoint(rule.condition.columns)
    ]


def free(snapshot: Snapshot, held: pl.DataFrame, open_days: pl.DataFrame) -> pl.DataFrame:
    """Return the open days on which each trainer is free: ``r`` and ``date``."""
    frames = snapshot.frames
    taken = pl.concat([frames.taken.select("r", "date"), held.drop_nulls("r").select("r", "date")])
    return (
        frames.trainers.select("r")
        .join(open_days.select("date"), how="cross")
        .join(frames.free, on="r", how="left")
        .filter(pl.col("start").is_null() | pl.col("date").is_between("start", "end"))
        .select("r", "date")
        .unique()
        .join(taken, on=["r", "date"], how="anti")
        .sort("r", "date")
    )


def months(snapshot: Snapshot, held: pl.DataFrame, free: pl.DataFrame) -> pl.DataFrame:
    """Return the sessions that each trainer can still lead in each month: ``r``, ``month`` and ``left``."""
    month = pl.col("date").dt.truncate("1mo")
    booked = held.drop_nulls("r").group_by("r", month=month).agg(booked=pl.len().cast(pl.Int64))
    return (
        free.group_by("r", month=month)
        .agg(days=pl.len().cast(pl.Int64))
        .join(snapshot.frames.trainers.select("r", "per_month"), on="r")
        .join(booked, on=["r", "month"], how="left")
        # Where a trainer's number isn't known, no month is full.
        .select("r", "month", left=pl.min_horizontal("days", pl.col("per_month") - pl.col("booked").fill_null(0)))
        .filter(pl.col("left") > 0)
        .sort("r", "month")
    )


def room(snapshot: Snapshot, held: pl.DataFrame) -> pl.DataFrame:
    """Return the sessions that each relay can still host over twelve months: ``p`` and ``left``, null for no limit."""
    year = (pl.col("date") - pl.lit(snapshot.on)).dt.total_days().abs() < _YEAR_DAYS
    carried = held.drop_nulls("p").filter(year).group_by("p").agg(carried=pl.len().cast(pl.Int64))
    left = (pl.col("per_year") - pl.col("carried").fill_null(0)).clip(0)
    return snapshot.frames.partners.select("p", "per_year").join(carried, on="p", how="left").select("p", left=left)
