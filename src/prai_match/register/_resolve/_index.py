"""The names that texts are compared with, by key, and the entities that they stand for; built once.

A key is a name in a form of comparison behind the space it lives in: ``p`` for communes and their parts, ``a`` for
arrondissements by number, ``d`` and ``r`` for départements and régions, ``n`` for départements by number, ``e`` for
intercommunalities by what tells them apart, ``b`` for them by their whole name without their kind. ``:`` keys keep the
words apart, ``=`` keys don't.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import polars as pl

from prai_match.register import _names
from prai_match.register._data import aliases, dissolved_epcis, epci_names, table
from prai_match.register._names import plain_letters, readings, replaced, tight, without_article, words

EPCI = ("CC", "CA", "CU", "METRO", "EPCI")
_PLACES = ("commune", "former_commune", "arrondissement_municipal")
_ARRONDISSEMENT = r"^(paris|lyon|marseille) (\d+)(?:er|e) arrondissement$"


@cache
def entities() -> pl.DataFrame:
    """Return the entities that names can stand for, one row each, numbered in ``entity``.

    ``own`` is its code, ``own_kind`` and ``own_name`` go with it; ``code``, ``kind`` and ``name`` are those of the
    present commune. ``places`` are the codes of its départements, ``form`` how the name is held (``official``,
    ``former``, ``renamed``, ``other`` in use, ``earlier``, ``dissolved``), ``successors`` the present codes of what was
    dissolved, ``words`` those of the name ``typed``, article included.
    """
    base = table().filter(pl.col("name").is_not_null()).select(
        pl.col("code").alias("own"), pl.col("kind").alias("own_kind"), pl.col("name").alias("own_name"),
        pl.coalesce("present_code", "code").alias("code"),
        pl.when(pl.col("kind").is_in(_PLACES)).then(pl.lit("commune")).otherwise("kind").alias("kind"),
        "departement", "epci_kind", "postal_codes",
        pl.when(kind="former_commune").then(pl.lit("former")).otherwise(pl.lit("official")).alias("form"),
        pl.col("name").alias("typed"),
        pl.lit(None, pl.List(pl.String)).alias("successors"),
    )  # fmt: skip
    present = base.filter(own_kind="commune").select("code", pl.col("own_name").alias("present_name"))
    rows = (
        base.join(present, on="code", how="left", maintain_order="left")
        .with_columns(name=pl.when(pl.col("kind") == "commune").then("present_name").otherwise("own_name"))
        .drop("present_name")
    )
    form = pl.when(source="geonames").then(pl.lit("other")).otherwise(pl.lit("renamed"))
    others = [
        rows.filter(own_kind=kind).drop("typed", "form").join(names.select("code", typed="name", form=form), on="code")
        for kind, names, form in (("commune", aliases(), form), ("epci", epci_names(), pl.lit("earlier")))
    ]
    rows = pl.concat([rows, *others, _former_epcis(), _former_regions(rows)], how="diagonal_relaxed")
    itself = pl.when(own_kind="departement").then(pl.concat_list("own"))
    own_place = pl.when(pl.col("own_kind").is_in(_PLACES)).then(
        # The first digits of a code are those of the original département, which may not be the present one.
        pl.concat_list("departement", pl.col("own").str.extract("^(9[78].|..)")).list.unique()
    )
    return (
        rows.join(_places(), left_on=["own", "own_kind"], right_on=["code", "kind"], how="left", maintain_order="left")
        .with_columns(places=pl.coalesce("area", "places", itself, own_place, pl.concat_list("departement")))
        .drop("area")
        .with_columns(words=words(plain_letters(pl.col("typed"))))
        .with_row_index("entity")
    )


def _former_epcis() -> pl.DataFrame:
    return (
        dissolved_epcis()
        .explode("names")
        .select(
            pl.col("code", "departement", "epci_kind", "successors"),
            *(pl.col("names").alias(name) for name in ("own_name", "name", "typed")),
            own="code",
            own_kind=pl.lit("epci"),
            kind=pl.lit("epci"),
            area="departements",
            form=pl.lit("dissolved"),
        )
    )


def _former_regions(rows: pl.DataFrame) -> pl.DataFrame:
    # By name in the form in which names are compared, the present région of each that was merged.
    regions = pl.DataFrame(list(_names.wording()["former_regions"].items()), ["typed", "code"], orient="row")
    return regions.join(rows.filter(own_kind="region").select("code", "name"), on="code").select(
        pl.col("code", "name"),
        pl.col("typed").str.to_titlecase(),
        own="code",
        own_kind=pl.lit("region"),
        own_name="name",
        kind=pl.lit("region"),
        form=pl.lit("dissolved"),
        successors=pl.concat_list("code"),
    )


def _places() -> pl.DataFrame:
    communes, places = table().filter(kind="commune"), pl.col("departement").unique().sort()
    return pl.concat(
        communes.drop_nulls(kind).group_by(code=kind).agg(places=places).with_columns(kind=pl.lit(kind))
        for kind in ("epci", "region")
    )


@cache
def names() -> pl.DataFrame:
    """Every ``key``, in order, with the ``entity`` it leads to."""
    rows, w = entities(), pl.col("words")
    town = w.str.extract_groups(_ARRONDISSEMENT)
    keys = [
        ("p:", _PLACES, without_article(w)),
        ("p=", _PLACES, tight(without_article(w))),
        ("p=", _PLACES, tight(w)),
        ("a:", ["arrondissement_municipal"], pl.concat_str(town.struct[0], town.struct[1], separator=" ")),
        ("n:", ["departement"], pl.col("own").str.to_lowercase()),
        ("d:", ["departement"], without_article(w)),
        ("d=", ["departement"], tight(without_article(w))),
        ("r:", ["region"], without_article(w)),
        ("r=", ["region"], tight(without_article(w))),
    ]
    epcis = rows.filter(own_kind="epci").select("entity", "words", "typed").iter_rows()
    own = [(entity, key) for entity, full, name in epcis for key in _keys_of_epci(full, name)]
    every = [
        rows.filter(pl.col("own_kind").is_in(kinds)).select("entity", key=key)
        .filter(pl.col("key") != "").with_columns(key=pl.lit(space) + pl.col("key"))
        for space, kinds, key in keys
    ]  # fmt: skip
    return pl.concat([*every, pl.DataFrame(own, every[0].schema, orient="row")]).unique().sort("key", "entity")


def _keys_of_epci(full: str, name: str) -> set[str]:
    forms = {_bare(full), _bare(words(plain_letters(replaced(name, r"\s*\([^()]*\)$", ""))))}
    bodies = [(space, form(bare)) for bare in forms for space, form in (("e", _names.core), ("b", without_article))]
    return {key for space, body in bodies if body for key in (f"{space}:{body}", f"{space}={tight(body)}")}


def _bare(name: str) -> str:
    for reading in readings():
        if reading.id in EPCI:
            name = replaced(name, reading.start, "$1")
    return replaced(name, "^(?:du|des|de la|de l) ", "")


class Bearer(NamedTuple):
    """A row of ``entities``."""

    entity: int
    own: str
    own_kind: str
    own_name: str
    code: str
    kind: str
    departement: str | None
    epci_kind: str | None
    postal_codes: list[str] | None
    form: str
    typed: str
    successors: list[str] | None
    name: str
    places: list[str | None]
    words: str


@cache
def borne() -> dict[str, list[Bearer]]:
    """Return the entities under each key of ``names``, in order."""
    # Column by column, which polars hands over faster than row by row.
    rows = [*map(Bearer._make, zip(*(column.to_list() for column in entities()), strict=True))]
    found: dict[str, list[Bearer]] = {}
    for entity, key in zip(*(column.to_list() for column in names()), strict=True):
        found.setdefault(key, []).append(rows[entity])
    return found


def bearers(key: str) -> Sequence[Bearer]:
    return borne().get(key, ())
