"""Which offers are possible: what is known on a day as columns, and every rule evaluated once.

Stability: provisional.
"""

from prai_match.offers._columns import interested
from prai_match.offers._extra import joined
from prai_match.offers._extra import without_columns as without_columns
from prai_match.offers._frames import SCHEMAS, STATED, Frames, from_tables, prepare, with_facts
from prai_match.offers._furthest import beyond as beyond
from prai_match.offers._furthest import furthest
from prai_match.offers._furthest import offered as offered
from prai_match.offers._geography import WIDER
from prai_match.offers._offers import stopped, with_columns
from prai_match.offers._sift import PASSES as PASSES
from prai_match.offers._sift import first_refuted, in_order
from prai_match.offers._sift import sift as sift
from prai_match.offers._slices import Part, Slicer
from prai_match.offers._snapshot import Snapshot
from prai_match.offers._snapshot import learned as learned
from prai_match.offers._snapshot import on_day as on_day
from prai_match.offers._snapshot import prepared as prepared
from prai_match.offers._whole import Whole, events, rated
from prai_match.offers._whole import people_known as people_known

__all__ = [
    "SCHEMAS",
    "STATED",
    "WIDER",
    "Frames",
    "Part",
    "Slicer",
    "Snapshot",
    "Whole",
    "events",
    "first_refuted",
    "from_tables",
    "furthest",
    "in_order",
    "interested",
    "joined",
    "prepare",
    "rated",
    "stopped",
    "with_columns",
    "with_facts",
]
