"""What the rules of a policy say on a day at each level: of all its rows, when asked."""

from collections.abc import Container, Mapping
from typing import Final

import numpy as np

from prai_match.offers._facts import Array, Ints
from prai_match.offers._frames import TABLES
from prai_match.offers._levels import LevelRows
from prai_match.offers._rulebook import NOTHING, PASSES, LevelRuling, Rulebook, rulebook
from prai_match.offers._snapshot import Snapshot
from prai_match.policy import Policy, Stage


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
        day, keys = self.day, _ORDER[level]
        counts = {"w": len(day.whole.people), "k": len(day.first_days), "y": len(day.year_days)}
        tables = (counts.get(key) or getattr(day.frames, TABLES[key]) for key in keys)

        def make() -> LevelRuling:
            return rules.ruling(LevelRows(day, _numbers(day, keys, counts), whole=level))

        columns = map(day.column, rules.names)
        return day.frames.memo.once(f"{stage} {level}", make, self.policy, *tables, *columns)

    def places(self, stage: Stage, rows: LevelRows, but: Container[str] = ()) -> Array:
        """Return the place of the first requirement of a stage that stops each of ``rows``, of whatever candidates.

        ``but``: levels that are left aside.
        """
        places = np.full(rows.size, PASSES, np.uint8)
        for level, rules in self.book.rules[stage].items():
            if level in but:
                continue
            stops = rows.gather(level, self.at(stage, level).place) if level in _ORDER else rules.stops(rows)
            places = np.minimum(places, stops)
        return places


def _numbers(day: Snapshot, keys: str, counts: Mapping[str, int]) -> dict[str, Ints]:
    """Return the numbers of all rows of a level that isn't about territories."""
    frames = day.frames
    if "ep" in keys:  # the pairs that there are, and their sessions
        pairs, years, width = frames.pairs, counts["y"] if "y" in keys else 1, day.width if "s" in keys else 1
        y, row, s = np.indices((years, len(pairs.p), width)).reshape(3, -1)
        return {"y": y, "e": pairs.d[row], "p": pairs.p[row], "s": s}
    sizes = [counts.get(key) or getattr(frames, TABLES[key]).height for key in keys]
    return dict(zip(keys, np.indices(sizes).reshape(len(sizes), -1), strict=True))


# The keys by which the rows of such a level are in order.
_ORDER: Final = {
    "world": "w", "session": "s", "world session": "ws", "departement": "d", "partner": "p", "session partner": "ps",
    "departement partner": "ep", "departement session partner": "eps", "trainer": "r", "axis trainer": "xr",
    "start trainer": "kr", "year partner": "yp", "year departement session partner": "yeps",
}  # fmt: skip
