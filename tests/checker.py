"""The default policy's requirements, checked one by one in plain Python from the programme itself.

Nothing of the engine is used: this is a second reading of the rules, to hold the first against.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prai_match import Offer
    from prai_match.model import ProgrammeData, Territory, Trainer


def violated(programme: ProgrammeData, territory_id: str, offer: Offer, on: dt.date) -> list[str]:
    """Return the identifiers of the requirements that ``offer`` breaks."""
    territory = next(t for t in programme.territories if t.id == territory_id)
    session = next(s for s in programme.catalogue.sessions if s.id == offer.session)
    partner = next(p for p in programme.partners if p.id == offer.partner)
    trainer = next(t for t in programme.trainers if t.id == offer.trainer)
    seen = attended(programme, territory, on)
    leads = {(edge.source, edge.target) for edge in programme.catalogue.follow_ups}
    asked = [need for need in programme.needs if need.collectivity in territory.members and need.date <= on]
    stated = any(need.workshop == offer.session for need in asked)
    known = [held for held in programme.sessions if (held.booked_on or held.date) <= on]
    carried = [held for held in known if held.partner == partner.id and abs((on - held.date).days) < 365]
    expertise = [e for e in trainer.expertise if e.session == offer.session]
    distance = kilometres(trainer.latitude, trainer.longitude, territory.latitude, territory.longitude)
    first = first_day(programme, on)
    day = first_free_day(programme, trainer, on)
    cost = float(trainer.fee) + 2 * distance * float(programme.euros_per_km) + float(session.cost)
    rules = {
        "not_attended": offer.session not in seen,
        "buffet_is_useful": session.kind == "workshop"
        or any(source == offer.session and target not in seen for source, target in leads),
        "buffet_or_need_first": session.kind == "buffet"
        or any(target == offer.session and source in seen for source, target in leads)
        or stated,
        "enough_people": session.kind == "buffet"
        or people(programme, territory, offer.session, on) >= session.min_seats,
        "no_blackout": not any(b.start <= on <= b.end for b in programme.calendar.blackouts),
        "partner_covers": territory.departement in partner.departements,
        "partner_carries": not partner.carries or offer.session in partner.carries,
        "partner_has_room": partner.sessions_a_year is None or len(carried) < partner.sessions_a_year,
        "trainer_knows_session": bool(expertise),
        "trainer_knows_axis": offer.axis is None or any(not e.axes or offer.axis in e.axes for e in expertise),
        "trainer_within_reach": distance <= trainer.reach_km,
        "trainer_free": day is not None and (day - first).days <= 60,
        "trainer_not_overloaded": day is not None and load(programme, trainer, day, on) < 1,
        "within_budget": programme.budget is None
        or round(cost, 2) <= float(programme.budget.total) - sum(float(held.cost) for held in known),
        "the date": offer.earliest == day and not any(b.start <= day <= b.end for b in programme.calendar.blackouts),
        "the cost": abs(cost - float(offer.cost)) < 0.011,
    }
    return [rule for rule, holds in rules.items() if not holds]


def attended(programme: ProgrammeData, territory: Territory, on: dt.date) -> set[str]:
    """Sessions that the territory attended since its council was renewed."""
    renewed = max((e.date for e in programme.calendar.elections if e.date < on), default=dt.date.min)
    return {a.session for a in programme.attendances if a.collectivity in territory.members and renewed < a.date <= on}


def people(programme: ProgrammeData, territory: Territory, session: str, on: dt.date) -> int:
    """People within travel distance who asked for the session or attended what leads to it."""
    renewed = max((e.date for e in programme.calendar.elections if e.date < on), default=dt.date.min)
    sources = {edge.source for edge in programme.catalogue.follow_ups if edge.target == session}
    total = 0
    for other in programme.territories:
        if kilometres(territory.latitude, territory.longitude, other.latitude, other.longitude) > programme.travel_km:
            continue
        for member in other.members:
            past = [a for a in programme.attendances if a.collectivity == member and renewed < a.date <= on]
            if any(a.session == session for a in past):
                continue
            came = [a.elected + a.technicians for a in past if a.session in sources]
            asked = [
                need.people
                for need in programme.needs
                if need.collectivity == member and need.workshop == session and need.date <= on
            ]
            total += max([*came, *asked], default=0)
    return total


def first_day(programme: ProgrammeData, on: dt.date) -> dt.date:
    """The first working day outside blackouts for which people can be invited."""
    day = on + dt.timedelta(days=programme.notice_days)
    while day.weekday() > 4 or any(b.start <= day <= b.end for b in programme.calendar.blackouts):
        day += dt.timedelta(days=1)
    return day


def first_free_day(programme: ProgrammeData, trainer: Trainer, on: dt.date) -> dt.date | None:
    """The first such day on which the trainer is free, within a year or so."""
    known = [
        held.date for held in programme.sessions if held.trainer == trainer.id and (held.booked_on or held.date) <= on
    ]
    first = first_day(programme, on)
    for offset in range(360):
        day = first + dt.timedelta(days=offset)
        month = sum((held.year, held.month) == (day.year, day.month) for held in known)
        if (
            day.weekday() <= 4
            and not any(b.start <= day <= b.end for b in programme.calendar.blackouts)
            and day not in trainer.taken
            and day not in known
            and month < trainer.sessions_a_month
            and (not trainer.free or any(p.start <= day <= p.end for p in trainer.free))
        ):
            return day
    return None


def load(programme: ProgrammeData, trainer: Trainer, day: dt.date, on: dt.date) -> float:
    """Share of two months' sessions taken in the sixty days around ``day``."""
    around = [
        held
        for held in programme.sessions
        if held.trainer == trainer.id and (held.booked_on or held.date) <= on and abs((held.date - day).days) <= 30
    ]
    return len(around) / (2 * trainer.sessions_a_month)


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance."""
    a, b, c, d = map(math.radians, (lat1, lon1, lat2, lon2))
    cosine = math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(d - b)
    return 6371.0088 * math.acos(max(-1.0, min(1.0, cosine)))
