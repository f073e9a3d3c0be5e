"""What isn't given is unknown since the reference, and so is what is no number: where answers may differ by it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from reference.distances import around, comers
from reference.formats import rows, settings
from reference.policies import CARELESS_IDS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from reference.formats import Row

UNKNOWNS: Final[Sequence[str]] = (
    *("unknown fee", "unknown monthly limit", "unknown people", "unknown elected", "unknown technicians"),
    *("unknown cost of a session", "unknown cost of a room", "rule that may give no number"),
)
_OF_TRAINERS: Final = {"fee": "unknown fee", "sessions_a_month": "unknown monthly limit"}
_OF_PEOPLE: Final = {
    "needs": {"people": "unknown people"},
    "attendances": {"elected": "unknown elected", "technicians": "unknown technicians"},
}


def unknowns(files: Mapping[str, bytes], day: dt.date) -> dict[str, frozenset[str]]:
    """Return which of `UNKNOWNS` touch each territory, where any does: of a trainer who comes there, or of people near it.

    >>> from reference.programmes import drawn
    >>> made = drawn(1)
    >>> sorted(set().union(*unknowns(made.files, made.days[0]).values()))
    ['unknown technicians']
    """
    tables = {name.removesuffix(".csv"): rows(content) for name, content in files.items() if name.endswith(".csv")}
    whole, near = {*_whole(files, tables, day)}, around(files)
    own = _of_people(tables, day)
    found = {
        row["id"]: whole.union(*(own[code] for code in near[row["id"]]), _of_trainers(comers(tables, row)))
        for row in tables["territories"]
    }
    return {territory: frozenset(names) for territory, names in found.items() if names}


def _whole(files: Mapping[str, bytes], tables: Mapping[str, list[Row]], day: dt.date) -> Iterator[str]:
    programme = settings(files["programme.toml"])
    catalogue, held = programme["catalogue"], tables.get("sessions", ())
    known = [row for row in held if (row["booked_on"] or row["date"]) <= day.isoformat()]
    if "budget" in programme and any(not row["cost"] for row in known):
        yield "unknown cost of a session"
    if any("cost" not in session for session in (*catalogue.get("buffets", ()), *catalogue.get("workshops", ()))):
        yield "unknown cost of a room"
    if any(rule["id"] in CARELESS_IDS for rule in settings(files["politique.toml"])["rule"]):
        yield "rule that may give no number"


def _of_trainers(trainers: Sequence[Row]) -> set[str]:
    return {name for column, name in _OF_TRAINERS.items() if any(not row[column] for row in trainers)}


def _of_people(tables: Mapping[str, list[Row]], day: dt.date) -> dict[str, set[str]]:
    home = {code: row["id"] for row in tables["territories"] for code in row["members"].split()}
    found: dict[str, set[str]] = defaultdict(set)
    for table, columns in _OF_PEOPLE.items():
        for row in tables.get(table, ()):
            if row["date"] <= day.isoformat() and row["collectivity"] in home:
                found[home[row["collectivity"]]] |= {name for column, name in columns.items() if not row[column]}
    return found
