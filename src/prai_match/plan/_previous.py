"""A plan that is planned again: what of it is fixed, and what should stay if it can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from prai_match.offers import Snapshot


@dataclass(frozen=True, eq=False)
class Before:
    """The sessions and seats of the plan before.

    Attributes:
        sessions: Its sessions that aren't booked, as in `Plan.sessions`.
        seats: Its seats, as in `Plan.seats`.
        confirmed: Identifiers of sessions that must stay.
        until: Sessions before this day stay: people are invited.
    """

    sessions: pl.DataFrame
    seats: pl.DataFrame
    confirmed: Collection[str]
    until: dt.date

    def fixed(self, held: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
        """Return the sessions that stay, as rows of ``held``; not those whose trainer or relay is no longer there."""
        frames = snapshot.frames
        stays = pl.col("id").is_in(pl.Series(sorted(self.confirmed), dtype=pl.String).implode())
        return (
            self.sessions.filter(stays | (pl.col("date") < self.until))
            .join(held, on="id", how="anti")
            .with_columns(pl.col("cost").cast(pl.Float64))
            .join(frames.territories.select("t", host="territory"), on="host")
            .join(frames.axes.filter(pl.col("axis").is_null()).select("session", "s", "x"), on="session")
            .join(frames.partners.select("partner", "p"), on="partner")
            .join(frames.trainers.select("trainer", "r"), on="trainer")
            .select(held.columns)
        )

    def places(self, places: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
        """Return the place, trainer, relay and date of each session before that isn't fixed."""
        frames = snapshot.frames
        at = places.filter(~pl.col("booked")).select("g", "t", "s")
        return (
            self.sessions.join(places.filter("booked").select("id"), on="id", how="anti")
            .join(frames.territories.select("t", host="territory"), on="host")
            .join(frames.sessions.select("session", "s"), on="session")
            .join(at, on=["t", "s"])
            .join(frames.partners.select("partner", "p"), on="partner", how="left")
            .join(frames.trainers.select("trainer", "r"), on="trainer", how="left")
            .select("g", "r", "p", "date")
            .unique("g", keep="first", maintain_order=True)
            .sort("g")
        )

    def came(self, demands: pl.DataFrame, places: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
        """Return the place at which each demand was served before: ``n``, ``g`` and whether it is ``booked``."""
        frames = snapshot.frames
        of_session = pl.concat(
            [
                self.sessions.join(frames.territories.select("t", host="territory"), on="host")
                .join(frames.sessions.select("session", "s"), on="session")
                .join(places.filter(~pl.col("booked")).select("g", "t", "s", "booked"), on=["t", "s"])
                .select("id", "g", "s", "booked"),
                places.filter("booked").select("id", "g", "s", "booked"),
            ]
        )
        of_session = of_session.sort("booked", descending=True).unique("id", keep="first", maintain_order=True)
        return (
            self.seats.select("territory", id="session")
            .join(of_session, on="id")
            .join(frames.territories.select("t", "territory"), on="territory")
            .join(demands.select("n", "t", "s"), on=["t", "s"])
            .select("n", "g", "booked")
            .unique("n", keep="first", maintain_order=True)
            .sort("n")
        )


def stayed(seats: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    """Keep of the ``seats`` of those who came to a session that stays only that one."""
    fixed = came.filter("booked")
    others = seats.join(fixed.select("n"), on="n", how="anti")
    return pl.concat([others, seats.join(fixed.select("n", "g"), on=["n", "g"], how="semi")]).sort("g", "n")
