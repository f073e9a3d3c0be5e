"""Programmes made of attendances alone, for backtests."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from made import SESSIONS, programme
from prai_match import Policy, Programme

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SPLIT = dt.date(2007, 6, 1)
UNTIL = dt.date(2007, 12, 31)
LOOSE: dict[str, Any] = {"level": 0.5, "precision": 0.5, "replications": 100, "until": UNTIL}
"""One territory is enough; few draws."""

Came = tuple[int, str, dt.date]


def history(
    territories: int, came: Iterable[Came], departements: Mapping[int, str] | None = None, **changes: Any
) -> Programme:
    """So many territories, T01 and on, and who attended what, when; the départements are those of odd and even numbers."""
    places = range(1, territories + 1)
    return programme(
        **{
            "collectivities": [
                {"code": f"09{n:03}", "name": f"Commune {n}", "kind": "commune", "departement": "09"} for n in places
            ],
            "territories": [
                {
                    "id": f"T{n:02}",
                    "name": f"Territoire {n}",
                    "departement": (departements or {}).get(n, "09" if n % 2 else "31"),
                    "members": [f"09{n:03}"],
                    "population": 1000 * n,
                    "latitude": 43.2,
                    "longitude": 1.5,
                }
                for n in places
            ],
            "needs": [],
            "sessions": [],
            "attendances": [
                {"collectivity": f"09{n:03}", "session": session, "date": day.isoformat(), "elected": 2}
                for n, session, day in came
            ],
            **changes,
        }
    )


def knowing() -> Policy:
    """A policy that is told, in a column of its own, which session each territory attends next."""
    clauses = " ".join(
        f"WHEN coming = '{name}' THEN (CASE WHEN session = '{name}' THEN 1 ELSE 0 END)" for name in SESSIONS
    )
    return Policy.from_toml(f"""
id = "knowing"
name = {{ fr = "Qui sait", en = "Knowing" }}
[[column]]
name = "coming"
type = "text"
fr = "ce qui suit"
en = "what comes next"
[[rule]]
id = "knows"
stage = "session"
prefer = "CASE {clauses} ELSE 0 END"
weight = 1
fr = "f"
en = "e"
""")


days = st.dates(dt.date(2007, 1, 1), UNTIL)
histories = st.lists(st.tuples(st.integers(1, 6), st.sampled_from(SESSIONS), days), min_size=1, max_size=40)
"""Attendances of six territories."""
