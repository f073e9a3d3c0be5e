"""The names that texts are compared with, each under the keys by which it is found; built on first use, then kept.

A key is a name in a form of comparison behind the space it lives in: ``p`` for communes and their parts, ``a`` for
arrondissements by number, ``d`` and ``r`` for départements and régions, ``n`` for départements by number, ``e`` for
intercommunalities by what tells them apart, ``b`` for them by their whole name without their kind. ``:`` keys keep the
words apart, ``=`` keys don't.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from prai_match.register._data import table
from prai_match.register._names import plain_letters, without_article, words
from prai_match.register._resolve._entities import PLACES, entities
from prai_match.register._resolve._wording import core, readings

_ARRONDISSEMENT = r"^(paris|lyon|marseille) (\d+)(?:er|e) arrondissement$"


def tight(key: pl.Expr) -> pl.Expr:
    """Words without the spaces between them."""
    return key.str.replace_all(" ", "", literal=True)


@cache
def names() -> pl.DataFrame:
    """Every key with the entity it leads to and the words of the name, article included."""
    rows = entities().select("entity", "own", "own_kind", "typed", words(plain_letters(pl.col("typed"))).alias("words"))
    places = rows.filter(pl.col("own_kind").is_in(PLACES))
    whole = places.select("entity", "words", without_article(pl.col("words")).alias("key"))
    compact = pl.concat([whole, places.select("entity", "words", pl.col("words").alias("key"))]).with_columns(
        tight(pl.col("key"))
    )
    town = pl.col("words").str.extract_groups(_ARRONDISSEMENT)
    parts = places.filter(own_kind="arrondissement_municipal").select(
        "entity", "words", pl.concat_str(town.struct[0], town.struct[1], separator=" ").alias("key")
    )
    epcis = rows.filter(own_kind="epci")
    without_acronym = words(plain_letters(pl.col("typed").str.replace(r"\s*\([^()]*\)$", "")))
    bare = pl.concat(
        [epcis.select("entity", "words", _bare(name).alias("key")) for name in (pl.col("words"), without_acronym)]
    )
    epci = bare.with_columns(core(pl.col("key")))
    bare = bare.with_columns(without_article(pl.col("key")))
    others = {
        space: rows.filter(own_kind=kind).select("entity", "words", without_article(pl.col("words")).alias("key"))
        for space, kind in (("d", "departement"), ("r", "region"))
    }
    numbers = rows.filter(own_kind="departement").select(
        "entity", "words", pl.col("own").str.to_lowercase().alias("key")
    )
    tightly = (pl.col("key").pipe(tight)).alias("key")
    spaces = [
        ("p:", whole), ("p=", compact), ("a:", parts), ("e:", epci), ("e=", epci.with_columns(tightly)),
        ("b:", bare), ("b=", bare.with_columns(tightly)), ("n:", numbers),
        ("d:", others["d"]), ("d=", others["d"].with_columns(tightly)),
        ("r:", others["r"]), ("r=", others["r"].with_columns(tightly)),
    ]  # fmt: skip
    parts_of_keys = [
        keys.filter(pl.col("key") != "").with_columns((pl.lit(space) + pl.col("key")).alias("key"))
        for space, keys in spaces
    ]
    return pl.concat(parts_of_keys).unique(maintain_order=True)


def _bare(name: pl.Expr) -> pl.Expr:
    """The name of an intercommunality without the words that say its kind."""
    for reading in readings():
        if reading.id in {"CC", "CA", "CU", "METRO", "EPCI"}:
            name = name.str.replace(reading.start, "$1")
    return name.str.replace("^(?:du|des|de la|de l) ", "")


@cache
def places_by_postal_code() -> dict[str, str | None]:
    """The département of each postal code; None where communes of several share it."""
    codes = (
        table().filter(kind="commune").select("departement", "postal_codes").explode("postal_codes").drop_nulls()
        .group_by("postal_codes").agg(pl.col("departement").unique())
    )  # fmt: skip
    return {code: places[0] if len(places) == 1 else None for code, places in codes.iter_rows()}
