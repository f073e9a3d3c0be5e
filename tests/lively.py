"""A programme in which every column of the vocabulary takes several values, and days fall on every bound."""

from __future__ import annotations

import datetime as dt
from typing import Any

from made import both, small, with_policy
from prai_match import Programme, offers

ON = dt.date(2007, 9, 3)
RENEWED = "2007-03-18"
"""The councils' last election before `ON`."""


def _territory(id: str, departement: str, members: list[str], population: int, *at: float) -> dict[str, Any]:
    latitude, longitude = at
    return {
        "id": id, "name": f"Pays {id}", "departement": departement, "members": members, "population": population,
        "latitude": latitude, "longitude": longitude,
    }  # fmt: skip


def _trainer(id: str, *expertise: str | tuple[str, str], **fields: Any) -> dict[str, Any]:
    known: dict[str, list[str]] = {}
    for one in expertise:
        session, axes = (one, []) if isinstance(one, str) else (one[0], [one[1]])
        known.setdefault(session, []).extend(axes)
    led = [{"session": session, "axes": axes} for session, axes in known.items()]
    base = {"organisation": id, "role": "f", "home": "09001", "latitude": 43.0, "longitude": 1.5, "reach_km": 60.0}
    base |= {"fee": "0", "sessions_a_month": 4}
    return {"id": id, "expertise": led, **base, **fields}


def _need(collectivity: str, date: str, workshop: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"collectivity": collectivity, "date": date, "workshop": workshop, "people": 2, **fields}


def _came(collectivity: str, session: str, date: str, elected: int, technicians: int, **fields: Any) -> dict[str, Any]:
    row = {"collectivity": collectivity, "session": session, "date": date}
    return {**row, "elected": elected, "technicians": technicians, **fields}


def _held(id: str, session: str, date: str, host: str, **fields: Any) -> dict[str, Any]:
    return {"id": id, "session": session, "date": date, "host": host, "cost": "0", **fields}


def _decided(date: str, event: str, **about: Any) -> dict[str, Any]:
    return {"date": date, "event": event, **about}


DECISIONS = [
    _decided("2007-07-02", "made", territory="A1", session="sig", partner="adm09", trainer="bob"),
    _decided("2007-07-20", "unanswered", territory="A1", session="sig"),
    _decided("2007-08-01", "accepted", territory="A1", session="sig"),
    _decided("2007-08-06", "made", territory="B1", session="b_web", partner="cdg31", trainer="anna"),
    _decided("2007-08-20", "declined", territory="B1", session="b_web"),
    _decided("2007-08-20", "made", territory="A2", session="sig", partner="adm09", trainer="bob"),
    _decided("2007-09-03", "unanswered", territory="A2", session="sig"),
    _decided("2007-09-04", "accepted", territory="A2", session="sig"),
    _decided("2007-08-10", "cancelled", held="h7"),
    _decided("2007-08-20", "confirmed", held="h7"),
    _decided("2007-09-03", "cancelled", held="h6"),
    _decided("2007-09-04", "cancelled", held="h1"),
]
"""What became of its offers and of what is booked: of one offer the last answer counts, of some the day is to come."""


