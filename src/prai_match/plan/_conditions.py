"""THE list of conditions that a plan keeps: each with its label, what finds where it is broken, and its sentences.

The labels name the rows of the solver's model, the violations of a plan and the reasons why a demand isn't served; the
sentences are in ``data/conditions.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from prai_match.plan._faults import _seats as seats
from prai_match.plan._faults import _sessions as sessions
from prai_match.plan._faults._violations import FAULTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match.plan._numbers import Numbered

Unit = Literal["people", "sessions", "km", "euros", "day", "text", "rule"]
"""What the values found and wanted are: how they are written."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that every plan keeps.

    Attributes:
        label: Its name in the model, in checks and in reasons.
        unit: What its values are.
        find: Returns where a plan breaks it.
    """

    label: str
    unit: Unit
    find: Callable[[Numbered], pl.DataFrame]


CONDITIONS: tuple[Condition, ...] = (
    Condition("known", "text", sessions.known),
    Condition("booked", "text", sessions.booked),
    Condition("day", "day", sessions.closed("day")),
    Condition("notice", "day", sessions.closed("notice")),
    Condition("blackout", "day", sessions.closed("blackout")),
    Condition("weekend", "day", sessions.closed("weekend")),
    Condition("holiday", "day", sessions.closed("holiday")),
    Condition("school_holiday", "day", sessions.closed("school_holiday")),
    Condition("offered", "text", seats.offered),
    Condition("people", "people", seats.people),
    Condition("seats_min", "people", seats.seats_min),
    Condition("seats_max", "people", seats.seats_max),
    Condition("host", "text", seats.host),
    Condition("travel", "km", seats.travel),
    Condition("once", "sessions", seats.once),
    Condition("pace", "sessions", seats.pace),
    Condition("territory_day", "sessions", seats.territory_day),
    Condition("lag", "day", seats.lag),
    Condition("trainer_expertise", "text", sessions.trainer_expertise),
    Condition("trainer_reach", "km", sessions.trainer_reach),
    Condition("trainer_rules", "rule", sessions.rules("trainer")),
    Condition("trainer_free", "day", sessions.trainer_free),
    Condition("trainer_day", "sessions", sessions.trainer_day),
    Condition("trainer_month", "sessions", sessions.trainer_month),
    Condition("relay_covers", "text", sessions.relay_covers),
    Condition("relay_carries", "text", sessions.relay_carries),
    Condition("relay_rules", "rule", sessions.rules("partner")),
    Condition("relay_day", "sessions", sessions.relay_day),
    Condition("relay_room", "sessions", sessions.relay_room),
    Condition("cost", "euros", sessions.cost),
    Condition("priced", "text", sessions.priced),
    Condition("budget", "euros", sessions.budget),
)


def violations(numbered: Numbered) -> pl.DataFrame:
    """Return where a plan breaks a condition: ``label`` and the columns of `FAULTS`; no row where it is valid."""
    found = [
        condition.find(numbered).select(pl.lit(condition.label).alias("label"), *FAULTS) for condition in CONDITIONS
    ]
    return pl.concat(found)
