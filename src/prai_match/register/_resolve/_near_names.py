"""Names a few keystrokes away from what was typed, and those written longer ("Valence d'Agen") or cut short.

Where the département is known, its names of about the same length are all compared. Elsewhere the keys are cut into
one segment more than the edits allowed, so that one segment at least is intact, and only keys that share one are
compared. Letters counted in the bits of a number rule most pairs out before the distance itself is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import accumulate, starmap
from string import ascii_lowercase

import polars as pl
from rapidfuzz.distance import DamerauLevenshtein

from prai_match.register._names import common_nouns, without_article, words_from
from prai_match.register._resolve._index import entities, names, tight

_SHORT, _LONG = 4, 9
_AT_ONCE = 20_000
_MOST = 2


def edits_allowed(length: pl.Expr) -> pl.Expr:
    """Edits allowed in a key of a length: none in the shortest, one in short ones, two in long ones."""
    return pl.when(length < _SHORT).then(0).when(length < _LONG).then(1).otherwise(2)


def _with_sizes(frame: pl.DataFrame) -> pl.DataFrame:
    """Add what is compared first: the length, the letters as bits (one for a letter, a second where it comes twice)."""
    key = pl.col("key").str.slice(2)
    bits = pl.lit(0, pl.UInt64)
    for place, letter in enumerate(ascii_lowercase):
        count = key.str.count_matches(letter, literal=True)
        bits = bits + (count > 0).cast(pl.UInt64) * (1 << place) + (count > 1).cast(pl.UInt64) * (1 << (place + 26))
    return frame.with_columns(
        body=key, length=key.str.len_bytes().cast(pl.Int32), bits=bits, figures=key.str.replace_all(r"[^0-9]+", " ")
    )


@cache
def _keys() -> pl.DataFrame:
    keys = names().filter(pl.col("key").str.contains("^.=")).select("key").unique(maintain_order=True)
    return _with_sizes(keys.with_columns(space=pl.col("key").str.slice(0, 1)))


@cache
def _by_place() -> pl.DataFrame:
    """The keys of each département, for each length of text that they can be near to."""
    places = (
        names().join(entities().select("entity", "places"), on="entity")
        .select("key", pl.col("places").alias("at")).explode("at").drop_nulls().unique()
    )  # fmt: skip
    return _keys().join(places, on="key")


@cache
def _segments(edits: int) -> pl.DataFrame:
    keys = _keys().filter(pl.col("length").is_between(*((3, _LONG) if edits == 1 else (_LONG - 2, 60))))
    return _cut(keys.select("key", "space", "length", "body", "bits", "figures"), edits + 1).drop("body")


def _starts(length: pl.Expr, pieces: int) -> list[tuple[pl.Expr, pl.Expr]]:
    """Where each piece of a key begins and how long it is; the last ones are the longer."""
    longer = length % pieces
    sizes = [length // pieces + (longer >= pieces - number).cast(pl.Int32) for number in range(pieces)]
    return list(zip(accumulate(sizes, initial=pl.lit(0, pl.Int32)), sizes, strict=False))


def _cut(keys: pl.DataFrame, pieces: int) -> pl.DataFrame:
    return pl.concat(
        keys.with_columns(piece=pl.lit(number, pl.Int8), part=pl.col("body").str.slice(at, size))
        for number, (at, size) in enumerate(_starts(pl.col("length"), pieces))
    )


def near(typed: pl.DataFrame) -> pl.DataFrame:
    """Keys near to each ``key`` (of a ``=`` space) of an ``id``, ``at`` a département or null.

    ``asked`` is that key, ``key`` one of a name, with their ``distance`` and the ``limit`` (edits allowed). In a
    département short keys one edit further are given too: they may contest the nearest.
    """
    unique = _with_sizes(typed.select("key", "at").unique(maintain_order=True)).with_columns(
        space=pl.col("key").str.slice(0, 1), edits=edits_allowed(pl.col("body").str.len_bytes()).cast(pl.Int32)
    )
    unique = unique.filter(pl.col("edits") > 0).rename({"key": "asked"})
    none = pl.DataFrame(schema=_ANSWERS)
    answers = pl.concat([none, *(_judge(pairs) for part in unique.iter_slices(_AT_ONCE) for pairs in _pairs(part))])
    return typed.rename({"key": "asked"}).join(answers, on=["asked", "at"], nulls_equal=True)


_ANSWERS = {"asked": pl.String, "at": pl.String, "key": pl.String, "distance": pl.UInt8, "limit": pl.Int32}


def _pairs(keys: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The pairs to measure, by the ways of looking for them that there is something to look for."""
    in_place, edits = pl.col("at").is_not_null(), pl.col("edits")
    if (rows := keys.filter(in_place)).height:
        lengths = pl.int_ranges(pl.col("length") - _MOST, pl.col("length") + _MOST + 1, dtype=pl.Int32)
        around = rows.with_columns(edits=pl.lit(_MOST, pl.Int32), length=lengths).explode("length")
        yield _likely(around.join(_by_place(), on=["at", "space", "length"], suffix="_known"))
    for number in (1, _MOST):
        if (rows := keys.filter(~in_place, edits == number)).height:
            yield _pairs_anywhere(rows, number)


