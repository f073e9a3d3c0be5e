"""The position of each entity: its place, or that of the commune or of the people of the group it belongs to."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from _register.matching import match

if TYPE_CHECKING:
    from _register.entities import Entity
    from _register.sources import Place, Point

CITIES = {"Paris": 75100, "Lyon": 69380, "Marseille": 13200}  # code of an arrondissement, less its number


def locate(rows: list[Entity], places: list[Place]) -> None:
    """Give every entity the best position there is, and say how precise it is."""
    communes = {row.code: row for row in rows if row.kind == "commune"}
    parts = [row for row in rows if row.kind in {"former_commune", "arrondissement_municipal"}]
    # An old code, or a former commune named like its present one, adds only a second claim on the same place.
    apart = [
        row
        for row in parts
        if row.key and row.former_kind != "ancien_code" and row.key != communes[row.present_code or ""].key
    ]
    for row, place in match([*communes.values(), *apart], places).items():
        row.place = place
        row.put(place.point, "place")
    _locate_arrondissements(parts, places)
    for row in parts:
        present = communes[row.present_code or ""]
        if row.code == present.code and row.key == present.key:
            row.put(present.point, "place")
    for seat in (_kept_the_code, _gave_the_name):
        for row in parts:
            present = communes[row.present_code or ""]
            if present.point is None and row.kind == "former_commune" and seat(row, present):
                present.put(row.point, "place")
    _locate_groups(rows, list(communes.values()))
    for row in parts:
        present = communes[row.present_code or ""]
        if row.point is None:
            part = present.precision == "place" and row.former_kind != "ancien_code"
            row.put(present.point, "commune" if part else present.precision)


def _kept_the_code(former: Entity, present: Entity) -> bool:
    return former.code == present.code


def _gave_the_name(former: Entity, present: Entity) -> bool:
    return present.key.startswith(f"{former.key} ")


def _locate_arrondissements(rows: list[Entity], places: list[Place]) -> None:
    by_code = {row.code: row for row in rows if row.kind == "arrondissement_municipal"}
    for place in places:
        found = re.match(r"(Paris|Lyon|Marseille) (\d\d)(?: |$)", place.name)
        row = by_code.get(str(CITIES[found[1]] + int(found[2]))) if found else None
        if row is not None:
            row.put(place.point, "place")


def _locate_groups(rows: list[Entity], communes: list[Entity]) -> None:
    placed = [row for row in communes if row.point is not None]
    regions = {row.code: row for row in rows if row.kind == "region"}
    departements = {row.code: row for row in rows if row.kind == "departement"}
    epcis = {row.code: row for row in rows if row.kind == "epci"}
    for code, row in regions.items():
        row.put(_mean([c for c in placed if c.region == code]), "region_centroid")
    for code, row in departements.items():
        row.put(_mean([c for c in placed if c.departement == code]), "departement_centroid")
    members: dict[str | None, list[Entity]] = defaultdict(list)
    for commune in placed:
        members[commune.epci].append(commune)
    for code, row in epcis.items():
        row.put(_mean(members[code]), "epci_centroid")
        if row.point is None:
            row.put(departements[row.departement or ""].point, "departement_centroid")
    for row in communes:
        if row.point is None:
            group = epcis.get(row.epci or "") or departements[row.departement or ""]
            row.put(group.point, group.precision)


def _mean(rows: list[Entity]) -> Point | None:
    weight = sum(row.population or 0 for row in rows)
    if not weight:
        return None
    points = [(row.point or (0.0, 0.0), row.population or 0) for row in rows]
    latitude, longitude = (math.fsum(point[i] * w for point, w in points) / weight for i in (0, 1))
    return round(latitude, 5), round(longitude, 5)
