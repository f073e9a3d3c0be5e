"""The days on which sessions can be held, and what closes the others.

Stability: provisional.
"""

from prai_match.calendar._days import (
    EPOCH as EPOCH,
    Zone as Zone,
    days as days,
    first_open as first_open,
    open_days as open_days,
    ordinal as ordinal,
)

__all__: list[str] = []
