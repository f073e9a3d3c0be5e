"""What collectivities ask for: made texts, each with the workshop that is behind it."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from _example.catalogue import AXES, FOLLOW_UPS
from prai_match.model import Channel, Need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _example.dice import Dice
    from prai_match.model import Territory

_TEXTS = tomllib.loads(files("prai_match.simulate").joinpath("data/texts.toml").read_text("utf-8"))
_AROUND = _TEXTS.pop("around")
_NONE = _TEXTS.pop("none")["any"]
WORKSHOPS = tuple(AXES)

# Needs that come by themselves, month by month from November 2006: few, then more and more after the elections.
MONTHLY = (2, 2, 3, 4, 4, 4, 5, 5, 4, 2, 5, 5, 5, 4, 3, 2, 1, 2, 4, 9, 9, 8, 16, 20, 25, 28)
_FIRST_MONTH = (2006, 11)
_CHANNELS: tuple[Channel, ...] = ("visit", "mail", "survey", "web", "other")
_CHANNEL_WEIGHTS = (5, 4, 3, 2, 1)
_BASE = {"site_internet": 30, "dematerialisation": 26, "sig": 19, "teleservices": 12, "organisation_interne": 13}
_LARGE = 30_000


@dataclass(frozen=True)
class Wish:
    """A need with the workshop that is behind it, None for what no workshop answers."""

    territory: str
    workshop: str | None
    axis: str | None
    need: Need


class Tastes:
    """What each territory is inclined to: lasting, so that what it says and what it does agree."""

    def __init__(self, territories: Sequence[Territory], dice: Dice) -> None:
        """Draw the inclinations of every territory."""
        self._dice = dice
        self._territories = territories
        self._weights: dict[str, tuple[float, ...]] = {}
        for territory in territories:
            tilt = (0.7, 1.0, 1.4, 1.5, 0.9) if territory.population > _LARGE else (1.2, 1.0, 0.9, 0.8, 1.1)
            chances = [_BASE[w] * t * dice.between(2, 30) / 10 for w, t in zip(WORKSHOPS, tilt, strict=True)]
            self._weights[territory.id] = tuple(weight / math.fsum(chances) for weight in chances)
        self._axes = {(t.id, w): dice.one(AXES[w]) for t in territories for w in WORKSHOPS}

    def taste(self, territory: str, workshop: str) -> float:
        """Return how much a territory is inclined to a workshop, 1 on average."""
        return self._weights[territory][WORKSHOPS.index(workshop)] * len(WORKSHOPS)

    def axis(self, territory: str, workshop: str) -> str:
        """Return the axis that the territory would choose."""
        return self._axes[territory, workshop]

    def spontaneous(self, last: dt.date) -> list[Wish]:
        """Return the needs that come by visits, letters, surveys and the web; never by the toll-free number."""
        found = []
        year, month = _FIRST_MONTH
        weights = [territory.population**0.25 for territory in self._territories]
        for count in MONTHLY:
            first = dt.date(year, month, 1)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - December
            end = min(last, dt.date(year, month, 1) - dt.timedelta(days=1))
            for _ in range(count):
                territory = self._dice.weighted(self._territories, weights)
                workshop = self._dice.weighted(WORKSHOPS, self._weights[territory.id])
                channel = self._dice.weighted(_CHANNELS, _CHANNEL_WEIGHTS)
                day = max(first, self._dice.day(first, end))
                found.append(self.wish(territory.id, self._member(territory), day, channel, workshop))
        return found

    def after(self, session: str, territory: str, member: str, day: dt.date) -> Wish:
        """Return the need that a session leaves behind: one of what it leads to."""
        ways = [(target, prior) for source, target, prior, _ in FOLLOW_UPS if source == session]
        weights = [prior * self.taste(territory, target) for target, prior in ways]
        workshop = self._dice.weighted([target for target, _ in ways], weights)
        channel: Channel = "buffet" if session.startswith("buffet") else "workshop"
        later = self._dice.day(day + dt.timedelta(days=3), day + dt.timedelta(days=28))
        return self.wish(territory, member, later, channel, workshop)

    def wish(self, territory: str, member: str, day: dt.date, channel: Channel, workshop: str) -> Wish:
        """Return a need for a workshop, in words; some state the workshop, some ask for something else."""
        dice = self._dice
        people = dice.weighted((1, 2, 3, 4, 6), (1, 4, 3, 2, 1))
        if dice.chance(0.06):
            need = Need(collectivity=member, date=day, channel=channel, text=dice.one(_NONE), people=people)
            return Wish(territory, None, None, need)
        axis = None if dice.chance(0.12) else self.axis(territory, workshop)
        text = dice.one(_TEXTS[workshop][axis or "core"])
        if dice.chance(0.2):
            text = dice.one(_AROUND["before"]) + text
        if dice.chance(0.2):
            text += dice.one(_AROUND["after"])
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
