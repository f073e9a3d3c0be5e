"""Which offers are possible: what is known on a day as columns, and every rule evaluated once.

Stability: provisional.
"""

from prai_match.offers._day import Whole as Whole
from prai_match.offers._day import events as events
from prai_match.offers._day import head_count as head_count
from prai_match.offers._day import interest as interest
from prai_match.offers._day import rating_counts as rating_counts
from prai_match.offers._frames import Frames as Frames
from prai_match.offers._frames import from_tables as from_tables
from prai_match.offers._frames import prepare as prepare
from prai_match.offers._frames import with_facts as with_facts
from prai_match.offers._geography import WIDER as WIDER
from prai_match.offers._last_stages import beyond as beyond
from prai_match.offers._last_stages import furthest as furthest
from prai_match.offers._needs_on import needs_on as needs_on
from prai_match.offers._own_columns import extra_columns as extra_columns
from prai_match.offers._slices import Part as Part
from prai_match.offers._slices import Slicer as Slicer
from prai_match.offers._snapshot import Snapshot as Snapshot
from prai_match.offers._snapshot import follow_ups_of as follow_ups_of
from prai_match.offers._snapshot import frames_of as frames_of
from prai_match.offers._snapshot import hand_on as hand_on
from prai_match.offers._snapshot import on_day as on_day
from prai_match.offers._snapshot import seen_on as seen_on
from prai_match.offers._snapshot import with_columns as with_columns
from prai_match.offers._snapshot import without_words as without_words
from prai_match.offers._stages import first_obstacle as first_obstacle
from prai_match.offers._stages import in_order as in_order
from prai_match.offers._stages import sift as sift
from prai_match.offers._tables import SCHEMAS as SCHEMAS
from prai_match.offers._tables import STATED as STATED
from prai_match.offers._tables import needs_read as needs_read
from prai_match.offers._tables import reading as reading

__all__: list[str] = []
