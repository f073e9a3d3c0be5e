"""A plan's frames read with the numbers of the programme: what conditions and the objective are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from prai_match.plan._candidates import with_counted
from prai_match.register import haversine_km

if TYPE_CHECKING:
    from prai_match.plan._inputs import Inputs


@dataclass(frozen=True, eq=False)
class Numbered:
    """The frames of a plan beside its inputs; nothing here comes from the solver.

    Attributes:
        inputs: What the plan was made from.
        sessions: Sessions as in the plan, with ``t`` (of the host), ``d``, ``s``, ``p``, ``r``, ``least`` and ``most``;
            null where a code isn't known.
        seats: Seats as in the plan, with ``t``, ``d``, ``n`` (the demand; null where there is none), ``x`` and
            ``chosen`` (the axis asked for) and, of their session, ``s``, ``date``, ``host``, ``trainer``, ``r``,
            ``booked`` and ``away`` (km to the host).
    """

    inputs: Inputs
    sessions: pl.DataFrame
    seats: pl.DataFrame

    @classmethod
    def read(cls, inputs: Inputs, sessions: pl.DataFrame, seats: pl.DataFrame) -> Numbered:
        """Add the numbers to the frames of a plan."""
        frames = inputs.snapshot.frames
        held = (
            sessions.with_columns(pl.col("cost").cast(pl.Float64))
            .join(frames.territories.select("t", "d", host="territory"), on="host", how="left", maintain_order="left")
            .join(
                frames.sessions.select(
                    "session", "s", least=pl.col("min_seats").cast(pl.Int64), most=pl.col("max_seats").cast(pl.Int64)
                ),
                on="session",
                how="left",
                maintain_order="left",
            )
            .join(frames.partners.select("partner", "p"), on="partner", how="left", maintain_order="left")
            .join(frames.trainers.select("trainer", "r"), on="trainer", how="left", maintain_order="left")
        )
        places = frames.territories.select("t", "d", "latitude", "longitude", "territory")
        here = places.rename({"territory": "host"}).select("host", pl.col("latitude", "longitude").name.suffix("_host"))
        of_session = held.unique("id", keep="first", maintain_order=True).select(
            "s", "date", "host", "trainer", "r", "booked", session="id"
        )
        wanted = inputs.demands.select("n", "t", "s", "x", "chosen")
        came = (
            seats.select("session", "territory", "elected", "technicians")
            .join(of_session, on="session", how="left", maintain_order="left")
            .join(places, on="territory", how="left", maintain_order="left")
            .join(here, on="host", how="left", maintain_order="left")
            .join(wanted, on=["t", "s"], how="left", maintain_order="left")
            .with_columns(away=haversine_km("latitude", "longitude", "latitude_host", "longitude_host"))
            .drop("latitude", "longitude", "latitude_host", "longitude_host")
        )
        return cls(inputs, held, came)

    @cached_property
    def new(self) -> pl.DataFrame:
        """The sessions that aren't booked."""
        return self.sessions.filter(~pl.col("booked"))

    @cached_property
    def costs(self) -> pl.DataFrame:
        """The new sessions with the cost ``due``, and the one ``counted`` (see `_candidates.with_counted`)."""
        rows = self.new.with_row_index("row")
        known = with_counted(self.inputs.snapshot, rows.drop_nulls(["t", "s", "r"]))
        priced = rows.join(known.select("row", "due", "counted"), on="row", how="left", maintain_order="left")
        return priced.drop("row").with_columns(counted=pl.coalesce("cost", "counted"))

    @cached_property
    def people(self) -> pl.DataFrame:
        """How many come to each session, ``id`` and ``people``, and are ``counted`` towards the fewest; 0: nobody."""
        people = pl.col("elected") + pl.col("technicians")
        # Of whom it isn't known how many they are, none is counted.
        sure = self.inputs.demands.select("n", sure=pl.col("counted") > 0)
        came = (
            self.seats.join(sure, on="n", how="left")
            .group_by(id="session")
            .agg(people=people.sum(), counted=people.filter(pl.col("sure").fill_null(value=True)).sum())
        )
        return self.sessions.join(came, on="id", how="left", maintain_order="left").with_columns(
            pl.col("people", "counted").fill_null(0)
        )
