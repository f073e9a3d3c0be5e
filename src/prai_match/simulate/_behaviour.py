"""How relays, territories and people behave in a simulation: every assumption is a number with a source and a range."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import Field

from prai_match._arguments import current_language
from prai_match._words import catalogue
from prai_match.model import Id, Lang, Model

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0, le=10_000)]
Months = Annotated[int, Field(ge=0, le=60)]

CHANNELS: dict[str, float] = {"visit": 0.33, "mail": 0.27, "survey": 0.20, "web": 0.13, "other": 0.07, "phone": 0.0}
"""How the needs that nobody asked for come in: the toll-free number of the model case brought none."""


class Behaviour(Model):
    """The behaviour of relays, territories and people. `parameters` tells the source and the range of each number.

    Example:
        >>> Behaviour(comes=0.9).elected
        0.6
    """

    sessions_a_month: Amount = 0.35
    relay_weights: dict[Id, Amount] = Field(default_factory=dict)
    buffets: bool = True
    preparation_months: Months = 2
    quiet_months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = (7, 8)
    restart_months: Months = 6
    freeze_known_days: Annotated[int | None, Field(ge=0)] = None
    cancellation: Share = 0.0
    comes: Share = 0.9
    distance_km: Annotated[Amount, Field(gt=0)] = 200.0
    renewed: Amount = 1.05
    before_election: Amount = 0.8
    elected: Share = 0.60
    together: Share = 0.5
    usual_people: Annotated[Amount, Field(ge=1)] = 4.0
    asks_a_year: Amount = 0.5
    size: Share = 0.25
    word_of_mouth: Amount = 2.0
    after_renewal: Amount = 2.0
    channels: dict[Id, Amount] = Field(default_factory=lambda: dict(CHANNELS))
    asks_after_buffet: Share = 0.6
    asks_after_workshop: Share = 0.12
    interest: dict[Id, Amount] = Field(default_factory=dict)
    inclination: Amount = 1.0
    unclear: Share = 0.06
    stated: Share = 0.15
    rating: Annotated[float, Field(ge=2, le=4)] = 3.58
    rating_buffet: Annotated[float, Field(ge=2, le=4)] = 3.35
    rates: Share = 0.88
    overhead_spread: Share = 0.1


@dataclass(frozen=True, slots=True)
class Parameter:
    """What is known of a number of `Behaviour`.

    Attributes:
        name: Of the field.
        low: Least value that is plausible; None: it is no number, or no range makes sense.
        high: Greatest.
        unit: Unit.
        given: ``report``: published; ``fitted``: to what is published; ``assumed``.
        fr: Source, in French.
        en: Source, in English.

    Example:
        >>> from prai_match.simulate import parameters
        >>> parameters()["comes"].given, parameters()["comes"].low, parameters()["comes"].high
        ('assumed', 0.7, 1.0)
    """

    name: str
    low: float | None
    high: float | None
    unit: str
    given: str
    fr: str
    en: str

    def source(self, lang: Lang) -> str:
        """Return the source in ``lang``."""
        return self.fr if current_language(lang) == "fr" else self.en


@cache
def parameters() -> dict[str, Parameter]:
    """Return what is known of each number of `Behaviour`, by name.

    Example:
        >>> parameters()["elected"].given
        'report'
    """
    return {
        name: Parameter(name, row.get("low"), row.get("high"), row.get("unit", ""), row["given"], row["fr"], row["en"])
        for name, row in catalogue("prai_match.simulate", "behaviour").items()
    }
