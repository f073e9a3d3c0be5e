"""A programme as arrays, prepared once for a scenario: who is near whom, who can lead and host, what it costs, when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from prai_match.calendar import days
from prai_match.model import ProgrammeData
from prai_match.offers import Frames, frames_of
from prai_match.register import haversine_km

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from prai_match.simulate._draws import Flags, Floats, Ints

_DAYS = 31  # days of a month, on each of which a trainer leads one session at most


@dataclass(frozen=True, eq=False, slots=True)
class Month:
    """A month of the period: days are ordinals, ``first`` to ``last``; ``stream`` is that of its draws."""

    first: int
    last: int
    stream: int

    @property
    def day(self) -> dt.date:
        """Its first day, on which is decided."""
        return dt.date.fromordinal(self.first)


@dataclass(frozen=True, eq=False)
class Arrays:
    """The arrays. Numbers are those of `prai_match.offers.Frames`; T territories, S sessions, P relays, R trainers."""

    programme: ProgrammeData
    frames: Frames
    km: Floats  # (T, T) distances between territories
    km_trainer: Floats  # (T, R) distances to trainers
    workshop: Flags  # (S,) whether each session is a workshop
    least: Ints  # (S,) fewest people
    most: Ints  # (S,) most people
    fee: Floats  # (R,) euros, the programme's `assume_fee` where a fee isn't known; NaN: none is assumed
    room: Floats  # (S,) euros of room and material; NaN: unknown
    per_month: Ints  # (R,) most sessions in a month; where it isn't known, one a day
    per_year: Ints  # (P,) most sessions over twelve months; -1: no limit
    knows: Flags  # (R, X) whether each trainer leads each axis
    leads: Ints  # (S, S) the usual lag where one session leads to another, days; -1: it doesn't
    prior: Floats  # (S, S) the declared probability; 0: it doesn't
    axes: tuple[tuple[int, ...], ...]  # for each session, the numbers of its axes, the first of them "none chosen"
    size: Floats  # (T,) population by its mean
    collectivities: NDArray[np.object_]  # (C,) their codes
    member: Ints  # (C,) the territory of each collectivity
    by_territory: Ints  # (C,) the collectivities, those of the first territory first
    first_member: Ints  # (T + 1,) where those of each territory begin in it
    months: tuple[Month, ...]
    start: int  # ordinal of the first day; arrays by day begin there
    open: Flags  # (D,) whether a session can be held on each day, but for blackouts
    free: Flags  # (R, D) whether each trainer is free, but for what is booked
    month_of_day: Ints  # (D,) the number of the month of each day
    departement: Ints  # (T,) the département ``d`` of each territory
    elections: tuple[int, ...]  # ordinals of the elections, in order
    blackouts: tuple[tuple[int, int], ...]  # first and last day of each blackout

    @property
    def links(self) -> Flags:
        """(S, S) whether one session leads to the other, or follows it."""
        return np.asarray((self.leads >= 0) | (self.leads.T >= 0), bool)

    @property
    def near(self) -> Flags:
        """(T, T) whether people travel from one to the other."""
        return self.km <= self.programme.travel_km

    def cents(self, host: Ints, trainer: Ints, session: Ints) -> Ints:
        """Return the cost of sessions in cents, as a plan counts it; -1: unknown."""
        travel = self.km_trainer[host, trainer] * (2 * self.frames.euros_per_km)
        euros = np.round(self.fee[trainer] + travel + self.room[session], 2)
        return np.asarray(np.rint(np.nan_to_num(euros * 100, nan=-1.0)), np.int64)

    def renewal(self, day: int) -> int:
        """Return the last election before a day; 0: there was none."""
        return max((each for each in self.elections if each < day), default=0)


def region(programme: ProgrammeData, start: dt.date, end: dt.date, quiet: tuple[int, ...]) -> Arrays:
    """Prepare the arrays of a programme for a period, without sessions in the months ``quiet``."""
    frames = frames_of(programme)
    territories, trainers, sessions = frames.territories, frames.trainers, frames.sessions
    every = days(start, end, start, (), None)
    shut = every["closed"].is_not_null() | every["date"].dt.month().is_in(list(quiet))
    members = frames.members["t"].cast(pl.Int64).to_numpy()
    number = dict(sessions.select("session", "s").iter_rows())
    leads, prior = np.full((len(number), len(number)), -1, np.int64), np.zeros((len(number), len(number)))
    for edge in programme.catalogue.follow_ups:
        leads[number[edge.source], number[edge.target]] = edge.lag_days
        prior[number[edge.source], number[edge.target]] = edge.prior
    knows = np.zeros((trainers.height, frames.axes.height), bool)
    knows[frames.expertise["r"].to_numpy(), frames.expertise["x"].to_numpy()] = True
    return Arrays(
        programme=programme,
        frames=frames,
        km=_km(territories, territories),
        km_trainer=_km(territories, trainers),
        workshop=(sessions["form"] == "workshop").to_numpy(),
        least=sessions["min_seats"].cast(pl.Int64).to_numpy(),
        most=sessions["max_seats"].cast(pl.Int64).to_numpy(),
        fee=trainers["fee"].fill_null(pl.lit(frames.assume_fee, pl.Float64)).to_numpy(),
        room=sessions["session_cost"].to_numpy(),
        per_month=trainers["per_month"].fill_null(_DAYS).cast(pl.Int64).to_numpy(),
        per_year=frames.partners["per_year"].fill_null(-1).cast(pl.Int64).to_numpy(),
        knows=knows,
        leads=leads,
        prior=prior,
        axes=tuple(tuple(part["x"]) for part in frames.axes.sort("s", "x").partition_by("s", maintain_order=True)),
        size=_size(territories["population"]),
        collectivities=frames.members["collectivity"].to_numpy(),
        member=members,
        by_territory=np.argsort(members, kind="stable"),
        first_member=np.searchsorted(np.sort(members), np.arange(territories.height + 1)),
        months=_months(every["date"]),
        start=start.toordinal(),
        open=(~shut).to_numpy(),
        free=_free(frames, start, end),
        month_of_day=every["date"].dt.month_start().rank("dense").cast(pl.Int64).to_numpy() - 1,
        departement=territories["d"].cast(pl.Int64).to_numpy(),
        elections=tuple(sorted(each.date.toordinal() for each in programme.calendar.elections)),
        blackouts=tuple(sorted((b.start.toordinal(), b.end.toordinal()) for b in programme.calendar.blackouts)),
    )


def _km(here: pl.DataFrame, there: pl.DataFrame) -> Floats:
    one = here.select("latitude", "longitude")
    pairs = one.join(there.select(one.columns), how="cross", maintain_order="left_right", suffix="_far")
    far = pairs.select(haversine_km("latitude", "longitude", "latitude_far", "longitude_far"))
    return far.to_series().to_numpy().reshape(here.height, there.height)


def _size(population: pl.Series) -> Floats:
    people = population.to_numpy()
    mean = float(people.mean()) if len(people) else 0.0
    return people / mean if mean else np.ones(len(people))


def _months(days: pl.Series) -> tuple[Month, ...]:
    by_month = days.to_frame("first").group_by(month=days.dt.month_start(), maintain_order=True)
    ends = by_month.agg(pl.col("first").min(), last=pl.col("first").max()).select("first", "last").rows()
    return tuple(Month(first.toordinal(), last.toordinal(), first.year * 12 + first.month) for first, last in ends)


def _free(frames: Frames, start: dt.date, end: dt.date) -> Flags:
    first, last = start.toordinal(), end.toordinal()
    free = np.ones((frames.trainers.height, last - first + 1), bool)
    free[frames.free["r"].to_numpy()] = False
    for r, since, until in frames.free.select("r", "start", "end").iter_rows():
        free[r, max(0, since.toordinal() - first) : max(0, until.toordinal() - first + 1)] = True
    for r, day in frames.taken.select("r", "date").iter_rows():
        if first <= day.toordinal() <= last:
            free[r, day.toordinal() - first] = False
    return free
