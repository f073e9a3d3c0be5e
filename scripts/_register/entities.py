"""The entities of the register: every commune, past or present, EPCI, département and region, without positions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match.register._names import normalised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _register.sources import Json, Place, Point


@dataclass(slots=True, eq=False)
class Entity:
    """One row of the register while it is being built."""

    code: str
    kind: str
    name: str | None = None
    siren: str | None = None
    epci: str | None = None
    departement: str | None = None
    region: str | None = None
    population: int | None = None
    present_code: str | None = None
    epci_kind: str | None = None
    former_kind: str | None = None
    postal_codes: list[str] | None = None
    overseas: bool = False
    key: str = ""
    point: Point | None = None
    precision: str | None = None
    place: Place | None = None

    def put(self, point: Point | None, precision: str | None) -> None:
        """Take a position, unless there is none to take."""
        if point is not None:
            self.point, self.precision = point, precision


def keys(names: Iterable[str]) -> list[str]:
    """The names in the form in which the library compares them."""
    return (
        pl.DataFrame({"name": list(names)}, schema={"name": pl.String})
        .select(normalised(pl.col("name")))["name"]
        .to_list()
    )


def entities(data: dict[str, list[Json]]) -> list[Entity]:
    """Every entity of the source, without positions, sorted by code and kind."""
    epci_of = {member["code"]: epci["code"] for epci in data["epci"] for member in epci["membres"]}
    communes = {row["code"]: row for row in data["communes"] if row["type"] == "commune-actuelle"}
    rows = [_commune(row, epci_of) for row in data["communes"]]
    named = {row.code for row in rows if row.kind == "former_commune"}
    earlier = {row["code"]: row for row in data["earlier"]}
    rows += [
        _old_code(old, earlier.get(old, {}), present, epci_of)
        for present in communes.values()
        for old in present.get("anciensCodes", ())
        if old not in named
    ]
    placed = {row.code: row for row in rows if row.kind == "commune"}
    rows += [_epci(row, [placed[member["code"]] for member in row["membres"]]) for row in data["epci"]]
    rows += [
        Entity(row["code"], "departement", row["nom"], region=row["region"], population=_total(members))
        for row in data["departements"]
        for members in [[c for c in placed.values() if c.departement == row["code"]]]
    ]
    rows += [
        Entity(row["code"], "region", row["nom"], population=_total(members))
        for row in data["regions"]
        for members in [[c for c in placed.values() if c.region == row["code"]]]
    ]
    named_rows = [row for row in rows if row.name is not None]
    for row, key in zip(named_rows, keys(row.name or "" for row in named_rows), strict=True):
        row.key = key
    return sorted(rows, key=lambda row: (row.code, row.kind))


def _commune(row: Json, epci_of: dict[str, str]) -> Entity:
    kind, former_kind = {
        "commune-actuelle": ("commune", None),
        "commune-deleguee": ("former_commune", "commune_deleguee"),
        "commune-associee": ("former_commune", "commune_associee"),
        "arrondissement-municipal": ("arrondissement_municipal", None),
    }[row["type"]]
    present = row.get("chefLieu") or row.get("commune") or row["code"]
    return Entity(
        row["code"],
        kind,
        row["nom"],
        siren=row.get("siren"),
        epci=epci_of.get(present),
        departement=row["departement"],
        region=row["region"],
        population=row.get("population"),
        present_code=present,
        former_kind=former_kind,
        postal_codes=row.get("codesPostaux"),
        overseas=row["zone"] != "metro",
    )


def _old_code(code: str, earlier: Json, present: Json, epci_of: dict[str, str]) -> Entity:
    recoded = earlier.get("type", "ancien-code") == "ancien-code"
    return Entity(
        code,
        "former_commune",
        earlier.get("nom"),
        epci=epci_of.get(present["code"]),
        departement=present["departement"],
        region=present["region"],
        present_code=present["code"],
        former_kind="ancien_code" if recoded else "commune_absorbee",
    )


def _epci(row: Json, members: list[Entity]) -> Entity:
    by_departement: Counter[tuple[str, str]] = Counter()
    for member in members:
        by_departement[member.departement or "", member.region or ""] += member.population or 0
    departement, region = min(by_departement, key=lambda key: (-by_departement[key], key))
    return Entity(
        row["code"],
        "epci",
        row["nom"],
        siren=row["code"],
        departement=departement,
        region=region,
        population=_total(members),
        epci_kind=row["type"],
    )


def _total(members: list[Entity]) -> int | None:
    known = [member.population for member in members if member.population is not None]
    return sum(known) if known else None
