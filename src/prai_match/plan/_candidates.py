"""What may be offered to whom; where sessions can be held, by whom, who can come, and what each actor has left."""

from typing import Any

import numpy as np
import polars as pl

from prai_match import offers
from prai_match.model import ProgrammeData, cancelled_on
from prai_match.offers import LevelRows, Snapshot, column, head_count
from prai_match.policy import GRID, Policy, Requirement, Stage
from prai_match.register import haversine_km


def demands(snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    """Return every territory and session that the rules on sessions allow, in the order of their codes.

    Whether a relay and a trainer can be found is for the plan to say, place by place. Columns: ``n`` (a number from 0),
    ``t``, ``d``, ``s``, ``x`` (the axis asked for), ``chosen`` (whether one is), ``kind``, ``score`` (of the
    recommendation; where no relay or trainer passes, of the session alone), ``elected`` and ``technicians`` (who would
    come), ``counted`` (how many count towards the fewest of a session), ``age`` (0 to 1: of the oldest need, 1 from a
    year) and ``release`` (the first day after the lag of what it follows; null where it follows nothing attended).
    """
    frames = snapshot.frames
    pairs = offers.furthest(snapshot, policy, frames.territories.select("t"), alone=True)
    pairs = pairs.filter(pl.col("stage").ne_missing("session"))
    # Where an officer chose a session, no other is planned.
    codes = frames.sessions.select("s", replaced_by="session")
    chosen = snapshot.replacements.join(codes, on="replaced_by").select("t", "s")
    pairs = pl.concat([pairs.join(chosen, on="t", how="anti"), pairs.join(chosen, on=["t", "s"], how="semi")])
    rules = [rule for rule in policy.preferences if rule.stage == "session"]
    rows = offers.candidates(snapshot, pairs.select("t", "s", "x"))
    points = sum((rule.units(rows) for rule in rules), np.zeros(rows.size, np.int64)) / GRID
    age = ((pl.lit(snapshot.on) - pl.col("start").min()).dt.total_days() / _YEAR_DAYS).clip(0.0, 1.0)
    table = (
        pairs.with_columns(alone=pl.Series(points))
        .join(frames.territories.select("t", "d"), on="t", how="left", maintain_order="left")
        .join(frames.sessions.select("s", "kind", "max_seats"), on="s", how="left", maintain_order="left")
        .join(frames.axes.select("x", "axis"), on="x", how="left", maintain_order="left")
        .join(snapshot.open_needs.group_by("t", "s").agg(age=age), on=["t", "s"], how="left", maintain_order="left")
        .join(_releases(snapshot), on=["t", "s"], how="left", maintain_order="left")
        .sort("t", "s")
        .with_row_index("n")
    )
    return table.with_columns(coming(snapshot, table)).select(
        *("n", "t", "d", "s", "x", "kind", "elected", "technicians", "counted", "release"),
        chosen=pl.col("axis").is_not_null(),
        score=pl.coalesce("score", "alone"),
        age=pl.col("age").fill_null(0.0),
    )


def after(snapshot: Snapshot, demands: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of demands of one territory of which one leads to the other, with the usual lag."""
    each = demands.select("n", "t", "s")
    return (
        each.join(snapshot.follow_up_frame.select("s_next", "lag_days", s_source="s"), left_on="s", right_on="s_next")
        .join(each.select("t", n_source="n", s_source="s"), on=["t", "s_source"])
        .select("n", "n_source", "lag_days")
        .sort("n", "n_source")
    )


def _releases(snapshot: Snapshot) -> pl.DataFrame:
    """Return the day from which each territory can attend what follows something that it attended."""
    return (
        snapshot.recent.select("t", "s", "date")
        .join(snapshot.follow_up_frame, on="s")
        .group_by("t", s="s_next")
        .agg(release=(pl.col("date") + pl.duration(days="lag_days")).min())
    )


ELECTED = 0.6  # share of elected officials where the history has none: that of the model case
USUAL = 4.0  # people that a territory sends where the history has none


def coming(snapshot: Snapshot, demands: pl.DataFrame) -> pl.DataFrame:
    """Return the elected officials and technicians who would come, for each of ``demands``, in its order.

    A collectivity counts once a session, as for the rule on people: the most that it announced in an open need, or sent
    to what leads to the session and not yet to the session. Where nobody asked (a buffet is for those who didn't), it
    is what territories sent on average to sessions of that kind. So it is where it isn't known of how many people a
    territory asked, but these don't count towards the fewest of a session. People are elected officials in the share
    seen so far, two people or more bring a technician, and no territory fills more than one room. Of these there are
    ``counted`` towards the fewest.
    """
    totals = snapshot.attendances.select("elected", "technicians").drop_nulls().sum().row(0)
    share = totals[0] / sum(totals) if sum(totals) else ELECTED
    people = pl.coalesce("asked", "usual", pl.lit(USUAL)).round().clip(1, pl.col("max_seats")).cast(pl.Int64)
    came = pl.col("people")
    brought = (came * (1 - share)).round().cast(pl.Int64).clip(1, came - 1)
    return (
        demands.select("t", "s", "kind", "max_seats")
        .join(_interest(snapshot), on=["t", "s"], how="left", maintain_order="left")
        .join(_usual(snapshot), on="kind", how="left", maintain_order="left")
        .select(people=people, counted=pl.when(pl.col("silent")).then(0).otherwise(people))
        .with_columns(technicians=pl.when(came > 1).then(brought).otherwise(0))
        .select((came - pl.col("technicians")).alias("elected"), "technicians", "counted")
    )


def _interest(snapshot: Snapshot) -> pl.DataFrame:
    """Return the people of each territory who ask for each session or attended what leads to it, as far as known.

    ``silent``: it isn't known of any of them how many they are.
    """
    came = snapshot.recent.join(snapshot.follow_up_frame, on="s").select("c", "t", s="s_next", people=head_count())
    already = snapshot.recent.select("c", "s").unique()
    return (
        pl.concat([snapshot.open_needs.select("c", "t", "s", "people"), came.join(already, on=["c", "s"], how="anti")])
        .group_by("c", "t", "s")
        .agg(pl.col("people").max())
        .group_by("t", "s")
        .agg(asked=pl.col("people").sum().cast(pl.Float64), silent=pl.col("people").count() == 0)
        .with_columns(asked=pl.when(~pl.col("silent")).then("asked"))
    )


def _usual(snapshot: Snapshot) -> pl.DataFrame:
    """Return the people that a territory sent on average to a session of each kind, where it is known."""
    people = pl.col("elected") + pl.col("technicians")
    return (
        snapshot.attendances.group_by("t", "s", "date")
        .agg(people=people.sum(), unknown=people.null_count())
        .filter(pl.col("unknown") == 0)
        .join(snapshot.frames.sessions.select("s", "kind"), on="s")
        .group_by("kind")
        .agg(usual=pl.col("people").mean())
    )


# Columns of the two frames of a plan.
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

_OWN = frozenset(  # columns about which the plan has conditions of its own, on each day and place
    {"trainer_wait_days", "trainer_load", "budget_left", "partner_room", "open_days", "open_days_left", "lag_days"}
    | {"distance_km", "reach_km", "trainer_knows_session", "trainer_knows_axis", "partner_covers", "partner_carries"}
)

_YEAR_DAYS = 365


def record(programme: ProgrammeData, snapshot: Snapshot) -> pl.DataFrame:
    """Return the sessions known on the day, held or booked, by date and identifier, as the plan has them."""
    rows = programme.sessions.to_polars().filter(pl.coalesce("booked_on", "date") <= snapshot.on)
    rows = rows.join(cancelled_on(programme.decisions.to_polars(), snapshot.on), on="id", how="anti").select(
        "id", "session", "axis", "date", "host", "partner", "trainer", pl.col("cost").cast(pl.Float64)
    )
    return with_numbers(snapshot.frames, rows).sort("date", "id")


def with_numbers(frames: offers.Frames, sessions: pl.DataFrame) -> pl.DataFrame:
    """Add to sessions ``t`` and ``d`` (of the host), ``s``, ``p`` and ``r``; null where a code isn't known."""
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
    km = (
        here.join(here.select(pl.all().name.suffix("_host")), how="cross")
        .select("t", "t_host", km=haversine_km("latitude", "longitude", "latitude_host", "longitude_host"))
        .filter(pl.col("km") <= travel_km)
    )
    return (
        demands.select("n", "t", "s", "x", "chosen")
        .join(km, on="t")
        .join(places.select("g", "s", "booked", "r", t_host="t"), on=["t_host", "s"])
        .join(frames.expertise.with_columns(knows=pl.lit(value=True)), on=["r", "x"], how="left")
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
    able = _passing(snapshot, policy, pairs, "trainer")
    rows = offer_columns(snapshot, able)
    km, counted, cost = (column(rows, name) for name in ("distance_km", "counted_cost", "cost"))
    return able.select("g", "r", counted.alias("counted"), km.alias("km"), cost)


def with_costs(snapshot: Snapshot, sessions: pl.DataFrame) -> pl.DataFrame:
    """Add to sessions (``t``, ``s``, ``r`` and ``cost``) the cost ``due`` by its parts, and the one ``counted``.

    That is the cost that is said or, where it is unknown, the one due with the fee that the programme assumes.
    """
    rows = offer_columns(snapshot, sessions.select("t", "s", "r"))
    due, counted = (column(rows, name) for name in ("cost", "counted_cost"))
    return sessions.with_columns(due.alias("due"), counted=pl.coalesce("cost", counted))


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
    rows = offer_columns(snapshot, pairs)
    holds = [np.broadcast_to(rule.holds(rows), rows.size) for rule in rules_of(policy, stage)]
    return pairs.filter(pl.Series(np.logical_and.reduce(holds))) if holds else pairs


def offer_columns(snapshot: Snapshot, pairs: pl.DataFrame) -> LevelRows:
    """Return the columns of ``pairs``, as offers without an axis; who isn't there is unknown."""
    core = snapshot.frames.axes.filter(pl.col("axis").is_null()).select("s", "x")
    unknown = [pl.lit(None, pl.UInt32).alias(name) for name in ("p", "r") if name not in pairs.columns]
    pairs = pairs.with_columns(*unknown).join(core, on="s", how="left", maintain_order="left")
    return offers.candidates(snapshot, pairs)


def rules_of(policy: Policy, stage: Stage) -> list[Requirement]:
    """Return the requirements of ``stage`` about which the plan has no condition of its own."""
    return [rule for rule in policy.requirements if rule.stage == stage and _OWN.isdisjoint(rule.condition.columns)]


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
