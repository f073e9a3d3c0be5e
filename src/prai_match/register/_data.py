"""The register's tables, of earlier names too: read from the package on first use, then kept, with their indexes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import polars as pl

from prai_match.register._names import normalised

Kind = Literal["commune", "arrondissement_municipal", "epci", "departement", "region", "former_commune"]

KINDS: tuple[Kind, ...] = get_args(Kind)  # in the order in which a code that several kinds share is read


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
def _file(name: str) -> bytes:
    return files("prai_match.register").joinpath("data", f"{name}.parquet").read_bytes()


@cache
def metadata(name: str) -> dict[str, str]:
    """Source, versions and vintage, as the build wrote them into the file of a table."""
    return pl.read_parquet_metadata(io.BytesIO(_file(name)))


@cache
def table() -> pl.DataFrame:
    """The whole register, one row an entity, sorted by code and kind."""
    return pl.read_parquet(_file("register"))


@cache
def dissolved_epcis() -> pl.DataFrame:
    """The EPCI of 2019 to 2025 that are no more, by ``code`` (SIREN), and the present ones of their area.

    ``names``: every name it bore, the last first; ``departement``: the one with most of its people; ``departements``:
    all, the most people first; ``last_vintage``: the last year it is seen in; ``successors``: codes of the present EPCI
    that hold its communes, the most people first; ``shares``: the part of its people in each, 0-1, in that year.
    """
    return pl.read_parquet(_file("dissolved"))


@cache
def epci_names() -> pl.DataFrame:
    """``code`` and ``name`` of present EPCI in 2019 to 2025, where it is another than today's, and no other EPCI's."""
    return pl.read_parquet(_file("epci_names"))


@cache
def aliases() -> pl.DataFrame:
    """Other names of present communes (``code``, ``name``), each borne by one commune of its département and no other.

    Nor does a former one bear it. The ``source`` is ``vintage`` (its official name, or that of a part of it, in a year
    since 2019), ``history`` (the same between 1943 and 2019) or ``geonames`` (a longer or shorter form in use).
    """
    return pl.read_parquet(_file("aliases"))


@cache
def index() -> dict[tuple[str, str], int]:
    """Row of each entity by code and kind."""
    frame = table()
    return {key: row for row, key in enumerate(zip(frame["code"], frame["kind"], strict=True))}


@cache
def names() -> dict[str, tuple[int, ...]]:
    """Rows that bear each name, in the form in which names are compared."""
    keys = table().select(normalised(pl.col("name")).alias("key")).with_row_index("row").drop_nulls()
    return _groups(keys, "key")


@cache
def rows_of(kind: Kind, column: str) -> dict[str, tuple[int, ...]]:
    """Rows of one kind by the value of a column, in the order of their codes."""
    rows = table().with_row_index("row").filter(kind=kind).select("row", column)
    return _groups(rows.drop_nulls(), column)


def _groups(rows: pl.DataFrame, column: str) -> dict[str, tuple[int, ...]]:
    groups = rows.group_by(column, maintain_order=True).agg("row")
    return {key: tuple(places) for key, places in groups.select(column, "row").iter_rows()}


@cache
def entry(row: int) -> Entry:
    values = table().row(row, named=True)
    return Entry(**values | {"name": values["name"] or "", "postal_codes": tuple(values["postal_codes"] or ())})
