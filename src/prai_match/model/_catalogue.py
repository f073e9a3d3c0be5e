"""The catalogue: buffets, workshops with their axes, and which session leads to which."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from prai_match._words import catalogue as words
from prai_match.errors import Lang
from prai_match.model._attributes import NO_VALUES, OwnValues
from prai_match.model._base import Id, Model, Name, Text

LONGEST_DAYS = 1826  # five years, after which a follow-up is no less or more probable
HORIZON_DAYS = 120  # default number of days within which a follow-up should follow
Reading = Literal["next", "eventually"]
READINGS: Final[tuple[Reading, ...]] = ("next", "eventually")
EXPECTED = 3.0  # weight of the overall frequencies in a forecast, as a number of sessions
LAG_DAYS = 90  # default number of days between a session and its follow-up
STRENGTH = 10.0  # weight of the declared probability of a follow-up, as a number of observed territories

SessionForm = Literal["buffet", "workshop"]
PartnerKind = Literal[
    "adm", "centre_de_gestion", "departement", "conseil_general", "epci", "syndicat", "syndicat_numerique",
    "association", "other",
]  # fmt: skip
Channel = Literal["buffet", "workshop", "visit", "mail", "phone", "survey", "web", "other"]
KindOf = Literal["buffets", "workshops", "partners", "channels"]

# The bundled kinds, which every programme has.
BUNDLED: Mapping[str, tuple[str, ...]] = {
    "buffets": ("buffet",),
    "workshops": ("workshop",),
    "partners": get_args(PartnerKind),
    "channels": get_args(Channel),
}

AMOUNT: Any = Field(ge=0, max_digits=12, decimal_places=2)  # euros, to the cent
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


class Module(Model):
    """A part of a session's common core, or of one of its axes (module).

    Example:
        >>> module = Module(title={"fr": "Le cahier des charges", "en": "The specification"}, minutes=45)
        >>> module.axis is None  # of the common core
        True
    """

    title: Text
    minutes: Annotated[int, Field(ge=1)]
    material: Text | None = None
    axis: Id | None = None


class Scope(Model):
    """What a request must ask for to be a need for a workshop, and what only sounds like it (périmètre).

    An exclusion says where such a request belongs: to another workshop, or to none.

    Example:
        >>> sign = {"fr": "Signer sans papier.", "en": "Signing without paper."}
        >>> [sentence.get("en") for sentence in Scope(covers=[sign]).covers]
        ['Signing without paper.']
    """

    covers: tuple[Text, ...] = ()
    excludes: tuple[Text, ...] = ()


class Kind(Model):
    """A kind that a programme adds: of buffets, workshops, relay partners, or channels of needs.

    Sessions of such a kind are treated like other buffets or workshops, unless a rule names the kind.

    Example:
        >>> Kind(of="workshops", id="webinar", name={"fr": "Webinaire", "en": "Webinar"}).synonyms
        ()
    """

    of: KindOf
    id: Id
    name: Text
    synonyms: tuple[Name, ...] = ()


class _SessionType(Model):
    id: Id
    name: Text
    core: Text
    made: bool = False
    cost: Annotated[Decimal | None, AMOUNT] = None
    refresh_after: Annotated[int | None, Field(ge=1, le=240)] = None
    minutes: Annotated[int, Field(ge=30, le=480)] = 180
    modules: tuple[Module, ...] = ()
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
    kind: Id = "buffet"

    @property
    def form(self) -> SessionForm:
        """The form of the session: always ``"buffet"``, whatever its kind."""
        return "buffet"

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Always empty: a buffet has no axes."""
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
    scope: Scope = Field(default_factory=Scope)
    min_seats: Annotated[int, Field(ge=1)] = 10
    max_seats: Annotated[int, Field(ge=1)] = 20
    kind: Id = "workshop"

    @property
    def form(self) -> SessionForm:
        """The form of the session: always ``"workshop"``, whatever its kind."""
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
    lag_days: Annotated[int, Field(ge=0)] = LAG_DAYS


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
    kinds: tuple[Kind, ...] = ()

    @property
    def sessions(self) -> tuple[Buffet | Workshop, ...]:
        """All sessions: buffets, then workshops."""
        return (*self.buffets, *self.workshops)


def axes_of(catalogue: Catalogue) -> dict[str, list[str]]:
    """Return the axes of each workshop, by identifier: the possible answers of a lexicon."""
    return {workshop.id: [axis.id for axis in workshop.axes] for workshop in catalogue.workshops}


def kinds_of(catalogue: Catalogue, of: KindOf) -> tuple[str, ...]:
    """Return the kinds of a vocabulary: the bundled ones, then the programme's own."""
    return (*BUNDLED[of], *(kind.id for kind in catalogue.kinds if kind.of == of))


def kind_names(catalogue: Catalogue, bundled: Mapping[str, str], lang: Lang) -> dict[str, str]:
    """Return the name of each kind of sessions; ``bundled`` gives those of the bundled kinds."""
    own = {kind.id: kind.name.get(lang) for kind in catalogue.kinds if kind.of in {"buffets", "workshops"}}
    return {**bundled, **own}


def session_names(catalogue: Catalogue, lang: Lang) -> dict[tuple[str, str | None], str]:
    """Return the name of each session, with its kind, alone and with each of its axes."""
    texts = words("prai_match", "display")
    kinds = kind_names(catalogue, {kind: text[lang] for kind, text in texts["kinds"].items()}, lang)
    names: dict[tuple[str, str | None], str] = {}
    for session in catalogue.sessions:
        name = texts["session"]["name"][lang].format(kind=kinds[session.kind], name=session.name.get(lang))
        names[session.id, None] = name
        for axis in session.axes:
            names[session.id, axis.id] = texts["session"]["axis"][lang].format(session=name, axis=axis.name.get(lang))
    return names
