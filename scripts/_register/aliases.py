"""Other names of present communes: those they or their parts had since 1943, and others in use.

A name that could belong to another commune of the département is left out: a missing name costs less than a wrong one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.register._names import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _register.entities import Entity
    from _register.sources import Json, Vintage

ALIASES = pl.Schema({"code": pl.String(), "name": pl.String(), "source": pl.String()})
SOURCES = pl.Enum(["vintage", "history", "geonames"])  # in the order in which they are believed
NAMED = ["commune", "former_commune", "arrondissement_municipal"]
LATIN = r"^[A-Za-zÀ-ÖØ-öø-ÿŒœ'’ -]+$"
# Words that begin what tells a commune from its homonyms: "Valence d'Agen", "Montréal-du-Gers".
LINKS = r"^ (?:d|de|du|des|en|sur|sous|les|lez|le|la|l|aux?|a|pres) \w{3}"
# What a name's end is not the short form of: "Saint-Melaine-sur-Aubance", "Neuville-en-Ferrain", "Sainte-Sigolène".
NOT_BEFORE_END = r"\b(?:en|sur|sous|saint|sainte)$"
LARGER = 3  # times the people of any other commune whose name has that word: "Luchon" is Bagnères-de-Luchon


def aliases(
    rows: Sequence[Entity],
    vintages: Sequence[Vintage],
    history: Sequence[Json],
    register: pl.DataFrame,
) -> pl.DataFrame:
    """Every other name of a present commune that no other commune of its département, present or former, bears.

    Args:
        rows: The entities, with the places found for them.
        vintages: The earlier years.
        history: The states of the communes since 1943.
        register: The register as it stands.

    Returns:
        The code of the present commune, the name, and where it comes from: `vintage` (the official name of the years
        since 2019), `history` (that of an earlier time) or `geonames` (in use). By code and name.
    """
    named = register.filter(pl.col("kind").is_in(NAMED)).select(
        "code",
        "present_code",
        "departement",
        "name",
        "population",
        normalised(pl.col("name")).alias("key"),
    )
    present = named.sort(pl.col("code") != pl.col("present_code")).unique("code", keep="first", maintain_order=True)
    communes = present.filter(pl.col("code") == pl.col("present_code")).select(
        "code",
        "departement",
        "population",
        official="name",
        own="key",
    )
    return (
        pl.concat([_borne(vintages, history, present), _in_use(rows)])
        .filter(pl.col("name").str.contains(LATIN))
        .with_columns(normalised(pl.col("name")).alias("key"), pl.col("source").cast(SOURCES))
        .join(communes, on="code")
        .join(named, on=["departement", "key"], how="anti")
        .filter((pl.col("source") != "geonames") | _longer() | _beginning() | _end())
        .pipe(_without_namesakes, named)
        .pipe(_best_spelt)
        .filter(pl.col("code").n_unique().over("departement", "key") == 1)
        .select(pl.col(name).cast(kind) for name, kind in ALIASES.items())
        .sort("code", "name")
    )


def _borne(vintages: Sequence[Vintage], history: Sequence[Json], present: pl.DataFrame) -> pl.DataFrame:
    """The names of earlier times with the commune that is there now, less those of communes parted since."""
    # The part where the town hall is (COMP) bears a name of its own time or, in a union of unions, that of the whole.
    states = [("history", row["code"], row["nom"], row["id"]) for row in history if row["type"] != "COMP"]
    parts = [(row["pole"], row["code"]) for row in history if "pole" in row]
    for vintage in vintages:
        for row in vintage.communes:
            if row["type"] == "commune-actuelle":
                state = f"{row['code']}@{vintage.year}"
                states.append(("vintage", row["code"], row["nom"], state))
                parts += [(state, code) for code in row.get("anciensCodes", ())]
            elif "chefLieu" in row:
                parts.append((f"{row['chefLieu']}@{vintage.year}", row["code"]))
    now = present.select("code", now="present_code")
    borne = pl.DataFrame(states, schema=["source", "code", "name", "state"], orient="row").join(now, on="code")
    parted = (
        pl.DataFrame(parts, schema=["state", "code"], orient="row")
        .join(now, on="code")
        .join(borne, on="state", suffix="_of_whole")
        .filter(pl.col("now") != pl.col("now_of_whole"))
    )
    return borne.join(parted, on="state", how="anti").select("source", pl.col("now").alias("code"), "name").unique()


def _in_use(rows: Sequence[Entity]) -> pl.DataFrame:
    names = [
        ("geonames", row.code, name)
        for row in rows
        if row.kind == "commune" and row.place is not None
        for name in (row.place.name, *row.place.alternates)
    ]
    return pl.DataFrame(names, schema=["source", "code", "name"], orient="row")


def _longer() -> pl.Expr:
    """Whether the name is the official one with what tells it from its homonyms."""
    added = pl.col("key").str.strip_prefix(pl.col("own"))
    return pl.col("key").str.starts_with(pl.col("own")) & added.str.contains(LINKS)


def _beginning() -> pl.Expr:
    return pl.col("own").str.starts_with(pl.col("key") + pl.lit(" "))


def _end() -> pl.Expr:
    before = pl.col("own").str.strip_suffix(pl.lit(" ") + pl.col("key"))
    return pl.col("own").str.ends_with(pl.lit(" ") + pl.col("key")) & ~before.str.contains(NOT_BEFORE_END)


def _without_namesakes(found: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """The names that can't be short for another commune of the département, unless they were official of late.

    The name of no other commune begins with such a name; and if it is the end of the official name, any commune that
    has it in its name is much smaller.
    """
    gap = pl.lit(" ")
    others = named.select("departement", other="present_code", others_key="key", others_people="population")
    key, others_key = gap + pl.col("key") + gap, gap + pl.col("others_key") + gap
    rival = pl.col("population") < LARGER * pl.col("others_people")
    namesakes = (
        found.filter(pl.col("source") != "vintage")
        .join(others, on="departement")
        .filter(pl.col("other") != pl.col("code"))
        .filter(others_key.str.starts_with(key) | (_end() & others_key.str.contains(key, literal=True) & rival))
    )
    return found.join(namesakes, on=["code", "key", "source"], how="anti")


def _best_spelt(found: pl.DataFrame) -> pl.DataFrame:
    """One spelling of each name: that of the source most believed, then the one most like the official name."""
    like = pl.col("official").str.contains(pl.col("name"), literal=True)
    marks = pl.col("name").str.count_matches("[^ -~]")
    worst_first = [False, False, False, True, True, False]
    return found.sort("code", "key", "source", like, marks, "name", descending=worst_first).unique(
        ["code", "key"],
        keep="first",
        maintain_order=True,
    )
