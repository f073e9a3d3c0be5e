"""Made programmes for tests: a small one whose every number is known, and strategies for many."""

from __future__ import annotations

import copy
import datetime as dt
import itertools
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from prai_match import Policy, Programme, testing
from prai_match.model import READ_BY, Calendar, Catalogue, once, substitute

ON = dt.date(2007, 9, 3)
FREEZE = dt.date(2008, 1, 28)  # none of the days of its offers is open

CLOSED: dict[str, Any] = {
    "blackouts": [{"start": "2007-09-20", "end": "2008-01-20", "reason": {"fr": "Gel", "en": "Freeze"}}]
}
"""A calendar without an open day within the horizon of the offers of `ON`: the first one is 21 January 2008."""

POLICY_FILE = Path(__file__).with_name("policy_of_tests.toml")
POLICY = Policy.from_toml(POLICY_FILE.read_text("utf-8"), POLICY_FILE.name)
"""The policy of the tests. It is frozen, so that points and texts can be typed while the default policy changes."""


def with_policy(programme: Programme) -> Programme:
    """The programme under the policy of the tests, unless it has its own."""
    if programme.policy_rows is not None:
        return programme
    under = substitute(programme, policy_rows=POLICY.rows)
    under.loaded = programme.loaded
    once(under, "policy", lambda: POLICY.checked(under), reads=READ_BY["policy"])  # compiled once for all tests
    return under


def both(text: str) -> dict[str, str]:
    return {"fr": text, "en": text}


CATALOGUE: dict[str, Any] = {
    "themes": [{"id": "web", "name": both("web")}, {"id": "geo", "name": both("geo")}],
    "buffets": [
        {"id": "b_web", "name": both("Buffet web"), "core": both("core"), "themes": ["web"], "cost": "0"},
        {"id": "b_geo", "name": both("Buffet geo"), "core": both("core"), "themes": ["geo"], "cost": "0"},
    ],
    "workshops": [
        {
            "id": "site_internet",
            "name": both("Site"),
            "core": both("core"),
            "theme": "web",
            "axes": [{"id": "creation", "name": both("creation")}, {"id": "refonte", "name": both("refonte")}],
            "cost": "100",
        },
        {"id": "sig", "name": both("SIG"), "core": both("core"), "theme": "geo", "cost": "0"},
        {"id": "teleservices", "name": both("Téléservices"), "core": both("core"), "theme": "web", "cost": "0"},
    ],
    "follow_ups": [
        {"source": "b_web", "target": "site_internet", "prior": 0.5, "lag_days": 60},
        {"source": "b_web", "target": "teleservices", "prior": 0.2, "lag_days": 90},
        {"source": "b_geo", "target": "sig", "prior": 0.4, "lag_days": 90},
        {"source": "site_internet", "target": "teleservices", "prior": 0.3, "lag_days": 120},
    ],
}

SMALL: dict[str, Any] = {
    "name": both("Essai"),
    "period": {"start": "2006-09-01", "end": "2008-12-31"},
    "catalogue": CATALOGUE,
    "collectivities": [
        {"code": f"0900{n}", "name": f"Commune {n}", "kind": "commune", "departement": "09", "population": 1000}
        for n in range(1, 7)
    ],
    # Three territories in reach of one another, of two communes each; 0.2 degree of latitude is 22 km.
    "territories": [
        {
            "id": f"T{n}",
            "name": f"Territoire {n}",
            "departement": "09",
            "members": [f"0900{2 * n - 1}", f"0900{2 * n}"],
            "population": 2000,
            "latitude": 43.0 + 0.2 * n,
            "longitude": 1.5,
        }
        for n in range(1, 4)
    ],
    "partners": [
        {"id": "adm09", "name": "ADM de l'Ariège", "kind": "adm", "departements": ["09"], "sessions_a_year": 9},
        {"id": "cg09", "name": "Conseil général", "kind": "conseil_general", "departements": ["09"]},
    ],
    "trainers": [
        {
            "id": "web",
            "organisation": "Agence web",
            "role": "Formatrice",
            "expertise": [{"session": "b_web"}, {"session": "site_internet"}, {"session": "teleservices"}],
            "home": "09001",
            "latitude": 43.2,
            "longitude": 1.5,
            "reach_km": 80,
            "sessions_a_month": 4,
            "fee": "500",
            "rating": 3.4,
        },
        {
            "id": "geo",
            "organisation": "Syndicat",
            "role": "Géomaticien",
            "expertise": [{"session": "b_geo"}, {"session": "sig"}],
            "home": "09001",
            "latitude": 43.2,
            "longitude": 1.5,
            "reach_km": 80,
            "sessions_a_month": 4,
            "fee": "400",
            "rating": 3.1,
        },
    ],
    "needs": [
        {"collectivity": "09001", "date": "2007-05-02", "workshop": "site_internet", "axis": "refonte", "people": 6},
        {"collectivity": "09003", "date": "2007-06-01", "workshop": "site_internet", "people": 5},
        {"collectivity": "09005", "date": "2007-06-15", "workshop": "sig", "people": 4},
    ],
    "sessions": [
        {
            "id": "h1",
            "session": "b_web",
            "date": "2007-03-01",
            "host": "T2",
            "partner": "adm09",
            "trainer": "web",
            "cost": "650",
        }
    ],
    "attendances": [
        {
            "collectivity": "09003",
            "session": "b_web",
            "date": "2007-03-01",
            "elected": 4,
            "technicians": 2,
            "rating": 3.5,
            "held": "h1",
        }
    ],
    "calendar": {
        "blackouts": [{"start": "2008-02-01", "end": "2008-05-31", "reason": both("Élections municipales")}],
        "elections": [{"date": "2008-03-16", "name": both("Municipales 2008")}],
    },
    "budget": {"total": "300000"},
}


