"""Names written longer than the official one ("Valence d'Agen"), or cut short."""

from __future__ import annotations

from functools import cache

import polars as pl

from prai_match.register._names import without_article
from prai_match.register._resolve._entities import entities
from prai_match.register._resolve._index import joined, names

__all__ = ["cut_short", "qualified"]

_LINK = r"^(?:de|d|du|des|en|le|la|les|l|sur|sous|pres|aux|au|et|es) "
_SHORTEST = 4
_MANY = 50
_LAST = "~"


def qualified(asked: pl.DataFrame) -> pl.DataFrame:
    """Probes for the longest known name that a text begins with.

    Args:
        asked: ``id``, ``name`` (its words) and ``at`` (the département or null).

    Returns:
        ``id``, ``key``, ``said``, ``at`` and ``weak``: without a département, or where no link follows the name, it is
        only proposed.
    """
    tokens = without_article(pl.col("name")).str.split(" ")
    heads = (
        asked.with_columns(tokens=tokens)
        .with_columns(size=pl.int_ranges(1, pl.col("tokens").list.len()))
        .explode("size")
        .drop_nulls("size")
        .with_columns(
            head=pl.col("tokens").list.head("size").list.join(" "),
            tail=pl.col("tokens").list.slice(pl.col("size")).list.join(" "),
        )
        .filter(pl.col("head").str.len_bytes() >= _SHORTEST)
        .with_columns(key=pl.lit("p:") + pl.col("head"))
    )
    known = names().join(entities().select("entity", "places"), on="entity").select("key", at="places").explode("at")
    somewhere = heads.filter(pl.col("at").is_null()).join(known.select("key").unique(), on="key", how="semi")
    kept = pl.concat([heads.join(known.unique(), on=["key", "at"], how="semi"), somewhere])
    return (
        kept.sort("id", "size", descending=[False, True])
        .unique("id", keep="first", maintain_order=True)
        .select("id", "key", "at", said="name", weak=pl.col("at").is_null() | ~pl.col("tail").str.contains(_LINK))
    )


@cache
def _sorted(*, in_place: bool) -> pl.DataFrame:
    """Tight keys of places in order, behind their département or not."""
    rows = (
        names().filter(pl.col("key").str.starts_with("p="))
        .join(entities().select("entity", "places", "code"), on="entity").select("key", "code", at="places")
    )  # fmt: skip
    if in_place:
        rows = rows.explode("at").with_columns(at=pl.col("at").fill_null(""))
    else:
        rows = rows.with_columns(at=pl.lit(""))
    return rows.with_columns(ordered=pl.col("at") + pl.col("key").str.slice(1)).unique().sort("ordered", "code")


def cut_short(asked: pl.DataFrame) -> pl.DataFrame:
    """Probes for the names that begin with the text.

    Args:
        asked: ``id``, ``name`` (its words) and ``at`` (the département or null).
    """
    found = []
    for in_place in (True, False):
        rows = asked.filter(pl.col("at").is_not_null() == in_place).with_columns(
            typed=joined(without_article(pl.col("name")))
        )
        rows = rows.filter(pl.col("typed").str.len_bytes() >= _SHORTEST)
        known = _sorted(in_place=in_place)
        prefix = rows.select(pl.col("at").fill_null("") + "=" + pl.col("typed")).to_series()
        first = known["ordered"].search_sorted(prefix, side="left")
        last = known["ordered"].search_sorted(prefix + _LAST, side="left")
        spans = rows.with_columns(first=first, last=pl.min_horizontal(last, first + _MANY)).filter(
            pl.col("last") > pl.col("first")
        )
        hits = spans.with_columns(row=pl.int_ranges("first", "last")).explode("row")
        found.append(
            hits.with_columns(key=known["key"].gather(hits["row"])).select(
                "id", "key", said="name", at="at", weak=pl.lit(value=False)
            )
        )
    return pl.concat(found).unique(maintain_order=True)
