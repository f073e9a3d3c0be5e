"""Needs of collectivities: invented texts, each with the workshop that it means."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prai_match.model import Need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _example.dice import Dice
    from _example.recipe import Recipe
    from prai_match.model import Territory

_CHANNELS: tuple[str, ...] = ("visit", "mail", "survey", "web", "other")
_CHANNEL_WEIGHTS = (5, 4, 3, 2, 1)
_LARGE = 30_000


@dataclass(frozen=True)
class Wish:
    """A need with the workshop that it means, None if no workshop fits."""

    territory: str
    workshop: str | None
    axis: str | None
    need: Need


class Tastes:
    """The lasting preferences of each territory, so that its needs and attendances agree."""

    def __init__(self, recipe: Recipe, territories: Sequence[Territory], dice: Dice) -> None:
        """Draw the preferences of every territory."""
        self._recipe = recipe
        self._workshops = tuple(recipe.axes)
        self._dice = dice
        self._territories = territories
        self._weights: dict[str, tuple[float, ...]] = {}
        for territory in territories:
            small = territory.population <= _LARGE
            chances = [recipe.appeal[w][small] * dice.between(2, 30) / 10 for w in self._workshops]
            self._weights[territory.id] = tuple(weight / math.fsum(chances) for weight in chances)
        self._axes = {(t.id, w): dice.one(recipe.axes[w]) for t in territories for w in self._workshops}

    def taste(self, territory: str, workshop: str) -> float:
        """Return how much a territory prefers a workshop, 1 on average."""
        return self._weights[territory][self._workshops.index(workshop)] * len(self._workshops)

    def axis(self, territory: str, workshop: str) -> str:
        """Return the axis that the territory would choose."""
        return self._axes[territory, workshop]

    def spontaneous(self) -> list[Wish]:
        """Return the spontaneous needs, by visits, letters, surveys and the web; never by telephone."""
        found = []
        year, month = self._recipe.first_month
        weights = [territory.population**0.25 for territory in self._territories]
        for count in self._recipe.monthly:
            first = dt.date(year, month, 1)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - December
            end = min(self._recipe.last, dt.date(year, month, 1) - dt.timedelta(days=1))
            for _ in range(count):
                territory = self._dice.weighted(self._territories, weights)
                workshop = self._dice.weighted(self._workshops, self._weights[territory.id])
                channel = self._dice.weighted(_CHANNELS, _CHANNEL_WEIGHTS)
                day = max(first, self._dice.day(first, end))
                found.append(self.wish(territory.id, self._member(territory), day, channel, workshop))
        return found

    def after(self, session: str, territory: str, member: str, day: dt.date) -> Wish:
        """Return the need that a session raises: for one of its follow-ups."""
        ways = [(f.target, f.prior) for f in self._recipe.catalogue.follow_ups if f.source == session]
        weights = [prior * self.taste(territory, target) for target, prior in ways]
        workshop = self._dice.weighted([target for target, _ in ways], weights)
        channel: str = "workshop" if session in self._recipe.axes else "buffet"
        later = self._dice.day(day + dt.timedelta(days=3), day + dt.timedelta(days=28))
        return self.wish(territory, member, later, channel, workshop)

    def wish(self, territory: str, member: str, day: dt.date, channel: str, workshop: str) -> Wish:
        """Return a need for a workshop, in words; some state the workshop, some ask for something else."""
        dice, texts = self._dice, self._recipe.texts
        people = dice.weighted((1, 2, 3, 4, 6), (1, 4, 3, 2, 1))
        if dice.chance(0.06):
            need = Need(
                collectivity=member, date=day, channel=channel, text=dice.one(texts["none"]["any"]), people=people
            )
            return Wish(territory, None, None, need)
        axis = None if dice.chance(0.12) else self.axis(territory, workshop)
        text = dice.one(texts[workshop][axis or "core"])
        if dice.chance(0.2):
            text = dice.one(texts["around"]["before"]) + text
        if dice.chance(0.2):
            text += dice.one(texts["around"]["after"])
        stated = dice.chance(0.15)
        need = Need(
            collectivity=member,
            date=day,
            channel=channel,
            text=text,
            workshop=workshop if stated else None,
            axis=axis if stated else None,
            people=people,
        )
        return Wish(territory, workshop, axis, need)

    def _member(self, territory: Territory) -> str:
        return territory.id if self._dice.chance(0.35) else self._dice.one(territory.members)
