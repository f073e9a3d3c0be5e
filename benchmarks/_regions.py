"""Made programmes of whole régions: the EPCI of the register as territories; needs, relays, trainers, history made."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from prai_match import Programme, register

if TYPE_CHECKING:
    from collections.abc import Sequence

ON = dt.date(2007, 9, 3)

OCCITANIE = "76"
_HISTORY_DAYS = 350


@cache
def made(regions: tuple[str, ...] | None = None, seed: int = 7) -> Programme:
    """Make the programme of some régions (None: all of France), as dense as the bundled region.

    For a hundred territories there are thirty trainers, 260 needs, 600 attendances and 85,000 €; each département has
    an association of mayors and a council as relays, and a relay in ten covers the next département too.
    """
    rng = np.random.default_rng(seed)
    catalogue = Programme.example().catalogue
    places = register.frame("epci").drop_nulls(["latitude", "population"]).sort("code")
    if regions is not None:
        places = places.filter(pl.col("region").is_in(regions))
    size = places.height
    rows = places.select("code", "name", "departement", "population", "latitude", "longitude").to_dicts()
    homes = [rows[index] for index in rng.integers(0, size, round(0.3 * size))]
    workshops = {workshop.id: [axis.id for axis in workshop.axes] for workshop in catalogue.workshops}
    buffets = [buffet.id for buffet in catalogue.buffets]
    return Programme.model_validate(
        {
            "name": {"fr": "Régions d'essai", "en": "Made regions"},
            "period": {"start": "2006-09-01", "end": "2008-12-31"},
            "catalogue": catalogue,
            "collectivities": [
                {"code": row["code"], "name": row["name"], "kind": "epci", "departement": row["departement"]}
                for row in rows
            ],
            "territories": [
                {**{name: value for name, value in row.items() if name != "code"}, "id": row["code"]}
                | {"members": [row["code"]]}
                for row in rows
            ],
            "partners": _relays(sorted(set(places["departement"])), rng),
            "trainers": [_trainer(number, home, workshops, buffets, rng) for number, home in enumerate(homes)],
            "needs": _needs(rows, workshops, round(2.6 * size), rng),
            "attendances": _attendances(rows, [*buffets, *workshops], 6 * size, rng),
            "sessions": [],
            "calendar": {},
            "budget": {"total": str(850 * size)},
        }
    )


def _relays(departements: Sequence[str], rng: np.random.Generator) -> list[dict[str, Any]]:
    relays = []
    for number, code in enumerate(departements):
        beside = [departements[number + 1]] if number + 1 < len(departements) and rng.random() < 1 / 5 else []
        room = {"sessions_a_year": int(rng.integers(8, 16))}
        relays += [
            {"id": f"adm{code}", "name": f"ADM {code}", "kind": "adm", "departements": [code, *beside], **room},
            {"id": f"cd{code}", "name": f"CD {code}", "kind": "conseil_general", "departements": [code]}
            | {"sessions_a_year": int(rng.integers(4, 12)), "brings": ["elected", "technicians"]},
        ]
    return relays


def _trainer(
    number: int, home: dict[str, Any], workshops: dict[str, list[str]], buffets: list[str], rng: np.random.Generator
) -> dict[str, Any]:
    led = [*rng.choice(list(workshops), 2, replace=False), *rng.choice(buffets, 1)]
    return {
        "id": f"r{number:03}",
        "organisation": f"Organisme {number}",
        "role": "Formateur",
        "expertise": [{"session": str(session)} for session in led],
        "home": home["code"],
        "latitude": home["latitude"],
        "longitude": home["longitude"],
        "reach_km": float(rng.integers(60, 121)),
        "sessions_a_month": int(rng.integers(1, 4)),
        "fee": str(rng.integers(40, 90) * 10),
        "rating": round(float(rng.uniform(2.6, 4)), 1),
    }


def _needs(
    rows: list[dict[str, Any]], workshops: dict[str, list[str]], count: int, rng: np.random.Generator
) -> list[dict[str, Any]]:
    found = []
    for _ in range(count):
        session = str(rng.choice(list(workshops)))
        axes = workshops[session]
        axis = str(rng.choice(axes)) if axes and rng.random() < 1 / 2 else None
        found.append(
            {
                "collectivity": rows[rng.integers(len(rows))]["code"],
                "date": _before(rng),
                "workshop": session,
                "axis": axis,
                "people": int(rng.integers(1, 4)),
            }
        )
    return found


def _attendances(
    rows: list[dict[str, Any]], sessions: list[str], count: int, rng: np.random.Generator
) -> list[dict[str, Any]]:
    found = {}
    for _ in range(count):
        code, session, day = rows[rng.integers(len(rows))]["code"], str(rng.choice(sessions)), _before(rng)
        found[code, session, day] = {
            "collectivity": code,
            "session": session,
            "date": day,
            "elected": int(rng.integers(1, 4)),
            "technicians": int(rng.integers(0, 3)),
            "rating": round(float(rng.uniform(2.5, 4)), 1),
        }
    return list(found.values())


def _before(rng: np.random.Generator) -> dt.date:
    return ON - dt.timedelta(days=int(rng.integers(1, _HISTORY_DAYS)))
