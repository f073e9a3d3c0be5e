"""Collectivities completed from the register: the code by the name, and what the register knows by the code."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import polars as pl

from prai_match import register
from prai_match.io._outcomes import ROW, Mend, Read, shortened, wrong
from prai_match.io._references import Index, looked_up, names

_KINDS = {"commune": "commune", "epci": "epci", "departement": "departement", "region": "other"}
_FILLED = ("name", "kind", "departement", "population")


def completed(read: Read) -> Read:
    """Give each collectivity its code, and what its row leaves empty of what the register knows.

    A row that has neither a code nor a name with one is rejected, as is one that the register doesn't know and that
    leaves its name, its kind or its département empty.
    """
    rows = read.rows.with_columns(
        pl.lit(None, column.kind.dtype).alias(column.name)
        for column in read.table.columns
        if column.name not in read.rows.columns
    )
    read = _coded(replace(read, rows=rows))
    found = read.rows.join(_known(), on="code", how="left", suffix="_known", maintain_order="left")
    written = {match.column for match in read.matches}
    filled = found.with_columns(
        pl.coalesce(name, f"{name}_known").alias(name)
        for name in _FILLED
        # A population that a file with populations leaves empty is not known there: the register's is of today.
        if name != "population" or name not in written
    ).select(read.rows.columns)
    read = _undisputed(replace(read, rows=filled), found)
    return read.without(
        read.rejection(row, name, wrong("not_in_register", code=code))
        for name in ("name", "kind", "departement")
        for row, code in read.rows.filter(pl.col(name).is_null()).select(ROW, "code").iter_rows()
    )


def _undisputed(read: Read, known: pl.DataFrame) -> Read:
    """Reject the rows whose name is another one's than the code, or whose département isn't that of the commune.

    Args:
        read: The collectivities.
        known: Their rows as they were written, beside what the register says of their codes.
    """
    elsewhere = known.filter(pl.col("kind_known") == "commune", pl.col("departement") != pl.col("departement_known"))
    faults = [
        ("departement", row, given, right, code)
        for row, given, right, code in elsewhere.select(ROW, "departement", "departement_known", "code").iter_rows()
    ]
    named = known.filter(register.normalised(pl.col("name")) != register.normalised(pl.col("name_known")))
    if named.height:
        # In its département first: a former or usage name may be another commune's elsewhere.
        distinct, places = named["name"].unique(), Index(places=True)
        here = looked_up(named["name"], distinct, named["departement_known"], places)
        anywhere = looked_up(named["name"], distinct, None, places)
        others = (
            named.join(
                here.select("value", "hint", "id"), left_on=["name", "departement_known"], right_on=["value", "hint"]
            )
            .join(anywhere.select("value", elsewhere="id"), left_on="name", right_on="value")
            .filter(pl.coalesce("id", "elsewhere") != pl.col("code"))
        )
        faults += [
            ("name", row, name, right, code)
            for row, name, right, code in others.select(ROW, "name", "name_known", "code").iter_rows()
        ]
    return read.without(
        read.rejection(row, name, wrong(f"other_{name}", shortened(given), right=right, code=code))
        for name, row, given, right, code in faults
    )


@cache
def _known() -> pl.DataFrame:
    """What the register says of each code, the kinds being those of the model."""
    known = register.frame().filter(pl.col("kind").is_in(list(_KINDS))).with_columns(pl.col("kind").replace(_KINDS))
    itself = pl.when(pl.col("kind") == "departement").then("code")
    known = known.with_columns(departement=pl.coalesce("departement", itself))
    return known.unique("code", keep="first", maintain_order=True).select("code", *_FILLED)


@cache
def _communes() -> pl.Series:
    return register.frame("commune")["code"].implode()


def _coded(read: Read) -> Read:
    """Codes from names, where the file gives none; the zero that a spreadsheet ate is put back."""
    code = pl.col("code")
    padded = pl.concat_str(pl.lit("0"), code)
    eaten = read.rows.filter(padded.is_in(_communes()) & ~code.is_in(_communes()))
    mends = list(read.mends)
    if eaten.height:
        example = f"{eaten['code'][0]} → 0{eaten['code'][0]}"
        mends.append(Mend(read.label("code"), "zero", eaten.height, example))
        rows = read.rows.with_columns(
            pl.when(pl.col(ROW).is_in(eaten[ROW].implode())).then(padded).otherwise(code).alias("code")
        )
        read = replace(read, rows=rows, mends=tuple(mends))
    bare = read.rows.filter(code.is_null())
    if not bare.height:
        return read
    values, hints = bare["name"].rename("value"), bare["departement"].rename("hint")
    answers = looked_up(values, values.unique(), hints, Index(places=True))
    found = bare.select(ROW, value="name", hint="departement").join(
        answers, on=["value", "hint"], how="left", nulls_equal=True, maintain_order="left"
    )
    named = found.filter(pl.col("id").is_not_null())
    if named.height:
        mends.append(Mend(read.label("name"), "name", named.height, f"{named['value'][0]} → {named['id'][0]}"))
    rows = read.rows.join(named.select(ROW, "id"), on=ROW, how="left", maintain_order="left")
    rows = rows.with_columns(code=pl.coalesce("code", "id"))
    read = replace(read, rows=rows.drop("id"), mends=tuple(mends), names=names(answers, read.label("name")))
    return read.without(
        replace(
            read.rejection(
                row,
                "name" if value else "code",
                wrong(
                    "one_collectivity" if english else "no_code",
                    shortened(value) if value else None,
                    why={"fr": french, "en": english},
                ),
                candidates or "",
            ),
            label=read.label("name"),
        )
        for row, value, english, french, candidates in found.filter(pl.col("id").is_null())
        .select(ROW, "value", "why_en", "why_fr", "candidates")
        .iter_rows()
    )
