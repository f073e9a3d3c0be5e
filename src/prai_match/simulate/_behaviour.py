"""How relays, territories and people behave in a simulation: every assumption is a number with a source and a range."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from prai_match.model import Channel, Id, Model, doc

if TYPE_CHECKING:
    from prai_match.model import Lang

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0, le=10_000)]
Months = Annotated[int, Field(ge=0, le=60)]

CHANNELS: dict[Channel, float] = {"visit": 0.33, "mail": 0.27, "survey": 0.20, "web": 0.13, "other": 0.07, "phone": 0.0}
"""How the needs that nobody asked for come in: the toll-free number of the model case brought none."""


class Behaviour(Model):
    """The behaviour of relays, territories and people. `parameters` tells the source and the range of each number.

    Example:
        >>> Behaviour(comes=0.9).elected
        0.6
    """

    sessions_a_month: Annotated[
        Amount, doc("Sessions that a relay organises in a month", "Sessions par relais et par mois")
    ] = 0.35
    relay_weights: Annotated[
        dict[Id, Amount], doc("How much more some relays do; others: 1", "Activité relative des relais")
    ] = Field(default_factory=dict)
    buffets: Annotated[bool, doc("Buffets are held", "Des buffets sont organisés")] = True
    preparation_months: Annotated[
        Months, doc("Months of preparation before the first session", "Mois de préparation")
    ] = 2
    quiet_months: Annotated[
        tuple[Annotated[int, Field(ge=1, le=12)], ...], doc("Months without sessions", "Mois sans session")
    ] = (7, 8)
    restart_months: Annotated[
        Months, doc("Months until relays are back at work after an election", "Mois de reprise après une élection")
    ] = 6
    freeze_known_days: Annotated[
        int | None,
        doc(
            "Days before it begins that a blackout is known; none: always",
            "Préavis d'un gel, en jours ; à défaut, connu d'avance",
            ge=0,
        ),
    ] = None
    cancellation: Annotated[
        Share, doc("Share of the cost that a session called off costs", "Part du coût due en cas d'annulation")
    ] = 0.0
    comes: Annotated[
        Share, doc("Probability that an invited person of the host comes", "Probabilité de venue, au lieu d'accueil")
    ] = 0.9
    distance_km: Annotated[
        Amount, doc("Distance over which it falls to 37 %, km", "Distance d'atténuation, en km", gt=0)
    ] = 200.0
    renewed: Annotated[
        Amount, doc("Times it in the year after the council's renewal", "Effet d'un conseil renouvelé")
    ] = 1.05
    before_election: Annotated[
        Amount, doc("Times it and needs in the half-year before an election", "Effet de l'approche d'une élection")
    ] = 0.8
    elected: Annotated[Share, doc("Share of elected officials", "Part d'élus")] = 0.60
    together: Annotated[
        Share, doc("Probability that a delegation is made to bring both", "Probabilité d'une délégation mixte")
    ] = 0.5
    usual_people: Annotated[
        Amount,
        doc("People that a territory sends where nobody asked", "Personnes par territoire, à défaut de demande", ge=1),
    ] = 4.0
    asks_a_year: Annotated[
        Amount,
        doc(
            "Needs that a territory of mean size expresses unasked in a year",
            "Besoins spontanés par territoire et par an",
        ),
    ] = 0.5
    size: Annotated[Share, doc("Exponent of population in it", "Exposant de la population")] = 0.25
    word_of_mouth: Annotated[
        Amount, doc("How much more, where all neighbours attended", "Effet du bouche-à-oreille")
    ] = 2.0
    after_renewal: Annotated[
        Amount, doc("Times needs in the year after the council's renewal", "Effet du renouvellement sur les besoins")
    ] = 2.0
    channels: Annotated[
        dict[Channel, Amount], doc("How much of it comes by each channel", "Canaux des besoins spontanés")
    ] = Field(default_factory=lambda: dict(CHANNELS))
    asks_after_buffet: Annotated[
        Share, doc("Probability of a need after a buffet", "Probabilité d'un besoin après un buffet")
    ] = 0.6
    asks_after_workshop: Annotated[
        Share, doc("Probability of a need after a workshop", "Probabilité d'un besoin après un atelier")
    ] = 0.12
    interest: Annotated[
        dict[Id, Amount], doc("How much more some workshops are asked for; others: 1", "Intérêt relatif des ateliers")
    ] = Field(default_factory=dict)
    inclination: Annotated[
        Amount, doc("Spread of lasting interests of territories; 0: all alike", "Dispersion des goûts durables")
    ] = 1.0
    unclear: Annotated[
        Share, doc("Share of needs whose text names no workshop", "Part de besoins sans atelier reconnaissable")
    ] = 0.06
    stated: Annotated[
        Share, doc("Share of needs whose workshop an officer states", "Part de besoins dont l'atelier est précisé")
    ] = 0.15
    rating: Annotated[float, doc("Mean rating of a workshop", "Note moyenne d'un atelier", ge=2, le=4)] = 3.58
    rating_buffet: Annotated[float, doc("Mean rating of a buffet", "Note moyenne d'un buffet", ge=2, le=4)] = 3.35
    rates: Annotated[Share, doc("Share of delegations that rate", "Part des délégations qui notent")] = 0.88
    overhead_spread: Annotated[
        Share, doc("Relative spread of what is spent on other things", "Dispersion des autres dépenses")
    ] = 0.1


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
        """Return the source in ``lang``.

        Example:
            >>> from prai_match.simulate import parameters
            >>> parameters()["rating"].source("en")
            'Report: 3.58 of 4 for workshops.'
        """
        return self.fr if lang == "fr" else self.en


@cache
def parameters() -> dict[str, Parameter]:
    """Return what is known of each number of `Behaviour`, by name.

    Example:
        >>> parameters()["elected"].given
        'report'
    """
    text = files("prai_match.simulate").joinpath("data/behaviour.toml").read_text("utf-8")
    return {
        name: Parameter(name, row.get("low"), row.get("high"), row.get("unit", ""), row["given"], row["fr"], row["en"])
        for name, row in tomllib.loads(text).items()
    }
