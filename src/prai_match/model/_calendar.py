"""Calendar, pace and budget: when sessions can be held, how many, and with what money."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from prai_match import _arguments as given
from prai_match.model._actors import Period
from prai_match.model._base import Model, Text
from prai_match.model._catalogue import Euros

Zone = Literal["A", "B", "C"]  # zones of the French school holidays
_Most = Annotated[int, Field(ge=1, le=10_000)]


class Blackout(Period):
    """A period without sessions, and why (gel).

    Example:
        >>> freeze = Blackout(start="2008-02-01", end="2008-05-31", reason={"fr": "Élections", "en": "Elections"})
        >>> freeze.start, freeze.reason.get("fr")
        (datetime.date(2008, 2, 1), 'Élections')
    """

    reason: Text


class Election(Model):
    """An election after which councils count as renewed: attendances before no longer count.

    Example:
        >>> Election(date=dt.date(2008, 3, 16), name={"fr": "Municipales", "en": "Municipal elections"}).date
        datetime.date(2008, 3, 16)
    """

    date: dt.date
    name: Text


class Calendar(Model):
    """What closes days besides weekends and public holidays, and the elections.

    No session is held in the school holidays of the zone; None means that they are open days.

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


class TeamPace(Model):
    """How many sessions all relays and trainers together can hold; None means unlimited.

    Days count by the session's date, weeks begin on Monday, months are calendar months.

    Example:
        >>> TeamPace(per_week=3).per_month is None
        True
    """

    per_day: _Most | None = None
    per_week: _Most | None = None
    per_month: _Most | None = None


class RelayPace(TeamPace):
    """How many sessions each relay can organise: one per day by default.

    Example:
        >>> RelayPace(per_month=4)
        RelayPace(per_month=4)
    """

    per_day: _Most = 1


class Pace(Model):
    """Maximum number of sessions per day, week and month, for the team and for each relay (rythme).

    Example:
        >>> pace = Pace(team={"per_week": 3})
        >>> pace.team.per_week, pace.relay.per_day
        (3, 1)
    """

    team: TeamPace = Field(default_factory=TeamPace)
    relay: RelayPace = Field(default_factory=RelayPace)
