"""Territories completed from the register: what their rows leave empty, by the code of the EPCI or of the commune."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from prai_match import register
from prai_match.io._outcomes import ROW, shortened, wrong
from prai_match.io._references import Index, looked_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.io._outcomes import Read, Rejection

_POSITION = ("latitude", "longitude")
_FILLED = ("name", "departement", "population", *_POSITION)


def completed(read: Read, collectivities: pl.Series) -> Read:
    """Give each territory what its row leaves empty of what the register knows of its code.

    Members left empty are the collectivities of the programme that are the territory or communes of it. A row that
    still lacks a value is rejected, as is one that has one coordinate only, or the name of another EPCI than its code.

    Args:
        read: The territories.
        collectivities: Codes of the collectivities of the programme.
    """
    rows = read.rows.with_columns(
        pl.lit(None, column.kind.dtype).alias(column.name)
        for column in read.table.columns
        if column.name not in read.rows.columns
    )
    lone = pl.col("latitude").is_null() != pl.col("longitude").is_null()
    nowhere = pl.col("latitude").is_null() & pl.col("longitude").is_null()
    rows = rows.join(_known(), on="id", how="left", suffix="_known", maintain_order="left").with_columns(
        *(pl.coalesce(name, f"{name}_known").alias(name) for name in ("name", "departement", "population")),
        *(pl.when(nowhere).then(f"{name}_known").otherwise(name).alias(name) for name in _POSITION),
        lone.alias("lone"),
    )
    rows = rows.join(_members(collectivities), on="id", how="left", suffix="_known", maintain_order="left")
    bare = pl.col("members").list.len().fill_null(0) == 0
    rows = rows.with_columns(members=pl.when(bare).then(pl.col("members_known").fill_null([])).otherwise("members"))
    faults = [*_faults(read, rows), *_disputed(read, rows)]
    return replace(read, rows=rows.select(ROW, *(column.name for column in read.table.columns))).without(faults)


def _faults(read: Read, rows: pl.DataFrame) -> Iterator[Rejection]:
    for name in _FILLED:
        for row, code, lone in rows.filter(pl.col(name).is_null()).select(ROW, "id", "lone").iter_rows():
            yield read.rejection(row, name, wrong("lone_coordinate" if lone else "not_in_register", code=code))
    for row in rows.filter(pl.col("members").list.len() == 0)[ROW]:
        yield read.rejection(row, "members", wrong("no_member"))


def _disputed(read: Read, rows: pl.DataFrame) -> Iterator[Rejection]:
    """Find the EPCI whose name is that of another one: a code copied from the wrong line serves the wrong communes."""
    named = rows.filter(pl.col("kind") == "epci", pl.col("name").is_not_null())
    if not named.height:
        return
    found = looked_up(named["name"], named["name"].unique(), named["departement_known"], Index(places=True))
    epcis = _known().filter(kind="epci")["id"].implode()
    others = named.join(
        found.select("value", "hint", other="id"), left_on=["name", "departement_known"], right_on=["value", "hint"]
    ).filter(pl.col("other") != pl.col("id"), pl.col("other").is_in(epcis))
    for row, name, code, right in others.select(ROW, "name", "id", "name_known").iter_rows():
        yield read.rejection(row, "name", wrong("other_name", shortened(name), code=code, right=right))


@cache
def _known() -> pl.DataFrame:
    """What the register says of each EPCI and each commune."""
    places = register.frame().filter(pl.col("kind").is_in(["epci", "commune"]))
    return places.select("kind", "epci", *_FILLED, id="code")


def _members(collectivities: pl.Series) -> pl.DataFrame:
    """The collectivities of the programme by EPCI, and each by its own code: the territory first, then by code."""
    codes = collectivities.drop_nulls().unique().sort().to_frame("code")
    epci = _known().select("epci", code="id").drop_nulls()
    within = codes.join(epci, on="code", maintain_order="left").select(pl.col("epci").alias("id"), "code")
    both = pl.concat([codes.select(pl.col("code").alias("id"), "code"), within])
    return both.group_by("id", maintain_order=True).agg(members_known=pl.col("code"))
