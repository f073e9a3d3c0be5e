"""The charts of the page, each with what it shows in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prai_match import charts
from prai_match.charts import svg_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import altair as alt

    from prai_match.report._case import Case

_IN_THE_TABLE = frozenset({"map", "lorenz"})
"""Charts whose marks are the territories."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart.

    Attributes:
        id: Its identifier in the page.
        text: What it shows.
        told: What each of its marks says; none where the page's table says it.
        svg: The image, with its own text alternative.
    """

    id: str
    text: str
    told: tuple[str, ...]
    svg: str


def figures(case: Case) -> tuple[Figure, ...]:
    """Draw the charts."""
    return tuple(_figures(case))


def _figures(case: Case) -> Iterable[Figure]:
    answers, programme, lang = case.answers, case.programme, case.lang
    shown: dict[str, alt.TopLevelMixin] = {
        "map": charts.territory_map(answers, by="session", lang=lang),
        "shares": charts.shares(programme, answers.on, lang=lang),
        "lorenz": charts.lorenz(programme, answers.on, lang=lang),
        "needs": charts.need_counts(programme, answers.on, lang=lang),
        "follow_ups": charts.follow_ups(answers, lang=lang),
        "calendar": charts.calendar(programme, lang=lang),
    }
    return (drawn(case, name, chart) for name, chart in shown.items())


def drawn(case: Case, name: str, chart: alt.TopLevelMixin) -> Figure:
    """Draw one chart, with what it shows in words."""
    spec = chart.to_dict(validate=False)
    told = () if name in _IN_THE_TABLE else tuple(dict.fromkeys(_told(spec)))
    return Figure(f"chart-{name}", case.said["charts"][name], told, svg_of(spec, case.lang))


def _told(spec: object) -> Iterable[str]:
    """Return what the marks of a chart say on hovering, wherever its data stand."""
    if isinstance(spec, list):
        for part in spec:
            yield from _told(part)
    elif isinstance(spec, dict):
        if isinstance(said := spec.get("told"), str):
            yield said
        for part in spec.values():
            yield from _told(part)
