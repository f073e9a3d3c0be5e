"""What charts are put together from: rows as data, channels that are drawn as they are, symbols, texts and legends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from prai_match.charts._theme import DARK, INK, LINE, SMALL, TEXT, WHITE, balance, library

if TYPE_CHECKING:
    import altair as alt

Row = dict[str, Any]

_LEGEND = 230.0  # how wide the texts of a legend are, pixels
_NUMBERS = frozenset({"size", "strokeWidth", "xOffset", "yOffset"})
_LINES = "split(datum.label, '\\n')"  # a label on its lines


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

    class Marks(vega.Chart):  # type: ignore[misc, name-defined]
        def __deepcopy__(self, memo: object) -> Any:  # noqa: ANN401 - of a module that is loaded late
            return self.copy(deep=False)

        def encode(self, *channels: Any, **others: Any) -> Any:  # noqa: ANN401 - as the library has it
            return super().encode(*channels, **{name: _channel(name, to) for name, to in others.items()})

    class InlineRows(vega.InlineData):  # type: ignore[misc, name-defined]
        _class_is_valid_at_instantiation = False

    return Marks, InlineRows


def _channel(name: str, to: Any, **options: Any) -> Any:  # noqa: ANN401 - of a module that is loaded late
    """Return a channel of a field or of a number of pixels; what is one already stays."""
    if not isinstance(to, str | float | int):
        return to
    return getattr(library(), name[0].upper() + name[1:] + ("" if isinstance(to, str) else "Value"))(to, **options)


def plain(*same: str, **fields: str) -> dict[str, Any]:
    """Return channels that draw what is in a field, of their own name or another, as it is: colours, shapes, pixels."""
    return {
        name: _channel(name, f"{field}:{'Q' if name in _NUMBERS else 'N'}", scale=None)
        for name, field in {**{name: name for name in same}, **fields}.items()
    }


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
    base, sizes = marks(values).encode(**place, tooltip="told:N"), {"size": size} if size else plain("size")
    letters = base.mark_text(align="center", fontSize=9, fontWeight="bold", dy=0.5)
    points = base.mark_point().encode(**plain("shape", "fill", "stroke"), **sizes)
    return [points, letters.encode(**plain(color="ink"), text="letter:N")]


def layers(*parts: Any, **options: Any) -> alt.LayerChart:  # noqa: ANN401 - marks, and how large they are
    chart: alt.LayerChart = library().layer(*parts, **options)
    return chart


def beside(chart: Any, keys: alt.LayerChart) -> alt.HConcatChart:  # noqa: ANN401 - of a module that is loaded late
    whole: alt.HConcatChart = library().hconcat(chart, keys, spacing=10)
    return whole


def sentence(text: str) -> alt.LayerChart:
    """Return a chart that says something because there is nothing to draw."""
    return layers(texts([{"text": text}], fontSize=TEXT).encode(x=0, y=20), width=600, height=40)


def moment(date: dt.date, hours: float = 0) -> int:
    """Return a day, or so many hours after it began, as the library counts: milliseconds since 1970."""
    return round(3_600_000 * (24 * (date - dt.date(1970, 1, 1)).days + hours))


@dataclass(frozen=True, slots=True)
class Key:
    """A line of a legend: what a symbol means, what stands in it, and how it looks."""

    text: str
    letter: str = ""
    shape: str = "square"
    fill: str = WHITE
    stroke: str = INK
    dash: tuple[int, ...] = (1, 0)

    @classmethod
    def of(cls, text: str, colour: str, shape: str = "square") -> Key:
        return cls(text, "", shape, colour, colour)


def look(key: Key, size: float = 200) -> Row:
    """Return how a symbol looks, as `symbols` draws it: so many square pixels large."""
    parts = {name: getattr(key, name) for name in ("letter", "shape", "fill", "stroke")}
    return parts | {"ink": WHITE if key.fill in DARK else INK, "size": size}


def legend(groups: Mapping[str, Sequence[Key]], *more: alt.Chart | alt.LayerChart, **options: Any) -> alt.LayerChart:  # noqa: ANN401
    """Return a chart without a mark that has a legend for each heading, above those of other charts without one.

    A heading without a line has no legend; ``options`` say how the library lays legends out.
    """
    vega, parts = library(), []
    fields = {"shape": "shape", "fill": "fill", "stroke": "stroke", "strokeDash": "dash"}
    for heading, keys in groups.items():
        names = (f"{key.letter} · {key.text}" if key.letter else key.text for key in keys)
        symbols = {balance(name, _LEGEND, SMALL, 6): key for name, key in zip(names, keys, strict=True)}
        form = vega.Legend(title=heading or None, labelExpr=_LINES, symbolOpacity=1, **{"symbolSize": 180, **options})
        scales = {
            name: vega.Scale(domain=list(symbols), range=[getattr(key, field) for key in symbols.values()])
            for name, field in fields.items()
        }
        channels = {name: _channel(name, "key:N", scale=scale, legend=form) for name, scale in scales.items()}
        parts += [marks([]).mark_point().encode(**channels)] if keys else []
    apart = vega.ScaleResolveMap(**dict.fromkeys((*fields, "size"), "independent"))
    return layers(*parts, *more, resolve=vega.Resolve(scale=apart))
