"""Variants of a programme: rows and rules in another order, without its future, with other codes."""

import datetime as dt
import random
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from typing import Any

import polars as pl

from prai_match._front import Programme, Recommendations
from prai_match.model import Rows
from prai_match.policy import Policy

_TABLES = ("needs", "sessions", "attendances", "decisions")
_ROWS = (*_TABLES, "registrations")
_ENTITIES = ("collectivities", "territories", "partners", "trainers")


def answers(recs: Recommendations) -> bytes:
    """Return the content of all frames of recommendations, as bytes."""
    # In a format that doesn't write the memory under nulls, which differs between runs.
    return "".join(frame.write_ndjson() for frame in (recs.to_polars("en"), recs.ranking())).encode()


def rebuilt(programme: Programme) -> Programme:
    """Return the same programme, from its data."""
    return type(programme).model_validate({name: getattr(programme, name) for name in type(programme).model_fields})


def shuffled(programme: Programme, dice: random.Random) -> Programme:
    """Return the programme with the rows of every table in another order."""
    fields: dict[str, Any] = {name: getattr(programme, name) for name in (*_ENTITIES, *_ROWS)}
    orders = {name: tuple(dice.sample(list(value), len(value))) for name, value in fields.items()}
    orders["territories"] = tuple(
        territory.model_copy(update={"members": tuple(dice.sample(territory.members, len(territory.members)))})
        for territory in orders["territories"]
    )
    return rebuilt(programme.model_copy(update=orders))


def reordered(policy: Policy, dice: random.Random) -> Policy:
    """Return the policy with its rules in another order."""
    return policy.with_rules(dice.sample(policy.rows.rule, len(policy.rows.rule)))


def until(programme: Programme, on: dt.date) -> Programme:
    """Return the programme without what is known only after a day."""
    since = dict.fromkeys(_TABLES, pl.col("date")) | {"sessions": pl.coalesce("booked_on", "date")}
    rows = {name: getattr(programme, name) for name in _ROWS}
    # An attendance or a decision may name a session held that is not known yet.
    codes = set(programme.sessions.to_polars().filter(since["sessions"] <= on)["id"])
    frames = {name: rows[name].to_polars().filter(since[name] <= on) for name in since}
    frames["attendances"] = frames["attendances"].with_columns(pl.when(pl.col("held").is_in(codes)).then("held"))
    frames["decisions"] = frames["decisions"].filter(pl.col("held").is_null() | pl.col("held").is_in(codes))
    frames["registrations"] = rows["registrations"].to_polars().filter(pl.col("session").is_in(codes))
    return rebuilt(programme.model_copy(update={name: Rows.over(rows[name].row, frames[name]) for name in frames}))


def without_rows(programme: Programme, name: str, places: Collection[int]) -> Programme:
    """Return the programme without some rows of a table, by their places."""
    rows: Rows[Any] = getattr(programme, name)
    kept = rows.to_polars().with_row_index("place").filter(~pl.col("place").is_in(list(places))).drop("place")
    return rebuilt(programme.model_copy(update={name: Rows.over(rows.row, kept)}))


def rename(programme: Programme, codes: Mapping[str, Iterable[str]]) -> tuple[Programme, dict[str, str]]:
    """Return the programme with other codes and names, in the opposite order, and its territories' new codes.

    Some of the territories, partners and trainers must bear the ``codes`` of ``territory``, ``partner``, ``trainer``.
    """
    territories = _codes((territory.id for territory in programme.territories), "Z", codes.get("territory", ()))
    partners = _codes((partner.id for partner in programme.partners), "Y", codes.get("partner", ()))
    trainers = _codes((trainer.id for trainer in programme.trainers), "X", codes.get("trainer", ()))
    members = _codes((each.code for each in programme.collectivities), "C", ())

    updates: dict[str, Callable[[Any], dict[str, Any]]] = {
        "collectivities": lambda each: {"code": members[each.code], "name": "Commune"},
        "territories": lambda each: {
            "id": territories[each.id],
            "name": "Territoire",
            "members": tuple(members[member] for member in each.members),
        },
        "partners": lambda each: {"id": partners[each.id], "name": "Relais"},
        "trainers": lambda each: {
            "id": trainers[each.id],
            "organisation": "Autre",
            "home": members.get(each.home, each.home),
        },
    }
    fields: dict[str, Any] = {
        name: tuple(row.model_copy(update=update(row)) for row in getattr(programme, name))
        for name, update in updates.items()
    }
    other = {"collectivity": members, "partner": partners, "trainer": trainers}
    other |= dict.fromkeys(("territory", "host"), territories)
    for name in _ROWS:
        rows: Rows[Any] = getattr(programme, name)
        exprs = [pl.col(column).replace(new) for column, new in other.items() if column in rows.row.model_fields]
        fields[name] = Rows.over(rows.row, rows.to_polars().with_columns(exprs))
    return rebuilt(programme.model_copy(update=fields)), territories


def _codes(codes: Iterable[str], letter: str, first: Iterable[str]) -> dict[str, str]:
    """Return other codes, in the opposite order, the ``first`` of them given."""
    order = sorted(codes, reverse=True)
    return dict(zip(order, chain(first, (f"{letter}{n:04}" for n in range(len(order)))), strict=False))
