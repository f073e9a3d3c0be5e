"""The recipe of a bundled region."""

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
    """A line of the agenda; the host is given for the first sessions, otherwise found."""

    day: dt.date
    session: str
    departement: str
    host: str


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What is decided by people; random draws decide the rest.

    Attributes:
        name: Name of the programme.
        period: Period of the programme.
        calendar: When no session is held, and the elections.
        pace: Maximum sessions per day, week and month: a little above those of the busiest ones.
        budget: The budget.
        parts: Folder of ``agenda.csv`` and ``trainers.toml``.
        departements: Codes of the départements.
        catalogue: The catalogue.
        partners: The relays.
        relays_of: The relays that may carry a session of a département, the first choice first.
        texts: What collectivities write, by workshop and axis (``core`` for no axis), with ``around`` and ``none``.
        appeal: How often each workshop is requested by large territories, and by the others.
        monthly: Number of spontaneous needs, month by month.
        first_month: Year and month of the first of them.
        last: Last day of the history.
        registered: Day of the first booking for which registrations are kept.
        travel_km: Maximum distance that people travel.
        notice_days: Days between an invitation and a session.
        euros_per_km: Cost of trainers' travel.
        pilot: A territory that attends every session of its département; empty if there is none.
        renewed: The days on which councils were renewed: earlier attendances no longer count.
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
        """The sources of each workshop."""
        return {to: tuple(f.source for f in self.catalogue.follow_ups if f.target == to) for to in self.axes}

    @cached_property
    def rooms(self) -> dict[str, Decimal | None]:
        """Cost of room and material of each session."""
        return {session.id: session.cost for session in self.catalogue.sessions}

    @cached_property
    def trainer_rows(self) -> list[dict[str, Any]]:
        """The trainers as written in the file."""
        rows: list[dict[str, Any]] = tomllib.loads((self.parts / "trainers.toml").read_text("utf-8"))["trainer"]
        return rows

    def agenda(self) -> list[Date]:
        """Return the agenda, in the order of days."""
        with (self.parts / "agenda.csv").open(encoding="utf-8", newline="") as file:
            rows = [Date(dt.date.fromisoformat(r.pop("date")), **r) for r in csv.DictReader(file)]
        return sorted(rows, key=lambda row: row.day)
