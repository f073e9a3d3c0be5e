"""What the register was in earlier years: EPCI dissolved since, and the other names of those and of communes."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

import polars as pl

__all__ = ["aliases", "dissolved", "epci_names", "sources"]


@cache
def dissolved() -> pl.DataFrame:
    """The EPCI of 2019 to 2025 that are no more, and the present ones of their area.

    Returns:
        One row an EPCI, by code: `code` (SIREN), `names` (every name it bore, the last first), `epci_kind`,
        `departement` (the one with most of its people), `departements` (all, the most people first), `last_vintage`
        (the last year it is seen in), `successors` (codes of the present EPCI that hold its communes, the most people
        first) and `shares` (the part of its people in each, 0-1, as they were counted in that year).
    """
    return pl.read_parquet(_file("dissolved"))


@cache
def epci_names() -> pl.DataFrame:
    """The names that present EPCI bore in 2019 to 2025, where they are compared as other names than today's.

    Returns:
        `code` (of the present EPCI) and `name`, by code and name. No other EPCI of the register bears the name.
    """
    return pl.read_parquet(_file("epci_names"))


@cache
def aliases() -> pl.DataFrame:
    """Other names of present communes, each borne by one commune of its département and no other, present or former.

    Returns:
        `code` (of the present commune), `name` and `source`, by code and name. The source is `vintage` (its official
        name, or that of a part of it, in a year since 2019), `history` (the same between 1943 and 2019) or
        `geonames` (a longer or shorter form in use).
    """
    return pl.read_parquet(_file("aliases"))


@cache
def sources(table: str) -> dict[str, str]:
    """Source and versions of `dissolved`, `epci_names` or `aliases`, as the build wrote them into the file."""
    return pl.read_parquet_metadata(io.BytesIO(_file(table)))


def _file(table: str) -> bytes:
    return files("prai_match.register").joinpath("data", f"{table}.parquet").read_bytes()
