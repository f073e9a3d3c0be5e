"""Building blocks of charts: rows as data, channels without scales, symbols, texts and legends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from prai_match.charts._theme import DARK, INK, LINE, RULE, SMALL, TEXT, WHITE, alt, balance, lined, room

Row = dict[str, Any]

CORNER = 7  # from the middle of a symbol to its dot, pixels
_ABREAST, _STEP, _NAMES_WIDE = 8, 26.0, 118.0  # symbols side by side, from one to the next, beside their names
_HEADING, _LEGEND = 400.0, 230.0  # how wide the texts of a legend are, pixels
# Shapes that the library has no name for, in a square from -1 to 1, and those of its own with a hole.
RECTANGLE, TRIANGLE = "M-1.25,-.75H1.25V.75H-1.25Z", "M-1.2,-.95H1.2L0,1.15Z"
_HOLLOW = {
    "square": "M-1,-1H1V1H-1ZM-.55,-.55V.55H.55V-.55Z",
    "circle": "M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0ZM-.55,0A.55,.55,0,1,0,.55,0A.55,.55,0,1,0,-.55,0Z",
    RECTANGLE: f"{RECTANGLE}M-.8,-.45V.45H.8V-.45Z",
    TRIANGLE: f"{TRIANGLE}M-.6,-.6L0,.5L.6,-.6Z",
}
_NUMBERS = frozenset({"size", "strokeWidth", "xOffset", "yOffset"})
_LINES = "split(datum.label, '\\n')"  # a label on its lines


def marks(values: Iterable[Mapping[str, Any]]) -> Any:  # noqa: ANN401 - of a module that is loaded late
    """Return a chart of rows without a mark, whose channels take fields, as in Altair, or numbers of pixels."""
    chart, data = _classes()
    return chart(data(values=[dict(row) for row in values]))


@cache
def _classes() -> tuple[Any, Any]:
    """Return faster classes than Altair's, which copies and checks all rows and channels at each change."""

    class Marks(alt.Chart):
        def __deepcopy__(self, memo: object) -> Any:  # noqa: ANN401 - of a module that is loaded late
            return self.copy(deep=False)

        def encode(self, *channels: Any, **others: Any) -> Any:  # noqa: ANN401 - as the library has it
            return super().encode(*channels, **{name: _channel(name, to) for name, to in others.items()})

    class InlineRows(alt.InlineData):
        _class_is_valid_at_instantiation = False

    return Marks, InlineRows


def _channel(name: str, to: Any, **options: Any) -> Any:  # noqa: ANN401 - of a module that is loaded late
    """Return a channel for a field or a number of pixels; channels are returned unchanged."""
    if not isinstance(to, str | float | int):
        return to
    return getattr(alt, name[0].upper() + name[1:] + ("" if isinstance(to, str) else "Value"))(to, **options)


def plain(*same: str, **fields: str) -> dict[str, Any]:
    """Return channels that draw the values of fields without a scale: colours, shapes, pixels."""
    return {
        name: _channel(name, f"{field}:{'Q' if name in _NUMBERS else 'N'}", scale=None)
        for name, field in {**{name: name for name in same}, **fields}.items()
    }


def lines(count: int, **at: Any) -> Any:  # noqa: ANN401 - of a module that is loaded late
    """Return the channel that puts rows on so many lines below each other, by their ``place``."""
    return alt.Y("place:O", axis=None, scale=alt.Scale(domain=list(range(count)), padding=0), **at)


def texts(values: Iterable[Mapping[str, Any]], field: str = "text", **look: Any) -> Any:  # noqa: ANN401 - as above
    """Return a field of each row as text, centred vertically at its place, with ``told`` on hovering."""
    above = alt.ExprRef(f"-{LINE / 2} * (length(split(datum.{field}, '\\n')) - 1)")
    return marks(values).mark_text(**{"dy": above} | look).encode(text=f"{field}:N", tooltip="told:N")


def symbols(values: Iterable[Mapping[str, Any]], size: Any = None, **place: Any) -> list[alt.Chart]:  # noqa: ANN401
    """Draw symbols with their letters at their place: rows have what `look` returns and ``told``."""
    base, sizes = marks(values).encode(**place, tooltip="told:N"), {"size": size} if size else plain("size")
    letters = base.mark_text(align="center", fontSize=room(9, 8), fontWeight="bold", dy=0.5)
    points = base.mark_point(strokeWidth=room(1.3, 0.8)).encode(**plain("shape", "fill", "stroke"), **sizes)
    return [points, letters.encode(**plain(color="ink"), text="letter:N")]


def dots(rows: Iterable[Row], **aside: float) -> Any:  # noqa: ANN401 - of the library
    """Draw a dot on those that are booked."""
    own = marks(row for row in rows if row.get("booked"))
    return own.mark_point(shape="circle", fill=INK, stroke=WHITE, size=28, strokeWidth=0.8, **aside)


