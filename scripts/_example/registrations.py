"""Registrations for booked sessions: most of those who attended, and some for coming sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _example.places import distance
from prai_match.model import Registration

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from _example.dice import Dice
    from prai_match.model import HeldSession, ProgrammeData

_NEAREST = 5


def registrations(programme: ProgrammeData, since: dt.date, dice: Dice) -> list[Registration]:
    """Return the registrations for what was booked since a day, by session; they change nothing that happened."""
    booked = sorted((held.id, held) for held in programme.sessions if (held.booked_on or held.date) >= since)
    return [
        each for _, held in booked for each in sorted(_of(programme, held, dice), key=lambda each: each.collectivity)
    ]


def _of(programme: ProgrammeData, held: HeldSession, dice: Dice) -> Iterator[Registration]:
    """Two thirds of those who attended had registered; for coming sessions, the host and some neighbours have."""
    came = {each.collectivity: each for each in programme.attendances if each.held == held.id}
    if came:
        for code, each in sorted(came.items()):
            if dice.chance(2 / 3):
                people = max(1, (each.elected or 0) + (each.technicians or 0) + dice.weighted((-1, 0, 1), (1, 6, 1)))
                yield Registration(session=held.id, collectivity=code, people=people if dice.chance(0.98) else None)
        return
    near = sorted((distance(held.host, each.id), each.id, each) for each in programme.territories)[:_NEAREST]
    for _, code, territory in near:
        if code == held.host or dice.chance(0.4):
            member = dice.one(sorted(territory.members))
            people = dice.between(1, 3)
            yield Registration(session=held.id, collectivity=member, people=people if dice.chance(0.98) else None)
