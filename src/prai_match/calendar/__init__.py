"""The days on which sessions can be held, and what closes the others.

Stability: provisional.
"""

from prai_match.calendar._days import (
    EPOCH as EPOCH,
    NEVER as NEVER,
    Zone as Zone,
    day_number as day_number,
    day_numbers as day_numbers,
    days as days,
    first_open as first_open,
    months_later as months_later,
    open_days as open_days,
    ordinal as ordinal,
)

__all__: list[str] = []
