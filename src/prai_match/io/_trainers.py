"""Trainers put together from three tables: themselves, what they can lead, and their days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prai_match import register
from prai_match._words import hint
from prai_match.errors import UnknownCodeError, nearest
from prai_match.io._outcomes import ROW, wrong
from prai_match.io._stacks import PART, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prai_match.io._stacks import At, Stacked

_LONGEST = 3660
"""Days of one row of days taken: ten years. More is a slip of the pen."""

_HOMES = frozenset({"commune", "arrondissement_municipal", "former_commune"})
_OTHER = {"latitude": "longitude", "longitude": "latitude"}

Row = dict[str, Any]


@dataclass(slots=True)
class Joined:
    """The trainers, and what their tables say wrongly together.

    Attributes:
        values: Each trainer as the model takes it.
        items: For each trainer and each of its lists, where each item stands in the list's own table.
        faults: What is wrong, by table.
    """

    values: list[Row] = field(default_factory=list)
    items: list[dict[str, list[At]]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(
        default_factory=lambda: {"trainers": [], "expertise": [], "trainer_days": []}
    )


def join(tables: Mapping[str, Stacked]) -> Joined:
    """Join the three tables."""
    joined = Joined()
    trainers, expertise, days = (tables[name] for name in ("trainers", "expertise", "trainer_days"))
    known = set(trainers.values("id"))
    leads, when = _by_trainer(expertise), _by_trainer(days)
    lost = expertise.gone("trainer")
    for table in (expertise, days):
        joined.faults[table.name] += _unknown(table, known)
    for row in trainers.rows.iter_rows(named=True):
        at = (row.pop(PART), row.pop(ROW))
        items: dict[str, list[At]] = {}
        trainer = {name: value for name, value in row.items() if value is not None}
        trainer |= _days(when.get(trainer["id"], []), items, joined.faults["trainer_days"])
        faults = [*_position(trainer, at)]
        led = leads.get(trainer["id"], [])
        items["expertise"] = [(row[PART], row[ROW]) for row in led]
        trainer["expertise"] = tuple(
            {name: row[name] for name in ("session", "axes") if row.get(name) is not None} for row in led
        )
        if not led:
            problem = wrong("no_expertise", repr(trainer["id"]))
            faults.append(Fault(at, "id", problem, follows=trainer["id"] in lost))
        if faults:
            joined.faults["trainers"] += faults
            continue
        joined.values.append(trainer)
        joined.items.append(items | {"": [at]})
    return joined


def _by_trainer(table: Stacked) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in table.rows.iter_rows(named=True):
        rows.setdefault(row["trainer"], []).append(row)
    return rows


def _unknown(table: Stacked, known: set[str]) -> Iterable[Fault]:
    for row in table.rows.iter_rows(named=True):
        trainer = row["trainer"]
        if trainer not in known:
            near = hint(nearest(trainer, known))
            yield Fault((row[PART], row[ROW]), "trainer", wrong("cited_trainer", repr(trainer), near=near))


def _days(rows: Iterable[Row], items: dict[str, list[At]], faults: list[Fault]) -> Row:
    """Periods free as they are written; days taken one by one."""
    free: list[Row] = []
    taken: list[dt.date] = []
    items["free"], items["taken"] = [], []
    for row in rows:
        at, start, end = (row[PART], row[ROW]), row["start"], row["end"]
        if row["free"]:
            free.append({"start": start, "end": end})
            items["free"].append(at)
            continue
        count = (end - start).days + 1
        if 1 <= count <= _LONGEST:
            taken += [start + dt.timedelta(days=day) for day in range(count)]
            items["taken"] += [at] * count
        else:
            faults.append(Fault(at, "end", wrong("long_period", end.isoformat(), start=start, most=_LONGEST)))
    return {"free": tuple(free), "taken": tuple(taken)}


def _position(trainer: Row, at: At) -> Iterable[Fault]:
    """Give a trainer the position of its home commune, where the row gives none."""
    given = [name for name in _OTHER if name in trainer]
    home = trainer["home"]
    if len(given) == len(_OTHER):
        return
    if given:
        yield Fault(at, _OTHER[given[0]], wrong("lone_coordinate_of", home=home))
        return
    found = _commune(home)
    if isinstance(found, register.Entry) and found.position:
        trainer |= dict(zip(_OTHER, found.position, strict=True))
    elif isinstance(found, register.Entry):
        yield Fault(at, "home", wrong("home_without_position", repr(home)))
    else:
        yield Fault(at, "home", wrong("unknown_home", repr(home), near=hint(found)))


def _commune(code: str) -> register.Entry | tuple[str, ...]:
    """The commune of a code, or the codes that look like it."""
    try:
        found = register.get(code)
    except UnknownCodeError as error:
        return error.suggestions
    return found if found.kind in _HOMES else ()
