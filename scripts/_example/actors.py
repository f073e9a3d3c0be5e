"""Relay partners, as the report says, and made trainers."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _example.places import distance, position
from prai_match.model import Expertise, Period, RelayPartner, Trainer

if TYPE_CHECKING:
    from _example.dice import Dice

HERE = Path(__file__).parent
EUROS_PER_KM = Decimal("0.35")

# Identifier, name, département, kind, sessions over twelve months, whom it brings.
_ADM = (
    ("09", "Association des maires de l'Ariège", 12),
    ("12", "Association des maires de l'Aveyron", 8),
    ("31", "Association des maires de la Haute-Garonne", 14),
    ("46", "Association des maires du Lot", 2),
    ("65", "Association des maires des Hautes-Pyrénées", 7),
    ("81", "Association des maires du Tarn", 12),
    ("82", "Association des maires de Tarn-et-Garonne", 6),
)
_BOTH = ("31", "81")
RELAY = {**{code: f"adm{code}" for code, *_ in _ADM}, "46": "cg46", "32": "cg32"}
"""The relay that carried the sessions of each département."""
GERS_CARRIES = ("buffet_communication", "site_internet")


def partners() -> tuple[RelayPartner, ...]:
    """Return the relays: mayors' associations everywhere but in Gers, and two Conseils Généraux."""
    associations = (
        RelayPartner(
            id=f"adm{code}",
            name=name,
            kind="adm",
            departements=(code,),
            sessions_a_year=most,
            brings=("elected", "technicians") if code in _BOTH else ("elected",),
        )
        for code, name, most in _ADM
    )
    lot = RelayPartner(
        id="cg46",
        name="Conseil Général du Lot",
        kind="conseil_general",
        departements=("46",),
        sessions_a_year=15,
        brings=("elected", "technicians"),
    )
    gers = RelayPartner(
        id="cg32",
        name="Conseil Général du Gers (hypothèse)",
        kind="conseil_general",
        departements=("32",),
        carries=GERS_CARRIES,
        sessions_a_year=4,
        brings=("technicians",),
    )
    return (*associations, gers, lot)


@cache
def trainers() -> tuple[Trainer, ...]:
    """Return the trainers of the table, without the days already taken."""
    rows = tomllib.loads((HERE / "trainers.toml").read_text(encoding="utf-8"))["trainer"]
    return tuple(sorted((_trainer(row) for row in rows), key=lambda trainer: trainer.id))


def _trainer(row: dict[str, Any]) -> Trainer:
    latitude, longitude = position(row["home"])
    return Trainer(
        id=row["id"],
        organisation=row["organisation"],
        role=row["role"],
        expertise=tuple(_expertise(text) for text in row["leads"]),
        home=row["home"],
        latitude=latitude,
        longitude=longitude,
        reach_km=row["reach_km"],
        free=tuple(_period(text) for text in row.get("free", ())),
        sessions_a_month=row["month"],
        fee=Decimal(row["fee"]),
        rating=row["rating"],
    )


def _expertise(text: str) -> Expertise:
    session, _, axes = text.partition(":")
    return Expertise(session=session, axes=tuple(axes.split(",")) if axes else ())


def _period(text: str) -> Period:
    start, end = (dt.date.fromisoformat(day) for day in text.split("/"))
    return Period(start=start, end=end)


def leads(trainer: Trainer, session: str, axis: str | None) -> bool:
    """Say whether the trainer leads the session on that axis."""
    return any(e.session == session and (axis is None or not e.axes or axis in e.axes) for e in trainer.expertise)


class Bookings:
    """Who leads which session: the months and days of each trainer fill up."""

    def __init__(self, dice: Dice) -> None:
        """Start with everyone free."""
        self._dice = dice
        self._days: dict[str, list[dt.date]] = {trainer.id: [] for trainer in trainers()}

    def book(self, session: str, axis: str | None, day: dt.date, host: str) -> Trainer | None:
        """Book the trainer that suits best, or none where nobody can come."""
        able = [t for t in trainers() if leads(t, session, axis) and self._can(t, day, host)]
        if not able:
            return None
        best = max(able, key=lambda t: (self._merit(t, host), t.id))
        self._days[best.id].append(day)
        return best

    def with_days_taken(self, first: dt.date, last: dt.date) -> tuple[Trainer, ...]:
        """Return the trainers with days taken by their other work."""
        found = []
        for trainer in trainers():
            wanted = {self._dice.day(first, last) for _ in range(self._dice.between(4, 16))}
            own = set(self._days[trainer.id])
            days = tuple(sorted(day for day in wanted if day not in own and _free(trainer, day)))
            found.append(trainer.model_copy(update={"taken": days}))
        return tuple(found)

    def _can(self, trainer: Trainer, day: dt.date, host: str) -> bool:
        days = self._days[trainer.id]
        month = sum((other.year, other.month) == (day.year, day.month) for other in days)
        return (
            distance(trainer.home, host) <= trainer.reach_km
            and month < trainer.sessions_a_month
            and day not in days
            and _free(trainer, day)
        )

    def _merit(self, trainer: Trainer, host: str) -> float:
        near = 1 - distance(trainer.home, host) / trainer.reach_km
        return round(2 * (trainer.rating or 0) + 4 * near + self._dice.between(0, 20) / 10, 6)


def _free(trainer: Trainer, day: dt.date) -> bool:
    return not trainer.free or any(period.start <= day <= period.end for period in trainer.free)


def cost(trainer: Trainer, host: str, room: Decimal) -> Decimal:
    """Return what a session costs: fee, travel there and back, room and material."""
    travel = Decimal(str(distance(trainer.home, host))) * 2 * EUROS_PER_KM
    return (trainer.fee + travel + room).quantize(Decimal("0.01"))
