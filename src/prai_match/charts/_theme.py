"""Common parts of all charts: the drawing library, colours, fonts, titles, safe texts, and SVG.

Texts of users are data in fields with fixed names, names of a scale's values, or literal titles; never part of an
expression.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from prai_match import _arguments as given
from prai_match.errors import Lang, missing_extra
from prai_match.model import Text
from prai_match.text import counted, current_language, day, masked, messages, number, plain, tied

if TYPE_CHECKING:
    import altair  # noqa: ICN001 - its modules import it from here

    alt = altair
    T = TypeVar("T")
    ChartT = TypeVar("ChartT", alt.LayerChart, alt.HConcatChart, alt.ConcatChart)
else:

    class Library:
        """The drawing library, imported on first use."""

        def __getattr__(self, name: str) -> object:
            try:
                import altair  # noqa: ICN001, PLC0415 - an extra
                import vl_convert  # noqa: F401, PLC0415 - what writes PNG and SVG
            except ImportError:
                raise missing_extra("charts", "viz") from None
            return getattr(altair, name)

    alt = Library()

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, GREY, RULE, PALE, WHITE = "#1a1a1a", "#595959", "#c8c8c8", "#ececec", "#ffffff"
FREE, FROZEN, DOT, LAND, BORDER = "#f7f7f7", "#f3d3bd", "#8c8c8c", "#f4f1ea", "#b5b0a5"
WEEKEND, NOTICE, HOLIDAY, SCHOOL_HOLIDAY, WAY = "#e6e6e6", "#dcdcdc", "#dcc6e4", "#d3e4f2", "#74818e"
_DARK_PAGE = {  # what the colours above are there; those of sessions, and others below, are the same
    INK: "#e8eaee", GREY: "#b3bac6", RULE: "#4d5663", PALE: "#2c333e", WHITE: "#1d2129",
    FREE: "#242a34", FROZEN: "#5c4030", DOT: "#9aa3b0", LAND: "#2b313b", BORDER: "#5d6775",
    WEEKEND: "#303743", NOTICE: "#3b434f", HOLIDAY: "#4d3a58", SCHOOL_HOLIDAY: "#2b4257", WAY: "#8f9caa",
}  # fmt: skip

# Of sessions alone: Okabe and Ito's, told apart by colour-blind readers, with a dark plum for their black.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#6a1b4d")
SHADES = (WHITE, "#dde3ea", "#b6c1cd", "#8796a8", "#566577", "#2c3947")  # of all else that is coloured, in its order
DARK = frozenset({PALETTE[0], PALETTE[7], *SHADES[4:]})  # letters on them are white

TITLE, TEXT, SMALL, LINE = 16, 12, 11, 14  # sizes of texts, and from a line to the next, pixels
_PAGE, _PHONE = 1000, 310  # pixels that a line below the title can take, and on a phone
_AROUND = 12  # pixels around a chart
NAMES = 190.0  # pixels that names at the left of a chart take, where it has no wider ones
_FEWEST = 4  # letters on a line
_WIDTH = 0.52  # of a letter of the font, on average, for a size of 1
_WIDER = 1 / 8  # what the letters of another font may add
_TAG = re.compile(r"<(?=[/!?A-Za-z])")


_IS_NARROW = ContextVar("narrow", default=False)


@contextmanager
def narrow() -> Iterator[None]:
    """Draw for a phone: what follows is some 350 pixels wide, its legends are below."""
    token = _IS_NARROW.set(True)
    try:
        yield
    finally:
        _IS_NARROW.reset(token)


is_narrow = _IS_NARROW.get


def room(wide: T, small: T) -> T:
    """Return which of two sizes is drawn: that of a page, or that of a phone."""
    return small if is_narrow() else wide


def safe(text: str) -> str:
    r"""Return a text that is safe in charts: on one line, persons masked, without anything that a page reads as a tag.

    Altair writes a chart's data unescaped into the script of a page; a word joiner, which has no width, splits what
    would end that script.
    """
    return _TAG.sub("<\N{WORD JOINER}", plain(masked(text, current_language(None))))


def wrap(text: str, width: float, size: float = TEXT, lines: int = 2) -> str:
    """Return a text cut into lines that fit a width in pixels; the rest is replaced by an ellipsis."""
    return "\n".join(_cut(text, _letters(width, size), lines))


def lined(text: str, width: float, size: float = TEXT) -> str | list[str]:
    """Return a title as the library has it, whole or by its lines."""
    first, *others = wrap(text, width, size, lines=4).split("\n")
    return [first, *others] if others else first


def balance(text: str, width: float, size: float = TEXT, lines: int = 2) -> str:
    r"""Return a text cut as `wrap` does, but into lines of about the same length."""
    most, longest = _cut(text, _letters(width, size), lines), max(map(len, safe(text).split(" ")))
    narrower = (_cut(text, letters, lines) for letters in range(max(_FEWEST, longest), _letters(width, size)))
    same = (cut for cut in narrower if len(cut) == len(most) and not cut[-1].endswith("…"))
    return "\n".join(next(same, most) if len(most) > 1 else most)


def _letters(width: float, size: float) -> int:
    return max(_FEWEST, int(width / (size * _WIDTH)))


def _cut(text: str, letters: int, lines: int) -> list[str]:
    start = tied(safe(text)[: letters * (lines + 1)])
    return textwrap.wrap(start, letters, max_lines=lines, placeholder="…", break_on_hyphens=False)


def width_of(text: str, size: float = TEXT) -> float:
    """Return the approximate width of a text in pixels; for several lines, that of the longest."""
    return max(map(len, text.split("\n"))) * size * _WIDTH


def letter(place: int) -> str:
    """Return the letter of the session at a position of the catalogue, which duplicates its colour."""
    more, last = divmod(place, 26)
    return (letter(more - 1) if more else "") + chr(ord("A") + last)


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The texts of a chart; called with a key, it fills in values as the language writes them."""

    lang: Lang
    texts: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - a text, or more of them
        return self.texts[key]

    def __call__(self, key: str, /, **values: Any) -> str:  # noqa: ANN401 - texts, numbers and days
        return str(self.texts[key].format(**{name: self._text(value) for name, value in values.items()}))

    def _text(self, value: Any) -> str:  # noqa: ANN401 - as above
        match value:
            case dt.date():
                return day(value, self.lang)
            case Text():  # of what is said under a title, or in a legend, which are made safe once cut
                return value.get(self.lang)
            case str():
                return safe(value)
        return number(value, 0, self.lang)

    def part(self, key: str) -> ChartWords:
        return ChartWords(self.lang, self.texts[key])

    def count(self, key: str, count: int) -> str:
        return counted(count, self.texts[key], self.lang)

    def number(self, value: float, decimals: int = 0) -> str:
        return number(value, decimals, self.lang)

    def finish(self, chart: ChartT, title: str, *subtitle: str, names: float | None = None) -> ChartT:
        """Give a chart its title, what is said under it (four lines a text at most), its description and the look.

        ``names`` is the width of names at its left. It is changed in place: Altair copies charts slowly.
        """
        under: list[str] = []
        page = room(_PAGE, _PHONE)
        for text in filter(None, subtitle):
            under += wrap(text, page, lines=room(4, 14)).split("\n") if width_of(text) > page else [safe(text)]
        head = lined(title, page - 40, TITLE) if is_narrow() else safe(title)
        heads = [head] if isinstance(head, str) else head
        chart.title = alt.TitleParams(head, subtitle=under, fontSize=TITLE, offset=14)
        chart.description = " ".join([safe(title) + ".", *under])
        ends = [width_of(line, TITLE) for line in heads] + [width_of(line) for line in under]
        sides = {"left": room(NAMES, 0) if names is None else names, "right": max(ends)}
        around = {"top": _AROUND, "bottom": _AROUND} | {side: round(_AROUND + _WIDER * sides[side]) for side in sides}
        chart.background, chart.padding, chart.config = WHITE, around, _config(self.lang)
        return chart


