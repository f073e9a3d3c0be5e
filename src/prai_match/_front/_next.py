"""The next offer of a territory, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from prai_match import recommend


class OffersNext:
    """Base class of objects with a ``next`` offer: gives its fields, each None if there is no offer."""

    __slots__ = ()
    next: recommend.Offer | None

    @property
    def offer(self) -> recommend.Offer | None:
        """The offer itself."""
        return self.next

    @property
    def kind(self) -> str | None:
        """``buffet`` or ``workshop``."""
        return self.offer.kind if self.offer else None

    @property
    def session(self) -> str | None:
        """Identifier of the session to offer."""
        return self.offer.session if self.offer else None

    @property
    def axis(self) -> str | None:
        """Identifier of the axis; None means the common core."""
        return self.offer.axis if self.offer else None

    @property
    def host(self) -> str | None:
        """Identifier of the territory where it is held: the territory itself, or the nearest that it can go to."""
        return self.offer.host if self.offer else None

    @property
    def joins(self) -> str | None:
        """Identifier of the booked session to join; None means that a new session is held."""
        return self.offer.joins if self.offer else None

    @property
    def partner(self) -> str | None:
        """Identifier of the relay partner; also None if it is unknown, for a booked session."""
        return self.offer.partner if self.offer else None

    @property
    def trainer(self) -> str | None:
        """Identifier of the trainer; also None if it is unknown, for a booked session."""
        return self.offer.trainer if self.offer else None

    @property
    def score(self) -> float | None:
        """Score from 0 to 100: the sum of ``why().contributions``."""
        return self.offer.score if self.offer else None

    @property
    def cost(self) -> Decimal | None:
        """Cost in euros."""
        return self.offer.cost if self.offer else None

    @property
    def day(self) -> dt.date | None:
        """First open day on which the session can be held, or that of the booked session."""
        return self.next.day if self.next else None

    @property
    def pathway(self) -> tuple[str, ...]:
        """The session and what usually comes after it."""
        return self.next.pathway if self.next else ()
