"""Real places: the EPCI of the départements and their communes, from the official register."""

from __future__ import annotations

from functools import cache

from prai_match import register
from prai_match.model import Collectivity, Territory

DIGITS = 5


@cache
def epcis(departements: tuple[str, ...]) -> tuple[register.Entry, ...]:
    """Return the EPCI that hold most of their population in one of the départements, by code."""
    return tuple(sorted((e for code in departements for e in register.epcis(code)), key=lambda e: e.code))


def left_out(departements: tuple[str, ...]) -> tuple[register.Entry, ...]:
    """Return the communes of the départements whose EPCI is mainly elsewhere."""
    ours = {epci.code for epci in epcis(departements)}
    return tuple(c for code in departements for c in register.communes(code) if c.epci not in ours)


def collectivities(departements: tuple[str, ...]) -> tuple[Collectivity, ...]:
    """Return the EPCI and their communes, by code."""
    ours = epcis(departements)
    entries = [*ours, *(commune for epci in ours for commune in register.members(epci))]
    return tuple(
        Collectivity(
            code=entry.code,
            name=entry.name,
            kind="epci" if entry.kind == "epci" else "commune",
            departement=entry.departement or "",
            population=entry.population,
        )
        for entry in sorted(entries, key=lambda entry: entry.code)
    )


def territories(departements: tuple[str, ...]) -> tuple[Territory, ...]:
    """Return one territory per EPCI: itself and its communes."""
    return tuple(
        Territory(
            id=epci.code,
            name=epci.name,
            departement=epci.departement or "",
            members=(epci.code, *(commune.code for commune in register.members(epci))),
            population=epci.population or 0,
            latitude=position(epci.code)[0],
            longitude=position(epci.code)[1],
        )
        for epci in epcis(departements)
    )


def position(code: str) -> tuple[float, float]:
    """Return the position of a place, to about a metre."""
    latitude, longitude = register.get(code).position or (0.0, 0.0)
    return round(latitude, DIGITS), round(longitude, DIGITS)


@cache
def distance(one: str, other: str) -> float:
    """Return the distance of two places in km, to the metre."""
    return round(register.distance_km(one, other), 3)
