"""Drawn programmes: each a folder of files that any version can load, the same bytes for a number, for ever.

Nothing here imports the library, nor depends on the version of Python.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reference import actors, history
from reference.catalogues import both, catalogue
from reference.dice import Dice
from reference.formats import table, toml
from reference.history import World
from reference.policies import policy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reference.formats import Row

COUNT = 1_000
"""Programmes of the reference."""

COLUMNS = {
    "collectivities": "code name kind departement population",
    "territories": "id name departement members population latitude longitude",
    "partners": "id name kind departements carries sessions_a_year hosted brings",
    "trainers": "id organisation role home latitude longitude reach_km sessions_a_month fee rating",
    "expertise": "trainer session axes",
    "trainer_days": "trainer start end free",
    "needs": "collectivity date channel text workshop axis people",
    "sessions": "id session date booked_on host axis partner trainer cost",
    "attendances": "collectivity session date elected technicians rating held",
}
"""The tables, in the order of their columns."""

_BLANK = ("fee", "rating", "sessions_a_month", "people", "elected", "technicians", "given_rating", "cost")
_BLANK_ELSEWHERE = ("sessions_a_year", "population")
_OPTIONAL = ("partners", "trainer_days", "needs", "sessions", "attendances")


@dataclass(frozen=True)
class Drawn:
    """A programme.

    Attributes:
        name: Its number, in four digits.
        files: Its folder.
        days: The days on which it is answered for.
    """

    name: str
    files: Mapping[str, bytes]
    days: tuple[dt.date, ...]

    @property
    def digest(self) -> str:
        """Of all that it is made of."""
        parts = [f"{name}\n".encode() + content for name, content in sorted(self.files.items())]
        days = " ".join(day.isoformat() for day in self.days)
        return hashlib.sha256(b"\0".join([*parts, days.encode()])).hexdigest()

    def write(self, folder: Path) -> Path:
        """Write it to a folder, which is made."""
        folder.mkdir(parents=True)
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        return folder


def drawn(number: int) -> Drawn:
    """Draw a programme.

    >>> drawn(3).digest == drawn(3).digest, drawn(3).digest == drawn(4).digest
    (True, False)
    """
    dice = Dice(number)
    start = dt.date(dice.whole(2006, 2026), dice.whole(1, 12), 1)
    end = start + dt.timedelta(days=dice.whole(300, 1000))
    blank = {name for name in (*_BLANK, *_BLANK_ELSEWHERE) if dice.chance(0.25)}
    offered = catalogue(dice)
    places = actors.territories(dice)
    partners = actors.partners(dice, places, offered, blank="sessions_a_year" in blank)
    trainers, expertise = actors.trainers(dice, places, offered, blank)
    world = World(places, offered, start, end, blank)
    no_partner, no_trainer = dice.chance(0.05), dice.chance(0.05)
    partners = [] if no_partner else partners
    trainers, expertise = ([], []) if no_trainer else (trainers, expertise)
    sessions = history.sessions(dice, world, partners, trainers)
    tables: dict[str, list[Row]] = {
        "collectivities": actors.members(dice, places, blank="population" in blank),
        "territories": [place.row for place in places],
        "partners": partners,
        "trainers": trainers,
        "expertise": expertise,
        "trainer_days": actors.trainer_days(dice, trainers, start, end),
        "needs": [] if dice.chance(0.05) else history.needs(dice, world),
        "sessions": sessions,
        "attendances": history.attendances(dice, world, sessions),
    }
    left_out = {name for name in _OPTIONAL if not tables[name] and dice.chance(0.5)}
    if not trainers and dice.chance(0.5):
        left_out |= {"trainers", "expertise", "trainer_days"}
    files = {
        f"{name}.csv": table(COLUMNS[name].split(), found) for name, found in tables.items() if name not in left_out
    }
    named: dict[str, Any] = {"policy": "politique.toml"}
    if offered.lexicon:
        named["lexicon"] = "lexique.toml"
        files["lexique.toml"] = offered.lexicon
    files["politique.toml"] = policy(dice)
    calendar = _calendar(dice, start, end)
    settings = {
        **_numbers(dice),
        "name": both("Programme tiré"),
        "period": {"start": start, "end": end},
        "catalogue": {**offered.data, **named},
        "calendar": calendar,
        **_budget(dice),
    }
    files["programme.toml"] = toml(settings)
    days = (start + (end - start) * dice.whole(35, 95) // 100, _special(dice, start, end, calendar))
    return Drawn(f"{number:04}", files, days)


def _numbers(dice: Dice) -> dict[str, Any]:
    drawn: dict[str, list[float]] = {
        "travel_km": [5, 25, 45.5, 60, 120],
        "notice_days": [0, 10, 21, 45],
        "euros_per_km": [0, 0.35, 0.41],
    }
    return {name: dice.one(values) for name, values in drawn.items() if dice.chance(0.7)}


def _budget(dice: Dice) -> dict[str, Any]:
    if dice.chance(0.35):
        return {}
    money: dict[str, Any] = {"total": dice.one([0, 700, 3_000, 8_000, 30_000, 300_000, 300_000, 300_000])}
    return {"budget": money | ({"other_spending": dice.one([0, 500, 2_500])} if dice.chance(0.5) else {})}


def _calendar(dice: Dice, start: dt.date, end: dt.date) -> dict[str, Any]:
    """Draw blackouts and elections; half of the elections have a freeze around them."""
    elections = sorted({dice.day(start - dt.timedelta(days=200), end) for _ in range(dice.one([0, 0, 1, 1, 2]))})
    firsts = [day - dt.timedelta(days=dice.whole(20, 60)) for day in elections if dice.chance(0.5)]
    firsts += [dice.day(start, end) for _ in range(dice.one([0, 0, 0, 1, 2]))]
    return {
        "blackouts": [
            {"start": day, "end": day + dt.timedelta(days=dice.one([0, 6, 30, 100])), "reason": both("Gel")}
            for day in firsts
        ],
        "elections": [{"date": day, "name": both("Élection")} for day in elections],
    }


def _special(dice: Dice, start: dt.date, end: dt.date, calendar: dict[str, Any]) -> dt.date:
    """Draw a day on which something is otherwise: in a freeze, around an election, at the beginning or the end."""
    days = [start, end - dt.timedelta(days=dice.whole(0, 20)), end + dt.timedelta(days=dice.whole(1, 200))]
    for freeze in calendar["blackouts"]:
        days += [dice.day(freeze["start"], freeze["end"])] * 3
    for election in calendar["elections"]:
        days += [election["date"] + dt.timedelta(days=dice.one([-10, 0, 1, 15, 60])) for _ in range(3)]
    return dice.one([day for day in days if day >= start])
