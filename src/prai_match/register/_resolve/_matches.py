"""The names that the words of a text are, in one form of comparison or another."""

from __future__ import annotations

from functools import cache

import polars as pl

from prai_match.register._names import core, plain_letters, without_article, words
from prai_match.register._resolve._index import entities, names, tight

EPCI = ("CC", "CA", "CU", "METRO", "EPCI")
_PLACE = ("commune", "service")
_ARRONDISSEMENT = r"^(paris|lyon|marseille) (\d+)(?:er|ere|e|eme|ieme|nd|nde)?(?: arr[a-z]*)?$"

# How near a way of finding is to the official name: the lowest tier that finds something decides.
OFFICIAL, BARE, TIGHT, BESIDE = 0.0, 2.0, 3.0, 4.0
_OTHER = 2.5  # a form in use gives way to every official name
# Tiers of what is not an exact name: the lowest that finds something decides, unless another name contests it.
NEAR, CUT, LONGER = 10.0, 20.0, 30.0
# A text that stops within a word of the name stands further behind.
WITHIN = 5.0


@cache
def _departement_codes() -> dict[str, str]:
    rows = entities().filter(own_kind="departement")
    return dict(rows.select(words(plain_letters(pl.col("own_name"))), "own").iter_rows())


def beside(names: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The name before a département's that words end with, and that département's code."""
    parts = names.str.extract_groups(rf"^(.+) ({'|'.join(sorted(_departement_codes(), key=len, reverse=True))})$")
    return parts.struct[0], parts.struct[1].replace_strict(_departement_codes(), default=None)


def exact_hits(rows: pl.DataFrame) -> pl.DataFrame:
    """Every entity whose name the texts bear, by `id` (see `as_hits`)."""
    hits = as_hits(rows, _probes(rows))
    # A bare name means a commune first, but the name that a commune bore gives way to a département's.
    wider = (pl.col("space").is_in(["d", "r"]) & (pl.col("form") == "official") & pl.col("placed")).any().over("id")
    return hits.filter(~(wider & (pl.col("space") == "p") & (pl.col("form") != "official")))


def _probes(rows: pl.DataFrame) -> pl.DataFrame:
    w, rest, reading, whole = (pl.col(name) for name in ("words", "rest", "reading", "whole"))
    bare = reading.is_null()
    town = whole.str.extract_groups(_ARRONDISSEMENT)
    place, beside_it = pl.col("place"), pl.col("given")
    of_place = bare | reading.is_in(_PLACE)
    epci = reading.is_in(EPCI)
    other = whole != w
    with_number = rest + " " + pl.col("number")
    ways: list[tuple[str, pl.Expr, pl.Expr, float, pl.Expr, pl.Expr]] = [
        ("p:", without_article(w), w, OFFICIAL, place, pl.lit(value=True)),
        ("p:", without_article(rest), rest, OFFICIAL, place, reading.is_in(_PLACE)),
        ("p:", without_article(whole), whole, OFFICIAL, beside_it, other),
        ("a:", pl.concat_str(town.struct[0], town.struct[1], separator=" "), whole, OFFICIAL, beside_it, bare),
        ("d:", without_article(rest), rest, BARE, place, bare | (reading == "departement")),
        ("r:", without_article(rest), rest, BARE, place, bare | (reading == "region")),
        ("r:", without_article(w), w, BARE, place, reading == "pays"),
        ("n:", rest.str.pad_start(2, "0"), rest, BARE, place, (reading == "departement") & rest.str.contains(r"^\d")),
        ("n:", place.str.to_lowercase(), rest, BARE, place, (reading == "departement") & (rest == "")),
        ("e:", core(rest), w, BARE, place, epci),
        ("e:", core(w), w, BARE, place, reading == "pays"),
        ("e:", core(with_number), w + " " + pl.col("number"), BARE, beside_it, epci & with_number.is_not_null()),
        ("b:", without_article(with_number), with_number, BARE, beside_it, bare & with_number.is_not_null()),
        ("b:", without_article(w), w, BARE, place, bare),
        ("p=", tight(w), w, TIGHT, place, of_place),
        ("p=", tight(without_article(w)), w, TIGHT, place, of_place),
        ("p=", tight(without_article(rest)), rest, TIGHT, place, reading.is_in(_PLACE)),
        ("e=", tight(core(rest)), rest, TIGHT, place, epci),
        ("b=", tight(without_article(w)), w, TIGHT, place, bare),
        ("d=", tight(without_article(rest)), rest, TIGHT, place, reading == "departement"),
        ("r=", tight(without_article(rest)), rest, TIGHT, place, reading == "region"),
    ]
    name, lies = beside(w)
    ways += [
        ("p:", without_article(name), name, BESIDE, at, bare & lies.is_not_null())
        for at in (lies, pl.coalesce("place", lies))
    ]
    return (
        pl.concat(
            [
                rows.lazy()
                .filter(when)
                .select(
                    "id",
                    (pl.lit(space) + key).alias("key"),
                    text.alias("said"),
                    pl.lit(tier).alias("tier"),
                    where.alias("at"),
                    pl.lit(space[0]).alias("space"),
                    pl.lit(0, pl.UInt8).alias("distance"),
                )
                for space, key, text, tier, where, when in ways
            ]
        )
        .filter(pl.col("key").str.len_chars() > len("p:"))
        .collect(engine="in-memory")
    )


def as_hits(rows: pl.DataFrame, probes: pl.DataFrame) -> pl.DataFrame:
    """The entities that bear the keys of the probes, each with what it would answer.

    ``placed``: it lies where the text or its row says. ``fits``: it is of the kind the words around the name say.
    ``out`` and ``out_kind``: the code it answers with; that of the present commune unless its own kind is wanted.
    ``strict``: the words are the same, article included.
    """
    hits = probes.join(names(), on="key").join(entities(), on="entity")
    hits = hits.join(rows.select("id", "reading", "postal", "wanted", "given"), on="id")
    own = ((pl.col("wanted") == pl.col("own_kind")) | pl.col("wanted").is_null() & (
        pl.col("own_kind") == "arrondissement_municipal"
    )).fill_null(value=False)  # fmt: skip
    group, reading = pl.col("epci_kind").replace({"MET69": "METRO"}), pl.col("reading")
    of_a_kind = (pl.col("space") == "e") & reading.is_in(["CC", "CA", "CU", "METRO"])
    same_kind = (group == reading) | ((reading == "METRO") & (group == "CU"))
    hits = hits.with_columns(
        placed=(
            pl.col("at").is_null()
            | pl.col("places").list.contains(pl.col("at"))
            | pl.col("postal_codes").list.contains(pl.col("postal"))
        ).fill_null(value=False),
        fits=~of_a_kind.fill_null(value=False) | same_kind,
        strict=pl.col("said") == pl.col("words"),
        out=pl.when(own).then("own").otherwise("code"),
        out_kind=pl.when(own).then("own_kind").otherwise("kind"),
        at_home=(
            pl.col("places").list.contains(pl.col("given")) & pl.col("postal_codes").list.contains(pl.col("postal"))
        ).fill_null(value=False),
    )
    # A short form in use in one place may be that of others elsewhere.
    short = (pl.col("form") == "other") & (pl.col("words").str.len_chars() < pl.col("own_name").str.len_chars())
    hits = hits.with_columns(tier=pl.col("tier") + _behind(), weak=short & pl.col("at").is_null())
    away = ~pl.col("placed") & pl.col("space").is_in(["b", "e"])
    return hits.filter(~away, pl.col("wanted").is_null() | (pl.col("wanted") == pl.col("out_kind"))).select(
        "id", "tier", "space", "distance", "said", "strict", "placed", "fits", "at_home", "out", "out_kind", "own_kind",
        "own_name", "name", "departement", "form", "successors", "words", "key", "typed", "weak",
    )  # fmt: skip


def _behind() -> pl.Expr:
    """How far a hit stands behind others found by the same form of the name."""
    exact = pl.col("tier") == OFFICIAL
    article = pl.col("said") != without_article(pl.col("said"))
    form, within = pl.col("form"), pl.col("at").is_not_null()
    return (
        pl.when(exact & article & ~pl.col("strict")).then(1.0).otherwise(0.0)
        + pl.when(exact & within & form.is_in(["former", "renamed"])).then(0.25).otherwise(0.0)
        + pl.when(exact & (form == "other")).then(_OTHER).otherwise(0.0)
        + pl.when(form == "dissolved").then(0.45).otherwise(0.0)
    )
