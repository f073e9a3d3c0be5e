"""A programme as arrays, prepared once for a scenario: distances, trainers, hosts, costs and open days.

Also random draws: they are the same for every scenario, so that scenarios differ only by what they change. A draw
belongs to a replication, a month, a purpose and a territory or a session; it doesn't depend on previous draws. Numbers
come from Philox (Salmon et al., 2011), whose stream is the same in every version of NumPy.
"""

import datetime as dt
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match import offers, register
from prai_match.calendar import SessionDays
from prai_match.model import ProgrammeData

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
LASTING = 0  # the stream of draws for a whole replication; months have streams numbered by year and month
_RELAYS = 1 << 40


@dataclass(frozen=True, eq=False, slots=True)
class Month:
    """A month of the period: its days are the ordinals ``first`` to ``last``; ``stream`` is that of its draws."""

    first: int
    last: int
    stream: int

    @property
    def day(self) -> dt.date:
        """Its first day, on which decisions are made."""
        return dt.date.fromordinal(self.first)


@dataclass(frozen=True, eq=False)
class Arrays:
    """The arrays, numbered as in `prai_match.offers.Frames`; T territories, S sessions, P relays, R trainers."""

    programme: ProgrammeData
    frames: offers.Frames
    km: Floats  # (T, T) distances between territories
    workshop: Flags  # (S,) whether each session is a workshop
    least: Ints  # (S,) fewest people
    most: Ints  # (S,) most people
    leads: Ints  # (S, S) the usual lag if one session leads to another, in days; -1 if it doesn't
    prior: Floats  # (S, S) the declared probability; 0 if it doesn't
    axes: tuple[tuple[int, ...], ...]  # for each session, the numbers of its axes, the first of them "none chosen"
    size: Floats  # (T,) population divided by its mean
    collectivities: NDArray[np.object_]  # (C,) their codes
    member: Ints  # (C,) the territory of each collectivity
    by_territory: Ints  # (C,) the collectivities, those of the first territory first
    first_member: Ints  # (T + 1,) where those of each territory begin in ``by_territory``
    months: tuple[Month, ...]
    start: int  # ordinal of the first day; arrays by day begin there
    open: Flags  # (D,) whether a session can be held on each day, apart from blackouts
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

    def renewal(self, day: int) -> int:
        """Return the last election before a day; 0 if there was none."""
        return max((each for each in self.elections if each < day), default=0)


def region(programme: ProgrammeData, start: dt.date, end: dt.date, quiet: tuple[int, ...]) -> Arrays:
    """Prepare the arrays of a programme for a period, without sessions in the months ``quiet``."""
    frames = offers.frames_of(programme)
    territories, sessions = frames.territories, frames.sessions
    open_ = replace(SessionDays.of(programme), calendar=programme.calendar.model_copy(update={"blackouts": ()}))
    every = open_.table(start, end, start)
    members = frames.members["t"].cast(pl.Int64).to_numpy()
    number = dict(sessions.select("session", "s").iter_rows())
    leads, prior = np.full((len(number), len(number)), -1, np.int64), np.zeros((len(number), len(number)))
    for edge in programme.catalogue.follow_ups:
        leads[number[edge.source], number[edge.target]] = edge.lag_days
        prior[number[edge.source], number[edge.target]] = edge.prior
    return Arrays(
        programme=programme,
        frames=frames,
        km=_km(territories),
        workshop=(sessions["form"] == "workshop").to_numpy(),
        least=sessions["min_seats"].cast(pl.Int64).to_numpy(),
        most=sessions["max_seats"].cast(pl.Int64).to_numpy(),
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
        open=(every["closed"].is_null() & ~every["date"].dt.month().is_in(list(quiet))).to_numpy(),
        departement=territories["d"].cast(pl.Int64).to_numpy(),
        elections=tuple(sorted(each.date.toordinal() for each in programme.calendar.elections)),
        blackouts=tuple(sorted((b.start.toordinal(), b.end.toordinal()) for b in programme.calendar.blackouts)),
    )


