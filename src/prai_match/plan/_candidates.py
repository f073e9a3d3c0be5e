"""Where sessions can be held, who can come, lead and host there, and what each trainer and relay has left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import offers
from prai_match.register import haversine_km

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prai_match.model import ProgrammeData
    from prai_match.offers import Snapshot
    from prai_match.policy import Policy, Requirement, Stage

SESSIONS: dict[str, Any] = {
    **dict.fromkeys(("id", "session", "axis"), pl.String),
    "date": pl.Date,
    **dict.fromkeys(("host", "partner", "trainer"), pl.String),
    "cost": pl.Decimal(12, 2),
    "booked": pl.Boolean,
}
SEATS: dict[str, Any] = {
    **dict.fromkeys(("session", "territory", "axis"), pl.String),
    **dict.fromkeys(("elected", "technicians"), pl.Int64),
    **dict.fromkeys(("km", "value"), pl.Float64),
}
"""Columns of the two frames of a plan."""

_OWN = frozenset(
    {"trainer_wait_days", "trainer_load", "budget_left", "partner_room", "in_blackout", "distance_km", "reach_km"}
    | {"trainer_knows_session", "trainer_knows_axis", "partner_covers", "partner_carries"}
)
"""Columns about which the plan has conditions of its own, on each day and place."""

_YEAR_DAYS = 365


def record(programme: ProgrammeData, snapshot: Snapshot) -> pl.DataFrame:
    """Return the sessions known on the day, held or booked, by date and identifier, as the plan has them."""
    rows = programme.sessions.to_polars().filter(pl.coalesce("booked_on", "date") <= snapshot.on)
    rows = rows.select("id", "session", "axis", "date", "host", "partner", "trainer", pl.col("cost").cast(pl.Float64))
    return with_numbers(snapshot, rows).sort("date", "id")


def with_numbers(snapshot: Snapshot, sessions: pl.DataFrame) -> pl.DataFrame:
    """Add to sessions ``t`` and ``d`` (of the host), ``s``, ``p`` and ``r``; null where a code isn't known."""
    frames = snapshot.frames
    for code, numbers in (
        ("host", frames.territories.select("t", "d", host="territory")),
        ("session", frames.sessions.select("session", "s")),
        ("partner", frames.partners.select("partner", "p")),
        ("trainer", frames.trainers.select("trainer", "r")),
    ):
        sessions = sessions.join(numbers, on=code, how="left", maintain_order="left")
    return sessions


def places(demands: pl.DataFrame, bookings: pl.DataFrame) -> pl.DataFrame:
    """Return where and what sessions can be held: one a demand, whose territory hosts, then the ``bookings``."""
    new = demands.select("t", "s", n="n", booked=pl.lit(value=False))
    old = bookings.select("t", "s", "id", "date", "r", "p", "cost", booked=pl.lit(value=True))
    return pl.concat([new, old], how="diagonal").with_row_index("g")


def seats(snapshot: Snapshot, demands: pl.DataFrame, places: pl.DataFrame, travel_km: float) -> pl.DataFrame:
    """Return the ``n`` that each ``g`` can serve, with ``km``: at a booked place the trainer must know the axis."""
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
    """Return the trainers within reach who know the session and pass the rules (see `Inputs`)."""
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
    wide = _passing(snapshot, policy, pairs, "trainer")
    return wide.select("g", "r", snapshot.frames.counted_cost, km="distance_km", cost="cost")


def with_costs(snapshot: Snapshot, sessions: pl.DataFrame) -> pl.DataFrame:
    """Add to sessions (``t``, ``s``, ``r`` and ``cost``) the cost ``due`` by its parts, and the one ``counted``.

    That is the cost that is said or, where it is unknown, the one due with the fee that the programme assumes.
    """
    if sessions.is_empty():
        return sessions.with_columns(due="cost", counted="cost")
    wide = with_offer_columns(snapshot, sessions.select("t", "s", "r"))
    due = wide.select(due="cost", counted=snapshot.frames.counted_cost)
    return sessions.hstack(due).with_columns(counted=pl.coalesce("cost", "counted"))


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
    return _passing(snapshot, policy, pairs, "partner").select("g", "p")


