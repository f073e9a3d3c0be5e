"""Marks placed in pixels, from the top left: what charts that are not made of axes are drawn with.

Rows are data with fields of fixed names: ``x``, ``y``, ``x2`` and ``y2`` (pixels), ``text``, ``fill``, ``stroke`` and
``tone`` (colours), ``shape``, ``size`` (square pixels), and ``told``, which shows under the pointer.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from prai_match.charts._theme import INK, TEXT, library

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

    import altair as alt

Row = dict[str, Any]

LINE = 14
"""From a line of a text to the next, pixels."""


def rows(values: Iterable[Mapping[str, Any]]) -> alt.InlineData:
    """Return rows as the data of a chart, however many there are."""
    return _shared()(values=[dict(row) for row in values])


@cache
def _shared() -> type[alt.InlineData]:
    """Return data that copies of a chart share: Altair copies a chart at each change, and every row of other data."""
    inline: type[alt.InlineData] = library().InlineData

    class Shared(inline):  # type: ignore[misc, valid-type]
        _class_is_valid_at_instantiation = False

        def __deepcopy__(self, memo: object) -> Self:
            return self

    return Shared


def rects(values: Iterable[Mapping[str, Any]], *, told: bool = True, **look: Any) -> alt.Chart:  # noqa: ANN401
    """Draw rectangles: ``x``, ``y``, ``x2``, ``y2``, ``fill`` and, for who points at them, ``told``."""
    return _drawn(_base(values).mark_rect(**look), "x", "y", "x2", "y2", "fill", told=told)


def rules(values: Iterable[Mapping[str, Any]], **look: Any) -> alt.Chart:  # noqa: ANN401
    """Draw straight lines: ``x``, ``y``, ``x2`` and ``y2``."""
    return _drawn(_base(values).mark_rule(**look), "x", "y", "x2", "y2")


def points(values: Iterable[Mapping[str, Any]], *, told: bool = True, **look: Any) -> alt.Chart:  # noqa: ANN401
    """Draw symbols: ``x``, ``y``, ``shape``, ``fill``, ``stroke``, ``size`` and ``told``."""
    symbols = _base(values).mark_point(**{"opacity": 1, "strokeWidth": 1.2} | look)
    return _drawn(symbols, "x", "y", "shape", "fill", "stroke", "size", told=told)


def texts(values: Iterable[Mapping[str, Any]], *, told: bool = False, **look: Any) -> alt.Chart:  # noqa: ANN401
    """Write texts: ``x``, ``y`` (the middle of all their lines), ``text``, cut into lines already, and ``tone``."""
    placed = [{"tone": INK, **row, "y": row["y"] - LINE * str(row["text"]).count("\n") / 2} for row in values]
    usual = {"align": "left", "baseline": "middle", "fontSize": TEXT, "lineBreak": "\n", "lineHeight": LINE}
    return _drawn(_base(placed).mark_text(**usual | look), "x", "y", "text", "tone", told=told)


def curves(values: Iterable[Mapping[str, Any]], **look: Any) -> alt.Chart:  # noqa: ANN401
    """Draw lines: ``x``, ``y``, number of the ``line``, ``order`` of its points, its ``width``, and ``told``."""
    return _drawn(_base(values).mark_line(**look), "x", "y", "line", "order", "width", told=True)


def bands(values: Iterable[Mapping[str, Any]], **look: Any) -> alt.Chart:  # noqa: ANN401
    """Fill what is between two lines: ``x``, ``y``, ``y2`` and number of the ``line``."""
    return _drawn(_base(values).mark_area(**look), "x", "y", "y2", "line")


def canvas(width: float, height: float, *layers: alt.Chart) -> alt.LayerChart:
    """Put marks above each other, the first below."""
    drawing: alt.LayerChart = library().layer(*layers, width=width, height=height)
    return drawing


def _base(values: Iterable[Mapping[str, Any]]) -> Any:  # noqa: ANN401
    return library().Chart(rows(values))


def _drawn(marks: Any, *fields: str, told: bool = False) -> alt.Chart:  # noqa: ANN401
    names = {"tone": "color", "told": "tooltip", "line": "detail", "width": "strokeWidth"}
    used = (*fields, *(["told"] if told else []))
    chart: alt.Chart = marks.encode(**{names.get(name, name): _channels()[name] for name in used})
    return chart


@cache
def _channels() -> dict[str, Any]:
    """Return what each field of the rows gives; Altair copies them into each chart."""
    vega = library()
    return {
        "x": vega.X("x:Q", scale=None, axis=None),
        "y": vega.Y("y:Q", scale=None, axis=None),
        "x2": vega.X2("x2:Q"),
        "y2": vega.Y2("y2:Q"),
        "text": vega.Text("text:N"),
        "fill": vega.Fill("fill:N", scale=None, legend=None),
        "stroke": vega.Stroke("stroke:N", scale=None, legend=None),
        "tone": vega.Color("tone:N", scale=None, legend=None),
        "shape": vega.Shape("shape:N", scale=None, legend=None),
        "size": vega.Size("size:Q", scale=None, legend=None),
        "line": vega.Detail("line:N"),
        "order": vega.Order("order:Q"),
        "width": vega.StrokeWidth("width:Q", scale=None, legend=None),
        "told": vega.Tooltip("told:N"),
    }
