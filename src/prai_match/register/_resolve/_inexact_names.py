"""What texts that bear no exact name could stand for: names near to them, longer or shorter; and what proves it."""

from __future__ import annotations

import polars as pl

from prai_match.register._names import without_article
from prai_match.register._resolve._doubts import (
    another_place,
    beside_a_place,
    other_words,
    whole_word,
    without_its_article,
)
from prai_match.register._resolve._index import tight
from prai_match.register._resolve._matches import CUT, EPCI, LONGER, NEAR, WITHIN, as_hits
from prai_match.register._resolve._near_names import near
from prai_match.register._resolve._partial_names import cut_short, longer_than_names
from prai_match.register._resolve._wording import core

_RIVAL = 8.0  # how far behind stands a name too far to be taken, near enough to contest another
_PARTED_NAME = r" - |\("  # official names that hold a separator
_CUTS = 10  # letters from which a text may be one cut at a fixed width
_SURE = 10  # a key of eight letters: shorter ones are near to too many others, where the département isn’t known
_PROBE = ("id", "key", "said", "tier", "at", "space", "distance", "weak")


def loose_hits(rows: pl.DataFrame) -> pl.DataFrame:
    """Every entity that the texts could stand for with typing errors, words left out or added, by `id`.

    Columns are those of `as_hits`, and ``weak``: it may be proposed and may contest another, but not be taken.
    """
    reading = pl.col("reading")
    places = rows.filter(reading.is_null() | reading.is_in(["commune", "service"]))
    texts = places.select("id", "parted", name="rest", at="place")
    probes = pl.concat(
        [
            _near_probes(rows),
            cut_short(texts).with_columns(tier=pl.lit(CUT)).pipe(_place_probes),
            longer_than_names(texts).with_columns(tier=pl.lit(LONGER)).pipe(_place_probes),
        ]
    )
    hits = as_hits(rows, probes.drop("weak")).drop("weak").join(
        probes.select("id", "key", "tier", "weak").unique(), on=["id", "key", "tier"], how="left"
    )  # fmt: skip
    # What follows a name may qualify a whole one, not a short form of another.
    hits = hits.filter((pl.col("tier") != LONGER) | pl.col("form").is_in(["official", "former"]))
    hits = _cut_where(hits, rows)
    hits = hits.join(rows.select("id", "parted"), on="id", how="left", maintain_order="left")
    near_hits = (
        hits.with_row_index("hit")
        .filter(pl.col("tier").is_between(NEAR, CUT, closed="left"))
        .join(rows.select("id", "place", "rest", written="words", bears="reading"), on="id")
    )
    doubts = pl.concat([doubt(near_hits) for doubt in (other_words, whole_word, another_place, beside_a_place)])
    doubtful = pl.int_range(hits.height, dtype=pl.UInt32).is_in(doubts.implode())
    two_names = pl.col("parted") & ~pl.col("typed").str.contains(_PARTED_NAME)
    thing = (pl.col("tier") == LONGER) & without_its_article()
    cut = pl.col("tier").is_between(CUT, CUT + WITHIN) & ~pl.col("weak") & ~two_names
    starts = hits.filter(cut).select("id", "out", begun=pl.lit(value=True)).unique()
    hits = hits.join(starts, on=["id", "out"], how="left", maintain_order="left")
    return hits.with_columns(
        pl.col("weak") | two_names | (doubtful & pl.col("begun").is_null()) | thing
    ).drop("parted", "begun")  # fmt: skip


def _cut_where(hits: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Judge names that the text begins by whether it stops between two words, and by its length."""
    hits = hits.join(rows.select("id", "place"), on="id", how="left", maintain_order="left")
    text = without_article(pl.col("said"))
    between = without_article(pl.col("words")).str.starts_with(text + " ")
    length, in_place = tight(text).str.len_bytes(), pl.col("place").is_not_null()
    enough = pl.when(between & in_place).then(5).when(between).then(10).when(in_place).then(8).otherwise(_CUTS)
    cut = pl.col("tier") == CUT
    return (
        hits.with_columns(
            tier=pl.when(cut & ~between).then(CUT + WITHIN).otherwise("tier"),
            weak=pl.when(cut).then(length < enough).otherwise("weak"),
        )
        .filter(~((pl.col("tier") == CUT + WITHIN) & pl.col("weak") & (length < _CUTS)))
        .drop("place")
    )


def _place_probes(names: pl.DataFrame) -> pl.DataFrame:
    return names.with_columns(space=pl.lit("p")).select(_PROBE)


def _near_probes(rows: pl.DataFrame) -> pl.DataFrame:
    reading, rest = pl.col("reading"), pl.col("rest")
    loose = without_article(rest)
    of_place = reading.is_null() | reading.is_in(["commune", "service"])
    ways = [
        ("p=", tight(without_article(pl.col("words"))), of_place | (reading == "pays")),
        ("p=", tight(loose), of_place),
        ("e=", tight(core(rest)), reading.is_in(EPCI)),
        ("b=", tight(loose), reading.is_null()),
        ("d=", tight(loose), reading == "departement"),
        ("r=", tight(loose), reading == "region"),
    ]
    keys = pl.concat(
        [rows.filter(when).select("id", key=pl.lit(space) + key, at="place") for space, key, when in ways]
    ).unique(maintain_order=True)
    pairs = near(keys)
    too_far = pl.col("distance") > pl.col("limit")
    # Another first letter is seldom a slip: it is believed only where no other name is about as near.
    first = (pl.col("asked") != pl.col("key")) & (pl.col("asked").str.slice(3) == pl.col("key").str.slice(3))
    is_contested = (too_far & ~first).any().over("id") & first
    return pairs.select(
        "id",
        "key",
        pl.lit("").alias("said"),
        (
            NEAR
            + pl.col("distance")
            + pl.when(pl.col("key").str.starts_with("b")).then(0.5).otherwise(0.0)
            + pl.when(too_far).then(_RIVAL).otherwise(0.0)
        ).alias("tier"),
        "at",
        pl.col("key").str.slice(0, 1).alias("space"),
        "distance",
        (too_far | is_contested | (pl.col("at").is_null() & (pl.col("key").str.len_bytes() < _SURE))).alias("weak"),
    )
