"""What keeps a name that is near to a text from being taken for it."""

from __future__ import annotations

from functools import cache

import polars as pl

from prai_match.register._names import without_article
from prai_match.register._resolve._index import names, tight
from prai_match.register._resolve._near_names import edits_allowed
from prai_match.register._resolve._wording import common_nouns, distinctive, generic, linking

_WORD = 5
_TELLING = 8  # letters of the distinctive part of an intercommunality's name from which one edit is a slip anywhere
_LINKS = ["le", "la", "les", "l", "de", "d", "du", "des", "et", "en", "sur", "sous", "es", "au", "aux"]
_ELIDED = ["l", "d"]
_INITIALS = (r"^[a-z]{1,3} ", r" [a-z]{1,3}$")  # of a club, a school
_OF = r"^(?:de|d|du|des) "


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
    return bare & (tail != text) & tail.str.contains(_OF)


def _without(tokens: pl.Expr, others: list[str]) -> pl.Expr:
    return tokens.list.eval(pl.element().filter(~pl.element().is_in(others)))


def _only(name: str, other: str) -> pl.Expr:
    return pl.col(name).str.split(" ").list.set_difference(pl.col(other).str.split(" "))


def _sound(name: pl.Expr) -> pl.Expr:
    """Words without what is written and not heard: doubled letters, mute endings, h; y as i, z as s, ph as f."""
    letters = list("abcdefghijklmnopqrstuvwxyz")
    return (
        name.str.replace_many(["ph", "y", "z", "h", "ck", "qu"], ["f", "i", "s", "", "k", "k"])
        .str.replace_many([2 * letter for letter in letters], letters)
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
