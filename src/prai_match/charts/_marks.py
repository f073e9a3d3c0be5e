"""What charts are put together from: rows as data, channels that are drawn as they are, symbols, texts and legends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from prai_match.charts._theme import INK, LINE, SMALL, TEXT, WHITE, balanced, ink_on, library

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Self

    import altair as alt

Row = dict[str, Any]

_LEGEND = 230.0  # how wide the texts of a legend are, pixels
_NUMBERS = frozenset({"size", "strokeWidth", "xOffset", "yOffset"})
_LINES = "split(datum.label, '\\n')"
"""A label on its lines."""


def marks(values: Iterable[Mapping[str, Any]]) -> Any:  # noqa: ANN401 - of a module that is loaded late
    """Return a chart of some rows, however many there are, without a mark yet.

    Its channels take fields, as the library has it, and numbers, which are pixels.
    """
    chart, data = _classes()
    return chart(data(values=[dict(row) for row in values]))


@cache
def _classes() -> tuple[Any, Any]:
    """Return what is quicker than the library's: it copies every row and channel at each change and checks each."""
    vega = library()
    base, inline = vega.Chart, vega.InlineData

    class Marks(base):  # type: ignore[misc, valid-type]
        def __deepcopy__(self, memo: object) -> Self:
            copied: Self = self.copy(deep=False)
            return copied

        def encode(self, *channels: Any, **named: Any) -> Self:  # noqa: ANN401 - as the library has it
            encoded: Self = super().encode(*channels, **{name: _channel(name, to) for name, to in named.items()})
            return encoded

    class Rows(inline):  # type: ignore[misc, valid-type]
        _class_is_valid_at_instantiation = False

    return Marks, Rows


def _channel(name: str, to: Any, **options: Any) -> Any:  # noqa: ANN401 - of a module that is loaded late
    """Return a channel of a field or of a number of pixels; what is one already stays."""
    if not isinstance(to, str | float | int):
        return to
    kind = name[0].upper() + name[1:] + ("" if isinstance(to, str) else "Value")
    return getattr(library(), kind)(to, **options)


def plain(*same: str, **fields: str) -> dict[str, Any]:
    """Return channels that draw what is in a field as it is: a colour, a shape, an area or a shift in pixels.

    Args:
        same: Channels that are called as their fields.
        fields: The field of each other channel.
    """
    named = {**dict(zip(same, same, strict=True)), **fields}
    kinds = {name: "Q" if name in _NUMBERS else "N" for name in named}
    return {name: _channel(name, f"{field}:{kinds[name]}", scale=None) for name, field in named.items()}


def lines(count: int) -> Any:  # noqa: ANN401 - of a module that is loaded late
    """Return the channel that puts rows on so many lines below each other, by their ``place``."""
    vega = library()
    return vega.Y("place:O", axis=None, scale=vega.Scale(domain=list(range(count)), padding=0))


def texts(values: Iterable[Mapping[str, Any]], field: str = "text", **look: Any) -> Any:  # noqa: ANN401 - as above
    """Return a field of each row as a text, the middle of all its lines at its place; ``told`` is under the pointer."""
    above = library().ExprRef(f"-{LINE / 2} * (length(split(datum.{field}, '\\n')) - 1)")
    return marks(values).mark_text(**{"dy": above} | look).encode(text=f"{field}:N", tooltip="told:N")


def symbols(values: Iterable[Mapping[str, Any]], size: Any = None, **place: Any) -> list[alt.Chart]:  # noqa: ANN401
    """Draw symbols with their letters at their place: rows have what `look` returns and ``told``."""
    base, sized = marks(values).encode(**place, tooltip="told:N"), {"size": size} if size else plain("size")
    lettered = base.mark_text(align="center", fontSize=9, fontWeight="bold", dy=0.5)
    return [
        base.mark_point().encode(**plain("shape", "fill", "stroke"), **sized),
        lettered.encode(**plain(color="ink"), text="letter:N"),
    ]


def layered(*parts: Any, **options: Any) -> alt.LayerChart:  # noqa: ANN401 - marks, and how large they are
    """Return marks above each other, the first below."""
    chart: alt.LayerChart = library().layer(*parts, **options)
    return chart


def beside(chart: Any, told: alt.LayerChart) -> alt.HConcatChart:  # noqa: ANN401 - of a module that is loaded late
    """Return a chart with its legend at the right."""
    whole: alt.HConcatChart = library().hconcat(chart, told, spacing=10)
    return whole


def sentence(text: str) -> alt.LayerChart:
    """Return a chart that says something because there is nothing to draw."""
    return layered(texts([{"text": text}], fontSize=TEXT).encode(x=0, y=20), width=600, height=40)


def moment(date: dt.date, hours: float = 0) -> int:
    """Return a day, or so many hours after it began, as the library counts: milliseconds since 1970."""
    return round(3_600_000 * (24 * (date - dt.date(1970, 1, 1)).days + hours))


@dataclass(frozen=True, slots=True)
class Key:
    """A symbol and what it means: a line of a legend.

    Attributes:
        text: What it means.
        letter: What stands in the symbol.
        shape: Of the symbol.
        fill: Colour in the symbol.
        stroke: Colour around it.
        dash: Of a line.
    """

    text: str
    letter: str = ""
    shape: str = "square"
    fill: str = WHITE
    stroke: str = INK
    dash: tuple[int, ...] = (1, 0)


def look(key: Key, size: float = 200) -> Row:
    """Return how a symbol looks, as `symbols` draws it: so many square pixels large."""
    drawn = {name: getattr(key, name) for name in ("letter", "shape", "fill", "stroke")}
    return drawn | {"ink": ink_on(key.fill), "size": size}


def legend(groups: Mapping[str, Sequence[Key]], *more: alt.Chart | alt.LayerChart, **options: Any) -> alt.LayerChart:  # noqa: ANN401
    """Return a legend for each heading, as a chart without a mark, to put beside others or on them.

    Args:
        groups: By heading; one without a line has no legend.
        more: Charts without a mark that have a legend below these.
        options: How the library lays legends out.
    """
    parts = [_keyed(heading, keys, options) for heading, keys in groups.items() if keys]
    apart = library().ScaleResolveMap(**dict.fromkeys(("shape", "fill", "stroke", "strokeDash", "size"), "independent"))
    return layered(*parts, *more, resolve=library().Resolve(scale=apart))


def _keyed(heading: str, keys: Sequence[Key], options: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
    vega = library()
    named = {balanced(f"{key.letter} · {key.text}" if key.letter else key.text, _LEGEND, SMALL, 6): key for key in keys}
    told = vega.Legend(title=heading or None, labelExpr=_LINES, symbolOpacity=1, **{"symbolSize": 180, **options})
    fields = {"shape": "shape", "fill": "fill", "stroke": "stroke", "strokeDash": "dash"}
    scales = {
        name: vega.Scale(domain=list(named), range=[getattr(key, field) for key in named.values()])
        for name, field in fields.items()
    }
    channels = {name: _channel(name, "key:N", scale=scale, legend=told) for name, scale in scales.items()}
    return marks([]).mark_point().encode(**channels)
