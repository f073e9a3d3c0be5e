"""Decisions: offers made and answered, sessions asked for and confirmed, needs confirmed or withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from prai_match.model import Decision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _example.dice import Dice
    from prai_match.model import HeldSession, ProgrammeData

_REFUSALS = (
    "Pas disponible à cette date.",
    "Le conseil préfère attendre le vote du budget.",
    "Trop loin pour nos élus.",
    "Un projet intercommunal est déjà en cours.",
)
_WITHDRAWALS = ("Le nouveau conseil a d'autres priorités.", "Le besoin a été traité autrement.")


def decisions(programme: ProgrammeData, last: dt.date, dice: Dice) -> list[Decision]:
    """Return the decisions of a history until the day ``last``, by date; they change nothing that happened."""
    made = [*_bookings(programme, dice), *_renewals(programme, dice)]
    return sorted((each for each in made if each.date <= last), key=lambda each: each.model_dump_json())


def _bookings(programme: ProgrammeData, dice: Dice) -> Iterator[Decision]:
    """Every session was offered to its host, and some also to others, who declined or didn't answer."""
    departement = {territory.id: territory.departement for territory in programme.territories}
    for held in programme.sessions:
        booked = held.booked_on or held.date
        offered = booked - dt.timedelta(days=dice.between(6, 15))
        confirmed = dice.day(booked, booked + dt.timedelta(days=7))
        yield _offer(held, date=offered, event="made")
        yield _offer(held, date=booked, event="accepted", who="territory")
        yield Decision(date=booked, event="asked", held=held.id)
        yield Decision(date=confirmed, event="confirmed", who="relay", held=held.id)
        around = [code for code, its in departement.items() if its == departement[held.host] and code != held.host]
        if not around or not dice.chance(0.4):
            continue
        other = dice.one(around)
        yield _offer(held, territory=other, date=offered - dt.timedelta(days=14), event="made")
        if dice.chance(0.6):
            answer = offered - dt.timedelta(days=dice.between(1, 9))
            yield _offer(held, territory=other, date=answer, event="declined", who="territory", why=dice.one(_REFUSALS))
        else:
            yield _offer(held, territory=other, date=offered, event="unanswered")


def _offer(held: HeldSession, **said: object) -> Decision:
    """Return a decision on the offer of a session, by default to its host."""
    offer = {"territory": held.host, "session": held.session, "host": held.host, "partner": held.partner}
    return Decision.model_validate(offer | {"trainer": held.trainer, "day": held.date} | said)


def _renewals(programme: ProgrammeData, dice: Dice) -> Iterator[Decision]:
    """New councils are asked about the needs of their predecessors; a third has answered."""
    came = {(each.collectivity, each.session) for each in programme.attendances}
    for election in programme.calendar.elections:
        start = election.date + dt.timedelta(days=75)
        asked = {need.collectivity: need for need in programme.needs if need.date <= election.date}
        for code, need in sorted(asked.items()):
            if (code, need.workshop) in came or not dice.chance(1 / 3):
                continue
            date = dice.day(start, start + dt.timedelta(days=120))
            if dice.chance(0.7):
                yield Decision(date=date, event="confirmed", who="territory", collectivity=code, session=need.workshop)
            else:
                why = dice.one(_WITHDRAWALS)
                yield Decision(
                    date=date, event="withdrawn", who="territory", collectivity=code, session=need.workshop, why=why
                )