def _km(territories: pl.DataFrame) -> Floats:
    one = territories.select("latitude", "longitude")
    pairs = one.join(one, how="cross", maintain_order="left_right", suffix="_far")
    far = pairs.select(register.haversine_km("latitude", "longitude", "latitude_far", "longitude_far"))
    return far.to_series().to_numpy().reshape(one.height, one.height)


def _size(population: pl.Series) -> Floats:
    people = population.to_numpy()
    mean = float(people.mean()) if len(people) else 0.0
    return people / mean if mean else np.ones(len(people))


def _months(days: pl.Series) -> tuple[Month, ...]:
    by_month = days.to_frame("first").group_by(month=days.dt.month_start(), maintain_order=True)
    ends = by_month.agg(pl.col("first").min(), last=pl.col("first").max()).select("first", "last").rows()
    return tuple(Month(first.toordinal(), last.toordinal(), first.year * 12 + first.month) for first, last in ends)


def seed_of(seed: int, replication: int) -> int:
    """Return the seed of a replication, which allows it to be run again alone."""
    return int(np.random.SeedSequence(entropy=(seed, replication)).generate_state(1, np.uint64)[0])


def uniform(seeds: Sequence[int], stream: int, *shape: int) -> Floats:
    """Return numbers from 0 to 1, excluding 1: a block of ``shape`` for each replication."""
    count = int(np.prod(shape))
    numbers = np.empty((len(seeds), count))
    for row, seed in zip(numbers, seeds, strict=True):
        raw = np.random.Philox(key=np.array([seed, stream], np.uint64)).random_raw(count)
        np.multiply(np.right_shift(raw, np.uint64(11), out=raw), 2.0**-53, out=row)
    return numbers.reshape(len(seeds), *shape)


def of_relays(seeds: Sequence[int], relays: Iterable[str], months: int) -> Floats:
    """Return a number for each replication, relay and month; an additional relay doesn't change those of others."""
    streams = [_RELAYS + zlib.crc32(relay.encode()) for relay in relays]
    return np.stack([uniform(seeds, stream, months) for stream in streams] or [np.zeros((len(seeds), months))], axis=1)


def binomial(chance: Floats, size: Ints, probability: Floats) -> Ints:
    """Return the quantile at ``chance`` of the binomial distribution of ``size`` trials with ``probability``.

    It never falls as the chance, the size or the probability grows.
    """
    p = np.clip(np.round(probability, 9), 1e-9, 1 - 1e-9)
    n = size.astype(np.float64)
    none = np.exp(np.round(n * np.log1p(-p), 12))
    return _quantile(chance, none, size, lambda mass, k: mass * (n - k) / (k + 1) * (p / (1 - p)))


_MOST = 30


def poisson(chance: Floats, mean: Floats) -> Ints:
    """Return the quantile at ``chance`` of the Poisson distribution, at most `_MOST`."""
    m = np.round(mean, 9)
    most = np.full(np.broadcast(chance, m).shape, _MOST)
    return _quantile(chance, np.exp(-m), most, lambda mass, k: mass * m / (k + 1))


def _quantile(chance: Floats, none: Floats, most: Ints, step: Callable[[Floats, int], Floats]) -> Ints:
    """Return a quantile: add the probability of ``none`` and those that ``step`` gives until the chance is reached."""
    mass, below, count = none, none.copy(), np.zeros_like(most)
    for k in range(int(most.max(initial=0))):
        more = (chance >= np.round(below, 12)) & (count == k) & (k < most)
        if not more.any():
            break
        count[more] += 1
        mass = step(mass, k)
        below = below + np.maximum(mass, 0.0)
    return count


def places(chance: Floats, weights: Floats) -> Ints:
    """Return the position along the last axis of ``weights`` that a chance selects, in proportion to the weights."""
    total = np.cumsum(np.round(weights, 9), axis=-1)
    below = np.round(chance * total[..., -1], 9)[..., None] >= total
    return np.asarray(np.minimum(below.sum(axis=-1), weights.shape[-1] - 1), np.int64)
