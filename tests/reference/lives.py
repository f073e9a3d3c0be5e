"""What became of needs by a day: since they have a life, answers differ from the reference by it, and by nothing else."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter, defaultdict
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Final

from reference.formats import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reference.comparison import Difference
    from reference.formats import Row

NEEDS: Final[Sequence[str]] = ("need met", "need lapsed", "need to confirm", "need of one who attended")
"""The reference counted every need, but for the people of a collectivity that had attended what it asked for."""
OTHER: Final = "other"
_LAPSE_YEARS: Final = 2
_MARGIN_KM: Final = 16
"""People travel from the middle of squares of about 10 km."""


def lives(files: Mapping[str, bytes], day: dt.date) -> dict[str, frozenset[str]]:
    """Return what became of the needs of each territory, where anything did; a need in words may be for any session.

    >>> from reference.programmes import drawn
    >>> made = drawn(0)
    >>> sorted(set().union(*lives(made.files, made.days[1]).values()))
    ['need met', 'need of one who attended', 'need to confirm']
    """
    tables = {name: rows(files.get(f"{name}.csv", b"")) for name in ("territories", "needs", "attendances")}
    elections = tomllib.loads(files["programme.toml"].decode())["calendar"].get("elections", ())
    renewal = max((each["date"] for each in elections if each["date"] < day), default=dt.date.min).isoformat()
    home = {code: row["id"] for row in tables["territories"] for code in row["members"].split()}
    came = [row for row in tables["attendances"] if row["date"] <= day.isoformat()]
    found: dict[str, set[str]] = defaultdict(set)
    for need in tables["needs"]:
        if need["date"] <= day.isoformat() and need["collectivity"] in home:
            here = [row for row in came if home.get(row["collectivity"]) == home[need["collectivity"]]]
            found[home[need["collectivity"]]] |= {*_became(need, here, renewal, day)}
    return {territory: frozenset(names) for territory, names in found.items() if names}


def _became(need: Row, came: Iterable[Row], renewal: str, day: dt.date) -> Iterator[str]:
    date = dt.date.fromisoformat(need["date"])
    same = [row for row in came if need["workshop"] in {"", row["session"]}]
    if any(row["date"] > need["date"] for row in same):
        yield "need met"
    if any(row["collectivity"] == need["collectivity"] for row in same):
        yield "need of one who attended"
    if date.replace(year=date.year + _LAPSE_YEARS, day=min(date.day, 28)) <= day:
        yield "need lapsed"
    if need["date"] <= renewal:
        yield "need to confirm"


def by_need(
    differences: Iterable[Difference], needs: Iterable[Sequence[str]], files: Mapping[str, bytes], day: dt.date
) -> Counter[str]:
    """Count the territories that differ by what became of their needs or, near them, of others'; else as `OTHER`.

    Args:
        differences: Of one question.
        needs: The needs that the library reads on the day (see `library.needs`).
        files: The folder that was asked.
        day: The day.
    """
    rows_of_day = (row for row in rows(files.get("attendances.csv", b"")) if row["date"] <= day.isoformat())
    came = {(row["collectivity"], row["session"]) for row in rows_of_day}
    known: dict[str, set[str]] = defaultdict(set)
    for territory, collectivity, workshop, state in needs:
        known[territory].add(_STATES.get(state, ""))
        if state == "open" and (collectivity, workshop) in came:
            known[territory].add("need of one who attended")
    near, counts = _near(files), Counter[str]()
    for territory in {each.key[0] for each in differences}:
        others = {name for code in near[territory] for name in known[code]}
        names = [name for name in NEEDS if name in known[territory]] or [
            f"{name}, near" for name in NEEDS if name in others
        ]
        counts[names[0] if names else OTHER] += 1
    return counts


_STATES: Final = {"met": "need met", "lapsed": "need lapsed", "to_confirm": "need to confirm"}


def _near(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    limit = tomllib.loads(files["programme.toml"].decode()).get("travel_km", 40) + 2 * _MARGIN_KM
    places = {
        row["id"]: (_number(row["latitude"]), _number(row["longitude"])) for row in rows(files["territories.csv"])
    }
    return {
        code: [other for other, there in places.items() if _km(here, there) <= limit] for code, here in places.items()
    }


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    (a, b), (c, d) = ((radians(x), radians(y)) for x, y in (one, other))
    return 2 * 6371 * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))