def _pairs_anywhere(keys: pl.DataFrame, edits: int) -> pl.DataFrame:
    probes = []
    body = pl.col("body")
    for delta in range(-edits, edits + 1):
        target = pl.col("length") + delta
        starts = _starts(target, edits + 1)
        parts = [
            (number, body.str.slice(at + shift, size), (at + shift >= 0) & (at + shift + size <= pl.col("length")))
            for number, (at, size) in enumerate(starts)
            for shift in range(-edits, edits + 1)
        ]
        # Two letters that changed places where two segments meet: put back, one of the segments is intact.
        border, last = starts[0][1], starts[-1][0] - delta
        parts += [
            (0, body.str.slice(0, border - 1) + body.str.slice(border, 1), border > 0),
            (edits, body.str.slice(last - 1, 1) + body.str.slice(last + 1), last > 0),
        ]
        probes += [
            keys.lazy().filter(where).select(
                "asked", "at", "space", "body", "bits", "figures", "edits",
                target.alias("length"), pl.lit(number, pl.Int8).alias("piece"), part.alias("part"),
            )
            for number, part, where in parts
        ]  # fmt: skip
    cut = pl.concat(probes).collect(engine="in-memory")
    return _likely(cut.join(_segments(edits), on=["space", "length", "piece", "part"], suffix="_known"))


def _likely(pairs: pl.DataFrame) -> pl.DataFrame:
    apart = (pl.col("bits") ^ pl.col("bits_known")).bitwise_count_ones()
    return (
        pairs.filter(apart <= 2 * pl.col("edits"), pl.col("figures") == pl.col("figures_known"))
        .select("asked", "at", "key", "body", "edits", other=pl.col("key").str.slice(2))
        .unique(["asked", "at", "key"], maintain_order=True)
    )


def _judge(pairs: pl.DataFrame) -> pl.DataFrame:
    shorter = pl.min_horizontal(pl.col("body").str.len_bytes(), pl.col("other").str.len_bytes())
    distances = starmap(DamerauLevenshtein.distance, zip(pairs["body"], pairs["other"], strict=True))
    return (
        pairs.with_columns(pl.Series("distance", list(distances), dtype=pl.UInt8), limit=edits_allowed(shorter))
        .filter(pl.col("distance") <= pl.col("edits"))
        .select("asked", "at", "key", "distance", "limit")
    )


_LINK = r"^(?:de|d|du|des|en|le|la|les|l|sur|sous|pres|aux|au|et|es) "
OF = r"^(?:de|d|du|des) "
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
    thing = pl.col("head").is_in(common_nouns()) & tail.str.contains(OF)
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
def _in_order() -> pl.DataFrame:
    """Tight keys of places in order, behind each of their départements, and alone."""
    rows = (
        names().filter(pl.col("key").str.starts_with("p="))
        .join(entities().select("entity", "places", "code"), on="entity").select("key", "code", at="places")
    )  # fmt: skip
    rows = pl.concat([rows.explode("at").drop_nulls("at"), rows.with_columns(at=pl.lit(""))])
    return rows.with_columns(ordered=pl.col("at") + pl.col("key").str.slice(1)).unique().sort("ordered", "code")


def cut_short(texts: pl.DataFrame) -> pl.DataFrame:
    """Probes for the names that begin with a text, with the same columns."""
    typed, order = tight(without_article(pl.col("name"))), _in_order()
    rows = texts.filter(typed.str.len_bytes() >= _SHORTEST)
    prefix = rows.select(pl.col("at").fill_null("") + "=" + typed).to_series()
    first = order["ordered"].search_sorted(prefix, side="left")
    last = order["ordered"].search_sorted(prefix + _LAST, side="left")
    spans = rows.with_columns(row=pl.int_ranges(first, pl.min_horizontal(last, first + _MANY)))
    hits = spans.filter(pl.col("row").list.len() > 0).explode("row")
    probes = hits.with_columns(key=order["key"].gather(hits["row"]))
    return probes.select("id", "key", "at", said="name", weak=pl.lit(value=False), distance=_FIRST).unique(
        maintain_order=True
    )
