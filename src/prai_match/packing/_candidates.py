"""Demands, places, trainers, relays and participants of sessions, and the remaining capacity of each actor."""

from typing import Any

import numpy as np
import polars as pl

from prai_match import offers
from prai_match.calendar import NEVER, dates
from prai_match.model import ProgrammeData, cancelled_on
from prai_match.offers import LevelRows, SessionCells, Snapshot, column, head_count
from prai_match.policy import GRID, Policy


def demands(snapshot: Snapshot, policy: Policy, cells: SessionCells) -> pl.DataFrame:
    """Return all territories and sessions of ``cells`` that the rules on sessions allow, in the order of codes.

    Columns: ``t``, ``d``, ``s``, ``x`` (the axis asked for), ``chosen`` (whether one is), ``kind``, ``score`` (of the
    recommendation at the own place; if no relay or trainer passes, of the session only), ``elected`` and
    ``technicians`` (who would attend), ``counted`` (how many count towards the minimum of a session), ``age`` (0 to 1:
    of the oldest need, 1 from a year on) and ``release`` (the first day after the lag of its source; null if it follows
    nothing attended and no strong need opens it).
    """
    frames = snapshot.frames
    here = np.flatnonzero(cells.stage > 0)
    pairs = pl.DataFrame({name: getattr(cells, name)[here].astype(np.uint32) for name in "tsx"})
    is_strong = offers.candidates(snapshot, pairs)["need_score"].value >= frames.limits["strong_need"]
    release = snapshot.first + cells.lag[here].astype(np.int64)
    follows = is_strong | (release != snapshot.today)  # that day stands for what follows nothing
    pairs = pairs.with_columns(
        score=pl.Series(cells.units[here] / GRID), release=dates(np.where(follows, release, NEVER))
    )
    # Where an officer chose a session, no other is planned.
    codes = frames.sessions.select("s", replaced_by="session")
    chosen = snapshot.replacements.join(codes, on="replaced_by").select("t", "s")
    pairs = pl.concat([pairs.join(chosen, on="t", how="anti"), pairs.join(chosen, on=["t", "s"], how="semi")])
    open_needs = snapshot.needs.filter(state="open")
    age = ((pl.lit(snapshot.on) - pl.col("start").min()).dt.total_days() / YEAR_DAYS).clip(0.0, 1.0)
    table = (
        pairs.join(frames.territories.select("t", "d"), on="t", how="left", maintain_order="left")
        .join(frames.sessions.select("s", "kind", "form", "max_seats"), on="s", how="left", maintain_order="left")
        .join(frames.axes.select("x", "axis"), on="x", how="left", maintain_order="left")
        .join(open_needs.group_by("t", "s").agg(age=age), on=["t", "s"], how="left", maintain_order="left")
        .sort("t", "s")
    )
    return table.with_columns(coming(snapshot, policy, table)).select(
        *("t", "d", "s", "x", "kind", "elected", "technicians", "counted", "release", "score"),
        chosen=pl.col("axis").is_not_null(),
        age=pl.col("age").fill_null(0.0),
    )


