"""What can be offered to a territory."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from prai_match.text import Shown

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from prai_match.model import SessionKind


@dataclass(frozen=True, slots=True)
class Offer(Shown):
    """One session that can be offered to a territory, with whom, when and at what cost.

    Attributes:
        kind: ``buffet`` or ``workshop``.
        session: Identifier of the session.
        axis: Identifier of the axis; None: the common core.
        partner: Identifier of the relay partner.
        trainer: Identifier of the trainer.
        score: 0 to 100.
        cost: Euros; None: unknown, as a part of it is.
        earliest: First day on which it can be held.
        pathway: The session and what usually comes after it for this territory.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend(on=dt.date(2007, 9, 3))["200066231"]
        >>> rec.offer.session, rec.offer.axis, rec.offer.earliest
        ('dematerialisation', None, datetime.date(2007, 9, 24))
        >>> [offer.session for offer in rec.alternatives]
        ['sig']
    """

    kind: SessionKind
    session: str
    axis: str | None
    partner: str
    trainer: str
    score: float
    cost: Decimal | None
    earliest: dt.date
    pathway: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as data that JSON can hold (see ``docs/reference/schemas/alternative.json``)."""
        return asdict(self) | {
            "cost": None if self.cost is None else str(self.cost),
            "earliest": self.earliest.isoformat(),
            "pathway": list(self.pathway),
        }


class Choice(NamedTuple):
    """What is chosen for a territory, as `Recommendation` has it."""

    territory: str
    name: str
    next: Offer | None
    alternatives: tuple[Offer, ...]
    reason: str | None

    @property
    def offer(self) -> Offer | None:
        """What to offer now."""
        return None if self.reason else self.next
