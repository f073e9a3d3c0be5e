"""Where the register comes from, what it holds and how precise it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from prai_match.register import _earlier_names
from prai_match.register._data import KINDS, metadata, table
from prai_match.text import Shown, current_language, messages, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.errors import Lang

__all__ = ["About", "about"]

_ATTRIBUTION = (
    "INSEE (Code officiel géographique, populations légales), DGCL (EPCI), La Poste (codes postaux), "
    "GeoNames (positions, geonames.org)"
)


@dataclass(frozen=True, slots=True)
class About(Shown):
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
        """The same as a short text.

        Args:
            lang: `en` or `fr`.

        Returns:
            A few lines of text.

        Raises:
            UnknownCodeError: The language is neither.
        """
        lang = current_language(lang)
        title, *others = facts(self, lang)
        colon = messages("prai_match.register", "about", lang)["colon"]
        return "\n".join([title[1], *(f"  {label}{colon}{said}" for label, said in others)])

    def __str__(self) -> str:
        """The text in the current language."""
        return self.text()


def facts(found: About, lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield the title, then each line with its label."""
    said = messages("prai_match.register", "about", lang)

    def listed(numbers: dict[str, int]) -> str:
        return ", ".join(f"{number(count, 0, lang)} {said['things'][key]}" for key, count in numbers.items())

    versions = ", ".join(f"{year}{said['colon']}{version}" for year, version in found.vintages.items())
    lines = {
        "source": said["source"].format(source=found.source, version=found.version, earlier=found.earlier),
        "places": found.places,
        "licences": "; ".join(found.licences),
        "attribution": found.attribution,
        "counts": listed(found.counts),
        "precision": listed(found.precision),
        "others": said["others"].format(counts=listed(found.others), versions=versions, history=found.history),
    }
    yield "title", said["title"].format(vintage=found.vintage)
    yield from ((said["labels"][key], value) for key, value in lines.items())


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
    frame, source, others = table(), metadata(), _earlier_names.sources("aliases")
    kinds = dict(frame.group_by("kind").len().iter_rows())
    communes = frame.filter(kind="commune").select(pl.col("precision").fill_null("none"))
    precision = dict(communes.group_by("precision").len().iter_rows())
    return About(
        source=source["source"],
        version=source["version"],
        earlier=source["earlier"],
        vintage=source["vintage"],
        places=source["places"],
        licences=("Licence Ouverte (Etalab)", "CC BY 4.0 (GeoNames)"),
        attribution=_ATTRIBUTION,
        counts={kind: kinds[kind] for kind in KINDS},
        precision={key: precision[key] for key in ("place", "epci_centroid", "departement_centroid", "none")},
        vintages=dict(pair.split(": ") for pair in others["vintages"].split(", ")),
        history=others["history"],
        others={
            "dissolved": _earlier_names.dissolved().height,
            "epci_names": _earlier_names.epci_names().height,
            "aliases": _earlier_names.aliases().height,
        },
    )
