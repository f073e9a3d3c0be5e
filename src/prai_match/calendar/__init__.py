"""The days on which sessions can be held, and what closes the others.

Stability: provisional.
"""

from prai_match.calendar._days import EPOCH as EPOCH
from prai_match.calendar._days import Zone as Zone
from prai_match.calendar._days import days as days
from prai_match.calendar._days import first_open as first_open
from prai_match.calendar._days import open_days as open_days
from prai_match.calendar._days import ordinal as ordinal

__all__: list[str] = []
