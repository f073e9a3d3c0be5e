"""What all charts have in common: the library that draws, colours, fonts, titles, texts safe to draw, and their SVG.

Texts of users are data in fields of fixed names, names of a scale's values, or literal titles; they are never part of
an expression.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Mapping
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
    import altair as alt

    ChartT = TypeVar("ChartT", "alt.LayerChart", "alt.HConcatChart", "alt.ConcatChart")

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, GREY, RULE, PALE, WHITE = "#1a1a1a", "#595959", "#c8c8c8", "#ececec", "#ffffff"
FROZEN = "#f3d3bd"  # colour of days without sessions

# Okabe and Ito's, told apart by colour-blind readers; black stays for texts.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999")
BLUES = (WHITE, "#d5e6f3", "#9ec9e2", "#4a9bc9", "#1c6aa8", "#08306b")
DARK = frozenset({"#0072b2", "#d55e00", *BLUES[3:]})  # letters on them are white

TITLE, TEXT, SMALL, LINE = 16, 12, 11, 14  # sizes of texts, and from a line to the next, pixels
_PAGE = 1000  # pixels that a line below the title can take
_AROUND = 12  # pixels around a chart
NAMES = 190.0  # pixels that names at the left of a chart take, where it has no wider ones
_FEWEST = 4  # letters on a line
_WIDTH = 0.52  # of a letter of the font, on average, for a size of 1
_WIDER = 1 / 8  # what the letters of another font may add
_TAG = re.compile(r"<(?=[/!?A-Za-z])")


def library() -> Any:  # noqa: ANN401 - a module, loaded late
    try:
        import altair as vega  # noqa: ICN001, PLC0415 - an extra; ``alt`` names it in annotations
        import vl_convert  # noqa: F401, PLC0415 - what writes PNG and SVG
    except ImportError:
        raise missing_extra("charts", "viz") from None
    return vega


def safe(text: str) -> str:
    r"""Return a text as charts hold it: on one line, with persons masked, and without what a page would read as a tag.

    Altair writes a chart's data as it is into the script of a page; a word joiner, which has no width, keeps apart
    what would end that script.
    """
    return _TAG.sub("<\N{WORD JOINER}", plain(masked(text, current_language(None))))


def wrap(text: str, width: float, size: float = TEXT, lines: int = 2) -> str:
    """Return a text cut into lines that fit a width in pixels; what doesn't fit is left out, with an ellipsis."""
    return "\n".join(_cut(text, _letters(width, size), lines))


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
    """Return about how wide a text is drawn, in pixels; of several lines, the longest."""
    return max(map(len, text.split("\n"))) * size * _WIDTH


