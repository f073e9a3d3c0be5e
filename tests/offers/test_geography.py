"""Who is near whom, on the bounds."""

from __future__ import annotations

import polars as pl
import pytest

from lively import ON, day, lively, programme
from prai_match.offers import WIDER, _geography
from prai_match.register import haversine_km

A_DEGREE = pl.select(haversine_km(pl.lit(43.0), pl.lit(1.5), pl.lit(44.0), pl.lit(1.5))).item()


def territories(*points: tuple[float, float]) -> pl.DataFrame:
    frame = pl.DataFrame(list(points), schema={"latitude": pl.Float64, "longitude": pl.Float64}, orient="row")
    return _geography.with_squares(frame.with_row_index("t"))


def trainers(*rows: tuple[float, float, float]) -> pl.DataFrame:
    schema = {"latitude": pl.Float64, "longitude": pl.Float64, "reach_km": pl.Float64}
    return pl.DataFrame(list(rows), schema=schema, orient="row").with_row_index("r")


def test_territories_of_about_10_km_share_a_square() -> None:
    here = territories((43.03, 1.5), (43.09, 1.5), (43.12, 1.5), (43.03, 1.55), (43.03, 1.7), (42.9, 1.5))
    first, same, north, east, far, south = here["z"].to_list()
    assert first == same == east
    assert len({first, north, far, south}) == 4
    assert sorted(set(here["z"])) == [0, 1, 2, 3], "squares are numbered from 0, from the south"
    assert south < first < north
    # At 43° a degree of longitude is 27 % narrower: a square is 0.123° wide, at 60° 0.18°.
    assert territories((43.03, 1.48), (43.03, 1.59))["z"].n_unique() == 1
    assert territories((60.0, 1.45), (60.0, 1.60))["z"].n_unique() == 1
    assert territories((43.03, 1.45), (43.03, 1.60))["z"].n_unique() == 2


def test_the_border_of_a_square_is_in_the_one_that_it_begins() -> None:
    """49.41 is 549 × 0.09, to the last digit; by a product with 1 / 0.09 it would be less."""
    border, before, after = territories((49.41, -1.3), (49.40, -1.3), (49.45, -1.3))["z"]
    assert (before, border) == (0, after)


@pytest.mark.parametrize(("km", "near"), [(A_DEGREE, True), (A_DEGREE * (1 - 1e-9), False), (0.0, False)])
def test_squares_are_near_up_to_the_distance_of_travel_itself_included(km: float, *, near: bool) -> None:
    pairs = _geography.near(territories((43.0, 1.5), (44.0, 1.5)), km)
    assert pairs.rows() == ([(0, 0), (0, 1), (1, 0), (1, 1)] if near else [(0, 0), (1, 1)])
    assert pairs.columns == ["z", "z_near"]


def test_a_square_travels_from_the_mean_of_its_territories() -> None:
    both = territories((43.03, 1.5), (43.07, 1.5), (43.45, 1.5))
    assert both["z"].to_list() == [0, 0, 1]
    assert _geography.near(both, 0.401 * A_DEGREE).height == 4
    assert _geography.near(both, 0.399 * A_DEGREE).height == 2


@pytest.mark.parametrize(
    ("km", "found"), [(A_DEGREE / WIDER * (1 + 1e-9), True), (A_DEGREE / WIDER * (1 - 1e-9), False)]
)
def test_trainers_are_around_up_to_a_quarter_more_than_their_reach(km: float, *, found: bool) -> None:
    pairs = _geography.reach(territories((43.0, 1.5)), trainers((44.0, 1.5, km)))
    assert pairs.rows() == ([(0, 0, pytest.approx(A_DEGREE))] if found else [])
    assert pairs.schema == {"t": pl.UInt32, "r": pl.UInt32, "distance_km": pl.Float64}


def test_who_trains_around_is_in_the_order_of_territories_and_trainers() -> None:
    here = territories((43.0, 1.5), (43.2, 1.5))
    pairs = _geography.reach(here, trainers((43.2, 1.5, 90.0), (43.0, 1.9, 90.0), (43.0, 1.5, 1.0)))
    assert pairs.select("t", "r").rows() == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    assert pairs["distance_km"][2] == 0
    assert _geography.reach(here, trainers()).schema == pairs.schema
    assert _geography.reach(here, trainers()).is_empty()
    assert _geography.reach(here, trainers((-43.0, 1.5, 1.0))).is_empty()


def test_east_and_west_count_as_north_and_south() -> None:
    here = territories((43.0, 1.5))
    km = pl.select(haversine_km(pl.lit(43.0), pl.lit(1.5), pl.lit(43.0), pl.lit(3.0))).item()
    assert _geography.reach(here, trainers((43.0, 3.0, km))).height == 1
    assert _geography.reach(here, trainers((43.0, 0.0, km / WIDER * 0.999))).is_empty()


def test_many_are_looked_at_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = day()
    frames = snapshot.frames
    monkeypatch.setattr(_geography, "_MOST_ROWS", 10)
    assert _geography.reach(frames.territories, frames.trainers).equals(frames.reach)
    assert _geography.near(frames.territories, 34.0).equals(frames.near)


def test_a_trainer_is_asked_up_to_the_very_reach() -> None:
    (km,) = day().frames.reach.filter(t=0, r=0)["distance_km"]
    for reach, asked in ((km, True), (km * (1 - 1e-9), False)):
        made = programme(trainers=[{**lively()["trainers"][0], "reach_km": reach}], sessions=[])
        rec = made.recommend(ON, top=9)["A1"]
        assert (rec.next is not None) is asked
        assert rec.reason == (None if asked else "no_trainer")
