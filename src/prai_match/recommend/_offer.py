"""What can be offered to a territory, what is booked for it, and what an officer chose instead."""

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
    """One session that can be offered to a territory, with whom, when and at what cost.

    Attributes:
        kind: Of the session: ``buffet``, ``workshop`` or one of the programme's own.
        session: Identifier of the session.
        axis: Identifier of the axis; None: the common core.
        host: Identifier of the territory where it is held: its own place or, where that can't be, the nearest one that
            takes part.
        joins: Identifier of the booked session that the territory would join; None: a session of its own.
        partner: Identifier of the relay partner, who covers the host; None: not known, of a session that is joined.
        trainer: Identifier of the trainer; None as well.
        score: 0 to 100.
        cost: Euros; None: unknown, as a part of it is. Joining a session costs nothing more.
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
        """How many people could come to it on its day, of all territories around: computed when asked, no promise.

        They are interested, allowed, after the lag of what they attended, and the trainer knows the axis they ask for.

        Raises:
            PraiError: It was read from a pickle, which has the offer alone.
        """
        if self._audience is None:
            raise PraiError.of("prai_match", "no_audience", session=self.session)
        return self._audience()

    def __reduce__(self) -> "tuple[type[Offer], tuple[object, ...]]":
        return Offer, tuple(getattr(self, each.name) for each in fields(self) if each.init and each.compare)

    def __copy__(self) -> Self:  # nothing of it changes
        return self

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        return self

    def to_json(self) -> dict[str, Any]:
        """Return it as data that JSON can hold (see ``docs/reference/schemas/alternative.json``)."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.compare} | {
            "cost": None if self.cost is None else str(self.cost),
            "day": self.day.isoformat(),
            "pathway": list(self.pathway),
        }


@dataclass(frozen=True, slots=True)
class Booking(Shown):
    """A session of a later day that a territory hosts, or for which one of its collectivities is registered.

    Attributes:
        session: Identifier of the buffet or workshop.
        day: When it is held.
        host: Identifier of the territory that hosts it.
        partner: Identifier of the relay partner; None: not known.
        trainer: Identifier of the trainer; None: not known.
        room: Seats that nobody is registered for; None: not known, as registrations aren't.

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
        """Say it in a few words; ``names`` are those of sessions and territories, by identifier."""
        lang, own = current_language(lang), names or {}
        words = messages("prai_match", "display", lang)["booking"]
        codes = {name: own.get(code, code) for name, code in (("session", self.session), ("host", self.host))}
        room = words["no_room"] if self.room is None else self.room
        return str(words["one"].format(**codes, day=day(self.day, lang), room=room))


@dataclass(frozen=True, slots=True)
class Replacement(Shown):
    """What an officer chose for a territory in place of an offer; it stands beside the automatic answer.

    It stands until the territory attends it or declines it, until the next one, or for as long as a need counts.

    Attributes:
        session: Identifier of the session that was chosen.
        instead_of: Identifier of the one that was offered.
        date: Day of the choice.
        why: As the officer wrote it; empty: nothing was written.

    Example:
        >>> from prai_match import Programme
        >>> offer = {"territory": "200066231", "session": "dematerialisation"}
        >>> said = {"date": "2007-09-01", "event": "replaced", **offer, "replaced_by": "sig", "why": "Urgent"}
        >>> rec = Programme.example().with_decisions([said]).recommend("2007-09-03")["200066231"]
        >>> print(rec.replacement.text(lang="en"))
        "sig" was chosen by an officer on 1 September 2007 in place of "dematerialisation": Urgent
    """

    session: str
    instead_of: str
    date: dt.date
    why: str

    @given.takes(names=given.optional(given.by_name(given.text)))
    def text(self, names: Mapping[str, str] | None = None, lang: Lang | None = None) -> str:
        """Say it in a sentence; ``names`` are those of sessions, by identifier."""
        lang, own = current_language(lang), names or {}
        words = messages("prai_match", "display", lang)["replacement"]
        pairs = (("session", self.session), ("instead_of", self.instead_of))
        codes = {name: own.get(code, code) for name, code in pairs}
        return str(words["because" if self.why else "alone"].format(**codes, day=day(self.date, lang), why=self.why))


class Choice(NamedTuple):
    """What is chosen for a territory, as `Recommendation` has it."""

    territory: str
    name: str
    next: Offer | None
    alternatives: tuple[Offer, ...]
    reason: str | None
    replacement: Replacement | None
    priority: float


EQUIVALENT: Final = 1.0  # points below the best within which an offer is as good


def equivalent(best: Offer | None, others: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(offer for offer in others if best and best.score - offer.score <= EQUIVALENT)
