"""Names written longer than the official one ("Valence d'Agen"), or cut short."""

from __future__ import annotations

from functools import cache

import polars as pl

from prai_match.register._names import without_article, words_from
from prai_match.register._resolve._index import entities, names, tight
from prai_match.register._resolve._wording import common_nouns

_LINK = r"^(?:de|d|du|des|en|le|la|les|l|sur|sous|pres|aux|au|et|es) "
_OF = r"^(?:de|d|du|des) "
_JOINT = r"\bet\b"
_SHORTEST = 4
_MANY = 50
_FIRST, _SECOND = pl.lit(0, pl.UInt8), pl.lit(1, pl.UInt8)  # of two names joined, the likelier
_LAST = "~"


def longer_than_names(texts: pl.DataFrame) -> pl.DataFrame:
    """Probes for the longest name that a text begins with, and for one that joins it.

    Texts have an ``id``, a ``name`` (its words), ``at`` (the département or null) and ``parted`` (see `read`). A probe
    is ``weak``, and only proposed, without a département, where no link follows the name, where another place's joins
    it, and where it stands for a thing ("Port de").
    """
    tokens = without_article(pl.col("name")).str.split(" ")
    heads = (
        texts.with_columns(tokens=tokens)
        .with_columns(size=pl.int_ranges(1, pl.col("tokens").list.len()))
        .explode("size")
        .drop_nulls("size")
        .with_columns(
            head=words_from(pl.col("tokens"), 0, pl.col("size")),
            tail=words_from(pl.col("tokens"), pl.col("size")),
        )
        .filter(pl.col("head").str.len_bytes() >= _SHORTEST)
        .with_columns(key=pl.lit("p:") + pl.col("head"))
    )
    places = names().join(entities().select("entity", "places"), on="entity").select("key", at="places").explode("at")
    anywhere = heads.filter(pl.col("at").is_null()).join(places.select("key").unique(), on="key", how="semi")
    begins = pl.concat([heads.join(places.unique(), on=["key", "at"], how="semi"), anywhere])
    longest = begins.sort("id", "size", descending=[False, True]).unique("id", keep="first", maintain_order=True)
    tail = pl.col("tail")
    joining = tail.str.replace("^et ", "")
    longest = longest.with_columns(other=pl.lit("p:") + without_article(joining))
    beside = _joining(longest, places)
    thing = pl.col("head").is_in(common_nouns()) & tail.str.contains(_OF)
    with_article = pl.col("id").is_in(beside.filter("article")["id"].implode())
    whole = tail.str.contains(_LINK) & ~tail.str.contains(_JOINT) & ~pl.col("parted")
    longest = longest.with_columns(weak=pl.col("at").is_null() | ~whole | thing | with_article)
    second = longest.filter("weak").join(beside, on="id", how="semi")
    return pl.concat(
        [
            longest.select("id", "key", "at", "weak", said="name", distance=_FIRST),
            second.select("id", pl.col("other").alias("key"), "at", "weak", said="tail", distance=_SECOND),
        ]
    )


def _joining(longest: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The texts whose end is a place's name, of the département where it is known; and whether with an article."""
    pairs = longest.select("id", "at", "tail", key="other").join(places, on="key", suffix="_known")
    pairs = pairs.filter(pl.col("at").is_null() | (pl.col("at") == pl.col("at_known")))
    words = pl.col("words")
    articles = names().select("key", "words").filter(words != without_article(words)).unique()
    articles = articles.select("key", tail="words", article=pl.lit(value=True))
    return pairs.join(articles, on=["key", "tail"], how="left").group_by("id").agg(pl.col("article").any())


@cache
def _in_order(*, in_place: bool) -> pl.DataFrame:
    """Tight keys of places in order, behind their département or not."""
    rows = (
        names().filter(pl.col("key").str.starts_with("p="))
        .join(entities().select("entity", "places", "code"), on="entity").select("key", "code", at="places")
    )  # fmt: skip
    rows = rows.explode("at").with_columns(pl.col("at").fill_null("")) if in_place else rows.with_columns(at=pl.lit(""))
    return rows.with_columns(ordered=pl.col("at") + pl.col("key").str.slice(1)).unique().sort("ordered", "code")


def cut_short(texts: pl.DataFrame) -> pl.DataFrame:
    """Probes for the names that begin with a text, with the same columns."""
    probes = []
    for in_place in (True, False):
        rows = texts.with_columns(typed=tight(without_article(pl.col("name")))).filter(
            pl.col("at").is_not_null() == in_place, pl.col("typed").str.len_bytes() >= _SHORTEST
        )
        order = _in_order(in_place=in_place)
        prefix = rows.select(pl.col("at").fill_null("") + "=" + pl.col("typed")).to_series()
        first = order["ordered"].search_sorted(prefix, side="left")
        last = order["ordered"].search_sorted(prefix + _LAST, side="left")
        spans = rows.with_columns(first=first, last=pl.min_horizontal(last, first + _MANY)).filter(
            pl.col("last") > pl.col("first")
        )
        hits = spans.with_columns(row=pl.int_ranges("first", "last")).explode("row")
        probes.append(
            hits.with_columns(key=order["key"].gather(hits["row"])).select(
                "id", "key", said="name", at="at", weak=pl.lit(value=False), distance=_FIRST
            )
        )
    return pl.concat(probes).unique(maintain_order=True)
