"""Sessions that no relay of a département covers, carries and has room for, and who is waiting for them."""

from typing import Any

import polars as pl

from prai_match import offers
from prai_match.needs import WAITING
from prai_match.plan import Plan
from prai_match.recommend import Answers

GAPS: dict[str, Any] = {
    "rank": pl.Int64,
    **dict.fromkeys(("departement", "session", "cause"), pl.String),
    "partners": pl.List(pl.String),
    **dict.fromkeys(("territories", "needs", "people", "seated"), pl.Int64),
}


def waiting(season: Plan, answers: Answers) -> pl.DataFrame:
    """Return the territories that each session can be offered to, or that need it (see `RelayGaps`)."""
    inputs, frames = season.inputs, season.inputs.snapshot.frames
    keys, (t, held) = ["territory", "session"], inputs.snapshot.ahead
    places, sessions = (
        frames.territories.select("t", "territory", "departement"),
        frames.sessions.select("s", "session"),
    )

    def named(numbers: pl.DataFrame) -> pl.DataFrame:
        return numbers.select("t", "s").join(places, on="t").join(sessions, on="s").select(keys)

    booked = frames.held.select("s").with_row_index("held")
    ahead = pl.DataFrame({"t": pl.Series(t, dtype=pl.UInt32), "held": pl.Series(held, dtype=pl.UInt32)})
    seated = season.seats.select("territory", id="session").join(season.sessions.select("id", "session"), on="id")
    there = pl.concat([seated.select(keys), named(ahead.join(booked, on="held"))])
    said = offers.needs_by_state(answers.programme, answers.on).filter(pl.col("state").is_in(WAITING))
    needs = said.select("territory", "people", session="workshop").drop_nulls(keys)
    return (
        pl.concat([named(inputs.demands), needs.select(keys)])
        .unique()
        .join(there.unique().with_columns(seated=True), on=keys, how="left")
        .join(needs.group_by(keys).agg(pl.len().alias("needs"), pl.col("people").sum()), on=keys, how="left")
        .join(places.select("territory", "departement"), on="territory")
        .select(
            *("departement", *keys),
            pl.col("needs", "people").cast(pl.Int64).fill_null(0),
            pl.col("seated").fill_null(value=False),
        )
        .sort(keys)
    )


def relays(season: Plan) -> pl.DataFrame:
    """Return the relays of the day: ``p``, ``partner``, and how many sessions each can organise (null if unlimited)."""
    day, room = season.inputs.snapshot, season.inputs.room
    present = pl.Series(day.column("partner_present").value)
    return day.frames.partners.filter(present).select("p", "partner").join(room, on="p").sort("p")


def missing(season: Plan, answers: Answers, left: pl.DataFrame) -> pl.DataFrame:
    """Return the gaps of a day (see `RelayGaps`), those with most people waiting first."""
    day, frames, keys = season.inputs.snapshot, season.inputs.snapshot.frames, ["d", "s"]
    there = relays(season).with_columns(free=pl.col("left").is_null() | (pl.col("left") > 0))
    # For every relay that covers a département: whether it carries each session and can organise one more.
    covering = (
        frames.covers.join(there, on="p")
        .join(frames.sessions.select("s"), how="cross")
        .join(frames.carries.with_columns(carries=True), on=["p", "s"], how="left")
        .with_columns(pl.col("carries").fill_null(value=False))
    )
    # A policy may require less of a relay: a session for which it finds a relay isn't a gap either.
    able = offers.relays(day, answers.policy).rename({"e": "d"}).join(there.filter("free"), on="p")
    none = pl.concat([able.select(keys), covering.filter(pl.col("carries") & pl.col("free")).select(keys)])
    nearest = covering.group_by(keys).agg(
        cause=pl.when(pl.col("carries").any()).then(pl.lit("room")).otherwise(pl.lit("carries")),
        partners=pl.col("partner").filter(pl.col("carries") | ~pl.col("carries").any()).sort(),
    )
    waits = ~pl.col("seated")
    counts = left.group_by("departement", "session").agg(
        waits.sum().alias("territories"), pl.col("needs", "people").filter(waits).sum(), pl.col("seated").sum()
    )
    numbers = ("people", "needs", "territories")
    return (
        frames.territories.select("d", "departement")
        .unique()
        .join(frames.sessions.select("s", "session"), how="cross")
        .join(none, on=keys, how="anti")
        .join(nearest, on=keys, how="left")
        .join(counts, on=["departement", "session"], how="left")
        .with_columns(
            pl.col(*numbers, "seated").fill_null(0),
            cause=pl.col("cause").fill_null("covers"),
            partners=pl.col("partners").fill_null([]),
        )
        .sort(*numbers, "departement", "session", descending=[True, True, True, False, False])
        .with_row_index("rank", 1)
        .select(pl.col(name).cast(kind) for name, kind in GAPS.items())
    )