def small() -> dict[str, Any]:
    """A copy of the small programme, as data to change."""
    return copy.deepcopy(SMALL)


def programme(**changes: Any) -> Programme:
    """The small programme with some of its fields replaced, under the policy of the tests."""
    return with_policy(Programme.model_validate({**small(), **changes}))


SESSIONS = ("b_web", "b_geo", "site_internet", "sig", "teleservices")
WORKSHOPS = SESSIONS[2:]
DEPARTEMENTS = ("09", "31")

_OFFERED = st.just(Catalogue.model_validate(CATALOGUE))
_CALENDAR = st.just(Calendar.model_validate(SMALL["calendar"]))
_FIELDS = (
    "collectivities",
    "territories",
    "partners",
    "trainers",
    "sessions",
    "needs",
    "attendances",
    "decisions",
    "registrations",
    "pace",
    "budget",
    "needs_lapse_months",
)


def data() -> st.SearchStrategy[dict[str, Any]]:
    """A consistent programme as data, from nearly empty to busy, with the catalogue and the calendar of the small one.

    Territories lie at least 0.2 degree apart, so that each is alone in its square and distances can be checked.
    """
    return testing.programmes(catalogue=_OFFERED, calendar=_CALENDAR).map(
        lambda drawn: {**small(), **drawn.model_dump(mode="json", include=set(_FIELDS))}
    )


@st.composite
def crowded(draw: st.DrawFn) -> dict[str, Any]:
    """The same where people are many, so that there is most often something to plan or to hold."""
    rows = draw(data())
    most = draw(st.sampled_from([20, 12]))
    workshops = [{**workshop, "max_seats": most} for workshop in CATALOGUE["workshops"]]
    rows["catalogue"] = {**CATALOGUE, "workshops": workshops}
    if draw(st.integers(0, 3)):
        rows["partners"].append(
            {
                "id": "p9",
                "name": "Relais",
                "kind": "adm",
                "departements": ["09", "31"],
                "sessions_a_year": draw(st.integers(1, 5)),
            }
        )
    if draw(st.integers(0, 3)):
        expertise = [{"session": session} for session in ("b_web", "b_geo", "site_internet", "sig")]
        rows["trainers"].append(
            {
                **small()["trainers"][0],
                "id": "r9",
                "expertise": expertise,
                "reach_km": 150,
                "sessions_a_month": draw(st.integers(1, 3)),
            }
        )
    members = [member for territory in rows["territories"] for member in territory["members"]]
    for member, session in itertools.product(members, ("site_internet", "sig")):
        if draw(st.booleans()):
            people = draw(st.integers(4, 12))
            need = {"collectivity": member, "date": "2006-12-01", "workshop": session, "axis": None, "people": people}
            rows["needs"].append(need)
    for session in rows["sessions"]:
        session["booked_on"] = "2006-09-01" if session["date"] > "2006-10-01" else None
    return rows


def attendances(members: list[str], sessions: tuple[str, ...] = SESSIONS) -> st.SearchStrategy[dict[str, Any]]:
    """An attendance by one of ``members`` at one of ``sessions``, as data."""
    drawn = testing.attendances(programme(), collectivities=members, sessions=sessions)
    return drawn.map(lambda row: row.model_dump(mode="json"))
