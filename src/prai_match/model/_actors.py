"""The actors: collectivities, the territories that group them, relay partners and trainers."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from prai_match.model._attributes import NO_VALUES, OwnValues
from prai_match.model._base import Id, Model, Name
from prai_match.model._catalogue import AMOUNT

CollectivityKind = Literal["commune", "epci", "departement", "syndicat", "other"]
Audience = Literal["elected", "technicians"]

Departement = Annotated[str, Field(pattern="^(\\d{2}|2[AB]|9[78]\\d)$")]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Rating = Annotated[float | None, Field(ge=1, le=4)]


class Collectivity(Model):
    """A local authority (collectivité), under its official code.

    Example:
        >>> Collectivity(code="09122", name="Foix", kind="commune", departement="09").population is None
        True
    """

    code: Id
    name: Name
    kind: CollectivityKind
    departement: Departement
    population: Annotated[int | None, Field(ge=0)] = None
    attributes: OwnValues = NO_VALUES


class Territory(Model):
    """The unit that recommendations are made for: one collectivity, or several served together (territoire).

    Example:
        >>> foix = Territory(
        ...     id="200067791", name="CA Pays Foix-Varilhes", departement="09", members=["09122"], population=33_000,
        ...     latitude=42.97, longitude=1.61,
        ... )
        >>> foix.members
        ('09122',)
    """

    id: Id
    name: Name
    departement: Departement
    members: Annotated[tuple[Id, ...], Field(min_length=1)]
    population: Annotated[int, Field(ge=0)]
    latitude: Latitude
    longitude: Longitude
    attributes: OwnValues = NO_VALUES


class HostingRecord(Model):
    """Sessions that a relay organised in one département before the recorded history begins.

    Example:
        >>> HostingRecord(departement="09", sessions=3).sessions
        3
    """

    departement: Departement
    sessions: Annotated[int, Field(ge=0)]


class RelayPartner(Model):
    """A body that organises sessions locally and invites people (partenaire-relais).

    Example:
        >>> relay = RelayPartner(id="adm09", name="Association des maires de l'Ariège", kind="adm", departements=["09"])
        >>> relay.brings, relay.sessions_a_year
        (('elected',), None)
    """

    id: Id
    name: Name
    kind: Id
    departements: Annotated[tuple[Departement, ...], Field(min_length=1)]
    carries: tuple[Id, ...] = ()
    sessions_a_year: Annotated[int | None, Field(ge=0)] = None
    hosted: tuple[HostingRecord, ...] = ()
    brings: tuple[Audience, ...] = ("elected",)
    since: dt.date | None = None
    until: dt.date | None = None
    attributes: OwnValues = NO_VALUES


class Expertise(Model):
    """A session that a trainer can lead; no axis named means every axis.

    Example:
        >>> Expertise(session="sig", axes=["cadastre"]).axes
        ('cadastre',)
    """

    session: Id
    axes: tuple[Id, ...] = ()


class Period(Model):
    """A period of days, both ends included.

    Example:
        >>> Period(start="2007-09-03", end="2007-12-21").end
        datetime.date(2007, 12, 21)
    """

    start: dt.date
    end: dt.date


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

    id: Id
    organisation: Name
    role: Name
    expertise: Annotated[tuple[Expertise, ...], Field(min_length=1)]
    home: Id
    latitude: Latitude
    longitude: Longitude
    reach_km: Annotated[float, Field(ge=0)]
    free: tuple[Period, ...] = ()
    taken: tuple[dt.date, ...] = ()
    sessions_a_month: Annotated[int | None, Field(ge=0)] = None
    fee: Annotated[Decimal | None, AMOUNT] = None
    rating: Rating = None
    since: dt.date | None = None
    until: dt.date | None = None
    attributes: OwnValues = NO_VALUES
