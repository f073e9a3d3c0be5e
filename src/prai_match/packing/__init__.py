"""Sets of offers that can be carried out together: what is possible in a period, its capacities, and the greedy.

Stability: provisional.
"""

from prai_match.packing._candidates import (
    AROUND_DAYS as AROUND_DAYS,
    SEATS as SEATS,
    SESSIONS as SESSIONS,
    YEAR_DAYS as YEAR_DAYS,
    around as around,
    coming as coming,
    for_interested as for_interested,
    offer_columns as offer_columns,
    record as record,
    with_core as with_core,
    with_costs as with_costs,
    with_numbers as with_numbers,
)
from prai_match.packing._contention import contention as contention
from prai_match.packing._counts import (
    Counts as Counts,
    KnownSessions as KnownSessions,
    Limit as Limit,
    of_pace as of_pace,
)
from prai_match.packing._draft import ASIDE as ASIDE, STRICT as STRICT, Draft as Draft, Option as Option
from prai_match.packing._greedy import (
    best as best,
    extend as extend,
    greedy as greedy,
    points as points,
    refills as refills,
)
from prai_match.packing._inputs import Before as Before, Inputs as Inputs, prepare as prepare
from prai_match.packing._options import EACH as EACH, PackingRequest as PackingRequest, Weights as Weights
from prai_match.packing._priority import MOST_SEATS as MOST_SEATS, by_priority as by_priority
from prai_match.packing._rounds import ByPoints as ByPoints, ByPriority as ByPriority, in_worlds as in_worlds
from prai_match.packing._seasons import Opened as Opened, Seasons as Seasons
from prai_match.packing._tables import (
    NOBODY as NOBODY,
    Demand as Demand,
    Place as Place,
    Tables as Tables,
    demand_rows as demand_rows,
    groups as groups,
    place_rows as place_rows,
    tables as tables,
)
from prai_match.packing._wishes import Wish as Wish, wishes as wishes

__all__: list[str] = []
