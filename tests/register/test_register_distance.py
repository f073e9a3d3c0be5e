"""Distances between entities and over columns."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, strategies as st

from prai_match import register
from prai_match.errors import UnknownCodeError
from prai_match.register import haversine_km

placed = st.sampled_from([commune for commune in register.communes() if commune.position is not None])
latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        ("31555", "46042", 94),  # Toulouse, Cahors
        ("31555", "81004", 67),  # Toulouse, Albi
        ("31555", "09122", 71),  # Toulouse, Foix
        ("31555", "75056", 588),  # Toulouse, Paris
        ("75056", "97411", 9370),  # Paris, Saint-Denis de La Réunion
    ],
)
def test_known_distances(here: str, there: str, km: float) -> None:
    assert register.distance_km(here, there) == pytest.approx(km, rel=0.02)
    assert register.distance_km(register.get(here), there) == register.distance_km(here, there)


def test_two_communes_at_the_centre_of_one_epci_are_not_apart() -> None:
    epci = register.by_epci("200066223")
    there = [member for member in register.members(epci) if member.precision == "epci_centroid"][:2]
    assert register.distance_km(*there) == 0


def test_without_a_position_there_is_no_distance() -> None:
    with pytest.raises(UnknownCodeError) as caught:
        register.distance_km("31555", "98412")
    assert (caught.value.kind, caught.value.value) == ("position", "98412")
    with pytest.raises(UnknownCodeError, match="unknown code"):
        register.distance_km("31555", "99999")


@given(placed, placed)
def test_distance_is_symmetric_and_zero_on_itself(a: register.Entry, b: register.Entry) -> None:
    assert register.distance_km(a, b) == pytest.approx(register.distance_km(b, a), abs=1e-9)
    assert register.distance_km(a, a) == 0
    assert 0 <= register.distance_km(a, b) <= math.pi * 6371.0088


@given(placed, placed, placed)
def test_a_detour_is_never_shorter(a: register.Entry, b: register.Entry, c: register.Entry) -> None:
    detour = register.distance_km(a, b) + register.distance_km(b, c)
    assert register.distance_km(a, c) <= detour + 1e-6


@given(st.lists(st.tuples(placed, placed), min_size=1, max_size=20))
def test_columns_and_single_points_agree(pairs: list[tuple[register.Entry, register.Entry]]) -> None:
    rows = [(a.latitude, a.longitude, b.latitude, b.longitude) for a, b in pairs]
    frame = pl.DataFrame(rows, schema=["a", "b", "c", "d"], orient="row")
    columns = frame.select(haversine_km("a", "b", pl.col("c"), pl.col("d"))).to_series().to_list()
    assert columns == pytest.approx([register.distance_km(a, b) for a, b in pairs], abs=1e-6)


@given(latitudes, longitudes)
def test_antipodes_are_half_the_earth_apart(latitude: float, longitude: float) -> None:
    here, there = (pl.lit(latitude), pl.lit(longitude)), (pl.lit(-latitude), pl.lit(longitude + 180))
    assert pl.select(haversine_km(*here, *there)).item() == pytest.approx(math.pi * 6371.0088, rel=1e-6)


def test_a_missing_coordinate_gives_null() -> None:
    frame = pl.DataFrame({"a": [None, 1.0], "b": [1.0, 1.0]}, schema={"a": pl.Float64, "b": pl.Float64})
    assert frame.select(haversine_km("a", "b", "b", "b")).to_series().to_list() == [None, 0.0]
