"""Which offers are possible: what is known on a day as columns, and every rule evaluated once.

Stability: provisional.
"""

from prai_match.offers._columns import extra_columns as extra_columns
from prai_match.offers._day import (
    Whole as Whole,
    events as events,
    head_count as head_count,
    interest as interest,
    rating_counts as rating_counts,
)
from prai_match.offers._frames import (
    Frames as Frames,
    from_tables as from_tables,
    prepare as prepare,
    with_facts as with_facts,
)
from prai_match.offers._geography import WIDER as WIDER
from prai_match.offers._last_stages import beyond as beyond, furthest as furthest
from prai_match.offers._needs_on import needs_by_state as needs_by_state, needs_on as needs_on
from prai_match.offers._slices import Part as Part, Slicer as Slicer
from prai_match.offers._snapshot import (
    Snapshot as Snapshot,
    follow_ups_of as follow_ups_of,
    frames_of as frames_of,
    hand_on as hand_on,
    on_day as on_day,
    seen_on as seen_on,
    with_columns as with_columns,
    without_words as without_words,
)
from prai_match.offers._stages import first_obstacle as first_obstacle, in_order as in_order, sift as sift
from prai_match.offers._tables import SCHEMAS as SCHEMAS, STATED as STATED, needs_read as needs_read, reading as reading

__all__: list[str] = []
