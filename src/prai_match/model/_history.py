"""What happened and what was asked: needs, sessions held, attendances."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from prai_match.model._actors import Rating
from prai_match.model._base import Id, Model
from prai_match.model._catalogue import AMOUNT


class Need(Model):
    """What a collectivity asked for (besoin exprimé).

    A need without a workshop is classified from its text, unless its words were forgotten: it then has what was read in
    them, and an empty text with a score of 0 where nothing was. A workshop that an officer stated has no score and
    counts with 100.

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
    """A session that was held, or is booked, on a date.

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
    """Who came from one collectivity to one session (participation): numbers, never names.

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
