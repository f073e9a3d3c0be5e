"""The register as a frame, and the file of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from _register.entities import entities
from _register.positions import locate
from _register.sources import EARLIER, SOURCE, VERSION, VINTAGE

if TYPE_CHECKING:
    from pathlib import Path

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


def build(data: dict[str, list[Json]], places: list[Place]) -> pl.DataFrame:
    """The whole register as a frame, whatever the order of the sources."""
    rows = entities(data)
    locate(rows, sorted(places, key=lambda place: (place.region, place.name, place.point)))
    records = [
        {name: getattr(row, name) for name in SCHEMA if name not in {"latitude", "longitude"}}
        | dict(zip(("latitude", "longitude"), row.point or (None, None), strict=True))
        for row in rows
    ]
    return pl.DataFrame(records, schema=SCHEMA)


def write(frame: pl.DataFrame, target: Path, places: str) -> None:
    """Write the register with its sources in the metadata; the same frame gives the same bytes."""
    sources = {"source": SOURCE, "version": VERSION, "earlier": EARLIER, "vintage": VINTAGE, "places": places}
    frame.write_parquet(target, compression="zstd", compression_level=19, statistics=False, metadata=sources)
