"""The two sorts of rule, as polars expressions ready to be evaluated, and the reasons that requirements give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import polars as pl

from prai_match.policy._tokens import PACKAGE
from prai_match.text import messages

if TYPE_CHECKING:
    from prai_match.model import Lang, SessionKind, Text
    from prai_match.policy._expression import Expression
    from prai_match.policy._vocabulary import Stage

GRID = float(2**20)
"""Points are whole multiples of 1/GRID, so that sums of points are exact in any order."""
STAGE_REASONS: dict[Stage, str] = {
    "session": "no_need_and_no_buffet",
    "partner": "no_relay",
    "trainer": "no_trainer",
}
"""The reason of a requirement that states none."""


def reasons(lang: Lang) -> dict[str, str]:
    """Return the sentences of the library's own reasons by code, in the order in which candidates are sifted."""
    return messages(PACKAGE, "reasons", lang)


@dataclass(frozen=True)
class Requirement:
    """A condition that must hold.

    Attributes:
        id: Identifier of the rule.
        stage: What it is about: the session, the partner or the trainer.
        kind: The kind of session that it is for; None: every kind.
        condition: The condition, three-valued: true, false or unknown; true for sessions of another kind.
        unknown: Whether an unknown condition lets the candidate pass (``accept``) or not (``refuse``).
        reason: Code of the reason given where it leaves a territory without a recommendation.
        postpones: Whether it only delays: the candidate is still named as what comes next.
        sentence: What it asks, with the values of columns in braces.

    Example:
        >>> from prai_match import Policy
        >>> rule = Policy.default().requirement("enough_people")
        >>> rule.kind, rule.unknown, rule.reason
        ('workshop', 'refuse', 'too_few_people')
        >>> frame = pl.DataFrame({"kind": ["workshop"] * 3, "people": [12, 4, None], "min_seats": 10})
        >>> frame.select(state=rule.state)["state"].to_list()
        [True, False, None]
    """

    id: str
    stage: Stage
    kind: SessionKind | None
    condition: Expression
    unknown: Literal["accept", "refuse"]
    reason: str
    postpones: bool
    sentence: Text

    @cached_property
    def state(self) -> pl.Expr:
        """True, false or null (unknown)."""
        return self.condition.expr

    @cached_property
    def holds(self) -> pl.Expr:
        """True where the candidate passes."""
        return self.condition.expr.fill_null(self.unknown == "accept")


@dataclass(frozen=True)
class Preference:
    """A condition, or a number from 0 to 1, that adds to the score.

    Attributes:
        id: Identifier of the rule.
        stage: What it is about: the session, the partner or the trainer.
        value: The number; true counts as 1, what lies outside 0 to 1 is brought to the nearer of them.
        weight: Its weight beside the other preferences' weights.
        points: Points of the score that it is worth: all weights together are brought to 100.
        unknown: The number counted where it is unknown.
        sentence: What it prefers, with the values of columns in braces.

    Example:
        >>> from prai_match import Policy
        >>> rule = Policy.default().preference("equity")
        >>> rule.stage, rule.weight, rule.sentence.get("en")
        ('session', 10.0, 'The territory received less than its share of sessions (gap {service_gap} of 1).')
    """

    id: str
    stage: Stage
    value: Expression
    weight: float
    points: float
    unknown: float
    sentence: Text

    @cached_property
    def contribution(self) -> pl.Expr:
        """Points added to the score."""
        share = self.value.expr.cast(pl.Float64).fill_null(self.unknown).clip(0.0, 1.0)
        return (share * (self.points * GRID)).round() / GRID