def words_of(chart: str, lang: Lang | None) -> ChartWords:
    lang = current_language(lang)
    return ChartWords(lang, messages("prai_match.charts", chart, lang))


@cache
def _config(lang: Lang) -> Any:  # noqa: ANN401 - of a module that is loaded late
    words = words_of("programme", lang)
    names_of_dates = {"days": [""] * 7, "shortDays": [""] * 7}  # no chart writes the day of the week
    names_of_dates |= {"months": words["months"], "shortMonths": words["months"], "periods": ["AM", "PM"]}
    names: dict[str, Any] = {
        "labelColor": INK,
        "labelFontSize": SMALL,
        "labelLimit": 0,
        "titleColor": GREY,
        "titleLimit": 0,
    }
    lines: dict[str, Any] = {"domain": False, "ticks": False, "gridColor": PALE, "tickColor": RULE}
    under: dict[str, Any] = {"subtitleFontSize": TEXT, "subtitleColor": GREY, "subtitlePadding": 6}
    return alt.Config(
        aria=False,  # its words are English only; the description stands for the whole
        font=FONT,
        locale=alt.Locale(
            number=alt.NumberLocale(**words["number"], grouping=[3], currency=["", ""]),
            time=alt.TimeLocale(dateTime="%c", date="%x", time="%X", **names_of_dates),
        ),
        view=alt.ViewConfig(stroke=None),
        title=alt.TitleConfig(anchor="start", frame="bounds", color=INK, fontSize=TEXT, **under),
        axis=alt.AxisConfig(
            **names, **lines, titleFontSize=TEXT, titleFontWeight="normal", labelFlush=False, labelPadding=6
        ),
        legend=alt.LegendConfig(**names, titleFontSize=SMALL, rowPadding=6, columnPadding=24),
        text=alt.MarkConfig(
            align="left", baseline="middle", color=INK, fontSize=SMALL, lineBreak="\n", lineHeight=LINE
        ),
        point=alt.MarkConfig(opacity=1, strokeWidth=1.3, stroke=INK),
        bar=alt.MarkConfig(stroke=GREY, strokeWidth=0.8),
        rule=alt.MarkConfig(color=INK),
    )


