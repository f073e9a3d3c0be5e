"""A draft as the frames of a plan: codes instead of numbers, and an identifier for each new session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.calendar import EPOCH

if TYPE_CHECKING:
    from prai_match.plan._draft import Draft
    from prai_match.plan._inputs import Inputs


def written(inputs: Inputs, draft: Draft) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the sessions and the seats of a draft (see `prai_match.plan._book`).

    A new session is called by the month in which the period starts, its session and its host: there is one of each in
    a plan, so that the name stays when its date, trainer or relay changes.
    """
    names = {"g": pl.UInt32, "r": pl.UInt32, "p": pl.UInt32, "day": pl.Int32, "cents": pl.Int64}
    booked = {place.g for place in draft.tables.places if place.booked}
    rows = [
        (held.g, held.r, held.p, held.day - EPOCH, held.cents)
        for held in draft.sessions.values()
        if held.g not in booked
    ]
    frames = inputs.snapshot.frames
    new = (
        pl.DataFrame(rows, schema=names, orient="row")
        .join(inputs.places.select("g", "t", "s"), on="g")
        .join(frames.territories.select("t", host="territory"), on="t")
        .join(frames.sessions.select("s", "session"), on="s")
        .join(frames.partners.select("p", "partner"), on="p")
        .join(frames.trainers.select("r", "trainer"), on="r")
        .join(inputs.leads.select("g", "r", "cost"), on=["g", "r"], how="left", maintain_order="left")
        .with_columns(id=_id(inputs))
        .select(
            *("g", "id", "session", "host", "partner", "trainer"),
            axis=pl.lit(None, pl.String),
            date=pl.col("day").cast(pl.Date),
            cost=pl.when(pl.col("cost").is_not_null()).then(pl.col("cents") / 100),
            booked=pl.lit(value=False),
        )
    )
    fixed = inputs.places.filter("booked").select("g", "id", "booked").join(inputs.held.drop("t", "s"), on="id")
    sessions = pl.concat([new, fixed.select(new.columns)])
    schema = {"n": pl.UInt32, "g": pl.UInt32}
    seats = (
        pl.DataFrame(list(draft.at.items()), schema=schema, orient="row")
        .join(sessions.select("g", session="id"), on="g")
        .join(inputs.demands.select("n", "t", "elected", "technicians"), on="n")
        .join(frames.territories.select("t", "territory"), on="t")
        .select("session", "territory", "elected", "technicians")
    )
    return sessions.drop("g"), seats


def _id(inputs: Inputs) -> pl.Expr:
    """Return the identifier of a new session, which no session known has."""
    first = pl.lit(f"{inputs.start:%Y-%m}")
    name = pl.concat_str(first, pl.col("session"), pl.col("host"), separator="-")
    return pl.when(name.is_in(inputs.held["id"].implode())).then(name + "-bis").otherwise(name)
