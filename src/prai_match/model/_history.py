"""What happened and what was asked: needs, sessions held, attendances."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from prai_match.model._actors import Rating
from prai_match.model._base import Id, Model, doc
from prai_match.model._catalogue import amount

Channel = Literal["buffet", "workshop", "visit", "mail", "phone", "survey", "web", "other"]


class Need(Model):
    """What a collectivity asked for (besoin exprimé).

    A need without a workshop is classified from its text. A workshop
    that an officer stated counts with a score of 100.

    Example:
        >>> need = Need(collectivity="09122", date=dt.date(2007, 2, 6), text="refonte du site internet", people=3)
        >>> need.channel, need.workshop
        ('other', None)
    """

    collectivity: Annotated[Id, doc("Who asked", "Collectivité qui l'exprime")]
    date: Annotated[dt.date, doc("When", "Date")]
    channel: Annotated[Channel, doc("How", "Canal")] = "other"
    text: Annotated[str, doc("As it was said", "Expression du besoin", max_length=20_000)] = ""
    workshop: Annotated[Id | None, doc("Workshop, where stated", "Atelier, s'il est indiqué")] = None
    axis: Annotated[Id | None, doc("Axis, where stated", "Axe, s'il est indiqué")] = None
    people: Annotated[
        int | None,
        doc("People who would come; none: unknown", "Personnes intéressées ; à défaut, nombre inconnu", ge=1, le=500),
    ] = None


class HeldSession(Model):
    """A session that was held, or is booked, on a date.

    On a given day the library knows the sessions held until then and those booked by then; it never looks
    into the future of that day.

    Example:
        >>> held = HeldSession(id="s1", session="sig", date=dt.date(2007, 2, 6), host="200067791", cost="850.50")
        >>> held.cost, held.booked_on
        (Decimal('850.50'), None)
    """

    id: Annotated[Id, doc("Identifier", "Identifiant")]
    session: Annotated[Id, doc("Buffet or workshop", "Buffet ou atelier")]
    date: Annotated[dt.date, doc("Day", "Date")]
    booked_on: Annotated[
        dt.date | None,
        doc(
            "Day of the booking; none: known once held",
            "Jour de la réservation ; à défaut, connue une fois tenue",
        ),
    ] = None
    host: Annotated[Id, doc("Territory that hosted it", "Territoire d'accueil")]
    axis: Annotated[Id | None, doc("Axis", "Axe")] = None
    partner: Annotated[Id | None, doc("Relay partner", "Partenaire-relais")] = None
    trainer: Annotated[Id | None, doc("Trainer", "Intervenant")] = None
    cost: Annotated[Decimal | None, amount("What it cost, €; none: unknown", "Coût, € ; à défaut, inconnu")] = None


class Attendance(Model):
    """Who came from one collectivity to one session (participation): numbers, never names.

    Example:
        >>> day = dt.date(2007, 2, 6)
        >>> came = Attendance(collectivity="09122", session="sig", date=day, elected=2, technicians=1, rating=4)
        >>> came.elected + came.technicians
        3
    """

    collectivity: Annotated[Id, doc("Whose people came", "Collectivité représentée")]
    session: Annotated[Id, doc("Buffet or workshop", "Buffet ou atelier")]
    date: Annotated[dt.date, doc("Day", "Date")]
    elected: Annotated[
        int | None, doc("Elected officials; none: unknown", "Élus ; à défaut, nombre inconnu", ge=0, le=500)
    ] = None
    technicians: Annotated[
        int | None, doc("Technicians; none: unknown", "Techniciens ; à défaut, nombre inconnu", ge=0, le=500)
    ] = None
    rating: Rating = None
    held: Annotated[Id | None, doc("Session held, where known", "Session tenue, si elle est connue")] = None
