"""Invented trainers, and their bookings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from _example.places import distance, position
from prai_match.model import Expertise, Period, Trainer

if TYPE_CHECKING:
    from _example.dice import Dice
    from _example.recipe import Recipe


def trainers(recipe: Recipe) -> tuple[Trainer, ...]:
    """Return the trainers of the table, without the days already taken."""
    return tuple(sorted((_trainer(row) for row in recipe.trainer_rows), key=lambda trainer: trainer.id))


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
    """Return whether the trainer leads the session on that axis."""
    return any(e.session == session and (axis is None or not e.axes or axis in e.axes) for e in trainer.expertise)


class Bookings:
    """Bookings of trainers for sessions: the months and days of each trainer fill up."""

    def __init__(self, recipe: Recipe, dice: Dice) -> None:
        """Start with everyone free."""
        self._dice = dice
        self._trainers = trainers(recipe)
        self._days: dict[str, list[dt.date]] = {trainer.id: [] for trainer in self._trainers}

    def book(self, session: str, axis: str | None, day: dt.date, host: str) -> Trainer | None:
        """Book the most suitable trainer, or none if nobody is available."""
        able = [t for t in self._trainers if leads(t, session, axis) and self._can(t, day, host)]
        if not able:
            return None
        best = max(able, key=lambda t: (self._merit(t, host), t.id))
        self._days[best.id].append(day)
        return best

    def with_days_taken(self, first: dt.date, last: dt.date) -> tuple[Trainer, ...]:
        """Return the trainers with days taken by their other work."""
        found = []
        for trainer in self._trainers:
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
            and month < (trainer.sessions_a_month or 0)
            and day not in days
            and _free(trainer, day)
        )

    def _merit(self, trainer: Trainer, host: str) -> float:
        near = 1 - distance(trainer.home, host) / trainer.reach_km
        return round(2 * (trainer.rating or 0) + 4 * near + self._dice.between(0, 20) / 10, 6)


def _free(trainer: Trainer, day: dt.date) -> bool:
    return not trainer.free or any(period.start <= day <= period.end for period in trainer.free)


def _known(amount: Decimal | None) -> Decimal:
    if amount is None:
        msg = "every fee and every room of a bundled region has its amount"
        raise ValueError(msg)
    return amount


def cost(trainer: Trainer, host: str, room: Decimal | None, euros_per_km: Decimal) -> Decimal:
    """Return what a session costs: fee, travel there and back, room and material."""
    travel = Decimal(str(distance(trainer.home, host))) * 2 * euros_per_km
    return (_known(trainer.fee) + travel + _known(room)).quantize(Decimal("0.01"))
