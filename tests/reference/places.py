"""Real territories and communes, from the copy of a region."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reference.formats import Row, rows

REGIONS = Path(__file__).parent / "regions"
_SOURCE = REGIONS / "occitanie_2026"


@dataclass(frozen=True)
class Place:
    """A territory, and its row in the table of territories."""

    id: str
    departement: str
    members: tuple[str, ...]
    communes: tuple[str, ...]
    row: Row


@cache
def places() -> dict[str, tuple[Place, ...]]:
    """Return the territories of each département."""
    found: dict[str, list[Place]] = {}
    for row in rows((_SOURCE / "territories.csv").read_bytes()):
        members = row["members"].split()
        communes = [code for code in members if code != row["id"]]
        place = Place(row["id"], row["departement"], tuple(members), tuple(communes), row)
        found.setdefault(place.departement, []).append(place)
    return {departement: tuple(there) for departement, there in sorted(found.items())}


@cache
def collectivities() -> dict[str, Row]:
    """Return the row of each collectivity, by code."""
    return {row["code"]: row for row in rows((_SOURCE / "collectivities.csv").read_bytes())}
