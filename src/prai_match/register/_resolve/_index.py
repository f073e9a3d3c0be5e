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
    w, typed = pl.col("words"), pl.col("typed")
    rows = entities().select("entity", "own", "own_kind", "typed", words=words(plain_letters(typed)))
    town = w.str.extract_groups(_ARRONDISSEMENT)
    without_acronym = words(plain_letters(typed.str.replace(r"\s*\([^()]*\)$", "")))
    epci = {"e": core, "b": without_article}
    keys = [
        ("p:", PLACES, without_article(w)),
        ("p=", PLACES, tight(without_article(w))),
        ("p=", PLACES, tight(w)),
        ("a:", ["arrondissement_municipal"], pl.concat_str(town.struct[0], town.struct[1], separator=" ")),
        *(
            (f"{space}{sign}", ["epci"], form(_bare(name)) if sign == ":" else tight(form(_bare(name))))
            for space, form in epci.items()
            for sign in ":="
            for name in (w, without_acronym)
        ),
        ("n:", ["departement"], pl.col("own").str.to_lowercase()),
        ("d:", ["departement"], without_article(w)),
        ("d=", ["departement"], tight(without_article(w))),
        ("r:", ["region"], without_article(w)),
        ("r=", ["region"], tight(without_article(w))),
    ]
    return pl.concat(
        rows.filter(pl.col("own_kind").is_in(kinds)).select("entity", "words", key=key)
        .filter(pl.col("key") != "").with_columns(key=pl.lit(space) + pl.col("key"))
        for space, kinds, key in keys
    ).unique(maintain_order=True)  # fmt: skip


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
