"""The tables of the register, with earlier names: read on first use, then cached, with indexes and sources."""

import io
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import polars as pl

from prai_match.errors import Lang
from prai_match.register._names import normalised
from prai_match.text import Readable, Shown, current_language, messages, number

Kind = Literal["commune", "arrondissement_municipal", "epci", "departement", "region", "former_commune"]
KINDS: tuple[Kind, ...] = get_args(Kind)  # in the order of precedence for codes that several kinds share


@dataclass(frozen=True, slots=True)
class Entry:
    """One entity of the register; facts missing in the sources are None, never guessed.

    Attributes:
        code: Official code: INSEE for a commune (5 characters), a département (2 or 3) or a région (2 or 3),
            SIREN for an EPCI (9 digits).
        kind: `commune`, `former_commune`, `arrondissement_municipal`, `epci`, `departement` or `region`.
        name: Official name; empty for a few old codes without a name in the sources.
        siren: SIREN of the commune or of the EPCI.
        epci: Code of the EPCI that the commune belongs to; for a part of a commune, that of the present commune.
        departement: Code of the département. For an EPCI, the one that holds most of its population.
        region: Code of the région.
        population: Municipal population. For an EPCI, a département or a région, the sum over its communes.
        latitude: Decimal degrees, WGS 84.
        longitude: Decimal degrees, WGS 84.
        precision: Precision of the position: `place` (the place itself), `commune` (the commune it is part of),
            `epci_centroid`, `departement_centroid` or `region_centroid` (population-weighted mean of the places of the
            communes); None without a position.
        present_code: Code of the present commune: its own for a commune, that of the commune that absorbed it
            for a former commune, that of its city for a municipal arrondissement.
        epci_kind: `CC`, `CA`, `CU`, `METRO` or `MET69` for an EPCI.
        former_kind: For a former commune, `commune_deleguee`, `commune_associee`, `commune_absorbee` or
            `ancien_code` (an earlier code of the same commune).
        postal_codes: Postal codes, in the order of the sources; empty if there are none.

    Example:
        >>> from prai_match import register
        >>> entry = register.get("09122")
        >>> entry.name, entry.kind, entry.departement, entry.epci
        ('Foix', 'commune', '09', '200067791')
    """

    code: str
    kind: Kind
    name: str
    siren: str | None
    epci: str | None
    departement: str | None
    region: str | None
    population: int | None
    latitude: float | None
    longitude: float | None
    precision: str | None
    present_code: str | None
    epci_kind: str | None
    former_kind: str | None
    postal_codes: tuple[str, ...]

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude, or None if the register has no position."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    def __str__(self) -> str:
        """Return text such as ``Toulouse (31555)``."""
        return f"{self.name or self.kind} ({self.code})"


@cache
def _file(name: str) -> bytes:
    return files("prai_match.register").joinpath("data", f"{name}.parquet").read_bytes()


@cache
def metadata(name: str) -> dict[str, str]:
    """Source, versions and vintage, as the build wrote them into the file of a table."""
    return pl.read_parquet_metadata(io.BytesIO(_file(name)))


@cache
def table() -> pl.DataFrame:
    """Return the whole register, one row per entity, sorted by code and kind."""
    return pl.read_parquet(_file("register"))


@cache
def dissolved_epcis() -> pl.DataFrame:
    """Return the EPCI of 2019 to 2025 that no longer exist, by ``code`` (SIREN), and the present ones of their area.

    ``names``: all its names, the latest first; ``departement``: the one with most of its population; ``departements``:
    all, by decreasing population; ``last_vintage``: the last year in which it exists; ``successors``: codes of the
    present EPCI that contain its communes, by decreasing population; ``shares``: the share of its population in each,
    0-1, in that year.
    """
    return pl.read_parquet(_file("dissolved"))


@cache
def epci_names() -> pl.DataFrame:
    """Return ``code`` and earlier ``name`` (2019 to 2025) of present EPCI, unless another EPCI has the same name."""
    return pl.read_parquet(_file("epci_names"))


@cache
def aliases() -> pl.DataFrame:
    """Return other names of present communes (``code``, ``name``), each unique within its département.

    No former commune has it either. The ``source`` is ``vintage`` (its official name, or that of a part of it, in a
    year since 2019), ``history`` (the same between 1943 and 2019) or ``geonames`` (a longer or shorter form in use).
    """
    return pl.read_parquet(_file("aliases"))


@cache
def index() -> dict[tuple[str, str], int]:
    """Row of each entity by code and kind."""
    frame = table()
    return {key: row for row, key in enumerate(zip(frame["code"], frame["kind"], strict=True))}


@cache
def names() -> dict[str, tuple[int, ...]]:
    """Rows that bear each name, in the form in which names are compared."""
    return _groups(table().select(normalised(pl.col("name")).alias("key")).with_row_index("row").drop_nulls(), "key")


@cache
def rows_of(kind: Kind, column: str) -> dict[str, tuple[int, ...]]:
    """Rows of one kind by the value of a column, in the order of their codes."""
    return _groups(table().with_row_index("row").filter(kind=kind).select("row", column).drop_nulls(), column)


def _groups(rows: pl.DataFrame, column: str) -> dict[str, tuple[int, ...]]:
    groups = rows.group_by(column, maintain_order=True).agg("row")
    return {key: tuple(places) for key, places in groups.select(column, "row").iter_rows()}


@cache
def entry(row: int) -> Entry:
    values = table().row(row, named=True)
    return Entry(**values | {"name": values["name"] or "", "postal_codes": tuple(values["postal_codes"] or ())})


@dataclass(frozen=True, slots=True)
class About(Shown, Readable):
    """The sources and the content of the register.

    Attributes:
        source: Package that the entities come from.
        version: Its version.
        earlier: The earlier version that names the communes absorbed since.
        vintage: Year of the administrative map.
        places: Source of the positions.
        licences: Licence of each source.
        attribution: The credits that both licences require.
        counts: Number of entities of each kind.
        precision: Number of communes by precision of their position; `none` for those without.
        vintages: Version of the source for each earlier year, by year.
        history: The version that has the names of communes since 1943.
        others: Number of dissolved EPCI (`dissolved`), of earlier names of EPCI (`epci_names`) and of other names of
            communes (`aliases`).

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
        """Return the same as a short text.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        lang = current_language(lang)
        title, *others = facts(self, lang)
        colon = messages("prai_match.register", "about", lang)["colon"]
        return "\n".join([title[1], *(f"  {label}{colon}{text}" for label, text in others)])


def facts(own: About, lang: Lang) -> list[tuple[str, str]]:
    """Return the title, then each line with its label."""
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
    title = texts["title"].format(vintage=own.vintage)
    return [("title", title), *((texts["labels"][key], value) for key, value in lines.items())]


@cache
def about() -> About:
    """Return the sources, vintage, licences and content of the register.

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
        attribution="INSEE (Code officiel géographique, populations légales), DGCL (EPCI), La Poste (codes postaux), "
        "GeoNames (positions, geonames.org)",
        counts={kind: kinds[kind] for kind in KINDS},
        precision={key: precision[key] for key in ("place", "epci_centroid", "departement_centroid", "none")},
        vintages=dict(pair.split(": ") for pair in others["vintages"].split(", ")),
        history=others["history"],
        others={"dissolved": dissolved_epcis().height, "epci_names": epci_names().height, "aliases": aliases().height},
    )
