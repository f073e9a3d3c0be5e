"""How the figures of a backtest are written: shares, differences, intervals, and the names of rankers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prai_match.backtest._settings import PACKAGE
from prai_match.model import Lang
from prai_match.text import messages, number

_SHARES = frozenset({"hit_1", "hit_3", "coverage", "catalogue"})  # measures that are written in per cent
_OTHERS = {"log_loss": (1, 3), "calibration_error": (100, 1)}  # times what others are written, and decimals


@dataclass(frozen=True, slots=True)
class Words:
    lang: Lang  # the language
    policies: tuple[str, ...]  # names of the policies

    @property
    def texts(self) -> dict[str, Any]:
        return messages(PACKAGE, "backtest", self.lang)

    def ranker(self, name: str) -> str:
        if name in self.policies:
            return str(self.texts["policy"]).format(name=name)
        return str(self.texts["rankers"][name])

    def of_ranker(self, name: str, what: str) -> str:
        return str(self.texts["named"].format(ranker=self.ranker(name), what=what))

    def share(self, value: float) -> str:
        return str(self.texts["percent"]).format(value=number(100 * value, 0, self.lang))

    def plain(self, value: float) -> str:
        """Write a number with no more decimals than it has."""
        return number(value, 0 if value == round(value) else 1, self.lang)

    def measure_of(self, measure: str, row: Mapping[str, Any]) -> str:
        """Write a measure, ``value``, with the ends of its interval, ``low`` and ``high``, where it has them."""
        times, decimals = (100, 1) if measure in _SHARES else _OTHERS.get(measure, (1, 2))
        names = [name for name in ("value", "low", "high") if row[name] is not None]
        values = {name: number(times * row[name], decimals, self.lang) for name in names}
        return self._within(values, "percent" if measure in _SHARES else "alone")

    def share_of(self, name: str, row: Mapping[str, Any]) -> str:
        """Write a share by its name, with the ends of its interval beside it."""
        return self.measure_of("hit_1", {"value": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"]})

    def difference(self, measure: str, row: Mapping[str, Any]) -> str:
        """Write a difference with its interval, in points for shares; the sign is always there."""
        shares = measure in _SHARES
        values = {
            name: "+−"[value < 0] + number(abs(value) * (100 if shares else 1), 1 if shares else 3, self.lang)
            for name, value in {"value": row["difference"], "low": row["low"], "high": row["high"]}.items()
            if value is not None
        }
        return self._within(values, "points" if shares else "alone")

    def _within(self, values: Mapping[str, str], unit: str) -> str:
        """Write a value in its unit, and its interval; nothing where it isn't known."""
        value = str(self.texts[unit]).format_map(values) if values else ""
        return value if "low" not in values else str(self.texts["range"]).format_map({**values, "value": value})
