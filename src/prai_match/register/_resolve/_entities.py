"""What a name can stand for: the register's entities under each name they bear or bore; read once, then kept."""

from __future__ import annotations

from functools import cache

import polars as pl

from prai_match.register._data import table
from prai_match.register._earlier_names import aliases, dissolved, epci_names
from prai_match.register._resolve._wording import former_regions

__all__ = ["PLACES", "entities"]

PLACES = ("commune", "former_commune", "arrondissement_municipal")


@cache
def entities() -> pl.DataFrame:
    """What a name can stand for, one row each, numbered in ``entity``.

    ``own`` is its code, ``own_kind`` and ``own_name`` go with it; ``code``, ``kind`` and ``name`` are those of the
    present commune. ``places`` are the codes of its départements, ``form`` how the name is held (``official``,
    ``former``, ``renamed``, ``other`` in use, ``earlier``, ``dissolved``), ``successors`` the present codes of what was
    dissolved.
    """
    base = table().filter(pl.col("name").is_not_null()).select(
        pl.col("code").alias("own"),
        pl.col("kind").alias("own_kind"),
        pl.col("name").alias("own_name"),
        pl.coalesce("present_code", "code").alias("code"),
        pl.when(pl.col("kind").is_in(PLACES)).then(pl.lit("commune")).otherwise("kind").alias("kind"),
        "departement",
        "epci_kind",
        "population",
        "postal_codes",
        pl.when(kind="former_commune").then(pl.lit("former")).otherwise(pl.lit("official")).alias("form"),
        pl.col("name").alias("typed"),
        pl.lit(None, pl.List(pl.String)).alias("successors"),
    )  # fmt: skip
    present = base.filter(own_kind="commune").select("code", pl.col("own_name").alias("present_name"))
    rows = (
        base.join(present, on="code", how="left", maintain_order="left")
        .with_columns(name=pl.when(pl.col("kind") == "commune").then("present_name").otherwise("own_name"))
        .drop("present_name")
    )
    others = [_other_names(rows, _aliases(), "commune"), _other_names(rows, _earlier_names(), "epci")]
    rows = pl.concat([rows, *others, _dissolved(), _former_regions(rows)], how="diagonal_relaxed")
    own_place = pl.when(pl.col("own_kind").is_in(PLACES)).then(
        pl.concat_list("departement", _first_digits(pl.col("own"))).list.unique()
    )
    return (
        rows.join(_places(), left_on=["own", "own_kind"], right_on=["code", "kind"], how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(
                "area",
                "places",
                pl.when(own_kind="departement").then(pl.concat_list("own")),
                own_place,
                pl.concat_list("departement"),
            ).alias("places")
        )
        .drop("area")
        .with_row_index("entity")
    )


def _first_digits(code: pl.Expr) -> pl.Expr:
    """The département that an INSEE code was given in, which may not be the present one."""
    return pl.when(code.str.contains("^9[78]")).then(code.str.slice(0, 3)).otherwise(code.str.slice(0, 2))


def _aliases() -> pl.DataFrame:
    form = pl.when(source="geonames").then(pl.lit("other")).otherwise(pl.lit("renamed"))
    return aliases().select("code", pl.col("name").alias("typed"), form=form)


def _earlier_names() -> pl.DataFrame:
    return epci_names().select("code", pl.col("name").alias("typed"), form=pl.lit("earlier"))


def _other_names(rows: pl.DataFrame, others: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The same entities under other names."""
    return rows.filter(own_kind=kind).drop("typed", "form").join(others, on="code")


def _dissolved() -> pl.DataFrame:
    """The EPCI that are no more, under each name they bore."""
    return (
        dissolved()
        .explode("names")
        .select(
            pl.col("code").alias("own"),
            pl.lit("epci").alias("own_kind"),
            pl.col("names").alias("own_name"),
            "code",
            pl.lit("epci").alias("kind"),
            "departement",
            "epci_kind",
            pl.col("names").alias("name"),
            pl.col("departements").alias("area"),
            pl.lit("dissolved").alias("form"),
            pl.col("names").alias("typed"),
            "successors",
        )
    )


def _former_regions(rows: pl.DataFrame) -> pl.DataFrame:
    """The régions that were merged: dissolved, with the present one to propose."""
    merged = pl.DataFrame({"typed": list(former_regions()), "code": list(former_regions().values())})
    present = rows.filter(own_kind="region").select("code", "name")
    return merged.join(present, on="code").select(
        pl.col("code").alias("own"),
        pl.lit("region").alias("own_kind"),
        pl.col("name").alias("own_name"),
        "code",
        pl.lit("region").alias("kind"),
        "name",
        pl.lit("dissolved").alias("form"),
        pl.col("typed").str.to_titlecase(),
        pl.concat_list("code").alias("successors"),
    )


def _places() -> pl.DataFrame:
    """The départements an EPCI or a région reaches into."""
    communes = table().filter(kind="commune")
    by_epci = communes.drop_nulls("epci").group_by(pl.col("epci").alias("code"))
    by_region = communes.drop_nulls("region").group_by(pl.col("region").alias("code"))
    return pl.concat(
        [
            groups.agg(pl.col("departement").unique().sort().alias("places")).with_columns(kind=pl.lit(kind))
            for kind, groups in (("epci", by_epci), ("region", by_region))
        ]
    )
