"""The numbers that a simulation of a programme would have, without playing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from prai_match.simulate import Outcomes, Scenario

if TYPE_CHECKING:
    import datetime as dt
    from random import Random

    from prai_match import Programme

HISTORY = ("needs", "sessions", "attendances", "decisions", "registrations")
NOW = Scenario(name="now")


def by_history(programme: Programme, start: dt.date, *scenarios: Scenario) -> Outcomes:
    """Outcomes that were never played: their parameters are known all the same."""
    return Outcomes(programme, scenarios or (NOW,), start, start, 1, 0, Path("nowhere"))


def numbers(programme: Programme, start: dt.date, *scenarios: Scenario) -> dict[tuple[str, str | None], Any]:
    """Value, observations and origin of each number, by its name and what it is of."""
    columns = ("parameter", "of", "value", "count", "origin")
    frame = by_history(programme, start, *scenarios).parameters("en").select(columns)
    return {(name, of): tuple(rest) for name, of, *rest in frame.iter_rows()}


def shuffled(drawn: dict[str, Any], chance: Random) -> dict[str, Any]:
    """The same programme as data, its tables of facts in another order."""
    return {**drawn, **{name: chance.sample(drawn[name], len(drawn[name])) for name in HISTORY}}