def after(snapshot: Snapshot, demands: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of demands of a territory of which one leads to the other, with the lag between them."""
    each = demands.select("n", "t", "s", "council").filter(snapshot.edges.bind)
    return (
        each.join(snapshot.follow_up_frame.select("s_next", "lag_days", s_source="s"), left_on="s", right_on="s_next")
        .join(each.select("t", "council", n_source="n", s_source="s"), on=["t", "council", "s_source"])
        .select("n", "n_source", "lag_days")
        .sort("n", "n_source")
    )


ELECTED = 0.6  # default share of elected officials without a history: that of the model case
USUAL = 4.0  # default number of people that a territory sends without a history


def coming(snapshot: Snapshot, policy: Policy, demands: pl.DataFrame) -> pl.DataFrame:
    """Return the elected officials and technicians who would come, for each of ``demands``, in its order.

    A collectivity counts once per session, as for the rule on people: with the largest number that it announced in an
    open need, or sent to a source of the session but not yet to the session. If nobody asked (buffets are for those who
    didn't), the number is the mean that territories sent to sessions of that kind. The same mean is used if the number
    of people is unknown, but these don't count towards the minimum of a session; nor do people without a need, if the
    policy has a rule on interested people. The share of elected officials is that seen so far, two or more people
    include a technician, and no territory fills more than one room. ``counted`` people count towards the minimum.
    """
    totals = snapshot.attendances.select("elected", "technicians").drop_nulls().sum().row(0)
    share = totals[0] / sum(totals) if sum(totals) else ELECTED
    people = pl.coalesce("asked", "usual", pl.lit(USUAL)).round().clip(1, pl.col("max_seats")).cast(pl.Int64)
    came = pl.col("people")
    brought = (came * (1 - share)).round().cast(pl.Int64).clip(1, came - 1)
    return (
        demands.select("t", "s", "kind", "max_seats", asks=for_interested(policy))
        .join(_interest(snapshot), on=["t", "s"], how="left", maintain_order="left")
        .join(_usual(snapshot), on="kind", how="left", maintain_order="left")
        .select(people=people, counted=pl.when(pl.col("silent").fill_null(pl.col("asks"))).then(0).otherwise(people))
        .with_columns(technicians=pl.when(came > 1).then(brought).otherwise(0))
        .select((came - pl.col("technicians")).alias("elected"), "technicians", "counted")
    )


def for_interested(policy: Policy) -> pl.Expr:
    """Return whether only interested people count towards the minimum of a session, by its ``kind`` and ``form``."""
    rules = [rule.kind for rule in policy.requirements if rule.stage == "place" and "people" in rule.condition.columns]
    return pl.lit(None in rules) | pl.any_horizontal(pl.col("kind", "form").is_in(rules))


def _interest(snapshot: Snapshot) -> pl.DataFrame:
    """Return the people of each territory who ask for each session or attended what leads to it, as far as known.

    ``silent``: all their numbers are unknown.
    """
    came = snapshot.recent.join(snapshot.follow_up_frame, on="s").select("c", "t", s="s_next", people=head_count())
    asked = snapshot.needs.filter(state="open").select("c", "t", "s", "people")
    return (
        pl.concat([asked, came.join(snapshot.recent, on=["c", "s"], how="anti")])
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


def with_costs(snapshot: Snapshot, sessions: pl.DataFrame) -> pl.DataFrame:
    """Add to sessions (``t``, ``s``, ``r`` and ``cost``) the cost ``due`` by its parts, and the one ``counted``.

    ``counted`` is the stated cost or, if unknown, the cost due with the fee that the programme assumes.
    """
    rows = offer_columns(snapshot, sessions.select("t", "s", "r"))
    due, counted = (column(rows, name) for name in ("cost", "counted_cost"))
    return sessions.with_columns(due.alias("due"), counted=pl.coalesce("cost", counted))


def offer_columns(snapshot: Snapshot, pairs: pl.DataFrame) -> LevelRows:
    """Return the columns of ``pairs``, as offers without an axis; columns of missing actors are unknown."""
    unknown = [pl.lit(None, pl.UInt32).alias(name) for name in ("p", "r") if name not in pairs.columns]
    return offers.candidates(snapshot, with_core(snapshot.frames, pairs.with_columns(*unknown)))


def with_core(frames: offers.Frames, rows: pl.DataFrame) -> pl.DataFrame:
    """Add to rows the axis ``x`` of the common core of each session ``s``."""
    core = frames.axes.filter(pl.col("axis").is_null()).select("s", "x")
    return rows.join(core, on="s", how="left", maintain_order="left")


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


AROUND_DAYS = 30  # before and after a session, in which its trainer's load counts (see the column trainer_load)


def around(snapshot: Snapshot) -> pl.DataFrame:
    """Return below how many other sessions in these days each trainer can lead one: ``r``, ``most`` (or null)."""
    limit = snapshot.frames.limits["trainer_load_limit"]
    return snapshot.frames.trainers.select("r", most=2 * limit * pl.col("per_month"))


YEAR_DAYS = 365  # before and after a session, in which those of its relay count (see the column partner_room)


def room(snapshot: Snapshot, record: pl.DataFrame, days: pl.Series) -> pl.DataFrame:
    """Return how many sessions each relay can still host on some days: ``p`` and ``left``, null for no limit.

    For each year, this is the room in the year around the day with most room.
    """
    near = pl.col("date") - pl.col("day")
    known = record.drop_nulls("p").select("p", "date").join(days.to_frame("day"), how="cross")
    counts = known.group_by("p", "day").agg(known=(near.dt.total_days().abs() < YEAR_DAYS).sum().cast(pl.Int64))
    years = max(1, -(-((days[-1] - days[0]).days + 1) // YEAR_DAYS)) if days.len() else 1
    left = (pl.col("per_year") - pl.col("known").fill_null(0)).clip(0) * years
    least = counts.group_by("p").agg(pl.col("known").min())
    return snapshot.frames.partners.select("p", "per_year").join(least, on="p", how="left").select("p", left=left)
