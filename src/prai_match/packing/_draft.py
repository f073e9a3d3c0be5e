"""A plan being built session by session: what is used, what can still be added, and the resulting frames."""

from collections import Counter
from collections.abc import Container, Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH
from prai_match.packing._counts import Flags, KnownSessions
from prai_match.packing._tables import NOBODY, Demand, Place, Tables

# Conditions that can be left aside, to see whether they are what is in the way; ``relay_room``: no relay is needed.
ASIDE: Final = ("budget", "relay_room", "pace_team", "lag", "territory_day", "trainer_free")
Labels = frozenset[str]  # some of them
STRICT: Labels = frozenset()


@dataclass(frozen=True, slots=True)
class Option:
    """A session that can be added, with its points; ``r`` and ``p`` are NOBODY if ignored."""

    gain: float
    g: int
    r: int
    p: int
    day: int
    cents: int
    members: tuple[int, ...]


class Draft:
    """Dated sessions with their participants. It starts with the booked sessions, and never violates a condition."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.sessions: dict[int, Option] = {}
        self.at: dict[int, int] = {}
        self.load: Counter[int] = Counter()
        self.left, self.room = deepcopy(tables.left), dict(tables.room)
        self.cents, self.crowds = tables.cents, 0
        self.weeks: Counter[tuple[int, int]] = Counter()
        self.days: Counter[int] = Counter()
        self.there: set[tuple[int, int]] = {*tables.taken}
        self.served_pairs: set[int] = set()
        self.count: Counter[int] = Counter()
        for place in tables.places:
            if place.booked and place.day is not None:
                self.sessions[place.g] = Option(0.0, place.g, place.r, place.p, place.day, 0, ())
                self._take(place.p, place.day)

    def _take(self, p: int, day: int) -> None:
        """Take a day of a relay, and of those who organise."""
        self.days[day] += 1
        if p != NOBODY:
            self.weeks[p, _week(day)] += 1

    def crowd(self, p: int, day: int) -> int:
        """Return how often a further session wouldn't be the first: of its relay in the week, of all on the day."""
        return (p != NOBODY and self.weeks[p, _week(day)] > 0) + (self.days[day] > 0)

    def worth(self, demand: Demand, g: int, km: float, day: int) -> float:
        first = 0.0 if self.count[demand.t] else demand.first
        early = demand.old * self.tables.earliness(day)
        return demand.worth + first - self.tables.weights.km * km + early + self.tables.returns(demand.n, g)

    def waiting(self, place: Place) -> set[int]:
        """Return the demands that a place can serve and that can still be served, on whatever day."""
        demands, each = self.tables.demands, self.tables.inputs.request.each
        near = (demands[n] for n in self.tables.seats.get(place.g, ()))
        return {one.n for one in near if one.pair not in self.served_pairs and self.count[one.t] < each}

    def can_come(self, demand: Demand, place: Place, r: int, day: int, without: Labels = STRICT) -> bool:
        return (
            demand.pair not in self.served_pairs
            and self.count[demand.t] < self.tables.inputs.request.each
            and ((demand.t, day) not in self.there or "territory_day" in without)
            and (place.booked or r == NOBODY or (place.g, r, demand.x) in self.tables.able)
            and (self._after_lag(demand, day) or "lag" in without)
        )

    def _after_lag(self, demand: Demand, day: int) -> bool:
        """Whether the lags before the demand, and before what follows it in the plan, are kept."""
        start = self.start(demand)
        return (start is None or start <= day) and all(
            day + lag <= self._day(k) or self._follows_another(k, demand.n)
            for k, lag in self.tables.targets.get(demand.n, ())
            if k in self.at
        )

    def start(self, demand: Demand) -> int | None:
        """Return the first day after the lag of a demand's source, before or in the plan; None means any day."""
        if demand.release is not None:
            return demand.release
        starts = (self._day(m) + lag for m, lag in self.tables.sources.get(demand.n, ()) if m in self.at)
        return min(starts, default=None)

    def _follows_another(self, n: int, source: int) -> bool:
        """Whether a demand served keeps its lag after something else than ``source``."""
        demand, day = self.tables.demands[n], self._day(n)
        return demand.release is not None or any(
            self._day(m) + lag <= day for m, lag in self.tables.sources[n] if m in self.at and m != source
        )

    def _day(self, n: int) -> int:
        return self.sessions[self.at[n]].day

    def days_of(self, g: int, r: int, p: int, without: Labels = STRICT) -> list[int]:
        """Return the days on which a trainer can still lead a session at a place, and a relay host one."""
        if not (days := self.tables.free.get((g, r))):
            return []
        fits = self.hosts_on(p) & self.left.teaching.free[0, r]
        if "pace_team" not in without:
            fits &= self.left.team.free[0, 0]
            fits &= p == NOBODY or self.left.paced.free[0, p]
        able, first = fits.tobytes(), self.tables.first
        return [day for day in days if able[day - first]]

    def hosts_on(self, p: int) -> Flags:
        """Return the days on which a relay can host one more session anywhere; for NOBODY, all open days."""
        able = p == NOBODY or self.left.hosting.free[0, p] & (self.room.get(p) != 0)
        return np.asarray(self.tables.is_open & able)

    def relay(self, g: int) -> int:
        """Return the relay with the most room left for a place; NOBODY: there is none."""
        relays = [p for p in self.tables.relays.get(g, ()) if self.hosts_on(p).any()]
        able = [(-1e9 if (room := self.room[p]) is None else -float(room), p) for p in relays]
        return min(able)[1] if able else NOBODY

    def affords(self, cents: int) -> bool:
        return self.cents is None or cents <= self.cents

    def fill(
        self, place: Place, r: int, day: int, among: Container[int], without: Labels = STRICT
    ) -> tuple[float, tuple[int, ...]]:
        """Return the points and the best members found for a place on a day, the host first; empty if too few."""
        demands, is_new = self.tables.demands, not place.booked and place.g not in self.sessions
        able = [
            (demand, km)
            for n, km in self.tables.seats.get(place.g, {}).items()
            if n in among and self.can_come(demand := demands[n], place, r, day, without)
        ]
        if is_new and all(demand.n != place.n for demand, _ in able):
            return 0.0, ()
        points = {demand.n: self.worth(demand, place.g, km, day) for demand, km in able}
        able.sort(key=lambda each: (each[0].n != place.n, -points[each[0].n] / each[0].people, each[0].n))
        already = self.sessions[place.g].members if place.g in self.sessions else ()
        room = place.most - sum(demands[n].people for n in already)
        members, sure = [], 0
        for demand, _ in able:
            if demand.people <= room and (points[demand.n] > 0 or demand.n == place.n):
                room -= demand.people
                sure += demand.sure
                members.append(demand.n)
        if is_new and sure < place.least:
            return 0.0, ()
        return sum(points[n] for n in members), tuple(members)

    def net(self, points: float, g: int, r: int, p: int, day: int, cents: int) -> float:  # noqa: PLR0913, PLR0917
        """Return points minus costs (money, load of the trainer, crowding), plus points for what stays as before."""
        weights, over = self.tables.weights, self.load[r] + 1 - self.tables.capacity.get(r, 0) / 2
        lost = weights.euros * cents / 100 + weights.load * min(1.0, max(0.0, over))
        return points - (lost + weights.spread * self.crowd(p, day)) + self.tables.stays(g, r, p, day)

    def add(self, option: Option) -> None:
        self.sessions[option.g] = replace(option, members=())
        self.crowds += self.crowd(option.p, option.day)
        self._take(option.p, option.day)
        self.load[option.r] += 1
        self.left.add(KnownSessions(*np.array([[0], [option.day - EPOCH], [option.p], [option.r]])))
        if (left := self.room[option.p]) is not None:
            self.room[option.p] = left - 1
        if self.cents is not None:
            self.cents -= option.cents
        self.seat(option.g, option.members)

    def seat(self, g: int, members: Iterable[int]) -> None:
        session, new = self.sessions[g], tuple(members)
        self.sessions[g] = replace(session, members=session.members + new)
        for n in new:
            demand = self.tables.demands[n]
            self.at[n] = g
            self.served_pairs.add(demand.pair)
            self.there.add((demand.t, session.day))
            self.count[demand.t] += 1

    def fill_up(self) -> None:
        """Seat all who can still attend an existing session, as far as there is room."""
        for g, session in sorted(self.sessions.items()):
            everyone = range(len(self.tables.demands))
            self.seat(g, self.fill(self.tables.places[g], session.r, session.day, everyone)[1])

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return its sessions and seats with codes instead of numbers (see `prai_match.plan._schedule`).

        The identifier of a new session is made of the month in which the period starts, its session and its host. This
        is unique in a plan, and stays the same if date, trainer or relay changes.
        """
        inputs, frames = self.tables.inputs, self.tables.inputs.snapshot.frames
        name = pl.format(f"{inputs.request.start:%Y-%m}-{{}}-{{}}", "session", "host")
        numbers = {"g": pl.UInt32, "r": pl.UInt32, "p": pl.UInt32, "day": pl.Int32, "cents": pl.Int64}
        rows = [
            (session.g, session.r, session.p, session.day - EPOCH, session.cents)
            for session in self.sessions.values()
            if not self.tables.places[session.g].booked
        ]
        new = (
            pl.DataFrame(rows, schema=numbers, orient="row")
            .join(inputs.places.select("g", "t", "s"), on="g")
            .join(frames.territories.select("t", host="territory"), on="t")
            .join(frames.sessions.select("s", "session"), on="s")
            .join(frames.partners.select("p", "partner"), on="p")
            .join(frames.trainers.select("r", "trainer"), on="r")
            .join(inputs.leads.select("g", "r", "cost"), on=["g", "r"], how="left", maintain_order="left")
            .with_columns(id=pl.when(name.is_in(inputs.record["id"].implode())).then(name + "-bis").otherwise(name))
            .select(
                *("g", "id", "session", "host", "partner", "trainer"),
                axis=pl.lit(None, pl.String),
                date=pl.col("day").cast(pl.Date),
                cost=pl.when(pl.col("cost").is_not_null()).then(pl.col("cents") / 100),
                booked=pl.lit(value=False),
            )
        )
        old = inputs.places.filter("booked").select("g", "id", "booked").join(inputs.record, on="id")
        sessions = pl.concat([new, old.select(new.columns)])
        seats = (
            pl.DataFrame(list(self.at.items()), schema={"n": pl.UInt32, "g": pl.UInt32}, orient="row")
            .join(sessions.select("g", session="id"), on="g")
            .join(inputs.demands.select("n", "t", "elected", "technicians"), on="n")
            .join(frames.territories.select("t", "territory"), on="t")
            .select("session", "territory", "elected", "technicians")
        )
        return sessions.drop("g"), seats


def _week(day: int) -> int:
    return day - (day - 1) % 7
