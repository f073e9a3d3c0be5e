"""What territories would have first: their offers as ranked, at the places of a period, in the order of priority."""

from typing import NamedTuple

import numpy as np
import polars as pl

from prai_match.offers import by_council
from prai_match.packing._inputs import Inputs
from prai_match.packing._tables import groups
from prai_match.recommend import rank


class Wish(NamedTuple):
    """An offer of a territory: the number of its demand and that of the place where it is held."""

    n: int
    g: int


def wishes(inputs: Inputs, territories: pl.DataFrame) -> list[tuple[Wish, ...]]:
    """Return the offers of each of ``territories`` (``t``), the best first; who has priority comes first."""
    day = by_council(inputs.snapshot, inputs.policy, territories["t"])
    council = np.zeros(day.frames.territories.height, np.int64) if day.council is None else day.council
    keys = inputs.demands.select("n", "t", "s", "council", "priority")
    new = inputs.places.filter(~pl.col("booked")).join(keys.drop("t", "s"), on="n").select("g", "s", "council", h="t")
    ranked = rank(day, inputs.policy, day.width, territories).offers
    ids = day.frames.held["id"].gather(ranked["b"].replace(-1, None))
    rows = (
        ranked.with_columns(ids.alias("id"), council=pl.Series(council[ranked["t"].to_numpy()]))
        .join(keys, on=["t", "s", "council"], maintain_order="left")
        .join(new, on=["h", "s", "council"], how="left", maintain_order="left")
        .join(inputs.places.filter("booked").select("id", joined="g"), on="id", how="left", maintain_order="left")
        .with_columns(g=pl.when(pl.col("id").is_null()).then("g").otherwise("joined"))
        .drop_nulls("g")
        .sort("priority", "t", "rank", descending=[True, False, False])
    )
    return [tuple(map(Wish._make, each)) for each in groups(rows.select("t", "n", "g").iter_rows()).values()]
