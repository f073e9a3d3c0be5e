"""Offers to a territory, its booked sessions, and what an officer chose instead."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Final, NamedTuple, Self

from prai_match import _arguments as given
from prai_match.errors import PraiError
from prai_match.model import Lang
from prai_match.text import Shown, current_language, day, messages


@dataclass(frozen=True, slots=True)
class Offer(Shown):
    """One session that can be offered to a territory, with its relay, trainer, day and cost.

    Attributes:
        kind: Kind of the session: ``buffet``, ``workshop`` or a kind that the programme defines.
        session: Identifier of the session.
        axis: Identifier of the axis; None means the common core.
        host: Identifier of the territory where it is held: its own place or the nearest possible one that takes part.
        joins: Identifier of the booked session that the territory would join; None means a new session.
        partner: Identifier of the relay partner, which covers the host; None if unknown, for a session that is joined.
        trainer: Identifier of the trainer; None if unknown, for a session that is joined.
        score: Score from 0 to 100.
        cost: Cost in euros; None if any part of it is unknown. Joining a session costs nothing more.
        day: First day on which it can be held; the day of the session that is joined.
        pathway: The session and what usually comes after it for this territory.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200034064"]
        >>> rec.offer.session, rec.offer.axis, rec.offer.day
        ('dematerialisation', None, datetime.date(2007, 9, 24))
        >>> [offer.session for offer in rec.alternatives]
        ['teleservices', 'organisation_interne']
    """

    kind: str
    session: str
    axis: str | None
    host: str
    joins: str | None
    partner: str | None
    trainer: str | None
    score: float
    cost: Decimal | None
    day: dt.date
    pathway: tuple[str, ...]
    _audience: Callable[[], int] | None = field(default=None, repr=False, compare=False)

    @property
    def could_come(self) -> int:
        """Number of people of all territories around that could attend on its day; computed on demand, not a forecast.

        They are interested, the rules allow it, the lags are over, and the trainer teaches the axis that they ask for.

        Raises:
            PraiError: It was read from a pickle, which holds only this offer.
        """
        if self._audience is None:
            raise PraiError.of("prai_match", "no_audience", session=self.session)
        return self._audience()

    def __reduce__(self) -> "tuple[type[Offer], tuple[object, ...]]":
        return Offer, tuple(getattr(self, each.name) for each in fields(self) if each.init and each.compare)

    def __copy__(self) -> Self:  # it is immutable
        return self

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        return self

    def to_json(self) -> dict[str, Any]:
        """Return the offer as data that JSON can hold (see ``docs/reference/schemas/alternative.json``)."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.compare} | {
            "cost": None if self.cost is None else str(self.cost),
            "day": self.day.isoformat(),
            "pathway": list(self.pathway),
        }


@dataclass(frozen=True, slots=True)
class Booking(Shown):
    """A booked session that a territory hosts, or for which one of its collectivities is registered.

    Attributes:
        session: Identifier of the buffet or workshop.
        day: Day on which it is held.
        host: Identifier of the territory that hosts it.
        partner: Identifier of the relay partner; None if unknown.
        trainer: Identifier of the trainer; None if unknown.
        room: Free seats; None if unknown, since registrations aren't known.

    Example:
        >>> from prai_match import Programme
        >>> (booking,) = Programme.example().recommend("2007-10-22")["244600532"].booked
        >>> print(booking.text(lang="en"))
        sig, on 6 November 2007 (host: 244600532; seats left: 8)
    """

    session: str
    day: dt.date
    host: str
    partner: str | None
    trainer: str | None
    room: int | None

    @given.takes(names=given.optional(given.by_name(given.text)))
    def text(self, names: Mapping[str, str] | None = None, lang: Lang | None = None) -> str:
        """Describe the booking briefly; ``names`` maps identifiers of sessions and territories to names."""
        lang, own = current_language(lang), names or {}
        words = messages("prai_match", "display", lang)["booking"]
        codes = {name: own.get(code, code) for name, code in (("session", self.session), ("host", self.host))}
        room = words["no_room"] if self.room is None else self.room
        return str(words["one"].format(**codes, day=day(self.day, lang), room=room))


@dataclass(frozen=True, slots=True)
class Replacement(Shown):
    """The session that an officer chose in place of an offer; it is shown with the automatic answer.

    It stands until the territory attends or declines it, until the next choice, or for as long as a need counts.

    Attributes:
        session: Identifier of the session that was chosen.
        instead_of: Identifier of the one that was offered.
        date: Day of the choice.
        why: Reason as the officer wrote it; empty if none was given.

    Example:
        >>> from prai_match import Programme
        >>> offer = {"territory": "200066231", "session": "dematerialisation"}
        >>> said = {"date": "2007-09-01", "event": "replaced", **offer, "replaced_by": "sig", "why": "Urgent"}
        >>> rec = Programme.example().with_decisions([said]).recommend("2007-09-03")["200066231"]
        >>> print(rec.replacement.text(lang="en"))
        An officer chose "sig" on 1 September 2007 in place of "dematerialisation": Urgent
    """

    session: str
    instead_of: str
    date: dt.date
    why: str

    @given.takes(names=given.optional(given.by_name(given.text)))
    def text(self, names: Mapping[str, str] | None = None, lang: Lang | None = None) -> str:
        """Describe the choice in a sentence; ``names`` maps identifiers of sessions to names."""
        lang, own = current_language(lang), names or {}
        words = messages("prai_match", "display", lang)["replacement"]
        pairs = (("session", self.session), ("instead_of", self.instead_of))
        codes = {name: own.get(code, code) for name, code in pairs}
        return str(words["because" if self.why else "alone"].format(**codes, day=day(self.date, lang), why=self.why))


class Choice(NamedTuple):
    """The choice for a territory: the fields of `Recommendation`."""

    territory: str
    name: str
    next: Offer | None
    alternatives: tuple[Offer, ...]
    reason: str | None
    replacement: Replacement | None
    priority: float


EQUIVALENT: Final = 1.0  # an offer at most this many points below the best is equivalent


def equivalent(best: Offer | None, others: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(offer for offer in others if best and best.score - offer.score <= EQUIVALENT)
