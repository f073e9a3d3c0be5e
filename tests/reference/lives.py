"""What became of needs by a day: since they have a life, answers differ from the reference by it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from reference.distances import around
from reference.formats import rows, settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reference.formats import Row

NEEDS: Final[Sequence[str]] = ("need met", "need lapsed", "need to confirm", "need of one who attended")
"""The reference counted every need, but for the people of a collectivity that had attended what it asked for."""
_LAPSE_YEARS: Final = 2


def lives(files: Mapping[str, bytes], day: dt.date) -> dict[str, frozenset[str]]:
    """Return what became of the needs of each territory, where anything did; a need in words may be for any session.

    >>> from reference.programmes import drawn
    >>> made = drawn(0)
    >>> sorted(set().union(*lives(made.files, made.days[1]).values()))
    ['need met', 'need of one who attended', 'need to confirm']
    """
    tables = {name: rows(files.get(f"{name}.csv", b"")) for name in ("territories", "needs", "attendances")}
    elections = settings(files["programme.toml"])["calendar"].get("elections", ())
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


def known(needs: Iterable[Sequence[str]], files: Mapping[str, bytes], day: dt.date) -> dict[str, list[str]]:
    """Return what became of the needs of each territory or, near it, of others'; of any people, in the order of `NEEDS`.

    Args:
        needs: The needs that the library reads on the day (see `library.needs`).
        files: The folder that was asked.
        day: The day.
    """
    rows_of_day = (row for row in rows(files.get("attendances.csv", b"")) if row["date"] <= day.isoformat())
    came = {(row["collectivity"], row["session"]) for row in rows_of_day}
    states: dict[str, set[str]] = defaultdict(set)
    for territory, collectivity, workshop, state in needs:
        states[territory].add(_STATES.get(state, ""))
        if state == "open" and (collectivity, workshop) in came:
            states[territory].add("need of one who attended")
    found = {}
    for territory, near in around(files).items():
        others = {name for code in near for name in states[code]}
        own = [name for name in NEEDS if name in states[territory]]
        found[territory] = own or [f"{name}, near" for name in NEEDS if name in others]
    return found


_STATES: Final = {"met": "need met", "lapsed": "need lapsed", "to_confirm": "need to confirm"}
