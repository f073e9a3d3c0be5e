"""A simulation with a folder."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from made import programme
from prai_match.simulate import Scenario, _entry

if TYPE_CHECKING:
    from pathlib import Path

SCENARIOS = (Scenario(name="now"), Scenario.of("busy", sessions_a_month=3.0))


def prepare(folder: Path) -> None:
    """Make its folder."""
    folder.mkdir(parents=True)


def act(folder: Path) -> Any:
    """Simulate in parts of one replication."""
    part, _entry.PART = _entry.PART, 1
    try:
        days = dt.date(2007, 9, 1), dt.date(2007, 9, 30)
        return programme().simulate(SCENARIOS, *days, replications=2, folder=folder / "simulation")
    finally:
        _entry.PART = part
