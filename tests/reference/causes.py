"""What a programme holds that a change may act on: by these names a difference from the reference is accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reference.days import changes
from reference.formats import rows, settings
from reference.lives import lives
from reference.policies import CARELESS_IDS, frozen_rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reference.formats import Row

_EMPTY_CELLS: Final = {
    "unknown fee": ("trainers", "fee"),
    "unknown rating of a trainer": ("trainers", "rating"),
    "unknown monthly limit": ("trainers", "sessions_a_month"),
    "unknown yearly limit": ("partners", "sessions_a_year"),
    "unknown audience of a relay": ("partners", "brings"),
    "unknown people": ("needs", "people"),
    "unknown elected": ("attendances", "elected"),
    "unknown technicians": ("attendances", "technicians"),
    "unknown rating of a session": ("attendances", "rating"),
    "unknown cost of a session": ("sessions", "cost"),
    "unknown population": ("collectivities", "population"),
    "attendance at no known session": ("attendances", "held"),
    "session without a relay": ("sessions", "partner"),
    "session without a trainer": ("sessions", "trainer"),
    "session without a booking": ("sessions", "booked_on"),
    "trainer for every axis": ("expertise", "axes"),
}
"""A cell of this column is empty."""

_FILLED_CELLS: Final = {
    "need in words": ("needs", "text"),
    "need with its workshop": ("needs", "workshop"),
    "need with its axis": ("needs", "axis"),
    "session with an axis": ("sessions", "axis"),
    "relay for some sessions": ("partners", "carries"),
    "relay with a record": ("partners", "hosted"),
    "trainer for some axes": ("expertise", "axes"),
}
"""A cell of this column is filled."""

_TABLES: Final = ("partners", "trainers", "needs", "sessions", "attendances")
_SMALL_BUDGET = 8_000


def causes(files: Mapping[str, bytes], day: dt.date) -> frozenset[str]:
    """Return the causes that a folder contains, and those of a day.

    >>> from reference.programmes import drawn
    >>> made = drawn(1)
    >>> [cause for cause in sorted(causes(made.files, made.days[0])) if cause.startswith("unknown")]
    ['unknown rating of a session', 'unknown technicians']
    """
    tables = {name.removesuffix(".csv"): rows(content) for name, content in files.items() if name.endswith(".csv")}
    programme, policy = (settings(files[f"{name}.toml"]) for name in ("programme", "politique"))
    return frozenset(
        [
            *(cause for cause, (name, column) in _EMPTY_CELLS.items() if _any(tables, name, column, filled=False)),
            *(cause for cause, (name, column) in _FILLED_CELLS.items() if _any(tables, name, column, filled=True)),
            *_rows(tables),
            *_catalogue(programme["catalogue"]),
            *_policy(policy),
            *_money(programme),
            *_day(programme, tables, day),
            *(name for each in (lives, changes) for names in each(files, day).values() for name in names),
        ]
    )


def _any(tables: Mapping[str, list[Row]], name: str, column: str, *, filled: bool) -> bool:
    return any(bool(row[column]) is filled for row in tables.get(name, ()))


def _rows(tables: Mapping[str, list[Row]]) -> Iterator[str]:
    yield from (f"no table of {name}" for name in _TABLES if name not in tables)
    yield from (f"empty table of {name}" for name in _TABLES if tables.get(name) == [])
    yield from (f"equal {name}" for name in ("needs", "attendances") if _repeat(map(_values, tables.get(name, ()))))
    if any(row["free"] == "yes" for row in tables.get("trainer_days", ())):
        yield "trainer with free periods"
    if any(row["free"] == "no" for row in tables.get("trainer_days", ())):
        yield "trainer with days taken"
    yield from _places(tables["territories"], tables.get("partners", ()))


def _places(territories: Sequence[Row], partners: Sequence[Row]) -> Iterator[str]:
    if len(territories) == 1:
        yield "one territory"
    if _repeat((row["latitude"], row["longitude"]) for row in territories):
        yield "two territories at one place"
    served = {row["departement"] for row in territories}
    covered = [code for row in partners for code in row["departements"].split() if code in served]
    if _repeat(covered):
        yield "several relays in a département"
    if served - set(covered):
        yield "territory without a relay"


def _values(row: Row) -> tuple[str, ...]:
    return tuple(row.values())


def _repeat(values: Iterable[object]) -> bool:
    found = list(values)
    return len(set(found)) < len(found)


def _catalogue(catalogue: Mapping[str, Any]) -> Iterator[str]:
    sessions = [*catalogue.get("buffets", ()), *catalogue.get("workshops", ())]
    if any("cost" not in session for session in sessions):
        yield "unknown cost of a room"
    if any("lag_days" not in edge for edge in catalogue["follow_ups"]):
        yield "unknown lag"
    if "lexicon" not in catalogue:
        yield "no lexicon"
    for kind in ("buffets", "workshops"):
        if not catalogue.get(kind):
            yield f"no {kind}"
    sources = {edge["source"] for edge in catalogue["follow_ups"]}
    if any(edge["target"] in sources for edge in catalogue["follow_ups"]):
        yield "follow-up of a follow-up"


def _policy(policy: Mapping[str, Any]) -> Iterator[str]:
    frozen = {rule["id"]: rule for rule in frozen_rules()}
    own = {rule["id"]: rule for rule in policy["rule"]}
    both = [(frozen[name], own[name]) for name in frozen.keys() & own.keys()]
    changes = {
        "rule left out": bool(frozen.keys() - own.keys()),
        "rule added": bool(own.keys() - frozen.keys()),
        "rule that may give no number": bool(CARELESS_IDS & own.keys()),
        "weight changed": any(one.get("weight") != other.get("weight") for one, other in both),
        "condition changed": any(one.get("require") != other.get("require") for one, other in both),
        "unknown taken otherwise": any(one.get("unknown") != other.get("unknown") for one, other in both),
    }
    yield from (cause for cause, holds in changes.items() if holds) if any(changes.values()) else ("frozen policy",)


def _money(programme: Mapping[str, Any]) -> Iterator[str]:
    budget = programme.get("budget")
    if budget is None:
        yield "no budget"
    else:
        yield "small budget" if budget["total"] <= _SMALL_BUDGET else "large budget"


def _day(programme: Mapping[str, Any], tables: Mapping[str, list[Row]], day: dt.date) -> Iterator[str]:
    calendar = programme["calendar"]
    if any(freeze["start"] <= day <= freeze["end"] for freeze in calendar.get("blackouts", ())):
        yield "day in a freeze"
    if any(election["date"] < day for election in calendar.get("elections", ())):
        yield "day after an election"
    if day > programme["period"]["end"]:
        yield "day after the end"
    booked = (row for row in tables.get("sessions", ()) if row["booked_on"])
    if any(row["booked_on"] <= day.isoformat() < row["date"] for row in booked):
        yield "session booked on the day"
