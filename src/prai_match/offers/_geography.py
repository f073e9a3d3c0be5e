"""Who is near whom: territories within travel distance of one another, and trainers around a territory."""

from __future__ import annotations

import polars as pl

from prai_match.register import haversine_km

# Side of a square, about 10 km. Territories of one square travel as one: its point is the mean of theirs.
SQUARE_DEGREES = 0.09
WIDER = 1.25  # trainers are candidates up to so many times their reach: beyond, no distance needs to be known
_KM_PER_DEGREE, _MOST_ROWS = 111.0, 500_000


def with_squares(territories: pl.DataFrame) -> pl.DataFrame:
    """Number the square of each territory (``z``); its width in degrees of longitude follows the latitude."""
    row = (pl.col("latitude") / SQUARE_DEGREES).floor()
    column = (pl.col("longitude") * (row * SQUARE_DEGREES).radians().cos() / SQUARE_DEGREES).floor()
    return territories.with_columns(z=pl.struct(row.alias("row"), column.alias("column")).rank("dense") - 1)


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
