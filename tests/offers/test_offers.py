"""The columns of chosen offers."""

from __future__ import annotations

import polars as pl
import pytest

from lively import day
from prai_match import offers
from prai_match.policy import Vocabulary
from prai_match.register import haversine_km

WHOLE = day()
NUMBERS = dict.fromkeys(("t", "s", "x", "p", "r"), pl.UInt32)
STANDARD = {column.name for column in Vocabulary.standard().all}


def asking(*rows: tuple[int | None, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=NUMBERS, orient="row")


MIXED = asking((3, 2, 3, 1, 4), (0, 3, 5, 0, 0), (0, 3, 5, 0, 0), (3, 0, 0, None, 1), (1, 4, 7, 2, None))


def test_offers_keep_their_order_their_columns_and_their_repetitions() -> None:
    asked = MIXED.with_columns(rank=pl.Series([9, 8, 7, 6, 5]))
    found = offers.with_columns(WHOLE, asked)
    assert found.select(asked.columns).equals(asked)
    assert found.columns[: asked.width] == asked.columns
    assert set(found.columns) >= STANDARD | {"axis", "territory_name", "day"}
    assert found["territory"].to_list() == ["C1", "A1", "A1", "C1", "A2"]
    assert found["territory_name"].to_list() == ["Pays C1", "Pays A1", "Pays A1", "Pays C1", "Pays A2"]
    assert found["partner"].to_list() == ["cdg31", "adm09", "adm09", None, "syn"]
    assert found["trainer"].to_list() == ["eve", "anna", "anna", "bob", None]


def test_whom_there_is_not_has_unknown_values() -> None:
    nobody = offers.with_columns(WHOLE, MIXED).rows(named=True)
    own = {stage: {c.name for c in Vocabulary.standard().all if c.stage == stage} for stage in ("partner", "trainer")}
    assert {name for name in own["partner"] if nobody[3][name] is not None} == set()
    assert {name for name in own["trainer"] if nobody[4][name] is not None} == set()
    assert nobody[3]["kind"] == "buffet"
    assert nobody[4]["population"] == 500


@pytest.mark.parametrize("name", sorted(STANDARD))
def test_a_column_wanted_alone_is_that_of_all(name: str) -> None:
    every, alone = offers.with_columns(WHOLE, MIXED), offers.with_columns(WHOLE, MIXED, {name})
    assert alone[name].equals(every[name], null_equal=True)
    assert alone.select(MIXED.columns).equals(MIXED)
    assert alone.width < 15


def test_distances_are_known_beyond_reach_too() -> None:
    found = offers.with_columns(WHOLE, MIXED, {"distance_km"})["distance_km"]
    km = pl.select(haversine_km(pl.lit(45.2), pl.lit(-0.5), pl.lit(43.0), pl.lit(1.5))).item()
    assert found.to_list() == pytest.approx([km, found[1], found[1], km, None])
    near = WHOLE.frames.reach.filter(t=0, r=0)["distance_km"].item()
    assert found[1] == near == pytest.approx(3.336, abs=0.001)
    none_far = offers.with_columns(WHOLE, MIXED[1:3], {"distance_km"})
    assert none_far["distance_km"].to_list() == [near, near]


def test_what_it_costs_is_the_fee_the_way_there_and_back_and_the_room_to_the_cent() -> None:
    found = offers.with_columns(WHOLE, MIXED)
    per_km = WHOLE.frames.euros_per_km
    assert per_km > 0
    costs = [
        None if row["fee"] is None else round(row["fee"] + 2 * row["distance_km"] * per_km + row["session_cost"], 2)
        for row in found.iter_rows(named=True)
    ]
    assert found["cost"].to_list() == costs
    assert costs[4] is None
