"""The register's table: read from the package on first use, then kept, with the indexes built on it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import polars as pl

from prai_match.register._names import normalised

__all__ = ["KINDS", "Entry", "Kind", "entry", "index", "metadata", "names", "rows_of", "table"]

Kind = Literal["commune", "arrondissement_municipal", "epci", "departement", "region", "former_commune"]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which a code that several kinds share is read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entity of the register; what the sources don't say is None, never a guess.

    Attributes:
        code: Official code: INSEE for a commune (5 characters), a département (2 or 3) or a région (2 or 3),
            SIREN for an EPCI (9 digits).
        kind: `commune`, `former_commune`, `arrondissement_municipal`, `epci`, `departement` or `region`.
        name: Official name; empty for the few old codes of which the sources give no name.
        siren: SIREN of the commune or of the EPCI.
        epci: Code of the EPCI the commune belongs to; for a part of a commune, that of the present commune.
        departement: Code of the département. For an EPCI, the one that holds most of its population.
        region: Code of the région.
        population: Municipal population. For an EPCI, a département or a région, the sum over its communes.
        latitude: Decimal degrees, WGS 84.
        longitude: Decimal degrees, WGS 84.
        precision: What the position is: `place` (the place itself), `commune` (the commune it is part of),
            `epci_centroid`, `departement_centroid` or `region_centroid` (population-weighted mean of the places
            of the communes); None where there is no position.
        present_code: Code of the present commune: its own for a commune, that of the commune that absorbed it
            for a former commune, that of its city for a municipal arrondissement.
        epci_kind: `CC`, `CA`, `CU`, `METRO` or `MET69` for an EPCI.
        former_kind: For a former commune, `commune_deleguee`, `commune_associee`, `commune_absorbee` or
            `ancien_code` (an earlier code of the same commune).
        postal_codes: Postal codes, sorted as the sources give them; empty where they give none.

    Example:
        >>> from prai_match import register
        >>> entry = register.get("09122")
        >>> entry.name, entry.kind, entry.departement, entry.epci
        ('Foix', 'commune', '09', '200067791')
    """

    code: str
    kind: Kind
    name: str
    siren: str | None
    epci: str | None
    departement: str | None
    region: str | None
    population: int | None
    latitude: float | None
    longitude: float | None
    precision: str | None
    present_code: str | None
    epci_kind: str | None
    former_kind: str | None
    postal_codes: tuple[str, ...]

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude, or None where the register has no position."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    def __str__(self) -> str:
        """Read as ``Toulouse (31555)``."""
        return f"{self.name or self.kind} ({self.code})"


@cache
def _file() -> bytes:
    return files("prai_match.register").joinpath("data", "register.parquet").read_bytes()


@cache
def metadata() -> dict[str, str]:
    """Source, version and vintage, as the build wrote them into the file."""
    return pl.read_parquet_metadata(io.BytesIO(_file()))


@cache
def table() -> pl.DataFrame:
    """The whole register, one row an entity, sorted by code and kind."""
    return pl.read_parquet(_file())


@cache
def index() -> dict[tuple[str, str], int]:
    """Row of each entity by code and kind."""
    frame = table()
    return {key: row for row, key in enumerate(zip(frame["code"], frame["kind"], strict=True))}


@cache
def names() -> dict[str, tuple[int, ...]]:
    """Rows that bear each name, in the form in which names are compared."""
    named = table().select(normalised(pl.col("name")).alias("key")).with_row_index("row").drop_nulls()
    return _grouped(named, "key")


@cache
def rows_of(kind: Kind, column: str) -> dict[str, tuple[int, ...]]:
    """Rows of one kind by the value of a column, in the order of their codes."""
    rows = table().with_row_index("row").filter(kind=kind).select("row", column)
    return _grouped(rows.drop_nulls(), column)


def _grouped(rows: pl.DataFrame, column: str) -> dict[str, tuple[int, ...]]:
    groups = rows.group_by(column, maintain_order=True).agg("row")
    return {key: tuple(found) for key, found in groups.select(column, "row").iter_rows()}


@cache
def entry(row: int) -> Entry:
    """The entity of a row, built once."""
    values = table().row(row, named=True)
    return Entry(**values | {"name": values["name"] or "", "postal_codes": tuple(values["postal_codes"] or ())})
