"""Who takes part: territories with their collectivities, relay partners, trainers with what they lead and their days."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from reference.places import Place, collectivities, places

if TYPE_CHECKING:
    from reference.catalogues import Catalogue
    from reference.dice import Dice
    from reference.formats import Row

_KINDS = ("adm", "adm", "conseil_general", "epci", "syndicat_numerique", "centre_de_gestion", "association", "other")


def decimal(thousandths: int) -> str:
    """Write a number as offices do: 3400 is 3,4."""
    whole, rest = divmod(thousandths, 1000)
    return f"{whole},{rest:03}".rstrip("0").rstrip(",")


def territories(dice: Dice) -> list[Place]:
    """Draw 1 to 12 territories of one to three départements, with a part of their communes."""
    chosen = dice.some(tuple(places()), dice.one([1, 1, 2, 2, 3]))
    there = [place for departement in chosen for place in places()[departement]]
    found: list[Place] = []
    own = dice.chance(0.8)
    for place in dice.some(there, dice.one([1, 2, 3, 4, 6, 9, 12])):
        communes = dice.some(place.communes, dice.whole(1, 3))
        members = (*([place.id] if dice.chance(0.7) else []), *communes)
        code = f"T{len(found) + 1}" if own else place.id
        row = {**place.row, "id": code, "members": " ".join(members)}
        if found and dice.chance(0.05):
            row |= {name: found[-1].row[name] for name in ("latitude", "longitude")}
        found.append(Place(code, place.departement, members, tuple(communes), row))
    return found


def members(dice: Dice, found: list[Place], *, blank: bool) -> list[Row]:
    """Return the collectivities of territories, with one or two besides that are in none."""
    codes = [code for place in found for code in place.members]
    codes += [code for code in dice.some(tuple(collectivities()), dice.whole(0, 2)) if code not in codes]
    emptied: Row = {"population": ""}
    return [{**collectivities()[code], **(emptied if blank and dice.chance(0.5) else {})} for code in sorted(codes)]


def partners(dice: Dice, found: list[Place], catalogue: Catalogue, *, blank: bool) -> list[Row]:
    """Draw relays; most programmes have one that covers everything."""
    departements = sorted({place.departement for place in found})
    rows = []
    for number in range(dice.whole(1, 5)):
        covered = departements if number == 0 and dice.chance(0.8) else dice.some(departements, dice.whole(1, 2))
        outside = ["75"] if dice.chance(0.1) else []
        limited = not (blank and dice.chance(0.5))
        rows.append(
            {
                "id": f"p{number}",
                "name": f"Relais {number}",
                "kind": dice.one(_KINDS),
                "departements": " ".join([*covered, *outside]),
                "carries": " ".join(dice.some(tuple(catalogue.axes), dice.whole(1, 4))) if dice.chance(0.2) else "",
                "sessions_a_year": str(dice.one([0, 1, 2, 4, 9, 20, 20])) if limited else "",
                "hosted": " ".join(f"{code}={dice.whole(0, 9)}" for code in covered) if dice.chance(0.4) else "",
                "brings": dice.one(["", "elected", "technicians", "elected technicians"]),
            }
        )
    return rows


def trainers(dice: Dice, found: list[Place], catalogue: Catalogue, blank: set[str]) -> tuple[list[Row], list[Row]]:
    """Draw trainers and what they lead; most programmes have somebody near for every session."""
    rows: list[Row] = []
    expertise: list[Row] = []
    for number in range(dice.whole(1, 6)):
        near = dice.one(found)
        home = dice.one(near.communes)
        row = {
            "id": f"r{number}",
            "organisation": f"Organisme {number}",
            "role": "Intervenante",
            "home": home,
            "latitude": near.row["latitude"],
            "longitude": (dice.one(found) if dice.chance(0.1) else near).row["longitude"],
            "reach_km": str(dice.one([0, 15, 40, 80, 120, 200])),
            "sessions_a_month": str(dice.one([0, 1, 2, 4, 8])),
            "fee": decimal(dice.whole(0, 90_000) * 10),
            "rating": decimal(dice.whole(10, 40) * 100),
        }
        every = number == 0 and dice.chance(0.8)
        if every:
            row |= {"reach_km": "150", "sessions_a_month": "8", "fee": "480"}
        rows.append({**row, **{name: "" for name in sorted(blank & row.keys()) if dice.chance(0.6)}})
        led = tuple(catalogue.axes) if every else dice.some(tuple(catalogue.axes), dice.whole(1, 5))
        for session in led:
            axes = dice.some(catalogue.axes[session], dice.whole(1, 2)) if not every and dice.chance(0.5) else []
            expertise.append({"trainer": row["id"], "session": session, "axes": " ".join(axes)})
    return rows, expertise


def trainer_days(dice: Dice, rows: list[Row], start: dt.date, end: dt.date) -> list[Row]:
    """Draw when trainers are free, and which days are taken."""
    found: list[Row] = []
    for row in rows:
        if dice.chance(0.15):
            first = dice.day(start, end)
            found.append(_days(row, first, first + dt.timedelta(days=dice.whole(20, 400)), "yes"))
        for _ in range(dice.one([0, 0, 1, 3, 8])):
            first = dice.day(start, end)
            found.append(_days(row, first, first + dt.timedelta(days=dice.one([0, 0, 1, 13])), "no"))
    return found


def _days(row: Row, start: dt.date, end: dt.date, free: str) -> Row:
    return {"trainer": row["id"], "start": start.isoformat(), "end": end.isoformat(), "free": free}
