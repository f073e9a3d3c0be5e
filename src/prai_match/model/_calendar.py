"""When sessions can be held, and with what money."""

import datetime as dt
from decimal import Decimal
from typing import Literal

from prai_match import _arguments as given
from prai_match.model._actors import Period
from prai_match.model._base import Model, Text
from prai_match.model._catalogue import Euros

Zone = Literal["A", "B", "C"]  # of the French school holidays


class Blackout(Period):
    """A period without sessions, and why (gel).

    Example:
        >>> freeze = Blackout(start="2008-02-01", end="2008-05-31", reason={"fr": "Élections", "en": "Elections"})
        >>> freeze.start, freeze.reason.get("fr")
        (datetime.date(2008, 2, 1), 'Élections')
    """

    reason: Text


class Election(Model):
    """An election after which councils count as renewed: what was attended before no longer counts.

    Example:
        >>> Election(date=dt.date(2008, 3, 16), name={"fr": "Municipales", "en": "Municipal elections"}).date
        datetime.date(2008, 3, 16)
    """

    date: dt.date
    name: Text


class Calendar(Model):
    """What closes days, besides weekends and public holidays, and elections.

    In the school holidays of a zone no session is held; None: they are open days.

    Example:
        >>> election = Election(date=dt.date(2008, 3, 16), name={"fr": "Municipales", "en": "Municipal elections"})
        >>> Calendar(elections=[election]).renewed_before("2008-06-01")
        datetime.date(2008, 3, 16)
    """

    blackouts: tuple[Blackout, ...] = ()
    elections: tuple[Election, ...] = ()
    school_holidays: Zone | None = None

    @given.takes()
    def renewed_before(self, on: dt.date) -> dt.date | None:
        """Return the last election before ``on``, or None.

        Example:
            >>> from prai_match import Programme
            >>> Programme.example().calendar.renewed_before("2008-06-01")
            datetime.date(2008, 3, 16)
        """
        return max((election.date for election in self.elections if election.date < on), default=None)


class Budget(Model):
    """The money of the programme, in euros.

    Example:
        >>> Budget(total="300000", other_spending="12000.50").total
        Decimal('300000')
    """

    total: Euros
    other_spending: Euros = Decimal(0)
