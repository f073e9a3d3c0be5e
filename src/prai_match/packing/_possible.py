"""What is possible in a period: demands, places, participants, and the actors available on each day."""

import datetime as dt
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from prai_match import offers
from prai_match.calendar import dates, day_number
from prai_match.offers import Array, EveryDay, SessionCells
from prai_match.packing._candidates import demands
from prai_match.policy import Policy

_KEYS = ("t", "s", "council")


class Possible(NamedTuple):
    """See `prai_match.packing._inputs.Inputs`."""

    demands: pl.DataFrame  # see `_candidates.demands`; ``council``, ``pair``, ``begin`` and ``end`` too
    places: pl.DataFrame  # one a demand that can host, then the booked sessions
    seats: pl.DataFrame
    leads: pl.DataFrame
    able: pl.DataFrame
    relays: pl.DataFrame
    free: pl.DataFrame


def possible(day: EveryDay, policy: Policy, bookings: pl.DataFrame, start: dt.date) -> Possible:
    """Return what is possible from ``start`` to the horizon, as judged on each day, and the sessions known already."""
    views, frames = [_View(day, number, policy) for number in range(len(day.views))], day.frames
    territories = frames.territories["t"]
    of = pl.DataFrame({"t": territories, "priority": offers.priorities(day, policy, territories).totals})
    every = pl.concat(view.demands for view in views).join(of, on="t").sort(_KEYS).with_row_index("n")
    # What waits for nothing on the day didn't before: sessions that stay may be of earlier days.
    every = every.with_columns(pl.col("begin", "release").replace(day.on, min(start, day.on)))
    at = every.select("n", *_KEYS)
    hosts = pl.concat(view.hosts for view in views).join(at, on=_KEYS, maintain_order="left").sort("n")
    held = frames.held.with_row_index("b").select("id", pl.col("b", "room").cast(pl.Int64))
    booked = bookings.join(held, on="id", how="left", maintain_order="left")
    places = pl.concat(
        [
            hosts.select(*_KEYS, "n", booked=pl.lit(value=False)),
            booked.select("t", "s", "id", "date", "r", "p", "cost", "room", "b", booked=pl.lit(value=True)),
        ],
        how="diagonal",
    ).with_row_index("g")
    new = places.filter(~pl.col("booked"))
    guests = pl.concat(view.seats for view in views).join(at, on=_KEYS)
    guests = guests.join(new.select("g", "s", "council", h="t"), on=["h", "s", "council"])
    joins = pl.concat(view.joins for view in views).join(at, on=_KEYS).join(places.select("g", "b"), on="b")
    actors, when = _actors(views, day_number(start) - day.first)
    actors = actors.join(new.select("g", "n", "s", "council", h="t"), on=["h", "s", "council"], maintain_order="left")
    leads = actors.join(every.select("n", "x"), on=["n", "x"], how="semi", maintain_order="left")
    return Possible(
        demands=every,
        places=places.drop("b", "council"),
        seats=pl.concat([one.select("n", "g", "km") for one in (guests, joins)]).sort("g", "n"),
        leads=leads.select("g", "r", "z", "cost", "counted", "points").sort("g", "r"),
        able=actors.select("g", "r", "x"),
        relays=new.select("g", *_KEYS)
        .join(frames.territories.select("t", e="d"), on="t")
        .join(pl.concat(view.relays for view in views), on=["e", "s", "council"])
        .select("g", "p", "points")
        .sort("g", "p"),
        free=pl.DataFrame({"z": when[0].astype(np.uint32), "date": dates(day.first + when[1])}),
    )


class _View:
    """What is possible under one of the councils that sit in the period."""

    def __init__(self, day: EveryDay, number: int, policy: Policy) -> None:
        self._day, self._policy, self._number = day.views[number], policy, number
        self._council = pl.lit(number, pl.Int64).alias("council")

    @cached_property
    def _cells(self) -> SessionCells:
        return offers.sift(self._day, self._policy, self._day.frames.territories["t"], alone=True)

    @property
    def demands(self) -> pl.DataFrame:
        days = self._day.first + np.flatnonzero(self._day.councils[1][self._number])
        begin, end = dates(days[[0, -1]]) if len(days) else (self._day.on, self._day.on)
        begin = begin if self._number else self._day.on  # sessions that are booked can be joined before
        return demands(self._day, self._policy, self._cells).with_columns(
            self._council,
            pair=pl.col("t").cast(pl.Int64) * self._day.width + pl.col("s"),
            begin=pl.lit(begin, pl.Date),
            end=pl.lit(end, pl.Date),
        )

    @cached_property
    def seats(self) -> pl.DataFrame:
        """Who can come to which host, of those whose session isn't replaced by another."""
        return offers.seats(self._day, self._policy, self._cells).with_columns(self._council)

    @property
    def hosts(self) -> pl.DataFrame:
        return self.seats.filter(pl.col("t") == pl.col("h")).select(*_KEYS)

    @property
    def joins(self) -> pl.DataFrame:
        return offers.joins(self._day, self._policy, self._cells).with_columns(self._council)

    @property
    def relays(self) -> pl.DataFrame:
        return offers.relays(self._day, self._policy).with_columns(self._council)

    @property
    def trainers(self) -> tuple[pl.DataFrame, Array]:
        places = self.seats.select("h", "s", "x").unique().sort("h", "s", "x")
        numbers = {name: places[name].cast(pl.Int64).to_numpy() for name in ("h", "s", "x")}
        able = offers.trainers(self._day, self._policy, numbers)
        columns = {"r": able.r.astype(np.uint32), "cost": able.cost, "counted": able.counted, "points": able.points}
        wanted = places.with_columns(self._council)[able.place]
        return wanted.with_columns(pl.DataFrame(columns, nan_to_null=True)), able.free


def _actors(views: list[_View], start: int) -> tuple[pl.DataFrame, tuple[Array, Array]]:
    """Return who can be where, each with the number ``z`` of when; and the rows and places of these days."""
    tables, masks = zip(*(view.trainers for view in views), strict=True)
    free = np.concatenate(masks)
    free[:, : max(0, start)] = False
    each, z = np.unique(free, axis=0, return_inverse=True)
    table = pl.concat(tables).with_columns(z=pl.Series(z.reshape(-1), dtype=pl.UInt32))
    row, place = np.nonzero(each)
    return table.filter(pl.Series(free.any(axis=1))), (row, place)
