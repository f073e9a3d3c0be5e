"""What the rules of a policy say on a day at each level: of all its rows, when asked."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from prai_match.offers._facts import Array, Ints
from prai_match.offers._frames import TABLES
from prai_match.offers._levels import LevelRows
from prai_match.offers._rulebook import NOTHING, PASSES, LevelRuling, Rulebook, rulebook
from prai_match.policy import Policy, Stage

if TYPE_CHECKING:
    from prai_match.offers._snapshot import Snapshot


class Rulings:
    def __init__(self, day: Snapshot, policy: Policy) -> None:
        self.day, self.policy = day, policy
        self.book: Rulebook = day.frames.memo.once(
            "rules", lambda: rulebook(policy, day.levels, day.fixed), policy, day.extra
        )
        self._kept: dict[tuple[Stage, str], LevelRuling] = {}

    def at(self, stage: Stage, level: str) -> LevelRuling:
        """Return what the rules of one level say of all its rows: what they said before, where no column changed."""
        if (stage, level) not in self._kept:
            self._kept[stage, level] = self._ruling(stage, level)
        return self._kept[stage, level]

    def _ruling(self, stage: Stage, level: str) -> LevelRuling:
        rules = self.book.rules[stage].get(level)
        if rules is None:
            return NOTHING
        numbers, columns = _numbers(self.day, level), map(self.day.column, rules.names)
        rows = LevelRows(self.day, numbers, whole=level)
        return self.day.frames.memo.once(f"{stage} {level}", lambda: rules.ruling(rows), self.policy, numbers, *columns)

    def places(self, stage: Stage, rows: LevelRows) -> Array:
        """Return the place of the first requirement of a stage that stops each of ``rows``, of whatever candidates."""
        rulings = (rules.stops(rows) for rules in self.book.rules[stage].values())
        return reduce(np.minimum, rulings, np.full(rows.size, PASSES, np.uint8))


def _numbers(day: Snapshot, level: str) -> dict[str, Ints]:
    """Return the numbers of all rows of a level that isn't about territories."""
    frames, worlds = day.frames, len(day.whole.people)
    counts = {"w": worlds, "k": len(day.first_days)}
    tables = [getattr(frames, TABLES[key]) for key in _ORDER[level] if key not in counts]

    def make() -> dict[str, Ints]:
        if "dp" in _ORDER[level]:  # the pairs that there are, and their sessions
            pairs, width = frames.pairs, day.width if "s" in _ORDER[level] else 1
            sessions = np.tile(np.arange(width), len(pairs.p))
            return {"d": np.repeat(pairs.d, width), "p": np.repeat(pairs.p, width), "s": sessions}
        sizes = [counts.get(key) or getattr(frames, TABLES[key]).height for key in _ORDER[level]]
        return dict(zip(_ORDER[level], np.indices(sizes).reshape(len(sizes), -1), strict=True))

    return frames.memo.once(f"rows {level}", make, *counts.values(), *tables)


# The keys by which the rows of such a level are in order.
_ORDER: Final = {
    "world": "w", "session": "s", "world session": "ws", "departement": "d", "partner": "p", "session partner": "ps",
    "departement partner": "dp", "departement session partner": "dps", "trainer": "r", "axis trainer": "xr",
    "start trainer": "kr",
}  # fmt: skip
