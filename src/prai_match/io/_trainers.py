"""Trainers put together from three tables: themselves, what they can lead, and their days."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prai_match import register
from prai_match._words import hint
from prai_match.errors import UnknownCodeError, nearest
from prai_match.io._outcomes import PART, ROW, At, Fault, Stack, wrong

_LONGEST = 3660  # days of one row of days taken: ten years. More is a slip of the pen.
_HOMES = frozenset({"commune", "arrondissement_municipal", "former_commune"})
_OTHER = {"latitude": "longitude", "longitude": "latitude"}
Row = dict[str, Any]


@dataclass(slots=True)
class Trainers:
    """Each trainer as the model takes it, where its items stand by list (itself under ""), and faults by table."""

    values: list[Row] = field(default_factory=list)
    items: list[dict[str, list[At]]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))


def join(tables: Mapping[str, Stack]) -> Trainers:
    result = Trainers()
    trainers, expertise, days = (tables[name] for name in ("trainers", "expertise", "trainer_days"))
    ids, leads, when = set(trainers.values("id")), _by_trainer(expertise), _by_trainer(days)
    for table in (expertise, days):
        result.faults[table.name] += _unknown(table, ids)
    lost = expertise.lost("trainer")
    for row in trainers.rows.iter_rows(named=True):
        at = (row.pop(PART), row.pop(ROW))
        items: dict[str, list[At]] = {"": [at]}
        trainer = {name: value for name, value in row.items() if value is not None}
        own = {column.name: trainer.pop(column.name) for column in trainers.table.attributes if column.name in trainer}
        trainer |= {"attributes": own} if own else {}
        trainer |= _days(when.get(trainer["id"], []), items, result.faults["trainer_days"])
        faults, sessions = [*_position(trainer, at)], leads.get(trainer["id"], [])
        items["expertise"] = [_at(row) for row in sessions]
        trainer["expertise"] = tuple(
            {name: row[name] for name in ("session", "axes") if row.get(name) is not None} for row in sessions
        )
        if not sessions:
            faults.append(Fault(at, "id", wrong("no_expertise", repr(trainer["id"])), follows=trainer["id"] in lost))
        if faults:
            result.faults["trainers"] += faults
        else:
            result.values.append(trainer)
            result.items.append(items)
    return result


def _by_trainer(table: Stack) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in table.rows.iter_rows(named=True):
        rows.setdefault(row["trainer"], []).append(row)
    return rows


def _at(row: Row) -> At:
    return row[PART], row[ROW]


def _unknown(table: Stack, ids: set[str]) -> Iterable[Fault]:
    for row in table.rows.iter_rows(named=True):
        if (trainer := row["trainer"]) not in ids:
            yield Fault(_at(row), "trainer", wrong("cited_trainer", repr(trainer), near=hint(nearest(trainer, ids))))


def _days(rows: Iterable[Row], items: dict[str, list[At]], faults: list[Fault]) -> Row:
    """Periods free as they are written; days taken one by one."""
    periods: list[Row] = []
    days: list[dt.date] = []
    items["free"], items["taken"] = [], []
    for row in rows:
        at, start, end = _at(row), row["start"], row["end"]
        count = (end - start).days + 1
        if row["free"]:
            periods.append({"start": start, "end": end})
            items["free"].append(at)
        elif 1 <= count <= _LONGEST:
            days += [start + dt.timedelta(days=day) for day in range(count)]
            items["taken"] += [at] * count
        else:
            faults.append(Fault(at, "end", wrong("long_period", end.isoformat(), start=start, most=_LONGEST)))
    return {"free": tuple(periods), "taken": tuple(days)}


def _position(trainer: Row, at: At) -> Iterable[Fault]:
    """Give a trainer the position of its home commune, where the row gives none."""
    coordinates, home = [name for name in _OTHER if name in trainer], trainer["home"]
    if len(coordinates) == 1:
        yield Fault(at, _OTHER[coordinates[0]], wrong("lone_coordinate_of", home=home))
    if coordinates:
        return
    try:
        entry = register.get(home)
    except UnknownCodeError as error:
        yield Fault(at, "home", wrong("unknown_home", repr(home), near=hint(error.suggestions)))
        return
    if entry.kind not in _HOMES:
        yield Fault(at, "home", wrong("unknown_home", repr(home), near=hint(())))
    elif entry.position:
        trainer |= dict(zip(_OTHER, entry.position, strict=True))
    else:
        yield Fault(at, "home", wrong("home_without_position", repr(home)))
