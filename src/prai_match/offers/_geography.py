"""Distances: territories within travel distance of one another, and trainers around a territory."""

import numpy as np
import polars as pl

from prai_match.offers._facts import Array, Ints, ragged
from prai_match.register import EARTH_RADIUS_KM, haversine_km

# Side of a square, about 10 km. Territories of one square travel as one: its point is the mean of theirs.
SQUARE_DEGREES = 0.09
WIDER = 1.25  # trainers are candidates up to so many times their reach: beyond, no distance needs to be known
_KM_PER_DEGREE, _MOST_ROWS, _SIDE = 111.0, 500_000, 2**13


def km_apart(here: Array, there: Array) -> Array:
    """Return the great-circle distances between points, rows of latitudes and longitudes: kilometres, to the metre."""
    (latitude, longitude), (other, far) = np.radians(here).T, np.radians(there).T
    half = np.sin((other - latitude) / 2) ** 2
    half += np.cos(latitude) * np.cos(other) * np.sin((far - longitude) / 2) ** 2
    return np.asarray(np.round(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))), 3))


def with_squares(territories: pl.DataFrame) -> pl.DataFrame:
    """Number the square of each territory (``z``); its width in degrees of longitude follows the latitude."""
    row = _row(territories["latitude"].to_numpy())  # Polars divides by a product, which puts 49.41 in the row before
    keys = _key(np.zeros(len(row)), row, _column(territories["longitude"].to_numpy(), row))
    return territories.with_columns(z=pl.Series(keys, dtype=pl.Int64).rank("dense") - 1)


def near(territories: pl.DataFrame, travel_km: float) -> pl.DataFrame:
    """Return the pairs of squares whose points are within ``travel_km``: ``z`` and ``z_near``, sorted by ``z``."""
    squares = territories.group_by("z").agg(pl.mean("latitude", "longitude")).sort("z")
    return _pairs(squares, squares, pl.lit(travel_km)).select("z", "z_near").sort("z", "z_near")


def reach(territories: pl.DataFrame, trainers: pl.DataFrame) -> pl.DataFrame:
    """Return how far each trainer is from each territory around: ``t``, ``r`` and ``distance_km``, sorted by ``t``."""
    around = trainers.select("r", "latitude", "longitude", "reach_km")
    return (
        _pairs(territories.select("t", "latitude", "longitude"), around, pl.col("reach_km_near") * WIDER)
        .select("t", pl.col("r_near").alias("r"), "distance_km")
        .sort("t", "r")
    )


def pairs_within(here: Array, there: Array, most_km: float, groups: tuple[Array, Array]) -> tuple[Ints, Ints, Array]:
    """Return the places of the pairs of points of one group within ``most_km``, and the kilometres between them."""
    row, spread = _row(there[:, 0]), int(most_km / _KM_PER_DEGREE / SQUARE_DEGREES) + 2
    keys = _key(groups[1], row, _column(there[:, 1], row))
    order = np.argsort(keys, kind="stable")
    rows = _row(here[:, 0])[:, None] + np.arange(-spread, spread + 1)
    highest = np.minimum(np.abs(here[:, 0]) + most_km / _KM_PER_DEGREE, 89.0)
    wide = (most_km / (_KM_PER_DEGREE * np.cos(np.radians(highest))) * 1.01)[:, None]
    first, last = (_key(groups[0][:, None], rows, _column(here[:, 1:] + side, rows)) for side in (-wide, wide))
    starts, ends = np.searchsorted(keys[order], first, "left"), np.searchsorted(keys[order], last, "right")
    cell, place = ragged((ends - starts).ravel(), starts.ravel())
    one, other = cell // rows.shape[1], order[place]
    km = km_apart(here[one], there[other])
    near = km <= most_km
    return one[near], other[near], km[near]


def _row(latitude: Array) -> Ints:
    return np.asarray(np.floor(latitude / SQUARE_DEGREES), np.int64)


def _column(longitude: Array, row: Ints) -> Ints:
    return np.asarray(np.floor(longitude * np.cos(np.radians(row * SQUARE_DEGREES)) / SQUARE_DEGREES), np.int64)


def _key(group: Array, row: Ints, column: Ints) -> Ints:
    return (group.astype(np.int64) * _SIDE + row + _SIDE // 2) * _SIDE + column + _SIDE // 2


def _pairs(here: pl.DataFrame, there: pl.DataFrame, most_km: pl.Expr) -> pl.DataFrame:
    """Return the pairs within ``most_km``, with their distance: their latitudes rule most out already."""
    there = there.select(pl.all().name.suffix("_near")).with_columns(margin=most_km / _KM_PER_DEGREE * 1.01)
    parts = [
        here.join(part, how="cross")
        .filter((pl.col("latitude") - pl.col("latitude_near")).abs() <= pl.col("margin"))
        .with_columns(distance_km=haversine_km("latitude", "longitude", "latitude_near", "longitude_near"))
        for part in there.iter_slices(max(1, _MOST_ROWS // max(1, here.height)))
    ]
    empty = here.clear().join(there.clear(), how="cross").with_columns(distance_km=pl.lit(0.0))
    return pl.concat([empty, *(part.filter(pl.col("distance_km") <= most_km) for part in parts)])
