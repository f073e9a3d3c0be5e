"""What a bundled region is made from."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from pathlib import Path

    from prai_match.model import Budget, Calendar, Catalogue, Pace, Period, RelayPartner, Text


@dataclass(frozen=True)
class Date:
    """A line of the agenda; the host is named for those that open the way, else found."""

    day: dt.date
    session: str
    departement: str
    host: str


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What is decided by hand; chance decides the rest.

    Attributes:
        name: Of the programme.
        period: Of the programme.
        calendar: When no session is held, and the elections.
        pace: Most sessions a day, a week and a month: a little above what was held in the busiest.
        budget: What there is to spend.
        parts: Folder of ``agenda.csv`` and ``trainers.toml``.
        departements: Codes of the départements.
        catalogue: What is on offer.
        partners: The relays.
        relays_of: The relays that may carry a session of a département, the first choice first.
        texts: What collectivities write, by workshop and axis (``core``: none), with ``around`` and ``none``.
        appeal: How much each workshop is asked for by large territories, and by the others.
        monthly: Needs that come by themselves, month by month.
        first_month: Year and month of the first of them.
        last: Last day of the history.
        registered: Day of the first booking for which registrations are kept.
        travel_km: Farthest that people travel.
        notice_days: Days between an invitation and a session.
        euros_per_km: Trainers' travel.
        pilot: A territory that comes to every session of its département; empty: there is none.
        renewed: The days on which councils were renewed: what was attended before is forgotten.
    """

    name: Text
    period: Period
    calendar: Calendar
    pace: Pace
    budget: Budget
    parts: Path
    departements: tuple[str, ...]
    catalogue: Catalogue
    partners: tuple[RelayPartner, ...]
    relays_of: Callable[[str, str], tuple[str, ...]]
    texts: Mapping[str, Any]
    appeal: Mapping[str, tuple[float, float]]
    monthly: tuple[int, ...]
    first_month: tuple[int, int]
    last: dt.date
    registered: dt.date
    travel_km: int
    notice_days: int
    euros_per_km: Decimal
    pilot: str = ""
    renewed: tuple[dt.date, ...] = ()

    @cached_property
    def axes(self) -> dict[str, tuple[str, ...]]:
        """The axes of each workshop."""
        return {each.id: tuple(axis.id for axis in each.axes) for each in self.catalogue.workshops}

    @cached_property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """What leads to each workshop."""
        return {to: tuple(f.source for f in self.catalogue.follow_ups if f.target == to) for to in self.axes}

    @cached_property
    def rooms(self) -> dict[str, Decimal | None]:
        """Room and material of a session."""
        return {session.id: session.cost for session in self.catalogue.sessions}

    @cached_property
    def trainer_rows(self) -> list[dict[str, Any]]:
        """The trainers as they are written."""
        rows: list[dict[str, Any]] = tomllib.loads((self.parts / "trainers.toml").read_text("utf-8"))["trainer"]
        return rows

    def agenda(self) -> list[Date]:
        """Return the agenda, in the order of days."""
        with (self.parts / "agenda.csv").open(encoding="utf-8", newline="") as file:
            rows = [Date(dt.date.fromisoformat(r.pop("date")), **r) for r in csv.DictReader(file)]
        return sorted(rows, key=lambda row: row.day)
