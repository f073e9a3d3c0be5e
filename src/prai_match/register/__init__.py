"""The official register of French collectivities: codes, names, membership, population, position.

The table is part of the package and is read on first use; `about()` gives its sources. Official codes are the keys.

Stability: stable.
"""

from prai_match.register._data import About, Entry, Kind as Kind, about
from prai_match.register._lookup import (
    EARTH_RADIUS_KM as EARTH_RADIUS_KM,
    by_epci,
    by_siren,
    communes,
    department,
    department_label as department_label,
    distance_km,
    epcis,
    find,
    frame,
    get,
    haversine as haversine,
    haversine_km as haversine_km,
    members,
    present,
)
from prai_match.register._names import normalise, normalised as normalised
from prai_match.register._resolve._resolve import Arrow as Arrow, Resolution, Resolutions, Status as Status, resolve

__all__ = [
    "About", "Entry", "Resolution", "Resolutions", "about", "by_epci", "by_siren", "communes", "department",
    "distance_km", "epcis", "find", "frame", "get", "members", "normalise", "present", "resolve",
]  # fmt: skip
