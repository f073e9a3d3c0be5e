"""What texts that bear no exact name could stand for: names near to them, longer, shorter; what keeps one from it."""

from __future__ import annotations

from functools import cache
from string import ascii_lowercase

import polars as pl

from prai_match.register._names import common_nouns, core, distinctive, generic, linking, without_article
from prai_match.register._resolve._index import names, tight
from prai_match.register._resolve._matches import CUT, EPCI, LONGER, NEAR, WITHIN, as_hits
from prai_match.register._resolve._near_names import OF, cut_short, edits_allowed, longer_than_names, near

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


_WORD = 5
_TELLING = 8  # letters of the distinctive part of an intercommunality's name from which one edit is a slip anywhere
_LINKS = ["le", "la", "les", "l", "de", "d", "du", "des", "et", "en", "sur", "sous", "es", "au", "aux"]
_ELIDED = ["l", "d"]
_INITIALS = (r"^[a-z]{1,3} ", r" [a-z]{1,3}$")  # of a club, a school


def other_words(near: pl.DataFrame) -> pl.Series:
    """The near hits that differ from the text by words that are words of other names, and not spelt alike.

    They are numbered in ``hit``, with their text's ``written`` (all its words), ``rest`` and ``place``.
    """
    # One edit in a département is trusted.
    pairs = near.filter(pl.col("place").is_null() | (pl.col("distance") > 1))
    apart = (
        pairs.select("hit", "written", "words", word=_only("written", "words"))
        .filter(
            _sound(pl.col("written")) != _sound(pl.col("words")),
            ~tight(pl.col("words")).str.starts_with(tight(pl.col("written"))),
        )
        .explode("word")
        .filter(pl.col("word").is_not_null(), ~pl.col("word").is_in(linking()))
    )
    real = apart.group_by("hit").agg(is_real=pl.col("word").is_in(_vocabulary().implode()).all())
    return real.filter("is_real")["hit"]


def whole_word(near: pl.DataFrame) -> pl.Series:
    """The near hits whose edits are a whole word that is no link, more or less; a text may be one cut short."""
    common = [*_LINKS, *generic()]
    whole = ~tight(pl.col("words")).str.starts_with(tight(pl.col("written")))
    tokens, others = pl.col("rest").str.split(" "), _without(pl.col("words").str.split(" "), generic())
    pairs = near.filter(whole).select(
        "hit",
        "distance",
        more=_only("rest", "words"),
        less=_only("words", "written").list.set_difference(generic()),
        size=tokens.list.len(),
        other_size=others.list.len(),
        full=_without(tokens, _ELIDED).list.len(),
        other_full=_without(others, _ELIDED).list.len(),
    )
    more, less = pl.col("more").list, pl.col("less").list
    telling = (more.set_difference(common).list.len() > 0) | (less.set_difference(common).list.len() > 0)
    alone = (more.len() == 0) | (less.len() == 0)
    # An elided article may lose its letter, or be mistyped.
    parted_otherwise = (pl.col("size") != pl.col("other_size")) & (pl.col("full") != pl.col("other_full"))
    return pairs.filter((alone & telling) | (~alone & parted_otherwise & (pl.col("distance") > 1)))["hit"]


def another_place(near: pl.DataFrame) -> pl.Series:
    """The near hits whose text, without "CC", "grand", "pays"…, is a place's name or too short for so many edits."""
    loose = without_article(pl.col("rest"))
    part = tight(without_article(distinctive(loose)))
    pairs = near.with_columns(part=part, length=part.str.len_bytes(), epci=pl.col("space").is_in(["e", "b"]))
    pairs = pairs.filter(pl.col("epci") | (pl.col("part") != tight(loose)) | (pl.col("bears") == "pays"))
    anywhere = pl.col("epci") & pl.col("place").is_null()
    return pairs.filter(
        pl.col("part").is_in(_bodies().implode())
        | (pl.col("distance") > edits_allowed(pl.col("length")))
        | (anywhere & ((pl.col("distance") > 1) | (pl.col("length") < _TELLING)))
    )["hit"]


def beside_a_place(near: pl.DataFrame) -> pl.Series:
    """The near hits whose text is a place's name and initials ("AS Verdun") or, anywhere, a thing of it ("Pont de")."""
    loose = without_article(pl.col("rest"))
    thing = rf"^(?:{'|'.join(common_nouns())}) (?:de|d|du|des) "
    initials = pl.any_horizontal(_is_place_without(loose, ends) for ends in _INITIALS)
    otherwise = pl.col("rest").str.count_matches(" ") != pl.col("words").str.count_matches(" ")
    anywhere = pl.col("place").is_null()
    return near.filter((initials & (anywhere | otherwise)) | (anywhere & _is_place_without(loose, thing)))["hit"]


def _is_place_without(name: pl.Expr, ends: str) -> pl.Expr:
    shorter = name.str.replace(ends, "")
    return (shorter != name) & tight(without_article(shorter)).is_in(_bodies().implode())


def without_its_article() -> pl.Expr:
    """Whether a text lacks the article of the name it begins with, and "de" follows: "Port de l'Ariège"."""
    name, text = without_article(pl.col("words")), without_article(pl.col("said"))
    bare = (name != pl.col("words")) & (text == pl.col("said"))
    tail = text.str.strip_prefix(name + " ")
    return bare & (tail != text) & tail.str.contains(OF)


def _without(tokens: pl.Expr, others: list[str]) -> pl.Expr:
    return tokens.list.eval(pl.element().filter(~pl.element().is_in(others)))


def _only(name: str, other: str) -> pl.Expr:
    return pl.col(name).str.split(" ").list.set_difference(pl.col(other).str.split(" "))


def _sound(name: pl.Expr) -> pl.Expr:
    """Words without what is written and not heard: doubled letters, mute endings, h; y as i, z as s, ph as f."""
    return (
        name.str.replace_many(["ph", "y", "z", "h", "ck", "qu"], ["f", "i", "s", "", "k", "k"])
        .str.replace_many([2 * letter for letter in ascii_lowercase], list(ascii_lowercase))
        .str.replace_all(r"[stdxe]+\b", "")
        .str.replace_all(" ", "", literal=True)
    )


@cache
def _vocabulary() -> pl.Series:
    """The words of the names of places; the shortest prove nothing."""
    words = names().filter(pl.col("key").str.starts_with("p:"))["words"].str.split(" ").explode().unique()
    return words.filter(words.str.len_bytes() >= _WORD)


@cache
def _bodies() -> pl.Series:
    return names().filter(pl.col("key").str.contains("^.="))["key"].str.slice(2).unique()
