"""What a country's régions share, shared out: each région's inputs, with money, trainers and relays of its own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from prai_match import register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.plan._inputs import Inputs
    from prai_match.plan._matrix import Array
    from prai_match.plan._model import Model


@dataclass(frozen=True, eq=False)
class Share:
    """A région's part of the inputs.

    Attributes:
        region: Its code; that of the département where the register doesn't know it.
        inputs: Its demands and places, numbered anew, and its part of what is shared.
        demands: The number in the whole of each of its demands.
        places: The number in the whole of each of its places.
    """

    region: str
    inputs: Inputs
    demands: tuple[int, ...]
    places: tuple[int, ...]


def shares(made: Model, relaxed: Array | None) -> list[Share]:
    """Share the inputs out among the régions, in the order of their codes, by what the relaxation uses in each.

    - Territories, their demands and the sessions that they can host, or that are booked there: to their région, and
      nobody is invited across its border.
    - Money: in proportion to what the relaxation spends in each région.
    - Trainers within reach of several régions: their calendar months, each whole, one after the other to the région
      that is furthest behind its part of what the relaxation has them lead.
    - Relays that can host in several régions: the sessions that they have room for, one after the other, likewise.

    What the relaxation uses nowhere is shared equally, and so is everything where there is none; the lower code comes
    first. Money is rounded down to cents.

    Args:
        made: The model of the whole.
        relaxed: Values of its columns; None: there are none.
    """
    inputs = made.tables.inputs
    homes = regions(inputs)
    places = inputs.places.join(homes, on="t", how="left", maintain_order="left")
    demands = inputs.demands.join(homes, on="t", how="left", maintain_order="left")
    leads, relays = (_used(frame, places, relaxed) for frame in (made.leads, made.relays))
    months = _months(inputs.months, _uses(leads, "r"))
    room = _room(inputs.room, _uses(relays, "p"))
    codes = sorted(set(demands["region"]) | set(places["region"]))
    money = _money(inputs.budget, codes, leads)
    return [
        _share(code, demands, places, replace(inputs, months=months[code], room=room[code], budget=money[code]))
        for code in codes
    ]


def regions(inputs: Inputs) -> pl.DataFrame:
    """Return the région of each territory: ``t`` and ``region``."""
    known = register.frame("departement").select("region", departement="code")
    return (
        inputs.snapshot.frames.territories.select("t", "departement")
        .join(known, on="departement", how="left")
        .select("t", region=pl.coalesce("region", "departement"))
        .sort("t")
    )


def _used(frame: pl.DataFrame, places: pl.DataFrame, relaxed: Array | None) -> pl.DataFrame:
    """Add to trainers or relays at places their ``region`` and how far the relaxation has a session there."""
    values = pl.Series("use", [0.0] * frame.height if relaxed is None else relaxed[frame["column"].to_numpy()])
    # Rounded: what the solver leaves of a session is noise, and must not decide between equals.
    return frame.with_columns(values.cast(pl.Float64).round(6)).join(
        places.select("g", "region"), on="g", how="left", maintain_order="left"
    )


def _uses(used: pl.DataFrame, number: str) -> dict[int, dict[str, float]]:
    """Return the sessions of each trainer or relay in each région where there can be one."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    summed = used.group_by(number, "region", maintain_order=True).agg(pl.col("use").sum()).sort(number, "region")
    for key, region, use in summed.select(number, "region", "use").iter_rows():
        found[key][region] = use
    return found


def dealt(units: int, uses: Mapping[str, float]) -> list[str]:
    """Deal units one after the other, each to who is furthest behind its part; the first named of equals."""
    total = sum(uses.values())
    parts = {key: use / total if total else 1 / len(uses) for key, use in uses.items()}
    got = dict.fromkeys(uses, 0)
    order = []
    for turn in range(1, units + 1):
        due = max(parts, key=lambda key: parts[key] * turn - got[key])
        got[due] += 1
        order.append(due)
    return order


def _months(months: pl.DataFrame, uses: dict[int, dict[str, float]]) -> dict[str, pl.DataFrame]:
    """Return the months of trainers that each région has."""
    rows: dict[str, list[Any]] = defaultdict(list)
    for (r,), own in months.sort("r", "month").partition_by("r", as_dict=True, maintain_order=True).items():
        if r in uses:
            for region, row in zip(dealt(own.height, uses[r]), own.iter_rows(), strict=True):
                rows[region].append(row)
    return _by_region(rows, months)


def _room(room: pl.DataFrame, uses: dict[int, dict[str, float]]) -> dict[str, pl.DataFrame]:
    """Return the sessions that relays have room for in each région; no limit is none for each."""
    rows: dict[str, list[Any]] = defaultdict(list)
    limits = dict(room.select("p", "left").iter_rows())
    for p, of_regions in sorted(uses.items()):
        left = limits[p]
        turns = dealt(left or 0, of_regions)
        for region in of_regions:
            rows[region].append((p, None if left is None else turns.count(region)))
    return _by_region(rows, room)


def _by_region(rows: dict[str, list[Any]], like: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the frame of each région's rows, empty for those without any."""
    frames = {region: pl.DataFrame(own, schema=like.schema, orient="row") for region, own in rows.items()}
    return defaultdict(like.clear, frames)


def _money(budget: float | None, codes: list[str], leads: pl.DataFrame) -> dict[str, float | None]:
    """Return the euros of each région; None: no limit."""
    if budget is None:
        return dict.fromkeys(codes)
    spent = dict.fromkeys(codes, 0.0)
    for region, use, cost in leads.select("region", "use", "weighed").iter_rows():
        spent[region] += use * cost
    total = sum(spent.values())
    cents = round(budget * 100)
    return {code: int(cents * (own / total if total else 1 / len(spent)) + _HAIR) / 100 for code, own in spent.items()}


_HAIR = 1e-7
"""Of a cent, so that a whole share isn't rounded down by one."""


def _share(region: str, demands: pl.DataFrame, places: pl.DataFrame, inputs: Inputs) -> Share:
    """Return the inputs of a région, its demands and places numbered from 0 in the same order."""
    own_n = _renumbered(demands.filter(region=region), "n")
    own_g = _renumbered(places.filter(region=region), "g")
    to_n, to_g, to_source = own_n.select("n", "new"), own_g.select("g", "new"), own_n.select("new", n_source="n")

    def with_new(
        frame: pl.DataFrame, number: str, to: pl.DataFrame, how: Literal["inner", "left"] = "inner"
    ) -> pl.DataFrame:
        return (
            frame.join(to, on=number, how=how, maintain_order="left")
            .with_columns(pl.col("new").alias(number))
            .select(frame.columns)
        )

    return Share(
        region,
        replace(
            inputs,
            demands=with_new(inputs.demands, "n", to_n),
            after=with_new(with_new(inputs.after, "n", to_n), "n_source", to_source),
            places=with_new(with_new(inputs.places, "g", to_g), "n", to_n, "left"),
            seats=with_new(with_new(inputs.seats, "n", to_n), "g", to_g),
            leads=with_new(inputs.leads, "g", to_g),
            unpriced=with_new(inputs.unpriced, "g", to_g),
            relays=with_new(inputs.relays, "g", to_g),
            before=with_new(inputs.before, "g", to_g),
            came=with_new(with_new(inputs.came, "n", to_n), "g", to_g),
        ),
        tuple(own_n["n"]),
        tuple(own_g["g"]),
    )


def _renumbered(frame: pl.DataFrame, number: str) -> pl.DataFrame:
    """Return the old and the ``new`` numbers, in the order of the old ones."""
    return frame.select(number).sort(number).with_row_index("new")
