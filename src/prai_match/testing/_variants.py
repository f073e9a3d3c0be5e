"""The same programme otherwise written: rows and rules in another order, without its future, with other codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.model import Rows

if TYPE_CHECKING:
    import datetime as dt
    import random
    from collections.abc import Iterable, Mapping

    from prai_match._front import Programme, Recommendations
    from prai_match.policy import Policy

_TABLES = ("needs", "sessions", "attendances")
_ENTITIES = ("collectivities", "territories", "partners", "trainers")


def answers(recs: Recommendations) -> bytes:
    """Return all that the frames of recommendations say, as bytes."""
    # In a format that writes nothing of what lies under a null, which differs from run to run.
    return "".join(frame.write_ndjson() for frame in (recs.to_polars("en"), recs.ranking())).encode()


def rebuilt(programme: Programme) -> Programme:
    """Return the same programme, from its data."""
    return type(programme).model_validate({name: getattr(programme, name) for name in type(programme).model_fields})


def shuffled(programme: Programme, dice: random.Random) -> Programme:
    """Return the programme with the rows of every table in another order."""
    fields: dict[str, Any] = {name: getattr(programme, name) for name in (*_ENTITIES, *_TABLES)}
    orders = {name: dice.sample(list(value), len(value)) for name, value in fields.items()}
    territories = [
        territory.model_copy(update={"members": tuple(dice.sample(territory.members, len(territory.members)))})
        for territory in orders["territories"]
    ]
    return rebuilt(programme.model_copy(update={**_tuples(orders), "territories": tuple(territories)}))


def _tuples(fields: Mapping[str, Iterable[Any]]) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(rows) for name, rows in fields.items()}


def reordered(policy: Policy, dice: random.Random) -> Policy:
    """Return the policy with its rules in another order."""
    return policy.with_rules(dice.sample(policy.rows.rule, len(policy.rows.rule)))


def until(programme: Programme, on: dt.date) -> Programme:
    """Return the programme without what is known only after a day."""
    known = {"needs": pl.col("date"), "attendances": pl.col("date"), "sessions": pl.coalesce("booked_on", "date")}
    rows = {name: getattr(programme, name) for name in known}
    # An attendance may name a session held that is not known yet.
    held = set(programme.sessions.to_polars().filter(known["sessions"] <= on)["id"])
    kept = {name: table.to_polars().filter(known[name] <= on) for name, table in rows.items()}
    kept["attendances"] = kept["attendances"].with_columns(pl.when(pl.col("held").is_in(held)).then("held"))
    tables = {name: Rows.over(rows[name].row, frame) for name, frame in kept.items()}
    return rebuilt(programme.model_copy(update=tables))


def renamed(programme: Programme, named: Mapping[str, Iterable[str]]) -> tuple[Programme, dict[str, str]]:
    """Return the programme with other codes and names, in the opposite order, and its territories' new codes.

    Args:
        programme: The programme.
        named: Codes that some of the territories, partners and trainers must bear, by ``territory``, ``partner`` and
            ``trainer``.
    """
    territories = _codes((territory.id for territory in programme.territories), "Z", named.get("territory", ()))
    partners = _codes((partner.id for partner in programme.partners), "Y", named.get("partner", ()))
    trainers = _codes((trainer.id for trainer in programme.trainers), "X", named.get("trainer", ()))
    members = _codes((found.code for found in programme.collectivities), "C", ())
    fields: dict[str, Any] = {
        "collectivities": tuple(
            found.model_copy(update={"code": members[found.code], "name": "Commune"})
            for found in programme.collectivities
        ),
        "territories": tuple(
            found.model_copy(
                update={
                    "id": territories[found.id],
                    "name": "Territoire",
                    "members": tuple(members[member] for member in found.members),
                }
            )
            for found in programme.territories
        ),
        "partners": tuple(
            found.model_copy(update={"id": partners[found.id], "name": "Relais"}) for found in programme.partners
        ),
        "trainers": tuple(
            found.model_copy(
                update={"id": trainers[found.id], "organisation": "Autre", "home": members.get(found.home, found.home)}
            )
            for found in programme.trainers
        ),
    }
    other = {"collectivity": members, "host": territories, "partner": partners, "trainer": trainers}
    for name in _TABLES:
        rows: Rows[Any] = getattr(programme, name)
        frame = rows.to_polars()
        changed = [pl.col(column).replace(codes) for column, codes in other.items() if column in frame.columns]
        fields[name] = Rows.over(rows.row, frame.with_columns(changed))
    return rebuilt(programme.model_copy(update=fields)), territories


def _codes(known: Iterable[str], letter: str, named: Iterable[str]) -> dict[str, str]:
    """Return other codes, in the opposite order; the first ones are those named."""
    ordered = sorted(known, reverse=True)
    wanted = list(named)[: len(ordered)]
    return dict(zip(ordered, [*wanted, *(f"{letter}{n:04}" for n in range(len(ordered)))], strict=False))
