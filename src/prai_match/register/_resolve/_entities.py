"""What a name can stand for: the register's entities under each name they bear or bore; read once, then kept."""

from __future__ import annotations

from functools import cache

import polars as pl

from prai_match.register._data import aliases, dissolved_epcis, epci_names, table
from prai_match.register._resolve._wording import former_regions

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
    form = pl.when(source="geonames").then(pl.lit("other")).otherwise(pl.lit("renamed"))
    others = [
        rows.filter(own_kind=kind).drop("typed", "form").join(names.select("code", typed="name", form=form), on="code")
        for kind, names, form in (("commune", aliases(), form), ("epci", epci_names(), pl.lit("earlier")))
    ]
    rows = pl.concat([rows, *others, _former_epcis(), _former_regions(rows)], how="diagonal_relaxed")
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


def _former_epcis() -> pl.DataFrame:
    """The EPCI that are no more, under each name they bore."""
    names = ("own_name", "name", "typed")
    return (
        dissolved_epcis()
        .explode("names")
        .select(
            "code",
            "departement",
            "epci_kind",
            "successors",
            *(pl.col("names").alias(name) for name in names),
            own="code",
            own_kind=pl.lit("epci"),
            kind=pl.lit("epci"),
            area="departements",
            form=pl.lit("dissolved"),
        )
    )


def _former_regions(rows: pl.DataFrame) -> pl.DataFrame:
    """The régions that were merged: dissolved, with the present one to propose."""
    regions = pl.DataFrame({"typed": list(former_regions()), "code": list(former_regions().values())})
    present = rows.filter(own_kind="region").select("code", "name")
    return regions.join(present, on="code").select(
        "code",
        "name",
        pl.col("typed").str.to_titlecase(),
        own="code",
        own_kind=pl.lit("region"),
        own_name="name",
        kind=pl.lit("region"),
        form=pl.lit("dissolved"),
        successors=pl.concat_list("code"),
    )


def _places() -> pl.DataFrame:
    """The départements an EPCI or a région reaches into."""
    communes, places = table().filter(kind="commune"), pl.col("departement").unique().sort()
    return pl.concat(
        communes.drop_nulls(kind).group_by(code=kind).agg(places=places).with_columns(kind=pl.lit(kind))
        for kind in ("epci", "region")
    )
