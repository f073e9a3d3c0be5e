"""The greedy by priority: each territory in turn keeps its first-choice offer, else gets the best that still fits."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import polars as pl

from prai_match.packing._draft import Draft, Option
from prai_match.packing._tables import CENTS, Place, Tables, groups
from prai_match.packing._wishes import Wish

MOST_SEATS = 2  # most of a territory: its own, and one at a session that needs more people
WITHIN = 1.0  # points: relays and trainers who cost a territory no more than these are equivalent
_TRAINERS, _DAYS = 6, 8  # tried for a session: two days after each lag, as some may be elsewhere on the first


def by_priority(tables: Tables, wishes: Sequence[tuple[Wish, ...]]) -> Draft:
    """Seat the territories with ``wishes``, in the order of their priority.

    A session that opens is filled first with territories whose first-choice offer it is, at any host, the nearest
    first. If it needs more people, others to whom it can be offered attend too: first those with a seat elsewhere. At
    the end, the remaining room goes to those who gain most, as a session with just enough people fails if some stay
    away.
    """
    turns = _Turns(tables, wishes, Draft(tables))
    for each in wishes:
        turns.serve(each)
    turns.draft.fill_up()
    return turns.draft


@dataclass
class _Turns:
    tables: Tables
    wishes: Sequence[tuple[Wish, ...]]
    draft: Draft

    @cached_property
    def _first(self) -> dict[int, list[int]]:
        """The demands that are first-choice offers of territories, by session, in the order of priority."""
        return groups((self.tables.places[g].s, n) for n, g in (each[0] for each in self.wishes if each))

    @cached_property
    def _are_first(self) -> set[int]:
        return {n for each in self._first.values() for n in each}

    @cached_property
    def _relays(self) -> dict[int, list[tuple[int, float]]]:
        """The relays of each place that had room in the beginning, and their points, the most first."""
        rows, begun = self.tables.inputs.relays, Draft(self.tables)
        rows = rows.filter(pl.col("p").is_in([p for p in rows["p"].unique() if begun.hosts_on(p).any()]))
        rows = rows.sort("g", "points", "p", descending=[False, True, False])
        return groups(rows.select("g", "p", "points").iter_rows())

    @cached_property
    def _leads(self) -> dict[int, list[tuple[int, float, int]]]:
        """The trainers of each place, their points and what they cost, in cents; the most points first."""
        rows = self.tables.inputs.leads.sort("g", "points", "r", descending=[False, True, False])
        return groups(rows.select("g", "r", "points", CENTS).iter_rows())

    @cached_property
    def _others(self) -> dict[int, list[int]]:
        """The demands that are further offers, by session: those that are less far down, then by priority."""
        others = groups(
            (self.tables.places[g].s, rank, turn, n)
            for turn, each in enumerate(self.wishes)
            for rank, (n, g) in enumerate(each[1:])
        )
        return {s: [n for *_, n in sorted(rows)] for s, rows in others.items()}

    def serve(self, wishes: Sequence[Wish]) -> None:
        if not wishes or self.draft.count[self.tables.demands[wishes[0].n].t]:
            return
        for rank, wish in enumerate([*wishes, wishes[0]]):  # whoever had nothing has the first with other actors
            there = [wish.g] if wish.g in self.draft.sessions else []
            if self._joined(wish.n, there) or self._opened(wish, WITHIN if rank == 0 else None):
                return
            if self._joined(wish.n, self._held(wish.n, self.tables.places[wish.g].s)):
                return

    def _held(self, n: int, s: int) -> list[int]:
        """The places in reach of a demand at which its session is held, the nearest first."""
        near = ((self.tables.seats.get(g, {}).get(n), g) for g in self.draft.sessions if self.tables.places[g].s == s)
        return [g for _, g in sorted((km, g) for km, g in near if km is not None)]

    def _joined(self, n: int, places: Iterable[int]) -> bool:
        for g in places:
            session, place = self.draft.sessions[g], self.tables.places[g]
            if members := self._members(place, session.r, session.day, (n,)):
                self.draft.seat(g, members)
                return True
        return False

    def _opened(self, wish: Wish, within: float | None) -> bool:
        """Open a session at the place of a wish if possible, with as many as possible who have it as first choice."""
        place = self.tables.places[wish.g]
        if place.booked or place.g in self.draft.sessions or place.n is None:
            return False
        best: tuple[tuple[int, int, int], Option] | None = None
        needed = dict.fromkeys((wish.n, place.n))
        for r, p, day, cents in self._tries(place, {self.tables.demands[n].x for n in needed}, within):
            members = self._members(place, r, day, needed)
            many = sum(n in self._are_first for n in members)
            if members and (best is None or (many, -day, -len(members)) > best[0]):
                best = (many, -day, -len(members)), Option(0.0, place.g, r, p, day, cents, members)
        if best is None:
            return False
        self.draft.add(best[1])
        return True

    def _tries(self, place: Place, axes: set[int], within: float | None) -> Iterator[tuple[int, int, int, int]]:
        """Yield trainers of all of some axes, relays and days worth trying, those with the most points first."""
        relays, every = self._relays.get(place.g, []), self._leads.get(place.g, [])
        leads = [each for each in every if all((place.g, each[0], x) in self.tables.able for x in axes)]
        if within is not None:
            relays = [each for each in relays if each[1] >= relays[0][1] - within]
            leads = [each for each in leads if each[1] >= leads[0][1] - within]
        able = [p for p, _ in relays if self.draft.hosts_on(p).any()]
        near = (self.tables.demands[n] for n in self.tables.seats.get(place.g, ()))
        starts = sorted({self.tables.first, *(self.draft.start(demand) or 0 for demand in near)})
        tried = 0
        for r, _, cents in leads:
            if not able or tried == _TRAINERS:
                return
            relay = {day: p for p in reversed(able) for day in self.draft.days_of(place.g, r, p)}
            days = sorted(relay) if self.draft.affords(cents) else []
            after = {day for k in (bisect_left(days, start) for start in starts) for day in days[k : k + 2]}
            yield from ((r, relay[day], day, cents) for day in sorted(after)[:_DAYS])
            tried += bool(days)

    def _members(self, place: Place, r: int, day: int, needed: Iterable[int]) -> tuple[int, ...]:
        """Return the participants of a session on a day: those who are needed (if not enough, nobody), then others."""
        tables, already = self.tables, self.draft.sessions.get(place.g)
        demands, near = tables.demands, tables.seats.get(place.g, {})
        taken = 0 if already is None else sum(demands[n].people for n in already.members)
        room, sure, members = place.most - taken, 0, list[int]()
        territories: set[int] = set()

        def comes(n: int) -> bool:
            nonlocal room, sure
            demand = demands[n]
            fits = n in near and demand.t not in territories and demand.people <= room
            if not fits or not self.draft.can_come(demand, place, r, day):
                return False
            room, sure = room - demand.people, sure + demand.sure
            members.append(n)
            territories.add(demand.t)
            return True

        if not all(comes(n) for n in needed):
            return ()
        if already is not None:
            return tuple(members)
        first = self._waiting(self._first, place.s, waits=True)
        for n in sorted(near.keys() & first, key=lambda n: (near[n], n)):
            comes(n)
        # Whoever has a seat loses nothing by another one, so these are asked before those who wait for theirs.
        others = (self._waiting(self._others, place.s, waits=waits) for waits in (False, True))
        for n in chain.from_iterable(others):
            if sure >= place.least:
                break
            comes(n)
        return tuple(members) if sure >= place.least else ()

    def _waiting(self, demands: Mapping[int, Sequence[int]], s: int, *, waits: bool) -> list[int]:
        """Return those of a session whose territories wait for a seat, or those whose territories have one."""
        return [n for n in demands.get(s, ()) if (not self.draft.count[self.tables.demands[n].t]) == waits]
