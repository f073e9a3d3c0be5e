"""All that asks the library: where its interface changes, this module alone follows, and the tables stay as they are.

Each table has columns that name a row (its key) and columns that answer. Numbers are exact; days are ISO texts.
"""

from __future__ import annotations

import datetime as dt
import json
import lzma
import re
import shutil
import tempfile
import tomllib
from collections import defaultdict
from dataclasses import asdict, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from prai_match import FollowUps, Policy, PolicyError, Programme
from prai_match.followups import Estimates
from prai_match.model import STRENGTH
from prai_match.offers import STATED, needs_read
from reference.days import LIMITS
from reference.formats import toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prai_match import Recommendations
    from prai_match.plan import Plan

TOP: Final = 3
"""Sessions kept for each territory."""

ANSWERS: Final = ("answers", "alternatives", "why_nots")
PLANS: Final = ("sessions", "seats", "objective")
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "answers": ("territory", "session axis partner trainer day score cost reason"),
    "alternatives": ("territory rank", "session axis partner trainer day score cost"),
    "why_nots": ("territory session", "axis partner trainer verdict stage rule reason score read"),
    "sessions": ("session host", "date axis partner trainer cost booked"),
    "seats": ("territory session", "host date axis elected technicians km value"),
    "objective": ("part", "points"),
}
"""Each table's key and the rest of its columns. `read` is what the rule of a why-not reads, by column."""

_OF_SESSIONS: Final = "kind_bookings"  # a column of sessions that the policies of the reference don't read
_SETTINGS: Final = frozenset({"strong_need", "trainer_load_limit", "trainer_wait_limit", _OF_SESSIONS})
_STRONG: Final = b"strong_need = 60\n"  # what every programme had then
_OF_RULES: Final = ("require", "prefer")
_ENOUGH_LAGS: Final = 5
_FORMERLY: Final = {"form": "kind", "interested": "people"}

Rows = list[list[Any]]


def load(folder: Path) -> Programme:
    """Read a programme; no row of it may be lost. Rules of its policy that are limits of every policy now are left out.

    Sessions are held at the territories' own places, as they were then, and people count whether they may come or not.
    Needs in words have what was read in them then, and a need is strong from the same score. The score of its policy is
    that of the reference: what is the same for all that a territory is offered stays in it, beside a column of sessions,
    as a policy of today would refuse it alone.
    """
    with tempfile.TemporaryDirectory() as parent:
        copy = Path(shutil.copytree(folder, Path(parent, folder.name)))
        policy = tomllib.loads((copy / "politique.toml").read_text("utf-8"))
        own = [_as_then(rule, policy.get("column", [])) for rule in policy["rule"] if rule["id"] not in LIMITS]
        (copy / "politique.toml").write_bytes(toml({**policy, "rule": [*own, _OWN_PLACE]}))
        settings = copy / "programme.toml"
        settings.write_bytes(_STRONG + settings.read_bytes())
        programme = Programme.load(copy, strict=True)
    needs_read(programme, lambda: _read_as_then(programme, readings().get(folder.name, [])))
    return programme


def _read_as_then(programme: Programme, read: Sequence[Rows]) -> pl.DataFrame:
    """Return the needs of a programme with their workshop, axis and score instead of their words.

    Those without a workshop have, in their order, what was read in them then, if anything was.
    """
    needs, silent = programme.needs.to_polars(), iter(read)
    found = [
        (row["workshop"], row["axis"], STATED) if row["workshop"] else (next(silent) or (None, None, None))
        for row in needs.iter_rows(named=True)
    ]
    names = ("workshop", "axis", "score")
    columns = [pl.Series(name, [row[k] for row in found], needs.schema[name]) for k, name in enumerate(names)]
    return needs.drop("text").with_columns(*columns, cell=pl.int_range(needs.height, dtype=pl.Int64))


@cache
def readings() -> dict[str, list[Rows]]:
    """Return what was read then in the needs in words, by the name of a programme."""
    with lzma.open(Path(__file__).with_name("readings.jsonl.xz"), "rt", encoding="utf-8") as file:
        return dict(map(json.loads, file))


_OWN_PLACE: Final = {
    "id": "own_place",
    "stage": "place",
    "require": "own_place",
    "fr": "La session se tient sur place.",
    "en": "The session is held at the territory's own place.",
}


def _as_then(rule: dict[str, Any], columns: list[Any]) -> dict[str, Any]:
    rule = {key: re.sub(r"\bpeople\b", "interested", text) if key in _OF_RULES else text for key, text in rule.items()}
    try:
        Policy.from_toml(
            toml({"id": "one", "name": {"fr": "f", "en": "e"}, "column": columns, "rule": [rule]}).decode()
        )
    except PolicyError as error:
        if 'stage = "territory"' in str(error.text("en")):
            return {
                **rule,
                "prefer": f"CASE WHEN {_OF_SESSIONS} IS NULL OR {_OF_SESSIONS} >= 0 THEN ({rule['prefer']}) END",
            }
    return rule


