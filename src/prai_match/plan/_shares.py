"""Sharing resources out among régions: the inputs of each, with its part of money, trainers and relays."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from prai_match import register
from prai_match.offers import Array
from prai_match.packing import Inputs
from prai_match.plan._model import UndatedModel


@dataclass(frozen=True, eq=False)
class RegionShare:
    """A région's part of the inputs: its demands and places, renumbered, and its part of the shared resources."""

    region: str  # its code; that of the département if the register doesn't know the région
    inputs: Inputs
    demands: tuple[int, ...]  # the number of each of its demands in the whole programme
    places: tuple[int, ...]


def shares(model: UndatedModel, relaxation: Array | None) -> list[RegionShare]:
    """Share the inputs out among régions, in the order of codes, by what the relaxation uses in each.

    - Territories, their demands and the sessions that they can host or that are booked there go to their région; no
      territory is invited across its border.
    - Money is shared in proportion to what the relaxation spends in each région.
    - The calendar months of trainers within reach of several régions are given whole, one after the other, to the
      région that is furthest behind its part of the sessions that the relaxation has them lead.
    - The sessions that relays of several régions have room for are given in the same way, one after the other.

    What the relaxation doesn't use is shared equally, as is everything without a relaxation; ties go to the lower code.
    Money is rounded down to cents.
    """
    inputs = model.tables.inputs
    regions = register.frame("departement").select("region", departement="code")
    homes = inputs.snapshot.frames.territories.select("t", "departement").join(regions, on="departement", how="left")
    homes = homes.select("t", region=pl.coalesce("region", "departement"))
    places = inputs.places.join(homes, on="t", how="left", maintain_order="left")
    demands = inputs.demands.join(homes, on="t", how="left", maintain_order="left")
    leads, relays = (_with_use(frame, places, relaxation) for frame in (model.leads, model.relays))
    months = _by_region(_months(inputs.months, _uses(leads, "r")), inputs.months)
    room = _by_region(_room(inputs.room, _uses(relays, "p")), inputs.room)
    codes = sorted(set(demands["region"]) | set(places["region"]))
    money = _money(inputs.budget, codes, leads)
    return [
        _share(code, demands, places, replace(inputs, months=months[code], room=room[code], budget=money[code]))
        for code in codes
    ]


def _with_use(frame: pl.DataFrame, places: pl.DataFrame, relaxation: Array | None) -> pl.DataFrame:
    """Add to trainers or relays at places their ``region`` and the relaxation's share of a session there."""
    values = pl.Series("use", [0.0] * frame.height if relaxation is None else relaxation[frame["column"].to_numpy()])
    # Rounded, since tiny remainders from the solver are noise and must not decide ties.
    return frame.with_columns(values.cast(pl.Float64).round(6)).join(
        places.select("g", "region"), on="g", how="left", maintain_order="left"
    )


def _uses(frame: pl.DataFrame, number: str) -> dict[int, dict[str, float]]:
    sums = frame.group_by(number, "region", maintain_order=True).agg(pl.col("use").sum()).sort(number, "region")
    parts = sums.partition_by(number, as_dict=True, maintain_order=True)
    return {key: dict(part.select("region", "use").iter_rows()) for (key,), part in parts.items()}


def _deal(units: int, uses: Mapping[str, float]) -> list[str]:
    """Give units one after the other, each to the région furthest behind its part; ties go to the first."""
    total = sum(uses.values())
    parts = {key: use / total if total else 1 / len(uses) for key, use in uses.items()}
    got = dict.fromkeys(uses, 0)
    order = []
    for turn in range(1, units + 1):
        due = max(parts, key=lambda key: parts[key] * turn - got[key])
        got[due] += 1
        order.append(due)
    return order


def _months(months: pl.DataFrame, uses: dict[int, dict[str, float]]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for (r,), own in months.sort("r", "month").partition_by("r", as_dict=True, maintain_order=True).items():
        if r in uses:
            yield from zip(_deal(own.height, uses[r]), own.iter_rows(), strict=True)


def _room(room: pl.DataFrame, uses: dict[int, dict[str, float]]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield régions with the number of sessions that a relay has room for there; unlimited stays unlimited."""
    limits = dict(room.select("p", "left").iter_rows())
    for p, of_regions in sorted(uses.items()):
        left = limits[p]
        turns = _deal(left or 0, of_regions)
        for region in of_regions:
            yield region, (p, None if left is None else turns.count(region))


def _by_region(parts: Iterable[tuple[str, tuple[Any, ...]]], like: pl.DataFrame) -> dict[str, pl.DataFrame]:
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for region, row in parts:
        rows[region].append(row)
    frames = {region: pl.DataFrame(own, schema=like.schema, orient="row") for region, own in rows.items()}
    return defaultdict(like.clear, frames)


def _money(budget: float | None, codes: list[str], leads: pl.DataFrame) -> dict[str, float | None]:
    if budget is None:
        return dict.fromkeys(codes)
    costs = dict.fromkeys(codes, 0.0)
    for region, use, cost in leads.select("region", "use", "weighed").iter_rows():
        costs[region] += use * cost
    total, cents = sum(costs.values()), round(budget * 100)
    # A tiny part of a cent is added, so that an exact share isn't rounded down by one cent.
    return {code: int(cents * (own / total if total else 1 / len(costs)) + 1e-7) / 100 for code, own in costs.items()}


# The fields of the inputs that hold numbers of demands or places.
_FRAMES = ("demands", "after", "places", "seats", "leads", "unpriced", "relays", "before", "came")


def _share(region: str, demands: pl.DataFrame, places: pl.DataFrame, inputs: Inputs) -> RegionShare:
    """Return the inputs of a région, its demands and places numbered from 0 in the same order."""
    own = {
        number: frame.filter(region=region).select(number).sort(number).with_row_index("new")
        for number, frame in (("n", demands), ("g", places))
    }
    own["n_source"] = own["n"].rename({"n": "n_source"})

    def renumber(name: str) -> pl.DataFrame:
        frame: pl.DataFrame = getattr(inputs, name)
        for number in sorted(own.keys() & {*frame.columns}):
            # A booked place has no demand.
            how: Literal["inner", "left"] = "left" if (name, number) == ("places", "n") else "inner"
            rows = frame.join(own[number], on=number, how=how, maintain_order="left")
            frame = rows.with_columns(pl.col("new").alias(number)).select(frame.columns)
        return frame

    frames: dict[str, Any] = {name: renumber(name) for name in _FRAMES}
    return RegionShare(region, replace(inputs, **frames), tuple(own["n"]["n"]), tuple(own["g"]["g"]))
