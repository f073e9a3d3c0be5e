"""What is counted, as data: whether it adds up, is a state or a ratio, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from prai_match._words import catalogue

if TYPE_CHECKING:
    from prai_match.model import Lang


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of outcomes.

    Attributes:
        name: As in the frame of outcomes.
        kind: ``flow``: it adds up; ``stock``: its last value counts; ``ratio``: of sums over the period.
        fr: Meaning in French.
        en: Meaning in English.
        unit: Unit; empty: a number.
        of: What its rows with ``of`` are about: ``session``, ``departement`` or ``territory``; empty: it has none.
        over: Measures whose sum is divided, for a ratio.
        by: Measures by whose sum it is divided.
        decimals: Digits shown.

    Example:
        >>> from prai_match.simulate import measures
        >>> measures()["served"].kind, measures()["served"].meaning("en")
        ('flow', 'Attendances of territories')
    """

    name: str
    kind: Literal["flow", "stock", "ratio"]
    fr: str
    en: str
    unit: str = ""
    of: str = ""
    over: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    decimals: int = 1

    def meaning(self, lang: Lang) -> str:
        """Return the meaning in ``lang``.

        Example:
            >>> measures()["unmet"].meaning("en")
            'Strong needs not met'
        """
        return self.fr if lang == "fr" else self.en


@cache
def measures() -> dict[str, Measure]:
    """Return every measure, by name.

    Example:
        >>> measures()["rating"].kind
        'ratio'
    """
    return {
        name: Measure(**{**row, "name": name, "over": tuple(row.get("over", ())), "by": tuple(row.get("by", ()))})
        for name, row in catalogue("prai_match.simulate", "measures").items()
    }
