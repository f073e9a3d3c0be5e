"""The calendar: the days on which sessions can be held, and what closes the others.

Stability: provisional.
"""

from prai_match.calendar._holidays import (
    YEARS as YEARS,
    group_of as group_of,
    groups_of as groups_of,
    public_holidays as public_holidays,
    school_holidays as school_holidays,
)
from prai_match.calendar._numbers import (
    EPOCH as EPOCH,
    NEVER as NEVER,
    dates as dates,
    day_number as day_number,
    day_numbers as day_numbers,
    days_between as days_between,
    months_later as months_later,
    ordinal as ordinal,
)
from prai_match.calendar._open_days import (
    CLOSURES as CLOSURES,
    Closure as Closure,
    OpenDays,
    SessionDays as SessionDays,
)

__all__ = ["OpenDays"]
