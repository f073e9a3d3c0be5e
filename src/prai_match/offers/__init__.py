"""Which offers are possible: data of a day as columns at levels, and every rule evaluated once.

Stability: provisional.
"""

from prai_match.offers._audience import audience as audience, comers as comers, crowd as crowd
from prai_match.offers._candidates import (
    AssessedOffer as AssessedOffer,
    Assessment as Assessment,
    Priorities as Priorities,
    candidates as candidates,
    column as column,
    follow_ups_behind as follow_ups_behind,
    on_days as on_days,
    priorities as priorities,
    sessions_of as sessions_of,
    with_columns as with_columns,
    workshops_behind as workshops_behind,
)
from prai_match.offers._columns import beginnings as beginnings
from prai_match.offers._day import Whole as Whole, events_by as events_by, rating_counts as rating_counts
from prai_match.offers._extra import extra_columns as extra_columns
from prai_match.offers._facts import (
    NONE as NONE,
    Array as Array,
    BookedSessions as BookedSessions,
    Memo as Memo,
    Spells as Spells,
    Visits as Visits,
    begins as begins,
    head_count as head_count,
    ragged as ragged,
)
from prai_match.offers._frames import Frames as Frames, product as product
from prai_match.offers._geography import WIDER as WIDER
from prai_match.offers._hosts import keep as keep, take_places as take_places
from prai_match.offers._last_stages import (
    beyond as beyond,
    by_council as by_council,
    furthest as furthest,
    held_at as held_at,
    sift as sift,
)
from prai_match.offers._levels import LevelRows as LevelRows
from prai_match.offers._needs_on import needs_by_state as needs_by_state, needs_on as needs_on
from prai_match.offers._preparation import (
    from_tables as from_tables,
    prepare as prepare,
    with_actors as with_actors,
    with_facts as with_facts,
)
from prai_match.offers._rulebook import in_order as in_order
from prai_match.offers._seats import (
    EveryDay as EveryDay,
    can_come as can_come,
    can_teach as can_teach,
    joins as joins,
    on_date as on_date,
    relays as relays,
    seats as seats,
    trainers as trainers,
)
from prai_match.offers._slices import Part as Part, Slicer as Slicer
from prai_match.offers._snapshot import (
    Snapshot as Snapshot,
    frames_of as frames_of,
    hand_on as hand_on,
    on_day as on_day,
    seen_on as seen_on,
    without_words as without_words,
)
from prai_match.offers._stages import SessionCells as SessionCells
from prai_match.offers._tables import (
    SCHEMAS as SCHEMAS,
    STATED as STATED,
    needs_read as needs_read,
    reading as reading,
    spelled as spelled,
)
from prai_match.offers._trials import TrialFacts as TrialFacts, Trials as Trials, trials as trials

__all__: list[str] = []