def dark(within: str) -> str:
    """Return the rules of a style that show the drawings of this module on a dark page, within a selector."""
    return "".join(
        f'{within} [{of}="{light}"]{{{of}:{night}}}' for light, night in _DARK_PAGE.items() for of in ("fill", "stroke")
    )


_ELEMENT = re.compile(r"<[a-zA-Z][^>]*>")
_ROLE = re.compile(r" (?:role|aria-[a-z]+)=\"[^\"]*\"")  # in English, of each mark; the whole has its description
_NAME = re.compile(r'(?<= id=")[^"]+|(?<=url\(#)[^)]+')


@given.takes(chart=given.a("TopLevelMixin"))
def svg(chart: alt.TopLevelMixin, lang: Lang | None = None) -> str:
    """Return a chart as one ``<svg>`` element, with its description as text alternative.

    Its identifiers are unique, so that a page can hold several charts. The same chart gives the same text.

    Example:
        >>> from prai_match import Programme, charts
        >>> svg(charts.need_counts(Programme.example()))[:31]
        '<svg role="img" lang="fr" aria-'
    """
    return svg_of(chart.to_dict(validate=False), current_language(lang))


def svg_of(spec: dict[str, Any], lang: Lang) -> str:
    """Return a valid chart specification of this package as one ``<svg>`` element (see `svg`)."""
    convert, version = import_module("vl_convert"), ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    body = _with_numbers(convert.vegalite_to_svg(spec, vl_version=version), "")
    body = _with_numbers(body, f"c{sha256(body.encode()).hexdigest()[:8]}-")
    alternative = escape(str(spec.get("description", "")))
    return f'<svg role="img" lang="{current_language(lang)}" aria-label="{alternative}" ' + body.removeprefix("<svg ")


def _with_numbers(image: str, prefix: str) -> str:
    """Return an image without the roles of marks, whose identifiers are a prefix and a number.

    The drawing library numbers them throughout the process.
    """
    names: dict[str, str] = {}

    def own(tag: re.Match[str]) -> str:
        return _NAME.sub(lambda name: names.setdefault(name[0], f"{prefix}{len(names)}"), _ROLE.sub("", tag[0]))

    return _ELEMENT.sub(own, image)
