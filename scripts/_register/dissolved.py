"""The EPCI of earlier years: dissolved ones with their successors, and earlier names of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.register._names import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _register.sources import Vintage

DISSOLVED = pl.Schema(
    {
        "code": pl.String(),
        "names": pl.List(pl.String),
        "epci_kind": pl.String(),
        "departement": pl.String(),
        "departements": pl.List(pl.String),
        "last_vintage": pl.String(),
        "successors": pl.List(pl.String),
        "shares": pl.List(pl.Float64),
    },
)


def dissolved(vintages: Sequence[Vintage], register: pl.DataFrame) -> pl.DataFrame:
    """Each EPCI of the earlier years that the register hasn't, by code.

    Args:
        vintages: The earlier years.
        register: The register as it stands.

    Returns:
        The EPCI with all names it bore (the last first), its départements (the most people first), the last year it
        is seen in, and the present EPCI that hold its communes (`successors`, the most people first) with the part
        of its people that each holds (`shares`, 0-1), as they were counted in that year.
    """
    seen = _epcis(vintages).join(register.filter(kind="epci"), on="code", how="anti")
    last = seen.sort("year").group_by("code", maintain_order=True).last()
    members = (
        _members(vintages)
        .join(last.select("code", "year"), on=["code", "year"])
        .join(_present(register), on="commune", how="left")
    )
    return (
        last.select("code", "epci_kind", last_vintage="year")
        .join(_names(seen), on="code")
        .join(_shared(members, "departement", "departements", "_"), on="code")
        .join(_shared(members, "successor", "successors", "shares"), on="code")
        .with_columns(pl.col("departements").list.first().alias("departement"))
        .select(DISSOLVED.names())
        .match_to_schema(DISSOLVED)
        .sort("code")
    )


def epci_names(vintages: Sequence[Vintage], register: pl.DataFrame) -> pl.DataFrame:
    """The names that EPCI still there bore in earlier years, where they are compared as other names than today's.

    A name that another EPCI of the register bears, or bore too, is left out.
    """
    key = normalised(pl.col("name"))
    present = register.filter(kind="epci").select("code", key.alias("key"))
    earlier = (
        _epcis(vintages)
        .filter(~pl.col("name").str.contains("?", literal=True))  # a letter lost in the source
        .join(present.select("code"), on="code", how="semi")
        .with_columns(key.alias("key"))
        .sort("year", descending=True)
        .unique(["code", "key"], keep="first", maintain_order=True)
    )
    return (
        earlier.join(present, on=["code", "key"], how="anti")
        .join(present, on="key", how="anti")
        .filter(pl.col("code").n_unique().over("key") == 1)
        .select("code", "name")
        .sort("code", "name")
    )


def _epcis(vintages: Sequence[Vintage]) -> pl.DataFrame:
    rows = [(vintage.year, epci["code"], epci["nom"], epci["type"]) for vintage in vintages for epci in vintage.epcis]
    return pl.DataFrame(rows, schema=["year", "code", "name", "epci_kind"], orient="row")


def _members(vintages: Sequence[Vintage]) -> pl.DataFrame:
    """The communes of each EPCI in each year, with the département and the people they had then."""
    rows = [
        (vintage.year, epci["code"], member["code"])
        for vintage in vintages
        for epci in vintage.epcis
        for member in epci["membres"]
    ]
    communes = [
        (vintage.year, row["code"], row.get("departement"), row.get("population", 0))
        for vintage in vintages
        for row in vintage.communes
        if row["type"] == "commune-actuelle"
    ]
    counted = pl.DataFrame(communes, schema=["year", "commune", "departement", "people"], orient="row")
    return pl.DataFrame(rows, schema=["year", "code", "commune"], orient="row").join(counted, on=["year", "commune"])


def _present(register: pl.DataFrame) -> pl.DataFrame:
    """The present EPCI of every commune, present or former."""
    return (
        register.filter(pl.col("kind").is_in(["commune", "former_commune"]))
        .sort("kind")
        .unique("code", keep="first", maintain_order=True)
        .select(commune="code", successor="epci")
    )


def _names(seen: pl.DataFrame) -> pl.DataFrame:
    return (
        seen.sort("year", descending=True)
        .group_by("code", maintain_order=True)
        .agg(pl.col("name").unique(maintain_order=True).alias("names"))
    )


def _shared(members: pl.DataFrame, by: str, groups: str, shares: str) -> pl.DataFrame:
    """The groups of the members of each EPCI and the part of its people in each, the largest first."""
    share = pl.col("people") / pl.col("people").sum().over("code")
    return (
        members.with_columns(share.alias("share"))
        .group_by("code", by)
        .agg(pl.col("share").sum().round(4))
        .drop_nulls(by)
        .sort("code", "share", by, descending=[False, True, False])
        .group_by("code", maintain_order=True)
        .agg(pl.col(by).alias(groups), pl.col("share").alias(shares))
    )
