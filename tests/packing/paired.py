"""Two territories that want the same workshop, each with people enough, too many for one room."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from made import POLICY, small
from plan import plans

if TYPE_CHECKING:
    from prai_match import Programme, Recommendations
    from prai_match.plan import Plan

ON = dt.date(2007, 9, 3)


def alone(higher: str, *more: dict[str, Any], free: list[dict[str, str]] | None = None, **changes: Any) -> Programme:
    """A programme in which T1 and T3 want workshops on maps, of one trainer; ``higher`` has the priority."""
    trainer = {**small()["trainers"][1], "expertise": [{"session": "sig"}], "free": free or []}
    needs = [
        {"collectivity": f"0900{member}", "date": "2007-06-15", "workshop": "sig", "people": 12} for member in (1, 5)
    ]
    made = plans.programme(
        **{"trainers": [trainer], "needs": [*needs, *more], "sessions": [], "attendances": [], **changes}
    )
    return made.with_policy(POLICY.prefer(f"territory = '{higher}'", id="ours", stage="territory", weight=2))


def kept(made: Plan, recs: Recommendations) -> dict[str, str]:
    """What became of the first offer of each territory."""
    return dict(made.compare(recs).select("territory", "outcome").sort("territory").iter_rows())
