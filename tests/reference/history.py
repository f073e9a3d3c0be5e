"""What was asked and what happened: needs, sessions held or booked, attendances."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference.actors import decimal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference.catalogues import Catalogue
    from reference.dice import Dice
    from reference.formats import Row
    from reference.places import Place

_CHANNELS = ("", "buffet", "workshop", "visit", "mail", "phone", "survey", "web", "other")


@dataclass(frozen=True)
class World:
    """What a history fits.

    Attributes:
        places: The territories.
        catalogue: What is offered.
        start: The first day.
        end: The last day.
        blank: Columns of which a part of the cells is left empty.
    """

    places: Sequence[Place]
    catalogue: Catalogue
    start: dt.date
    end: dt.date
    blank: set[str]

    @property
    def members(self) -> list[str]:
        return [code for place in self.places for code in place.members]


def needs(dice: Dice, world: World) -> list[Row]:
    """Draw needs: in words, or with their workshop, or with its axis too."""
    catalogue, found = world.catalogue, []
    for _ in range(dice.one([5, 15, 30, 60]) if catalogue.texts or catalogue.workshops else 0):
        stated = bool(catalogue.workshops) and (not catalogue.texts or dice.chance(0.5))
        workshop = dice.one(catalogue.workshops) if stated else ""
        axes = catalogue.axes[workshop] if stated else ()
        found.append(
            {
                "collectivity": dice.one(world.members),
                "date": dice.day(world.start, world.end).isoformat(),
                "channel": dice.one(_CHANNELS),
                "text": dice.one(catalogue.texts) if catalogue.texts and (not stated or dice.chance(0.3)) else "",
                "workshop": workshop,
                "axis": dice.one(axes) if axes and dice.chance(0.5) else "",
                "people": _filled(dice, world, "people", dice.whole(1, 15)),
            }
        )
    return [*found, *_again(dice, found)]


def sessions(dice: Dice, world: World, partners: Sequence[Row], trainers: Sequence[Row]) -> list[Row]:
    """Draw sessions, some of them booked before they were held."""
    found: list[Row] = []
    for number in range(dice.one([0, 2, 5, 10])):
        session = dice.one(tuple(world.catalogue.axes))
        day = dice.day(world.start, world.end)
        axes = world.catalogue.axes[session]
        found.append(
            {
                "id": f"h{number}",
                "session": session,
                "date": day.isoformat(),
                "booked_on": (day - dt.timedelta(days=dice.whole(0, 90))).isoformat() if dice.chance(0.6) else "",
                "host": dice.one(world.places).id,
                "axis": dice.one(axes) if axes and dice.chance(0.4) else "",
                "partner": dice.one(partners)["id"] if partners and dice.chance(0.8) else "",
                "trainer": dice.one(trainers)["id"] if trainers and dice.chance(0.8) else "",
                "cost": _filled(dice, world, "cost", dice.one([0, 420, 850, 1200])),
            }
        )
    return found


def attendances(dice: Dice, world: World, held: Sequence[Row]) -> list[Row]:
    """Draw who came, to sessions that are known and to others."""
    found: list[Row] = []
    for _ in range(dice.one([0, 5, 15, 40])):
        known = dice.one(held) if held and dice.chance(0.6) else None
        elected, technicians = dice.whole(0, 6), dice.whole(0, 3)
        row = {
            "collectivity": dice.one(world.members),
            "session": known["session"] if known else dice.one(tuple(world.catalogue.axes)),
            "date": known["date"] if known else dice.day(world.start, world.end).isoformat(),
            "elected": _filled(dice, world, "elected", elected),
            "technicians": _filled(dice, world, "technicians", technicians),
            "rating": _filled(dice, world, "given_rating", None, decimal(dice.whole(2, 8) * 500)),
            "held": known["id"] if known else "",
        }
        if {row["elected"], row["technicians"]} <= {"", "0"}:
            row["elected"] = "1"  # nobody comes from nowhere
        found.append(row)
    return [*found, *_again(dice, found)]


def _filled(dice: Dice, world: World, column: str, number: int | None, text: str = "") -> str:
    return "" if column in world.blank and dice.chance(0.5) else text or str(number)


def _again(dice: Dice, rows: Sequence[Row]) -> list[Row]:
    """Repeat a row now and then, exactly."""
    return [dict(dice.one(rows))] if rows and dice.chance(0.1) else []
