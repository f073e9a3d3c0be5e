"""The present intercommunalities of the area that the name of one which is no more tells."""

from __future__ import annotations

import polars as pl

from prai_match.register._data import table
from prai_match.register._names import without_article, words_from
from prai_match.register._resolve._entities import entities
from prai_match.register._resolve._index import names
from prai_match.register._resolve._wording import without_surroundings

__all__ = ["of_the_area"]

_LONGEST, _SHORTEST, _SHOWN = 6, 4, 5


def of_the_area(rows: pl.DataFrame) -> pl.DataFrame:
    """The EPCI of the communes that the names are made of, in the département of each.

    Args:
        rows: The texts as read, of intercommunalities that are not in the register.

    Returns:
        ``id`` and ``area`` (code and kind), those of the longest names first.
    """
    tokens = without_surroundings(pl.col("rest")).str.split(" ")
    asked = rows.drop_nulls("place").select("id", at="place", tokens=tokens)
    windows = (
        asked.with_columns(start=pl.int_ranges(0, pl.col("tokens").list.len()))
        .explode("start")
        .with_columns(size=pl.lit(list(range(1, _LONGEST + 1))))
        .explode("size")
        .filter(pl.col("start") + pl.col("size") <= pl.col("tokens").list.len())
        .with_columns(name=without_article(words_from(pl.col("tokens"), pl.col("start"), pl.col("size"))))
        .filter(pl.col("name").str.len_bytes() >= _SHORTEST)
        .with_columns(key=pl.lit("p:") + pl.col("name"))
    )
    epcis = table().filter(kind="commune").select("code", pl.col("epci")).drop_nulls()
    known = (
        names().join(entities().select("entity", "code", "kind", "places"), on="entity").filter(kind="commune")
        .join(epcis, on="code").select("key", "epci", at="places").explode("at").unique()
    )  # fmt: skip
    return (
        windows.join(known, on=["key", "at"])
        .sort("id", -pl.col("name").str.len_bytes().cast(pl.Int32), "epci")
        .unique(["id", "epci"], keep="first", maintain_order=True)
        .group_by("id", maintain_order=True)
        .agg(pl.struct(code="epci", kind=pl.lit("epci")).head(_SHOWN).alias("area"))
    )
