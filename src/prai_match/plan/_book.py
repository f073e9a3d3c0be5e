"""What a plan holds: its inputs and weights, its sessions and seats, and how good it is known to be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

import polars as pl

from prai_match.plan._columns import SEATS, SESSIONS
from prai_match.plan._numbers import Numbered
from prai_match.plan._objective import parts, values

if TYPE_CHECKING:
    import datetime as dt

    from prai_match.plan._inputs import Inputs
    from prai_match.plan._weights import Weights

Status = Literal["optimal", "bounded", "limit", "at_once", "interrupted", "empty", "edited"]
"""How a plan came about: proven within the gap asked for; proven within its `gap`, which its dates make wider; ended by
a limit; made without a search; ended by Ctrl-C; nothing can be held; edited by hand."""


@dataclass(frozen=True, eq=False)
class Book:
    """Dated sessions and who comes to each, as texts, tables, calendars and differences read them (see `Plan`)."""

    inputs: Inputs
    weights: Weights
    sessions: pl.DataFrame
    seats: pl.DataFrame
    bound: float
    status: Status

    @classmethod
    def made(  # noqa: PLR0913 - all that a plan is made of
        cls,
        inputs: Inputs,
        weights: Weights,
        sessions: pl.DataFrame,
        seats: pl.DataFrame,
        *,
        bound: float,
        status: Status,
    ) -> Self:
        """Return the plan of these sessions and seats, with what follows from them: axes, kilometres, values.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> season = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 9, 28), time_limit=0)
            >>> tables = season.sessions.head(1), season.seats.head(0)
            >>> kept = {"bound": season.bound, "status": "edited"}
            >>> type(season).made(season.inputs, season.weights, *tables, **kept).sessions.height
            1
        """
        numbered = Numbered.read(inputs, sessions, seats)
        axes = inputs.snapshot.frames.axes.select("x", "axis")
        came = (
            numbered.seats.with_columns(value=values(numbered, weights), km=pl.col("away").round(1))
            .join(axes, on="x", how="left", maintain_order="left")
            .select(pl.col(name).cast(kind) for name, kind in SEATS.items())
            .sort("session", "territory")
        )
        asked = (
            came.filter(pl.col("axis").is_not_null())
            .group_by("session", "axis")
            .agg(people=(pl.col("elected") + pl.col("technicians")).sum())
            .sort("people", "axis", descending=[True, False])
            .unique("session", keep="first", maintain_order=True)
            .select(id="session", most="axis")
        )
        held = (
            sessions.join(asked, on="id", how="left", maintain_order="left")
            .with_columns(axis=pl.when("booked").then("axis").otherwise("most"))
            .select(pl.col(name).cast(kind) for name, kind in SESSIONS.items())
            .sort("date", "id", nulls_last=True)
        )
        return cls(inputs, weights, held, came, bound, status)

    @cached_property
    def numbered(self) -> Numbered:
        """Its frames with the numbers of the programme."""
        return Numbered.read(self.inputs, self.sessions, self.seats)

    @cached_property
    def parts(self) -> dict[str, float]:
        """The parts of the objective, in points, by the name of their weight."""
        return parts(self.numbered, self.weights)

    @property
    def objective(self) -> float:
        """What it is worth, in points; of whatever plan, valid or not."""
        return round(sum(self.parts.values()), 6)

    @property
    def gap(self) -> float:
        """The share of the bound that may be missing: 0, proven to be the best; 1, nothing is proven."""
        missing = self.bound - self.objective
        if math.isinf(missing):
            return 1.0
        return missing / abs(self.bound) if missing > 0 and self.bound else 0.0

    @property
    def start(self) -> dt.date:
        """First day of the period."""
        return self.inputs.start

    @property
    def end(self) -> dt.date:
        """Last day of the period."""
        return self.inputs.end