def lively() -> dict[str, Any]:
    """A copy of the programme, as data to change."""
    members = {"A1": ["09001", "09002"], "A2": ["09003"], "B1": ["31001", "31002"], "C1": ["65001"], "D1": ["09004"]}
    catalogue = small()["catalogue"]
    catalogue["buffets"][0]["refresh_after"] = 3
    return {
        **small(),
        "catalogue": catalogue,
        "collectivities": [
            {"code": code, "name": code, "kind": "commune", "departement": code[:2], "population": 900}
            for codes in members.values()
            for code in codes
        ],
        "territories": [
            # The first two share a square of about 10 km; the third is 33 km off, the fourth far from everybody.
            _territory("A1", "09", members["A1"], 3000, 43.03, 1.5),
            _territory("A2", "09", members["A2"], 500, 43.05, 1.52),
            _territory("B1", "31", members["B1"], 12000, 43.34, 1.5),
            _territory("C1", "65", members["C1"], 800, 45.2, -0.5),
            _territory("D1", "09", members["D1"], 40, 42.6, 1.9),
        ],
        "partners": [
            {"id": "adm09", "name": "n", "kind": "adm", "departements": ["09"], "sessions_a_year": 6,
             "hosted": [{"departement": "09", "sessions": 4}, {"departement": "31", "sessions": 1}]},
            {"id": "cdg31", "name": "n", "kind": "centre_de_gestion", "departements": ["31", "09"],
             "brings": ["elected", "technicians"], "carries": ["sig", "b_geo"]},
            {"id": "syn", "name": "n", "kind": "syndicat", "departements": ["31"], "sessions_a_year": 0},
        ],
        "trainers": [
            _trainer("anna", "site_internet", "b_web", "teleservices", fee="500", rating=3.5, sessions_a_month=2),
            _trainer("bob", ("site_internet", "creation"), "sig", "b_geo", fee="320.5", reach_km=20.0,
                     taken=["2007-09-24", "2007-09-25"]),
            _trainer("carl", ("site_internet", "refonte"), latitude=43.5, reach_km=55.0, rating=2.0, sessions_a_month=0),
            _trainer("dora", "sig", "teleservices", latitude=43.34, reach_km=0.0, fee="90",
                     free=[{"start": "2007-10-06", "end": "2007-10-08"}, {"start": "2007-11-02", "end": "2008-12-31"}]),
            _trainer("eve", "b_web", "b_geo", free=[{"start": "2007-01-01", "end": "2007-09-20"}]),
        ],
        "needs": [
            _need("09001", "2007-05-02", "site_internet", axis="refonte", people=6),
            _need("09002", "2007-09-03", "site_internet", axis="creation", people=9),
            _need("09001", "2007-09-04", "sig", people=50),
            _need("09003", "2006-11-20", "sig", people=12),
            _need("31001", "2007-01-15", "site_internet", people=7),
            _need("31001", "2007-02-15", "site_internet", axis="creation", people=3),
            _need("31002", "2007-06-01", "teleservices", people=4),
            _need("65001", "2007-07-01", "teleservices", people=10),
            _need("09003", "2007-04-01", text="refaire notre site internet", people=2),
            _need("31002", "2007-08-01", text="la cantine est fermée", people=2),
        ],
        "attendances": [
            _came("09001", "b_web", "2007-04-10", 3, 0, rating=4),
            _came("09002", "b_web", "2007-04-10", 0, 2, rating=3),
            _came("09001", "b_web", "2007-06-10", 4, 0),
            _came("09001", "b_geo", RENEWED, 5, 1, rating=1),
            _came("09003", "b_geo", "2007-03-19", 2, 0, rating=2),
            _came("31001", "site_internet", "2007-09-03", 1, 1, rating=3),
            _came("31002", "sig", "2007-09-04", 1, 1, rating=1),
            _came("65001", "b_web", "2007-05-01", 2, 0),
            _came("65001", "teleservices", "2007-06-01", 0, 8),
            _came("09004", "teleservices", "2006-12-01", 1, 1, rating=2),
        ],
        "sessions": [
            _held("h1", "b_web", "2007-04-10", "A1", partner="adm09", trainer="anna", cost="600.10"),
            _held("h2", "b_geo", "2006-09-04", "A2", partner="adm09", trainer="bob", cost="310.25"),
            _held("h3", "sig", "2006-09-03", "A2", partner="adm09", trainer="bob", cost="400"),
            _held("h4", "sig", "2007-09-27", "B1", booked_on="2007-09-03", partner="cdg31", trainer="anna", cost="50"),
            _held("h5", "sig", "2007-09-28", "B1", booked_on="2007-09-04", partner="cdg31", trainer="anna", cost="70"),
            _held("h6", "b_web", "2007-09-24", "A1", booked_on="2007-08-01", partner="adm09", trainer="anna", cost="80"),
            _held("h7", "teleservices", "2007-10-26", "A1", booked_on="2007-08-01", partner="adm09", trainer="bob"),
            _held("h8", "teleservices", "2007-10-27", "B1", booked_on="2007-08-01", trainer="bob"),
            _held("h9", "site_internet", "2007-09-03", "B1", partner="adm09"),
        ],
        "calendar": {
            "blackouts": [
                {"start": "2007-10-01", "end": "2007-10-03", "reason": both("gel")},
                {"start": "2008-02-01", "end": "2008-05-31", "reason": both("gel")},
            ],
            "elections": [{"date": RENEWED, "name": both("v")}, {"date": "2001-03-18", "name": both("v")},
                          {"date": "2008-03-16", "name": both("v")}],
        },
        "budget": {"total": "20000", "other_spending": "1500.5"},
        "travel_km": 34.0,
    }  # fmt: skip


def programme(**changes: Any) -> Programme:
    """The lively programme with some of its fields replaced, under the policy of the tests."""
    return with_policy(Programme.model_validate({**lively(), **changes}))


def day(made: Programme | None = None, on: dt.date = ON) -> offers.Snapshot:
    """What is known of a programme on a day; of the lively one where none is given."""
    asked = made or programme()
    return offers.Snapshot(offers.prepare(asked), on, asked.follow_ups(on), None)
