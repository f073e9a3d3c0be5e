"""Trainers put together from three tables: themselves, what they can lead, and their days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from prai_match import register
from prai_match.errors import Problem, UnknownCodeError, did_you_mean, suggested
from prai_match.io._rows import UNREADABLE, Rows
from prai_match.io._tables import EXPERTISE, TRAINER_DAYS, TRAINERS, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 3660
"""Days of one row of days taken: ten years. More is a slip of the pen."""

_HOMES: tuple[register.Kind, ...] = ("commune", "arrondissement_municipal", "former_commune")


@dataclass(slots=True)
class Joined:
    """The trainers, and what their tables say wrongly together.

    Attributes:
        values: Each trainer as the model takes it.
        lines: For each trainer and each of its lists, the line of each item.
        problems: What is wrong.
    """

    values: list[dict[str, object]] = field(default_factory=list)
    lines: list[dict[str, list[int]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def join(trainers: Rows, expertise: Rows, days: Rows, *, no_expertise: bool) -> Joined:
    """Join the three tables.

    Args:
        trainers: Rows of the trainers.
        expertise: What they can lead.
        days: When they are free, and days taken.
        no_expertise: There is no table of expertise at all.
    """
    joined = Joined()
    if trainers.values and no_expertise:
        joined.problems.append(Problem(EXPERTISE.file, "no such file", "what each trainer can lead"))
    leads, when = _by_trainer(expertise), _by_trainer(days)
    for row, line in zip(trainers.values, trainers.lines, strict=True):
        lines: dict[str, list[int]] = {}
        key = row.get("id")
        trainer = row | _days(days, when.get(key, []), lines, joined.problems) | _position(row, line, joined.problems)
        if places := leads.get(key, []):
            names = ("session", "axes")
            trainer["expertise"] = tuple(
                {name: expertise.values[place][name] for name in names if name in expertise.values[place]}
                for place in places
            )
            lines["expertise"] = [expertise.lines[place] for place in places]
        else:
            trainer["expertise"] = UNREADABLE
            if not (expertise.broken or no_expertise or key is UNREADABLE):
                where, expected = f"{TRAINERS.file}:{line}.id", f"at least one row of it in {EXPERTISE.file}"
                joined.problems.append(Problem(where, repr(key), expected))
        joined.values.append(trainer)
        joined.lines.append(lines)
    if not trainers.broken:
        known = {row["id"] for row in trainers.values}
        for table, rows in ((EXPERTISE, expertise), (TRAINER_DAYS, days)):
            joined.problems += _unknown(table, rows, known)
    return joined


def _by_trainer(rows: Rows) -> dict[object, list[int]]:
    places: dict[object, list[int]] = {}
    for place, row in enumerate(rows.values):
        if row["trainer"] is not UNREADABLE:
            places.setdefault(row["trainer"], []).append(place)
    return places


def _unknown(table: Table, rows: Rows, known: set[object]) -> Iterable[Problem]:
    names = [name for name in known if isinstance(name, str)]
    for row, line in zip(rows.values, rows.lines, strict=True):
        trainer = row["trainer"]
        if isinstance(trainer, str) and trainer not in known:
            expected = f"a known trainer{did_you_mean(trainer, names)}"
            yield Problem(f"{table.file}:{line}.trainer", repr(trainer), expected)


def _days(days: Rows, places: list[int], lines: dict[str, list[int]], problems: list[Problem]) -> dict[str, object]:
    """Periods free as they are written; days taken one by one."""
    free: list[dict[str, object]] = []
    taken: list[dt.date] = []
    lines["free"], lines["taken"] = [], []
    for place in places:
        row, line = days.values[place], days.lines[place]
        start, end = row["start"], row["end"]
        if UNREADABLE in row.values():
            continue  # told when the cell was read
        if row["free"]:
            free.append({"start": start, "end": end})
            lines["free"].append(line)
            continue
        first, last = cast("dt.date", start), cast("dt.date", end)
        count = (last - first).days + 1
        if 1 <= count <= _LONGEST:
            taken += [first + dt.timedelta(days=day) for day in range(count)]
            lines["taken"] += [line] * count
        else:
            expected = f"a day from {first} on, at most {_LONGEST} days"
            problems.append(Problem(f"{TRAINER_DAYS.file}:{line}.end", last.isoformat(), expected))
    return {"free": tuple(free), "taken": tuple(taken)}


def _position(row: dict[str, object], line: int, problems: list[Problem]) -> dict[str, object]:
    """The position of the home commune, where the row gives none."""
    given = [name for name in ("latitude", "longitude") if name in row]
    home = row["home"]
    if len(given) == 2 or not isinstance(home, str):  # noqa: PLR2004 - both
        return {} if given else dict.fromkeys(("latitude", "longitude"), UNREADABLE)
    where = f"{TRAINERS.file}:{line}"
    if given:
        other = {"latitude": "longitude", "longitude": "latitude"}[given[0]]
        problems.append(Problem(f"{where}.{other}", "nothing", f"a number: both coordinates, or neither ({home})"))
        return {other: UNREADABLE}
    found = _commune(home)
    if isinstance(found, register.Entry) and found.position:
        return dict(zip(("latitude", "longitude"), found.position, strict=True))
    expected = "latitude and longitude in their columns: the register has no position of it"
    if not isinstance(found, register.Entry):
        expected = f"the INSEE code of a commune, or latitude and longitude{suggested(found)}"
    problems.append(Problem(f"{where}.home", repr(home), expected))
    return dict.fromkeys(("latitude", "longitude"), UNREADABLE)


def _commune(code: str) -> register.Entry | tuple[str, ...]:
    """The commune of a code, or the codes that look like it."""
    suggestions: tuple[str, ...] = ()
    for kind in _HOMES:
        try:
            return register.get(code, kind=kind)
        except UnknownCodeError as error:
            suggestions = suggestions or error.suggestions
    return suggestions
