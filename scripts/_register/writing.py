"""The register as a frame, and the files of it and of its earlier years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from _register.entities import entities
from _register.positions import locate
from _register.sources import EARLIER, SOURCE, VERSION, VINTAGE, VINTAGES

if TYPE_CHECKING:
    from pathlib import Path

    from _register.entities import Entity
    from _register.sources import Json, Place

SCHEMA = pl.Schema(
    {
        "code": pl.String(),
        "kind": pl.String(),
        "name": pl.String(),
        "siren": pl.String(),
        "epci": pl.String(),
        "departement": pl.String(),
        "region": pl.String(),
        "population": pl.Int64(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
        "precision": pl.String(),
        "present_code": pl.String(),
        "epci_kind": pl.String(),
        "former_kind": pl.String(),
        "postal_codes": pl.List(pl.String),
    },
)


def populate(data: dict[str, list[Json]], places: list[Place]) -> list[Entity]:
    """Every entity with its position, whatever the order of the sources."""
    rows = entities(data)
    locate(rows, sorted(places, key=lambda place: (place.region, place.name, place.point)))
    return rows


def build(rows: list[Entity]) -> pl.DataFrame:
    """The whole register as a frame."""
    records = [
        {name: getattr(row, name) for name in SCHEMA if name not in {"latitude", "longitude"}}
        | dict(zip(("latitude", "longitude"), row.point or (None, None), strict=True))
        for row in rows
    ]
    return pl.DataFrame(records, schema=SCHEMA)


def write_register(frame: pl.DataFrame, target: Path, places: str) -> None:
    """Write the register with its sources in the metadata; the same frame gives the same bytes."""
    _write(frame, target, version=VERSION, earlier=EARLIER, vintage=VINTAGE, places=places)


def write_earlier(frame: pl.DataFrame, target: Path, **more: str) -> None:
    """Write a table made from the earlier vintages, with the version that tells each in the metadata."""
    vintages = ", ".join(f"{year}: {version}" for year, version in sorted(VINTAGES.items()))
    _write(frame, target, vintages=vintages, **more)


def _write(frame: pl.DataFrame, target: Path, **metadata: str) -> None:
    sources = {"source": SOURCE, **metadata}
    target.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(target, compression="zstd", compression_level=19, statistics=False, metadata=sources)
