"""The history: sessions of the agenda get hosts and participants, and raise needs."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from typing import TYPE_CHECKING

from _example.places import distance
from _example.trainers import Bookings, cost
from _example.wishes import Tastes, Wish
from prai_match.model import Attendance, HeldSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _example.dice import Dice
    from _example.recipe import Date, Recipe
    from prai_match.model import Territory, Trainer

_LEAST_LAG = dt.timedelta(days=35)
_NEAR_KM = 45
_MOST = 20
_YEAR = 365


class History:
    """Plays the agenda and keeps what happened."""

    def __init__(self, recipe: Recipe, territories: Sequence[Territory], dice: Dice) -> None:
        """Prepare the territories; `play` does the rest."""
        self._recipe = recipe
        self._dice = dice
        self._territories = territories
        self._by_id = {territory.id: territory for territory in territories}
        self._owner = {member: territory.id for territory in territories for member in territory.members}
        self._tastes = Tastes(recipe, territories, dice)
        self._seen: dict[str, dict[str, dt.date]] = defaultdict(dict)
        self._delegates: dict[str, list[str]] = defaultdict(list)
        self.bookings = Bookings(recipe, dice)
        self.wishes: list[Wish] = []
        self.sessions: list[HeldSession] = []
        self.attendances: list[Attendance] = []

    def play(self) -> None:
        """Hold every session of the agenda."""
        self.wishes = self._tastes.spontaneous()
        for date in self._recipe.agenda():
            host, held = self._hold(date)
            self.sessions.append(held)
            if date.day > self._recipe.last:
                continue  # booked only
            people = self._buffet_people(date, host) if self._buffet(date) else self._workshop_people(date, host)
            self.attendances += [self._attendance(held, member, *counts) for member, counts in people]
            for territory in dict.fromkeys(self._owner[member] for member, _ in people):
                first = next(member for member, _ in people if self._owner[member] == territory)
                if date.session not in self._remembered(territory, date.day):
                    self._seen[territory][date.session] = date.day
                if self._dice.chance(0.5 if self._buffet(date) else 0.12):
                    self._leave_a_need(date, territory, first)
        self.wishes.sort(key=lambda wish: (wish.need.date, wish.need.collectivity, wish.need.text))

    def _remembered(self, territory: str, day: dt.date) -> dict[str, dt.date]:
        """Return the sessions that the council of that day attended, with the first day of each."""
        since = max((renewed for renewed in self._recipe.renewed if renewed < day), default=dt.date.min)
        return {session: seen for session, seen in self._seen[territory].items() if seen > since}

    def _buffet(self, date: Date) -> bool:
        return date.session not in self._recipe.axes

    def _relay(self, date: Date) -> str:
        """Return the first relay that may still carry the session, over twelve months."""
        most = {partner.id: partner.sessions_a_year for partner in self._recipe.partners}
        for relay in self._recipe.relays_of(date.departement, date.session):
            carried = sum(s.partner == relay and 0 <= (date.day - s.date).days < _YEAR for s in self.sessions)
            if carried < (most[relay] or 0):
                return relay
        msg = f"no relay has room for {date}"
        raise LookupError(msg)

    def _leave_a_need(self, date: Date, territory: str, member: str) -> None:
        if any(source == date.session for sources in self._recipe.sources.values() for source in sources):
            wish = self._tastes.after(date.session, territory, member, date.day)
            if wish.need.date <= self._recipe.last:
                self.wishes.append(wish)

    def _demand(self, territory: Territory, date: Date) -> float:
        """Return how much a territory wants a workshop on a day."""
        seen = self._remembered(territory.id, date.day)
        if date.session in seen:
            return 0.0
        came = any(s in seen and seen[s] <= date.day - _LEAST_LAG for s in self._recipe.sources[date.session])
        asked = sum(
            1
            for wish in self.wishes
            if (wish.territory, wish.workshop) == (territory.id, date.session)
            and 20 <= (date.day - wish.need.date).days <= 400  # noqa: PLR2004 - asked in time, not too long ago
        )
        taste = self._tastes.taste(territory.id, date.session)
        return (2.0 * taste if came else 0.02) + (4.0 if came else 0.3) * min(asked, 2)

    def _novelty(self, territory: Territory, date: Date) -> float:
        """Return how much a territory wants a buffet."""
        seen = self._remembered(territory.id, date.day)
        if date.session in seen and (date.day - seen[date.session]).days < _YEAR:  # not twice a year
            return 0.05
        targets = [workshop for workshop, sources in self._recipe.sources.items() if date.session in sources]
        taste = math.fsum(self._tastes.taste(territory.id, target) for target in targets) / len(targets)
        return 0.4 + taste + (0.3 if seen else 0.0)

    def _hosts(self, date: Date) -> list[Territory]:
        """Return the territories that could host the session, the one that wants it most first."""
        if date.host:
            return [self._by_id[date.host]]
        want = self._novelty if self._buffet(date) else self._demand
        hosted = {session.host for session in self.sessions if session.session == date.session}
        found: list[tuple[float, str]] = []
        for place in self._territories:
            if place.departement != date.departement or not (self._buffet(date) or self._opened(place.id, date)):
                continue
            around = [t for t in self._territories if distance(place.id, t.id) <= _NEAR_KM]
            score = math.fsum(want(t, date) for t in around) / len(around) ** 0.5 + 2 * want(place, date)
            score *= (0.3 if place.id in hosted else 1.0) * place.population**0.15
            found.append((round(score * (0.8 + 0.04 * self._dice.between(0, 10)), 6), place.id))
        return [self._by_id[place] for _, place in sorted(found, reverse=True)]

    def _opened(self, place: str, date: Date) -> bool:
        """Return whether a buffet that leads to the workshop was held in the area before."""
        return any(
            session.session in self._recipe.sources[date.session]
            and session.session not in self._recipe.axes
            and session.date <= date.day - _LEAST_LAG
            and distance(session.host, place) <= self._recipe.travel_km
            for session in self.sessions
        )

    def _hold(self, date: Date) -> tuple[Territory, HeldSession]:
        """Hold a session at the first place where a trainer can lead it."""
        for host in self._hosts(date):
            for axis in self._axes(date, host):
                trainer = self.bookings.book(date.session, axis, date.day, host.id)
                if trainer is not None:
                    return host, self._held(date, host, axis, trainer)
        msg = f"nobody can lead {date}"
        raise LookupError(msg)

    def _axes(self, date: Date, host: Territory) -> list[str | None]:
        """Return the axes in a random order, in which those requested around tend to come first."""
        if self._buffet(date):
            return [None]
        axes = self._recipe.axes[date.session]
        asked = [w for w in self.wishes if w.workshop == date.session and w.need.date < date.day]
        near = [w.axis for w in asked if distance(w.territory, host.id) <= self._recipe.travel_km]
        return list(self._dice.order(axes, [1.0 + 2.0 * near.count(axis) for axis in axes]))

    def _held(self, date: Date, host: Territory, axis: str | None, trainer: Trainer) -> HeldSession:
        return HeldSession(
            id=f"{date.day}-{date.departement}",
            session=date.session,
            date=date.day,
            booked_on=self._dice.day(date.day - dt.timedelta(days=34), date.day - dt.timedelta(days=22)),
            host=host.id,
            axis=axis,
            partner=self._relay(date),
            trainer=trainer.id,
            cost=cost(trainer, host.id, self._recipe.rooms[date.session], self._recipe.euros_per_km),
        )

    def _guests(self, date: Date, host: Territory) -> list[Territory]:
        """Return the host, then territories around in the order in which they sign up."""
        want = self._novelty if self._buffet(date) else self._demand
        around = [t for t in self._territories if t.id != host.id and distance(host.id, t.id) <= self._recipe.travel_km]
        weights = [want(t, date) * math.exp(-distance(host.id, t.id) / 40) for t in around]
        guests = [host, *self._dice.order(around, [round(weight, 9) for weight in weights])]
        pilot = self._by_id.get(self._recipe.pilot)
        if pilot and date.departement == pilot.departement and date.session not in self._seen[pilot.id]:
            guests = list(dict.fromkeys([host, pilot, *guests]))
        return guests

    def _members(self, territory: Territory, count: int) -> list[str]:
        """Return collectivities that send people: those that attended before return, the EPCI often does."""
        known = self._delegates[territory.id]
        chosen: list[str] = []
        for _ in range(count):
            pool = [m for m in known if m not in chosen]
            if pool and self._dice.chance(0.6):
                member = self._dice.one(pool)
            else:
                member = territory.id if self._dice.chance(0.3) else self._dice.one(territory.members)
            if member not in chosen:
                chosen.append(member)
        known += [member for member in chosen if member not in known]
        return chosen

    def _buffet_people(self, date: Date, host: Territory) -> list[tuple[str, tuple[int, int]]]:
        people: list[tuple[str, tuple[int, int]]] = []
        room = self._dice.between(24, 52)
        for guest in self._guests(date, host)[: self._dice.between(7, 10)]:
            for member in self._members(guest, self._dice.between(2, 4) if guest is host else self._dice.between(1, 3)):
                counts = (self._dice.between(1, 3), self._dice.weighted((0, 1, 2, 3), (2, 5, 3, 1)))
                if room >= sum(counts):
                    people.append((member, counts))
                    room -= sum(counts)
        return people

    def _workshop_people(self, date: Date, host: Territory) -> list[tuple[str, tuple[int, int]]]:
        people: list[tuple[str, tuple[int, int]]] = []
        aim, total = self._dice.between(12, 18), 0
        guests = self._guests(date, host)
        for guest in (*guests, *guests):  # if few territories are around, they send more people
            came = {member for member, _ in people}
            for member in self._members(guest, self._dice.weighted((1, 2, 3), (2, 3, 2))):
                if member in came:
                    continue
                counts = self._dice.weighted(((1, 0), (1, 1), (2, 1), (0, 1), (2, 0)), (2, 5, 2, 1, 1))
                if total + sum(counts) <= _MOST:
                    people.append((member, counts))
                    total += sum(counts)
            if total >= aim:
                break
        return people

    def _attendance(self, held: HeldSession, member: str, elected: int, technicians: int) -> Attendance:
        buffet = held.session not in self._recipe.axes
        weights = (3, 5, 5, 1) if buffet else (8, 9, 4, 1)
        rating = self._dice.weighted((4.0, 3.5, 3.0, 2.5), weights) if self._dice.chance(0.88) else None
        return Attendance(
            collectivity=member,
            session=held.session,
            date=held.date,
            elected=elected,
            technicians=technicians,
            rating=rating,
            held=held.id,
        )
