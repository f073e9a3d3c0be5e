"""Who takes part: collectivities, the territories that group them, relay partners and trainers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from prai_match.model._base import Id, Model, Name, doc
from prai_match.model._catalogue import amount

CollectivityKind = Literal["commune", "epci", "departement", "syndicat", "other"]
PartnerKind = Literal[
    "adm",
    "centre_de_gestion",
    "departement",
    "conseil_general",
    "epci",
    "syndicat",
    "syndicat_numerique",
    "association",
    "other",
]
Audience = Literal["elected", "technicians"]

Departement = Annotated[str, doc("Département code", "Code du département", pattern=r"^(\d{2}|2[AB]|9[78]\d)$")]
Latitude = Annotated[float, doc("Latitude, degrees", "Latitude, en degrés", ge=-90, le=90)]
Longitude = Annotated[float, doc("Longitude, degrees", "Longitude, en degrés", ge=-180, le=180)]
Rating = Annotated[
    float | None, doc("Satisfaction, 1 to 4; none: unknown", "Satisfaction, de 1 à 4 ; à défaut, inconnue", ge=1, le=4)
]
Population = Annotated[int, doc("Inhabitants", "Nombre d'habitants", ge=0)]


class Collectivity(Model):
    """A local authority (collectivité), under its official code.

    Example:
        >>> Collectivity(code="09122", name="Foix", kind="commune", departement="09").population is None
        True
    """

    code: Annotated[Id, doc("INSEE code of a commune, SIREN of the others", "Code INSEE d'une commune, SIREN sinon")]
    name: Annotated[Name, doc("Official name", "Nom officiel")]
    kind: Annotated[CollectivityKind, doc("Kind", "Nature")]
    departement: Departement
    population: Annotated[
        int | None, doc("Inhabitants; none: unknown", "Nombre d'habitants ; à défaut, inconnu", ge=0)
    ] = None


class Territory(Model):
    """What a recommendation is made for: one collectivity, or several served together (territoire).

    Example:
        >>> foix = Territory(
        ...     id="200067791", name="CA Pays Foix-Varilhes", departement="09", members=["09122"], population=33_000,
        ...     latitude=42.97, longitude=1.61,
        ... )
        >>> foix.members
        ('09122',)
    """

    id: Annotated[
        Id,
        doc("Identifier, usually the SIREN of the EPCI", "Identifiant, le plus souvent le SIREN de l'EPCI"),
    ]
    name: Annotated[Name, doc("Name", "Nom")]
    departement: Departement
    members: Annotated[tuple[Id, ...], doc("Codes of its collectivities", "Codes de ses collectivités", min_length=1)]
    population: Population
    latitude: Latitude
    longitude: Longitude


class HostingRecord(Model):
    """Sessions that a relay hosted in one département before the recorded history begins.

    Example:
        >>> HostingRecord(departement="09", sessions=3).sessions
        3
    """

    departement: Departement
    sessions: Annotated[int, doc("Sessions hosted", "Sessions accueillies", ge=0)]


class RelayPartner(Model):
    """An organisation that hosts sessions and brings people (partenaire-relais).

    Example:
        >>> relay = RelayPartner(id="adm09", name="Association des maires de l'Ariège", kind="adm", departements=["09"])
        >>> relay.brings, relay.sessions_a_year
        (('elected',), None)
    """

    id: Annotated[Id, doc("Identifier", "Identifiant")]
    name: Annotated[Name, doc("Name of the organisation", "Nom de l'organisme")]
    kind: Annotated[PartnerKind, doc("Kind", "Nature")]
    departements: Annotated[tuple[Departement, ...], doc("Départements covered", "Départements couverts", min_length=1)]
    carries: Annotated[
        tuple[Id, ...],
        doc("Sessions it can host; none named: all", "Sessions qu'il peut porter ; aucune citée : toutes"),
    ] = ()
    sessions_a_year: Annotated[
        int | None,
        doc(
            "Most sessions over twelve months; none: no limit known",
            "Nombre maximal de sessions sur douze mois ; à défaut, aucune limite connue",
            ge=0,
        ),
    ] = None
    hosted: Annotated[
        tuple[HostingRecord, ...],
        doc("Sessions hosted before the history", "Sessions accueillies avant l'historique"),
    ] = ()
    brings: Annotated[tuple[Audience, ...], doc("Whom it can bring", "Publics qu'il mobilise")] = ("elected",)


class Expertise(Model):
    """A session that a trainer can lead; no axis named means every axis.

    Example:
        >>> Expertise(session="sig", axes=["cadastre"]).axes
        ('cadastre',)
    """

    session: Annotated[Id, doc("Session", "Session")]
    axes: Annotated[tuple[Id, ...], doc("Axes; none named: all", "Axes ; aucun cité : tous")] = ()


class Period(Model):
    """From a day to another, both included.

    Example:
        >>> Period(start="2007-09-03", end="2007-12-21").end
        datetime.date(2007, 12, 21)
    """

    start: Annotated[dt.date, doc("First day", "Premier jour")]
    end: Annotated[dt.date, doc("Last day", "Dernier jour")]


class Trainer(Model):
    """Someone who leads sessions, described by organisation and role, never by name (intervenant).

    Example:
        >>> trainer = Trainer(
        ...     id="sig_toulouse", organisation="Université", role="Géomaticien", expertise=[{"session": "sig"}],
        ...     home="31555", latitude=43.6, longitude=1.44, reach_km=150, fee="450",
        ... )
        >>> trainer.fee, trainer.sessions_a_month
        (Decimal('450'), None)
    """

    id: Annotated[Id, doc("Identifier", "Identifiant")]
    organisation: Annotated[Name, doc("Organisation", "Organisme")]
    role: Annotated[Name, doc("Role", "Fonction")]
    expertise: Annotated[tuple[Expertise, ...], doc("What it can lead", "Sessions animées", min_length=1)]
    home: Annotated[Id, doc("INSEE code of the home commune", "Code INSEE de la commune de rattachement")]
    latitude: Latitude
    longitude: Longitude
    reach_km: Annotated[float, doc("Farthest travel, km", "Rayon d'intervention, en km", ge=0)]
    free: Annotated[
        tuple[Period, ...],
        doc("When it is free; none named: always", "Périodes libres ; aucune citée : toujours"),
    ] = ()
    taken: Annotated[tuple[dt.date, ...], doc("Days already taken", "Jours déjà pris")] = ()
    sessions_a_month: Annotated[
        int | None,
        doc(
            "Most sessions in a calendar month; none: unknown",
            "Nombre maximal de sessions par mois civil ; à défaut, inconnu",
            ge=0,
        ),
    ] = None
    fee: Annotated[
        Decimal | None,
        amount("Fee of one session, €; none: unknown", "Coût d'une intervention, € ; à défaut, inconnu"),
    ] = None
    rating: Rating = None
