"""What the programme offers: buffets, workshops with their axes, and which session leads to which."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from prai_match.model._attributes import NO_VALUES, OwnValues
from prai_match.model._base import Id, Model, Text

SessionKind = Literal["buffet", "workshop"]


AMOUNT: Any = Field(ge=0, max_digits=12, decimal_places=2)
"""Euros, to the cent."""
Euros = Annotated[Decimal, AMOUNT]


class Theme(Model):
    """A subject that buffets raise and workshops deepen (thème).

    Example:
        >>> Theme(id="internet", name={"fr": "Site Internet", "en": "Website"}).id
        'internet'
    """

    id: Id
    name: Text


class Axis(Model):
    """The angle that a collectivity chooses inside a workshop's common core (axe).

    Example:
        >>> Axis(id="refonte", name={"fr": "Refonte", "en": "Redesign"}).name.get("en")
        'Redesign'
    """

    id: Id
    name: Text


class _SessionType(Model):
    id: Id
    name: Text
    core: Text
    made: bool = False
    cost: Annotated[Decimal | None, AMOUNT] = None
    attributes: OwnValues = NO_VALUES

    @model_validator(mode="after")
    def _seats_in_order(self) -> Self:
        if self.min_seats > self.max_seats:  # type: ignore[attr-defined]
            raise PydanticCustomError("seats", "min_seats must not exceed max_seats")
        return self


class Buffet(_SessionType):
    """A short awareness event (buffet des savoirs).

    Example:
        >>> name, core = {"fr": "Découvrir", "en": "Discover"}, {"fr": "Les usages", "en": "What it is for"}
        >>> buffet = Buffet(id="decouvrir", name=name, core=core, themes=["internet"])
        >>> buffet.kind, buffet.min_seats, buffet.max_seats
        ('buffet', 15, 60)
    """

    themes: Annotated[tuple[Id, ...], Field(min_length=1)]
    min_seats: Annotated[int, Field(ge=1)] = 15
    max_seats: Annotated[int, Field(ge=1)] = 60

    @property
    def kind(self) -> SessionKind:
        """Always ``"buffet"``."""
        return "buffet"

    @property
    def axes(self) -> tuple[Axis, ...]:
        """A buffet has no axes."""
        return ()


class Workshop(_SessionType):
    """A practical session of 10 to 20 people that deepens what a buffet raised (atelier de projets).

    Example:
        >>> name, core = {"fr": "Site", "en": "Website"}, {"fr": "Le cahier des charges", "en": "The specification"}
        >>> workshop = Workshop(id="site", name=name, core=core, theme="internet")
        >>> workshop.kind, workshop.min_seats, workshop.max_seats
        ('workshop', 10, 20)
    """

    theme: Id
    axes: tuple[Axis, ...] = ()
    min_seats: Annotated[int, Field(ge=1)] = 10
    max_seats: Annotated[int, Field(ge=1)] = 20

    @property
    def kind(self) -> SessionKind:
        """Always ``"workshop"``."""
        return "workshop"


class FollowUp(Model):
    """A session that usually comes after another, as declared by the programme (suite).

    Example:
        >>> FollowUp(source="decouvrir", target="site", prior=0.4).lag_days
        90
    """

    source: Id
    target: Id
    prior: Annotated[float, Field(gt=0, lt=1)]
    lag_days: Annotated[int, Field(ge=0)] = 90


class Catalogue(Model):
    """Everything that can be offered.

    Example:
        >>> from prai_match import Programme
        >>> [workshop.id for workshop in Programme.example().catalogue.workshops][:2]
        ['site_internet', 'dematerialisation']
    """

    themes: tuple[Theme, ...]
    buffets: tuple[Buffet, ...] = ()
    workshops: tuple[Workshop, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()

    @property
    def sessions(self) -> tuple[Buffet | Workshop, ...]:
        """Buffets, then workshops."""
        return (*self.buffets, *self.workshops)


def axes_of(catalogue: Catalogue) -> dict[str, list[str]]:
    """The axes of each workshop, by identifiers: what a lexicon may answer."""
    return {workshop.id: [axis.id for axis in workshop.axes] for workshop in catalogue.workshops}
