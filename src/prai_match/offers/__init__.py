"""Which offers are possible: what is known on a day as columns, and every rule evaluated once.

Stability: provisional.
"""

from prai_match.offers._columns import interested as interested
from prai_match.offers._frames import Frames as Frames
from prai_match.offers._frames import from_tables as from_tables
from prai_match.offers._frames import prepare as prepare
from prai_match.offers._frames import with_facts as with_facts
from prai_match.offers._geography import WIDER as WIDER
from prai_match.offers._last_stages import beyond as beyond
from prai_match.offers._last_stages import furthest as furthest
from prai_match.offers._last_stages import offered as offered
from prai_match.offers._own_columns import joined as joined
from prai_match.offers._own_columns import without_columns as without_columns
from prai_match.offers._slices import Part as Part
from prai_match.offers._slices import Slicer as Slicer
from prai_match.offers._snapshot import Snapshot as Snapshot
from prai_match.offers._snapshot import learned as learned
from prai_match.offers._snapshot import on_day as on_day
from prai_match.offers._snapshot import prepared as prepared
from prai_match.offers._stages import PASSES as PASSES
from prai_match.offers._stages import first_refuted as first_refuted
from prai_match.offers._stages import in_order as in_order
from prai_match.offers._stages import sift as sift
from prai_match.offers._tables import SCHEMAS as SCHEMAS
from prai_match.offers._tables import STATED as STATED
from prai_match.offers._totals import Whole as Whole
from prai_match.offers._totals import events as events
from prai_match.offers._totals import people_known as people_known
from prai_match.offers._totals import rated as rated
from prai_match.offers._wide_offers import stopped as stopped
from prai_match.offers._wide_offers import with_columns as with_columns

__all__: list[str] = []
