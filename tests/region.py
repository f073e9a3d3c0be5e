"""The bundled region with the look-ups that its tests share."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from prai_match.model import Attendance, HeldSession, ProgrammeData


@dataclass(frozen=True)
class Region:
    """The folder, what was loaded from it, and what can be looked up."""

    folder: Path
    data: ProgrammeData

    @cached_property
    def workshops(self) -> list[HeldSession]:
        kinds = {workshop.id for workshop in self.data.catalogue.workshops}
        return [session for session in self.data.sessions if session.session in kinds]

    @cached_property
    def buffets(self) -> list[HeldSession]:
        kinds = {buffet.id for buffet in self.data.catalogue.buffets}
        return [session for session in self.data.sessions if session.session in kinds]

    @cached_property
    def departement(self) -> dict[str, str]:
        return {territory.id: territory.departement for territory in self.data.territories}

    @cached_property
    def territory(self) -> dict[str, str]:
        return {member: territory.id for territory in self.data.territories for member in territory.members}

    @cached_property
    def buffets_before(self) -> dict[str, set[str]]:
        """Buffets that lead to each workshop."""
        buffets = {buffet.id for buffet in self.data.catalogue.buffets}
        found: dict[str, set[str]] = defaultdict(set)
        for edge in self.data.catalogue.follow_ups:
            if edge.source in buffets:
                found[edge.target].add(edge.source)
        return found

    @cached_property
    def people(self) -> dict[str, list[Attendance]]:
        """Attendances by session held."""
        found: dict[str, list[Attendance]] = defaultdict(list)
        for attendance in self.data.attendances:
            assert attendance.held is not None
            found[attendance.held].append(attendance)
        return found

    @cached_property
    def busiest(self) -> dict[str, list[int]]:
        """Most sessions that were held, or are booked, on a day, in a week and in a month: of all, and of a relay."""
        times = {"per_day": "%Y-%m-%d", "per_week": "%G-%V", "per_month": "%Y-%m"}
        held = {
            name: [(each.partner, each.date.strftime(time)) for each in self.data.sessions]
            for name, time in times.items()
        }
        return {
            "team": [max(Counter(time for _, time in each).values()) for each in held.values()],
            "relay": [max(Counter(each).values()) for each in held.values()],
        }

    @cached_property
    def came(self) -> set[tuple[str, str, dt.date]]:
        """Territory, session and day, once each."""
        return {(self.territory[a.collectivity], a.session, a.date) for a in self.data.attendances}
