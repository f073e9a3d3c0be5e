"""The columns of one candidate, read a second time, in plain Python, from the programme itself.

Nothing of the engine is used but the follow-up graph: this is what to hold its columns, conditions and scores against.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from prai_match.model import Attendance, Buffet, RelayPartner, Territory, Trainer, Workshop
from prai_match.testing._attributes import all_of, any_of, attributes_of
from prai_match.testing._distance import kilometres, square
from prai_match.testing._read_days import ReadDays
from prai_match.testing._read_life import ReadNeed, all_rates, declined, months_after, read_needs, renewal

if TYPE_CHECKING:
    from prai_match._front import Programme
    from prai_match.followups import FollowUps

Value = float | bool | str | None
_FRIDAY = 4


class Candidate(NamedTuple):
    """A session for a territory, with whom: codes.

    Example:
        >>> candidate = Candidate("200066231", "sig", None, "adm09", "sig_toulouse")
        >>> candidate.session, candidate.axis
        ('sig', None)
    """

    territory: str
    session: str
    axis: str | None
    partner: str
    trainer: str


class Reading(ReadDays):
    """What is known of a programme on a day.

    Attributes:
        programme: The programme.
        on: The day; nothing that comes later is read.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> reading = Reading(Programme.example(), dt.date(2007, 9, 3))
        >>> len(reading.attended) < len(reading.programme.attendances), reading.open_days[0]
        (True, datetime.date(2007, 9, 24))
        >>> facts = reading.facts(Candidate("200066231", "sig", None, "adm09", "sig_toulouse"))
        >>> facts["departement"], facts["kind"]
        ('09', 'workshop')
    """

    def __init__(
        self, programme: Programme, on: dt.date, follow_ups: FollowUps | None = None, day: dt.date | None = None
    ) -> None:
        """Read a programme on a day, with its own follow-up graph unless one is given.

        Territories are judged by the council that sits on a ``day``, by default the first for which people can be
        invited.
        """
        self.programme = programme
        self.on = on
        self._follow_ups = follow_ups
        edges = (follow_ups or programme.follow_ups(on)).edges()
        pairs = edges["source", "target"].rows()
        self.edges: dict[tuple[str, str], float] = dict(zip(pairs, edges["probability"], strict=True))
        self.lags: dict[tuple[str, str], int] = dict(zip(pairs, edges["lag_days"], strict=True))
        invited = on + dt.timedelta(days=programme.notice_days)
        self.renewed: dt.date | None = renewal(programme, day or invited)
        self.territories: dict[str, Territory] = {territory.id: territory for territory in programme.territories}
        self.sessions: dict[str, Buffet | Workshop] = {session.id: session for session in programme.catalogue.sessions}
        self.partners: dict[str, RelayPartner] = {partner.id: partner for partner in programme.partners}
        self.trainers: dict[str, Trainer] = {trainer.id: trainer for trainer in programme.trainers}
        self._read: dict[tuple[str | None, ...], dict[str, Value]] = {}

    @cached_property
    def asked(self) -> list[ReadNeed]:
        """Needs until the day, stated or read from their text, each with its state."""
        return list(read_needs(self.programme, self.on, self.renewed))

    @property
    def over(self) -> set[int]:
        """The rows of the needs that are met, lapsed or withdrawn."""
        return {need.row for need in self.asked if need.state in {"met", "lapsed", "withdrawn"}}

    def needs_of(self, territory: Territory, state: str = "open") -> list[ReadNeed]:
        """Return the needs of a territory that are in a state."""
        return [need for need in self.asked if need.state == state and need.collectivity in territory.members]

    def axis(self, territory: Territory, session: str) -> str | None:
        """Return the axis that is asked for: by an open need, the strongest, then the latest, then the first code."""
        axes = [
            (place, -need.score, -need.start.toordinal(), need.axis)
            for place, state in enumerate(("open", "to_confirm"))
            for need in self.needs_of(territory, state)
            if need.axis and need.session == session
        ]
        return min(axes)[-1] if axes else None

    def away(self, territory: Territory, trainer: Trainer) -> float:
        """Return how far a trainer is from a territory, km."""
        return kilometres(trainer.latitude, trainer.longitude, territory.latitude, territory.longitude)

    @cached_property
    def attended(self) -> list[Attendance]:
        """Attendances until the day."""
        return [row for row in self.programme.attendances if row.date <= self.on]

    @cached_property
    def recent(self) -> list[Attendance]:
        """Attendances since the councils were renewed."""
        return [row for row in self.attended if self.renewed is None or row.date > self.renewed]

    @property
    def budget_left(self) -> float | None:
        """Euros left, as far as costs are known; None: not limited."""
        budget, costs = self.programme.budget, sum(each.cost for each in self.known if each.cost is not None)
        return None if budget is None else float(budget.total - budget.other_spending - costs)

    def attended_by(self, territory: Territory) -> set[str]:
        """Return the sessions that a territory attended since its council was renewed."""
        return {row.session for row in self.recent if row.collectivity in territory.members}

    def facts(self, candidate: Candidate) -> dict[str, Value]:
        """Return every column of the vocabulary for one candidate."""
        code, session, axis, partner, trainer = candidate
        territory = self.territories[code]
        parts: dict[tuple[str | None, ...], Callable[[], dict[str, Value]]] = {
            ("programme",): self._of_programme,
            ("territory", code): lambda: self._of_territory(territory),
            ("session", code, session): lambda: self._of_session(territory, session),
            ("partner", code, session, partner): lambda: self._of_partner(territory, session, partner),
            ("trainer", code, session, axis, trainer): lambda: self._of_trainer(territory, candidate),
            ("rates", session, partner, trainer): lambda: all_rates(self.programme, self.on, session, partner, trainer),
        }
        for key, part in parts.items():
            if key not in self._read:
                self._read[key] = part()
        return {name: value for key in parts for name, value in self._read[key].items()}

    def _of_programme(self) -> dict[str, Value]:
        return {
            "budget_left": self.budget_left,
            "strong_need": float(self.programme.strong_need),
            "trainer_load_limit": float(self.programme.trainer_load_limit),
            "trainer_wait_limit": float(self.programme.trainer_wait_limit),
        }

    def _of_territory(self, territory: Territory) -> dict[str, Value]:
        members = [each for each in self.programme.collectivities if each.code in territory.members]
        rows = [row for row in self.recent if row.collectivity in territory.members]
        events = {(row.session, row.date) for row in rows}
        together = [
            all_of(
                any_of(
                    None if (count := getattr(row, who)) is None else count > 0
                    for row in rows
                    if (row.session, row.date) == event
                )
                for who in ("elected", "technicians")
            )
            for event in events
        ]
        counts = {
            other.id: len({(row.session, row.date) for row in self.attended if row.collectivity in other.members})
            for other in self.programme.territories
        }
        people = sum(other.population for other in self.programme.territories)
        share = territory.population / people * sum(counts.values()) if people else 0.0
        return {
            "territory": territory.id,
            "departement": territory.departement,
            "population": float(territory.population),
            "sessions_attended": float(len(events)),
            "elected_and_technician": any_of(together) if events else None,
            "days_since_renewal": self._since_renewal(territory),
            "open_days": float(sum(not self.closed(day, territory.departement) for day in self.open_days)),
            "service_gap": min(1.0, max(0.0, 1 - counts[territory.id] / share)) if share else 0.0,
            **attributes_of(self.programme, self.on, "territories", territory),
            **attributes_of(self.programme, self.on, "collectivities", *members),
        }

    def _since_renewal(self, territory: Territory) -> float | None:
        """Return how long its council has sat; of one that is still to be elected, on its first open day."""
        if self.renewed is None or self.renewed <= self.on:
            return None if self.renewed is None else float((self.on - self.renewed).days)
        invited = self.on + dt.timedelta(days=self.programme.notice_days)
        days = [day for day in self.open_days if not self.closed(day, territory.departement)]
        return float(max(0, (min(days, default=invited) - self.renewed).days))

    def _of_session(self, territory: Territory, code: str) -> dict[str, Value]:
        session = self.sessions[code]
        after, past, members = session.refresh_after, self.attended_by(territory), territory.members
        ratings = [row.rating for row in self.attended if row.session == code and row.rating is not None]
        came = [row.date for row in self.attended if row.session == code and row.collectivity in members]
        needs, unsure = self.needs_of(territory), self.needs_of(territory, "to_confirm")
        own = [need for need in needs if need.session == code]
        before = [row for row in self.recent if row.collectivity in members and (row.session, code) in self.edges]
        new = {target for source, target in self.edges if source == code} - past
        release = self.release(territory, code)
        leads, score = _strongest(needs, new), _strongest(own, {code})
        return {
            "session": code,
            "kind": session.kind,
            "form": session.form,
            "min_seats": float(session.min_seats),
            "max_seats": float(session.max_seats),
            "session_rating": sum(ratings) / len(ratings) if ratings else None,
            "need_score": score,
            "need_served": leads if session.form == "buffet" else score,
            "need_to_confirm": _strongest(unsure, new if session.form == "buffet" else {code}),
            "need_age_days": min((float((self.on - need.start).days) for need in own), default=None),
            "needs": float(len(own)),
            "leads_to_need": leads,
            "leads_to_new": float(len(new)),
            "attended": code in past,
            "attended_before": self.renewed is not None and any(day <= self.renewed for day in came),
            "refresher": after is not None and bool(came) and months_after(max(came), after) <= self.on,
            "declined": declined(
                self.programme,
                self.on,
                territory,
                code,
                renewed=self.renewed,
                asked=[need.start for need in needs if need.session == code or (code, need.session) in self.edges],
                came=[row.date for row in before],
            ),
            "follows": bool(before),
            "follow_probability": max((self.edges[row.session, code] for row in before), default=0.0),
            "days_since_source": min((float((self.on - row.date).days) for row in before), default=None),
            "lag_days": 0.0 if release is None else float(max(0, (release - self.on).days)),
            "open_days_left": float(len(self.days(territory, code))),
            "people": self.people(territory, code),
            **attributes_of(self.programme, self.on, "sessions", session),
        }

    def _of_partner(self, territory: Territory, session: str, code: str) -> dict[str, Value]:
        partner = self.partners[code]
        own = [each for each in self.known if each.partner == code]
        year = sum(abs((self.on - each.date).days) < 365 for each in own)  # noqa: PLR2004 - days of a year
        here = [each for each in own if each.date <= self.on]
        lately = sum(self.territories[each.host].departement == territory.departement for each in here)
        before = sum(record.sessions for record in partner.hosted if record.departement == territory.departement)
        return {
            "partner": code,
            "partner_kind": partner.kind,
            "partner_covers": territory.departement in partner.departements,
            "partner_carries": not partner.carries or session in partner.carries,
            "partner_room": None if partner.sessions_a_year is None else float(partner.sessions_a_year - year),
            "partner_hosted": float(lately + before),
            "partner_brings_both": len(set(partner.brings)) > 1,
            "partner_present": self.takes_part(partner),
            **attributes_of(self.programme, self.on, "partners", partner),
        }

    def _of_trainer(self, territory: Territory, candidate: Candidate) -> dict[str, Value]:
        trainer, programme = self.trainers[candidate.trainer], self.programme
        skills = [expertise for expertise in trainer.expertise if expertise.session == candidate.session]
        km = self.away(territory, trainer)
        days = self.days(territory, candidate.session)
        day, fee, room = self.first_free_day(trainer, days), trainer.fee, self.sessions[candidate.session].cost
        travel = 2 * km * float(programme.euros_per_km)
        return {
            "trainer": trainer.id,
            "trainer_present": self.takes_part(trainer),
            "trainer_knows_session": bool(skills),
            "trainer_knows_axis": candidate.axis is None or any(not e.axes or candidate.axis in e.axes for e in skills),
            "distance_km": km,
            "reach_km": trainer.reach_km,
            "wait_days": None if day is None else float((day - self.on).days),
            "trainer_wait_days": None if day is None else float((day - days[0]).days),
            "trainer_load": self.load(trainer, day),
            "trainer_rating": trainer.rating,
            "fee": None if fee is None else float(fee),
            "cost": None if fee is None or room is None else round(float(fee) + travel + float(room), 2),
            **attributes_of(self.programme, self.on, "trainers", trainer),
        }

    def people(self, territory: Territory, session: str) -> float:
        """Return the people within travel distance who ask for a session or attended what leads to it."""
        here, most = self._point(territory), self.programme.travel_km
        near = [other for other in self.programme.territories if kilometres(*here, *self._point(other)) <= most]
        # Of whom the number isn't known, nobody counts.
        known = ([n or 0 for n in self.numbers(member, session)] for other in near for member in other.members)
        return float(sum(max(each, default=0) for each in known))

    def numbers(self, member: str, session: str) -> list[int | None]:
        """Return how many people a collectivity asks to send to a session, or sent to what leads to it; None: unknown.

        What it sent before counts as long as it hasn't attended the session, since the council was renewed.
        """
        asked = [need for need in self.asked if (need.collectivity, need.session) == (member, session)]
        past = [row for row in self.recent if row.collectivity == member]
        before = [row for row in past if (row.session, session) in self.edges]
        came = [(row.elected, row.technicians) for row in before if all(one.session != session for one in past)]
        known = [[each for each in pair if each is not None] for pair in came]
        return [need.people for need in asked if need.state == "open"] + [sum(pair) if pair else None for pair in known]

    def _point(self, territory: Territory) -> tuple[float, float]:
        """Return the point from which the people of a territory travel: the mean of its square of about 10 km."""
        same = [other for other in self.programme.territories if square(other) == square(territory)]
        return sum(other.latitude for other in same) / len(same), sum(other.longitude for other in same) / len(same)

    @cached_property
    def by_council(self) -> list[Reading]:
        """The same for each of the councils that sit on the days of offers, the first one first."""
        days = {renewal(self.programme, day): day for day in reversed(self._ahead)}
        others = [day for council, day in reversed(days.items()) if council != self.renewed]
        return [self, *(Reading(self.programme, self.on, self._follow_ups, day) for day in others)]

    def under(self, day: dt.date) -> Reading:
        """Return the reading by the council that sits on a day."""
        return next(each for each in self.by_council if each.renewed == renewal(self.programme, day))

    def release(self, territory: Territory, session: str) -> dt.date | None:
        """Return the first day after the lag of what a session follows; None: it needn't wait."""
        own = [need for need in self.needs_of(territory) if need.session == session]
        if _strongest(own, {session}) >= self.programme.strong_need:
            return None
        came = [row for row in self.recent if row.collectivity in territory.members]
        lags = [(row.date, self.lags[row.session, session]) for row in came if (row.session, session) in self.lags]
        return min((date + dt.timedelta(days=lag) for date, lag in lags), default=None)

    def days(self, territory: Territory, session: str) -> list[dt.date]:
        """Return the open days after the lag of what a session follows."""
        release = self.release(territory, session)
        days = [day for day in self.open_days if not self.closed(day, territory.departement)]
        return [day for day in days if release is None or day >= release]


def _strongest(needs: list[ReadNeed], sessions: set[str]) -> float:
    """Return the strength of the strongest need for one of some sessions; 0: there is none."""
    return max((need.score for need in needs if need.session in sessions), default=0.0)
