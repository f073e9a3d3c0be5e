"""Where the register comes from, what it holds and how precise it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from prai_match.register._data import KINDS, aliases, dissolved_epcis, epci_names, metadata, table
from prai_match.text import Readable, Shown, current_language, messages, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.errors import Lang

_ATTRIBUTION = (
    "INSEE (Code officiel géographique, populations légales), DGCL (EPCI), La Poste (codes postaux), "
    "GeoNames (positions, geonames.org)"
)


@dataclass(frozen=True, slots=True)
class About(Shown, Readable):
    """What the register is made from and what it holds.

    Attributes:
        source: Package the entities come from.
        version: Its version.
        earlier: The earlier version that names the communes absorbed since.
        vintage: Year of the administrative map.
        places: What the positions come from.
        licences: Licence of each source.
        attribution: The credits that both licences ask for.
        counts: Number of entities of each kind.
        precision: Number of communes by precision of their position; `none` for those without.
        vintages: Version of the source that tells each earlier year, by year.
        history: The one of them that has the names of communes since 1943.
        others: Number of EPCI dissolved since (`dissolved`), of names that EPCI bore (`epci_names`) and of other
            names of communes (`aliases`).

    Example:
        >>> from prai_match import register
        >>> register.about().source, register.about().version
        ('@etalab/decoupage-administratif', '6.0.0')
        >>> register.about().counts["epci"]
        1255
    """

    source: str
    version: str
    earlier: str
    vintage: str
    places: str
    licences: tuple[str, ...]
    attribution: str
    counts: dict[str, int] = field(hash=False)
    precision: dict[str, int] = field(hash=False)
    vintages: dict[str, str] = field(hash=False)
    history: str
    others: dict[str, int] = field(hash=False)

    def text(self, lang: Lang | None = None) -> str:
        """The same as a short text of a few lines.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        lang = current_language(lang)
        title, *others = facts(self, lang)
        colon = messages("prai_match.register", "about", lang)["colon"]
        return "\n".join([title[1], *(f"  {label}{colon}{text}" for label, text in others)])


def facts(own: About, lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield the title, then each line with its label."""
    texts = messages("prai_match.register", "about", lang)

    def things(counts: dict[str, int]) -> str:
        return ", ".join(f"{number(count, 0, lang)} {texts['things'][key]}" for key, count in counts.items())

    versions = ", ".join(f"{year}{texts['colon']}{version}" for year, version in own.vintages.items())
    lines = {
        "source": texts["source"].format(source=own.source, version=own.version, earlier=own.earlier),
        "places": own.places,
        "licences": "; ".join(own.licences),
        "attribution": own.attribution,
        "counts": things(own.counts),
        "precision": things(own.precision),
        "others": texts["others"].format(counts=things(own.others), versions=versions, history=own.history),
    }
    yield "title", texts["title"].format(vintage=own.vintage)
    yield from ((texts["labels"][key], value) for key, value in lines.items())


@cache
def about() -> About:
    """Where the register comes from, its vintage, its licences and what it holds.

    Example:
        >>> facts = about()
        >>> facts.version, facts.counts["commune"], facts.counts["epci"]
        ('6.0.0', 34969, 1255)
        >>> print(facts.text("fr").splitlines()[0])
        Référentiel des collectivités françaises, 2026
    """
    frame, source, others = table(), metadata("register"), metadata("aliases")
    kinds = dict(frame.group_by("kind").len().iter_rows())
    communes = frame.filter(kind="commune").select(pl.col("precision").fill_null("none"))
    precision = dict(communes.group_by("precision").len().iter_rows())
    return About(
        **{name: source[name] for name in ("source", "version", "earlier", "vintage", "places")},
        licences=("Licence Ouverte (Etalab)", "CC BY 4.0 (GeoNames)"),
        attribution=_ATTRIBUTION,
        counts={kind: kinds[kind] for kind in KINDS},
        precision={key: precision[key] for key in ("place", "epci_centroid", "departement_centroid", "none")},
        vintages=dict(pair.split(": ") for pair in others["vintages"].split(", ")),
        history=others["history"],
        others={
            "dissolved": dissolved_epcis().height,
            "epci_names": epci_names().height,
            "aliases": aliases().height,
        },
    )