def letter(place: int) -> str:
    """Return the letter of the session at a place of the catalogue: it says what the colour says."""
    more, last = divmod(place, 26)
    return (letter(more - 1) if more else "") + chr(ord("A") + last)


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The texts of a chart; called with the key of one, it writes values into it as the language does."""

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

    def finish(self, chart: ChartT, title: str, *subtitle: str, names: float = NAMES) -> ChartT:
        """Give a chart its title, what is said under it (four lines a text at most), its description and the look.

        ``names``, so wide, stand at its left. It is changed in place: Altair takes longer to copy one than to make it.
        """
        under: list[str] = []
        for text in filter(None, subtitle):
            under += wrap(text, _PAGE, lines=4).split("\n") if width_of(text) > _PAGE else [safe(text)]
        chart.title = library().TitleParams(safe(title), subtitle=under, fontSize=TITLE, offset=14)
        chart.description = " ".join([safe(title) + ".", *under])
        sides = {"left": names, "right": max([width_of(title, TITLE), *map(width_of, under)])}
        room = {"top": _AROUND, "bottom": _AROUND} | {side: round(_AROUND + _WIDER * sides[side]) for side in sides}
        chart.background, chart.padding, chart.config = "white", room, _config(self.lang)
        return chart


def words_of(chart: str, lang: Lang | None) -> ChartWords:
    lang = current_language(lang)
    return ChartWords(lang, messages("prai_match.charts", chart, lang))


@cache
def _config(lang: Lang) -> Any:  # noqa: ANN401 - of a module that is loaded late
    vega, words = library(), words_of("programme", lang)
    names_of_dates = {"days": [""] * 7, "shortDays": [""] * 7}  # no chart writes the day of the week
    names_of_dates |= {"months": words["months"], "shortMonths": words["months"], "periods": ["AM", "PM"]}
    names = {"labelColor": INK, "labelFontSize": SMALL, "labelLimit": 0, "titleColor": GREY, "titleLimit": 0}
    lines = {"domain": False, "ticks": False, "gridColor": PALE, "tickColor": RULE}
    under = {"subtitleFontSize": TEXT, "subtitleColor": GREY, "subtitlePadding": 6}
    return vega.Config(
        aria=False,  # its words are English only; the description stands for the whole
        font=FONT,
        locale=vega.Locale(
            number=vega.NumberLocale(**words["number"], grouping=[3], currency=["", ""]),
            time=vega.TimeLocale(dateTime="%c", date="%x", time="%X", **names_of_dates),
        ),
        view=vega.ViewConfig(stroke=None),
        title=vega.TitleConfig(anchor="start", frame="bounds", color=INK, fontSize=TEXT, **under),
        axis=vega.AxisConfig(
            **names, **lines, titleFontSize=TEXT, titleFontWeight="normal", labelFlush=False, labelPadding=6
        ),
        legend=vega.LegendConfig(**names, titleFontSize=SMALL, rowPadding=6, columnPadding=24),
        text=vega.MarkConfig(
            align="left", baseline="middle", color=INK, fontSize=SMALL, lineBreak="\n", lineHeight=LINE
        ),
        point=vega.MarkConfig(opacity=1, strokeWidth=1.3, stroke=INK),
        rule=vega.MarkConfig(color=INK),
    )


_ELEMENT = re.compile(r"<[a-zA-Z][^>]*>")
_ROLE = re.compile(r" (?:role|aria-[a-z]+)=\"[^\"]*\"")  # in English, of each mark; the whole has its description
_NAME = re.compile(r'(?<= id=")[^"]+|(?<=url\(#)[^)]+')


@given.takes(chart=given.a("TopLevelMixin"))
def svg(chart: alt.TopLevelMixin, lang: Lang | None = None) -> str:
    """Return a chart as one ``<svg>`` element, with its description as text alternative.

    Its identifiers are its own: several charts can stand in one page. The same chart gives the same text.

    Example:
        >>> from prai_match import Programme, charts
        >>> svg(charts.need_counts(Programme.example()))[:31]
        '<svg role="img" lang="fr" aria-'
    """
    return svg_of(chart.to_dict(validate=False), current_language(lang))


def svg_of(spec: dict[str, Any], lang: Lang) -> str:
    """Return the specification of a chart of this module, valid as it is, as one ``<svg>`` element (see `svg`)."""
    convert, version = import_module("vl_convert"), ".".join(library().SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    body = _with_numbers(convert.vegalite_to_svg(spec, vl_version=version), "")
    body = _with_numbers(body, f"c{sha256(body.encode()).hexdigest()[:8]}-")
    alternative = escape(str(spec.get("description", "")))
    return f'<svg role="img" lang="{current_language(lang)}" aria-label="{alternative}" ' + body.removeprefix("<svg ")


def _with_numbers(image: str, prefix: str) -> str:
    """Return an image without the roles of marks, whose identifiers are a prefix and a number.

    The drawing library counts them over the life of the process.
    """
    names: dict[str, str] = {}

    def own(tag: re.Match[str]) -> str:
        return _NAME.sub(lambda name: names.setdefault(name[0], f"{prefix}{len(names)}"), _ROLE.sub("", tag[0]))

    return _ELEMENT.sub(own, image)
