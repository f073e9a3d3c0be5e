"""The history: needs, sessions held or booked, attendances, registrations and decisions."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from prai_match.model._actors import Rating
from prai_match.model._base import Id, Model
from prai_match.model._catalogue import AMOUNT


class Need(Model):
    """A need that a collectivity expressed (besoin exprimé).

    A need without a workshop is classified from its text, unless its score is 0: it asks for none, as an officer
    stated, or as was read in a text that was forgotten. If its text was forgotten, it has the workshop that was read in
    it. A workshop stated by an officer has no score and counts as 100.

    Example:
        >>> need = Need(collectivity="09122", date=dt.date(2007, 2, 6), text="refonte du site internet", people=3)
        >>> need.channel, need.workshop
        ('other', None)
    """

    collectivity: Id
    date: dt.date
    channel: Id = "other"
    text: Annotated[str, Field(max_length=20000)] = ""
    workshop: Id | None = None
    axis: Id | None = None
    people: Annotated[int | None, Field(ge=1, le=500)] = None
    score: Annotated[float | None, Field(ge=0, le=100)] = None


class HeldSession(Model):
    """A session that was held or is booked on a date.

    On a given day the library knows the sessions held until then and those booked by then; it never looks
    into the future of that day.

    Example:
        >>> held = HeldSession(id="s1", session="sig", date=dt.date(2007, 2, 6), host="200067791", cost="850.50")
        >>> held.cost, held.booked_on
        (Decimal('850.50'), None)
    """

    id: Id
    session: Id
    date: dt.date
    booked_on: dt.date | None = None
    host: Id
    axis: Id | None = None
    partner: Id | None = None
    trainer: Id | None = None
    cost: Annotated[Decimal | None, AMOUNT] = None


class Attendance(Model):
    """How many people of one collectivity attended one session (participation): numbers, never names.

    Example:
        >>> day = dt.date(2007, 2, 6)
        >>> came = Attendance(collectivity="09122", session="sig", date=day, elected=2, technicians=1, rating=4)
        >>> came.elected + came.technicians
        3
    """

    collectivity: Id
    session: Id
    date: dt.date
    elected: Annotated[int | None, Field(ge=0, le=500)] = None
    technicians: Annotated[int | None, Field(ge=0, le=500)] = None
    rating: Rating = None
    held: Id | None = None


class Registration(Model):
    """How many people of one collectivity are expected at a booked session (inscription): a number, never names.

    Example:
        >>> expected = Registration(session="s1", collectivity="09122", people=3)
        >>> expected.people
        3
    """

    session: Id
    collectivity: Id
    people: Annotated[int | None, Field(ge=1, le=500)] = None


NeedEvent = Literal["confirmed", "withdrawn"]
OfferEvent = Literal["made", "accepted", "declined", "unanswered", "replaced"]
BookingEvent = Literal["asked", "confirmed", "cancelled"]
Event = Literal[NeedEvent, OfferEvent, BookingEvent]
Who = Literal["officer", "relay", "trainer", "territory"]

# The possible events of a decision, by the field that identifies its subject: a need, an offer, a booked session.
SUBJECTS: Final[dict[str, tuple[str, ...]]] = {
    "collectivity": get_args(NeedEvent),
    "territory": get_args(OfferEvent),
    "held": get_args(BookingEvent),
}


class Decision(Model):
    """A decision on a need, an offer or a booked session, and its reason (décision): by a role, never by a name.

    With a ``collectivity``, it is about needs (those for ``session``, or all expressed until then); with a
    ``territory`` and a ``session``, about an offer (with host, relay, trainer, day if known); with ``held``, about a
    session.

    Example:
        >>> said = Decision(date="2007-09-12", event="declined", who="territory", territory="200067791", session="sig")
        >>> said.why, said.day
        ('', None)
    """

    date: dt.date
    event: Event
    who: Who = "officer"
    collectivity: Id | None = None
    territory: Id | None = None
    held: Id | None = None
    session: Id | None = None
    host: Id | None = None
    partner: Id | None = None
    trainer: Id | None = None
    day: dt.date | None = None
    replaced_by: Id | None = None
    why: Annotated[str, Field(max_length=2_000)] = ""
