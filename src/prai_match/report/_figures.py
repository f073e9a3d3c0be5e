"""The charts of the page, each with what it shows in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match import charts
from prai_match.charts import svg_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import altair as alt

    from prai_match.report._case import ReportCase, Row

_IN_THE_TABLE = frozenset({"map", "lorenz"})  # charts whose marks are the territories


def figures(case: ReportCase) -> list[Row]:
    """Draw the charts."""
    answers, programme, lang = case.answers, case.programme, case.lang
    drawings: dict[str, alt.TopLevelMixin] = {
        "map": charts.territory_map(answers, by="session", lang=lang),
        "shares": charts.shares(programme, answers.on, lang=lang),
        "lorenz": charts.lorenz(programme, answers.on, lang=lang),
        "needs": charts.need_counts(programme, answers.on, lang=lang),
        "follow_ups": charts.follow_ups(answers, lang=lang),
        "calendar": charts.calendar(programme, lang=lang),
    }
    return [figure(case, name, chart) for name, chart in drawings.items()]


def figure(case: ReportCase, name: str, chart: alt.TopLevelMixin) -> Row:
    """Draw one chart, with what it shows in words and, where the page's table doesn't tell it, what its marks say."""
    spec = chart.to_dict(validate=False)
    hints = () if name in _IN_THE_TABLE else tuple(dict.fromkeys(_hints(spec)))
    svg = svg_of(spec, case.lang)
    return {"id": f"chart-{name}", "text": case.texts["charts"][name], "hints": hints, "svg": svg}


def _hints(spec: object) -> Iterable[str]:
    """Return what the marks of a chart say on hovering, wherever its data stand."""
    if isinstance(spec, list):
        for part in spec:
            yield from _hints(part)
    elif isinstance(spec, dict):
        if isinstance(hint := spec.get("told"), str):
            yield hint
        yield from _hints(list(spec.values()))