def tables(programme: Programme, day: dt.date, plan_days: int) -> dict[str, Rows]:
    """Answer for a day, and plan from it on for a number of days; 0: plan nothing.

    Sessions and seats are those of the plan that is made at once, which no clock ends and no solver touches.
    """
    recs = programme.recommend(day, top=TOP, follow_ups=follow_ups(programme, day))
    found = {"answers": _answers(programme, recs), "alternatives": _alternatives(recs), "why_nots": _why_nots(recs)}
    if plan_days:
        found |= _planned(programme.plan(day, day + dt.timedelta(days=plan_days - 1), time_limit=0))
    return {table: _ordered(table, rows) for table, rows in found.items()}


def follow_ups(programme: Programme, day: dt.date, *, able_alone: bool = False) -> FollowUps:
    """Return the graph as it was learned then: a territory followed ever after, or had the usual lag and didn't.

    ``able_alone``: those that had attended the target by then don't count, as today.
    """
    home = {member: territory.id for territory in programme.territories for member in territory.members}
    came: dict[str, dict[str, list[dt.date]]] = defaultdict(lambda: defaultdict(list))
    for row in programme.attendances:
        if row.date <= day and row.collectivity in home:
            came[home[row.collectivity]][row.session].append(row.date)
    rows = []
    for edge in sorted(programme.catalogue.follow_ups, key=lambda each: (each.source, each.target)):
        begun = [(min(days[edge.source]), days.get(edge.target, [])) for days in came.values() if edge.source in days]
        if able_alone:
            begun = [(first, days) for first, days in begun if min(days, default=dt.date.max) > first]
        after = [[(then - first).days for then in days if then > first] for first, days in begun]
        followed = [min(each) for each in after if each]
        had_time = sum(
            not each and (day - first).days >= edge.lag_days for (first, _), each in zip(begun, after, strict=True)
        )
        support = len(followed) + had_time
        share = (len(followed) + STRENGTH * edge.prior) / (support + STRENGTH) if begun else edge.prior
        usual = round(median(followed)) if len(followed) >= _ENOUGH_LAGS else edge.lag_days
        rows.append((len(followed), support, usual, share))
    graph = FollowUps.declared(programme.catalogue)
    numbers = np.array([row[:3] for row in rows], np.int64).reshape(1, -1, 3)
    chances = np.array([share for *_, share in rows], float).reshape(1, -1, 1)
    counts, supports, lags = numbers.transpose(2, 0, 1)
    return with_estimates(graph, Estimates(counts, supports, lags, chances, np.zeros_like(chances[..., 0])))


def with_estimates(graph: FollowUps, estimates: Estimates) -> FollowUps:
    """Return a graph of which something else was learned."""
    other = replace(graph)
    vars(other)["estimates"] = estimates
    return other


def needs(programme: Programme, day: dt.date) -> Rows:
    """Return the needs of a day in which a workshop is read: territory, collectivity, workshop and state."""
    read = programme.needs_on(day).drop_nulls(["territory", "workshop"])
    names = ("territory", "collectivity", "workshop", "state")
    return [[_plain(row[name]) for name in names] for row in read.iter_rows(named=True)]


def _answers(programme: Programme, recs: Recommendations) -> Iterator[dict[str, Any]]:
    """What comes next for each territory, also where it must wait, and the reason where nothing can be offered now.

    What another council will be offered, after an election, the reference didn't look for.
    """
    best = {row["territory"]: row for row in recs.ranking().filter(rank=1).iter_rows(named=True)}
    renewed = programme.calendar.renewed_before
    for rec in recs:
        later = rec.later if rec.later and renewed(rec.later.day) == renewed(rec.on) else None
        row = best.get(rec.territory, asdict(later) if later else {})
        yield row | {"territory": rec.territory, "reason": rec.reason}


def _alternatives(recs: Recommendations) -> Iterator[dict[str, Any]]:
    return recs.ranking().filter(pl.col("rank") > 1).iter_rows(named=True)


def _why_nots(recs: Recommendations) -> Iterator[dict[str, Any]]:
    for row in recs.why_not().iter_rows(named=True):
        read = None if row["found"] is None else json.loads(row["found"])
        # A rule for buffets or workshops read ``kind`` then; it is the form of a session now. Settings were no columns.
        own = read and {_FORMERLY.get(name, name): value for name, value in read.items() if name not in _SETTINGS}
        yield row | {"read": own}


def _planned(plan: Plan) -> dict[str, Iterator[dict[str, Any]]]:
    held = {row["id"]: row for row in plan.sessions.iter_rows(named=True)}
    seats = (
        {**row, "session": held[row["session"]]["session"]}
        | {name: held[row["session"]][name] for name in ("host", "date")}
        for row in plan.seats.iter_rows(named=True)
    )
    parts = ({"part": part, "points": points} for part, points in plan.parts.items())
    return {"sessions": iter(held.values()), "seats": seats, "objective": parts}


def _ordered(table: str, rows: Iterator[dict[str, Any]]) -> Rows:
    """Return rows as JSON holds them, in the order of their texts: that of the library's own frames may change."""
    columns = " ".join(COLUMNS[table]).split()
    return sorted(([_plain(row.get(name)) for name in columns] for row in rows), key=json.dumps)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else str(value) if isinstance(value, Decimal) else value