def _passing(snapshot: Snapshot, policy: Policy, pairs: pl.DataFrame, stage: Stage) -> pl.DataFrame:
    """Keep the ``pairs`` that pass the rules of ``stage`` about what the plan doesn't decide itself."""
    rules = rules_of(policy, stage)
    return with_offer_columns(snapshot, pairs, rules).filter(*(rule.holds for rule in rules))


def with_offer_columns(snapshot: Snapshot, pairs: pl.DataFrame, rules: Iterable[Requirement] = ()) -> pl.DataFrame:
    """Add what ``rules`` and costs read of ``pairs``, as offers without an axis; who isn't there is unknown."""
    core = snapshot.frames.axes.filter(pl.col("axis").is_null()).select("s", "x")
    unknown = [pl.lit(None, pl.UInt32).alias(name) for name in ("p", "r") if name not in pairs.columns]
    pairs = pairs.with_columns(*unknown).join(core, on="s", how="left", maintain_order="left")
    columns = {name for rule in rules for name in rule.condition.columns}
    return offers.with_columns(snapshot, pairs, columns | {"fee", "session_cost"})


def rules_of(policy: Policy, stage: Stage) -> list[Requirement]:
    """Return the requirements of ``stage`` about which the plan has no condition of its own."""
    rules = [rule for rule in policy.requirements if rule.stage == stage and not rule.postpones]
    return [rule for rule in rules if _OWN.isdisjoint(rule.condition.columns)]


def free(snapshot: Snapshot, record: pl.DataFrame, open_days: pl.DataFrame) -> pl.DataFrame:
    """Return the open days on which each trainer is free: ``r`` and ``date``."""
    frames = snapshot.frames
    busy = pl.concat([frames.taken.select("r", "date"), record.drop_nulls("r").select("r", "date")])
    return (
        frames.trainers.select("r")
        .join(open_days.select("date"), how="cross")
        .join(frames.free, on="r", how="left")
        .filter(pl.col("start").is_null() | pl.col("date").is_between("start", "end"))
        .select("r", "date")
        .unique()
        .join(busy, on=["r", "date"], how="anti")
        .sort("r", "date")
    )


def months(snapshot: Snapshot, record: pl.DataFrame, free: pl.DataFrame) -> pl.DataFrame:
    """Return the sessions that each trainer can still lead in each month: ``r``, ``month`` and ``left``."""
    month = pl.col("date").dt.truncate("1mo")
    sessions = record.drop_nulls("r").group_by("r", month=month).agg(sessions=pl.len().cast(pl.Int64))
    return (
        free.group_by("r", month=month)
        .agg(days=pl.len().cast(pl.Int64))
        .join(snapshot.frames.trainers.select("r", "per_month"), on="r")
        .join(sessions, on=["r", "month"], how="left")
        # Where a trainer's number isn't known, no month is full.
        .select("r", "month", left=pl.min_horizontal("days", pl.col("per_month") - pl.col("sessions").fill_null(0)))
        .filter(pl.col("left") > 0)
        .sort("r", "month")
    )


def room(snapshot: Snapshot, record: pl.DataFrame) -> pl.DataFrame:
    """Return the sessions that each relay can still host over twelve months: ``p`` and ``left``, null for no limit."""
    year = (pl.col("date") - pl.lit(snapshot.on)).dt.total_days().abs() < _YEAR_DAYS
    sessions = record.drop_nulls("p").filter(year).group_by("p").agg(sessions=pl.len().cast(pl.Int64))
    left = (pl.col("per_year") - pl.col("sessions").fill_null(0)).clip(0)
    return snapshot.frames.partners.select("p", "per_year").join(sessions, on="p", how="left").select("p", left=left)