def sequence(named: Iterable[tuple[str, Row]], keys: Mapping[str, Sequence[Key]]) -> alt.HConcatChart:
    """Draw the symbols of each name after each other, with the ``day`` below each, and the legend: for a phone."""
    heads: list[Row] = []
    rows: list[Row] = []
    place = 0
    for name, own in groupby(named, itemgetter(0)):
        heads.append({"place": place, "text": name})
        for number, (_, row) in enumerate(own):
            down, along = divmod(number, _ABREAST)
            at = {"place": place + down, "x": _NAMES_WIDE + (along + 0.5) * _STEP}
            rows.append(row | at | {"size": 160})
        place = rows[-1]["place"] + 1
    x, centre = alt.X("x:Q", scale=None, axis=None), {"align": "center"}
    symbol, number, edge = (lines(place, bandPosition=at) for at in (0.38, 0.85, 0))
    drawing = layers(
        marks(heads).mark_rule(color=RULE).encode(y=edge),
        texts(heads, align="right").encode(x=_NAMES_WIDE - 6, y=symbol),
        *symbols(rows, x=x, y=symbol),
        dots(rows, xOffset=CORNER, yOffset=-CORNER).encode(x=x, y=symbol),
        texts(rows, "day", fontSize=9, **centre).encode(x=x, y=number),
        width=_NAMES_WIDE + _STEP * _ABREAST,
        height=32 * place,
    )
    return beside(drawing, legend(keys))


def layers(*parts: Any, **options: Any) -> alt.LayerChart:  # noqa: ANN401 - marks, and how large they are
    return alt.LayerChart(layer=parts, **options)


def beside(chart: Any, keys: alt.LayerChart) -> alt.HConcatChart:  # noqa: ANN401 - of a module that is loaded late
    put: Any = room(alt.hconcat, alt.vconcat)
    whole: alt.HConcatChart = put(chart, *([keys] if keys.layer else []), spacing=10)
    return whole


def sentence(text: str) -> alt.LayerChart:
    """Return a chart that only shows a sentence, because there is nothing to draw."""
    return layers(texts([{"text": text}], fontSize=TEXT).encode(x=0, y=20), width=600, height=40)


def moment(date: dt.date, hours: float = 0) -> int:
    """Return a day, or so many hours after its beginning, in milliseconds since 1970, as Altair counts."""
    return round(3_600_000 * (24 * (date - dt.date(1970, 1, 1)).days + hours))


@dataclass(frozen=True, slots=True)
class Key:
    """A line of a legend: the meaning of a symbol, the text inside it, and its look."""

    text: str
    letter: str = ""
    shape: str = "square"
    fill: str = WHITE
    stroke: str = INK
    dash: tuple[int, ...] = (1, 0)

    @classmethod
    def of(cls, text: str, colour: str, shape: str = "square") -> Key:
        return cls(text, "", shape, colour, colour)

    def hollow(self) -> Key:
        return replace(self, shape=_HOLLOW[self.shape])


def look(key: Key, size: float = 200) -> Row:
    """Return how a symbol looks, as `symbols` draws it: so many square pixels large.

    Colours that have names are the same on a dark page, where `INK` and `WHITE` change places.
    """
    parts = {name: getattr(key, name) for name in ("letter", "shape", "fill", "stroke")}
    page = key.fill == WHITE or key.shape in _HOLLOW.values()
    return parts | {"ink": INK if page else "white" if key.fill in DARK else "black", "size": size}


def legend(
    groups: Mapping[str, Sequence[Key]],
    *more: alt.Chart | alt.LayerChart,
    width: float = _LEGEND,
    **options: Any,  # noqa: ANN401
) -> alt.LayerChart:
    """Return a chart without a mark that has a legend for each heading, above those of other charts without one.

    A heading without lines has no legend. ``width`` is that of texts, in pixels; ``options`` are Altair's for layout.
    """
    parts = []
    options |= room({}, {"direction": "vertical"})
    fields = {"shape": "shape", "fill": "fill", "stroke": "stroke", "strokeDash": "dash"}
    for heading, keys in groups.items():
        names = (f"{key.letter} · {key.text}" if key.letter else key.text for key in keys)
        symbols = {balance(name, width, SMALL, 6): key for name, key in zip(names, keys, strict=True)}
        title = lined(heading, room(_HEADING, _LEGEND), SMALL) if heading else None
        form = alt.Legend(title=title, labelExpr=_LINES, symbolOpacity=1, **{"symbolSize": 180, **options})
        scales = {
            name: alt.Scale(domain=list(symbols), range=[getattr(key, field) for key in symbols.values()])
            for name, field in fields.items()
        }
        channels = {name: _channel(name, "key:N", scale=scale, legend=form) for name, scale in scales.items()}
        parts += [marks([]).mark_point().encode(**channels)] if keys else []
    return layers(*parts, *more, resolve={"scale": dict.fromkeys((*fields, "size"), "independent")})
