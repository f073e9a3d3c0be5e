"""The form in which names are compared."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given, strategies as st

from prai_match import register
from prai_match.register import normalise, normalised


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Toulouse", "toulouse"),
        ("L'Île-Saint-Denis", "ile saint denis"),
        ("L’ILE ST DENIS", "ile saint denis"),
        ("Œuilly", "oeuilly"),
        ("Lævum", "laevum"),
        ("Stes-Maries-de-la-Mer", "saintes maries de la mer"),
        ("Sts Geosmes", "saints geosmes"),
        ("Chalon s/Saône", "chalon sur saone"),
        ("Mans (Le)", "mans"),
        ("Abergement-Clémenciat (L')", "abergement clemenciat"),
        ("Rochelle, La", "rochelle"),
        ("Le Mans", "mans"),
        ("Les Les Bains", "bains"),
        ("La", "la"),
        ("Lestelle", "lestelle"),
        ("Saint-Étienne", "saint etienne"),
        ("Estang", "estang"),
        ("Paris 1er", "paris 1er"),
        ("Bonneval & Cie", "bonneval et cie"),
        ("", ""),
        ("東京", ""),
    ],
)
def test_normalise(name: str, expected: str) -> None:
    assert normalise(name) == expected


@given(st.text())
@example("İ s/ (la) st st.")
@example("K ẞ ﬁ ① (l')")
@example("les s/le")
def test_normalising_twice_changes_nothing_more(name: str) -> None:
    once = normalise(name)
    assert normalise(once) == once


@given(st.lists(st.one_of(st.none(), st.text()), max_size=20))
def test_a_column_and_its_names_agree(names: list[str | None]) -> None:
    column = pl.DataFrame({"name": names}, schema={"name": pl.String}).select(normalised(pl.col("name")))
    assert column.to_series().to_list() == [None if name is None else normalise(name) for name in names]


def test_no_official_name_is_lost() -> None:
    names = register.frame().drop_nulls("name").select(normalised(pl.col("name")).alias("key"))["key"]
    assert (names.str.len_chars() > 0).all()
