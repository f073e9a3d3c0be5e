"""Charts of a programme, its recommendations, plans, backtests and simulated outcomes, in Altair (extra ``viz``).

Each function returns an Altair chart: notebooks display it, and ``chart.save`` writes PNG, SVG, or HTML that opens
offline (``inline=True``). `svg` returns an element to embed in a page. ``lang`` is the language of the chart's texts.
Without the extra, a `PraiError` says what to install; a language other than ``fr`` and ``en`` raises an
`UnknownCodeError`.

Stability: stable.
"""

from prai_match.charts._backtest import performance, reliability
from prai_match.charts._changes import differences, tornado
from prai_match.charts._history import calendar, need_counts
from prai_match.charts._marks import look as look
from prai_match.charts._over_time import fan, spend
from prai_match.charts._plan import plan_calendar, plan_map
from prai_match.charts._programme import session_keys as session_keys
from prai_match.charts._recommendations import contributions, follow_ups
from prai_match.charts._relay_gaps import relay_gaps
from prai_match.charts._spread import lorenz, shares
from prai_match.charts._territories import coverage, territory_map
from prai_match.charts._theme import dark as dark, narrow as narrow, svg, svg_of as svg_of

__all__ = [
    "calendar", "contributions", "coverage", "differences", "fan", "follow_ups", "lorenz", "need_counts",
    "performance", "plan_calendar", "plan_map", "relay_gaps", "reliability", "shares", "spend", "svg", "territory_map",
    "tornado",
]  # fmt: skip
