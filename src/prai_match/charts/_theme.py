"""What all charts have in common: the library that draws, colours, letters, fonts, and texts made safe to draw.

Texts of users are data in fields of fixed names, or literal titles; they are never part of an expression.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any, TypeVar

from prai_match.errors import missing_extra
from prai_match.text import messages, plain, tied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import altair as alt

    from prai_match.errors import Lang

    ChartT = TypeVar("ChartT", "alt.LayerChart", "alt.HConcatChart", "alt.VConcatChart")

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, GREY, RULE, PALE = "#1a1a1a", "#595959", "#c8c8c8", "#ececec"

# Okabe and Ito's, told apart by colour-blind readers; black stays for texts.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999")
_LIGHT = frozenset({"#e69f00", "#cc79a7", "#56b4e9", "#f0e442", "#999999", "#009e73"})

TITLE, TEXT, SMALL = 16, 12, 11
_FEWEST = 4  # letters on a line
_WIDTH = 0.52  # of a letter of the font, on average, for a size of 1
_TAG = re.compile(r"<(?=[/!?A-Za-z])")


def texts_of(chart: str, lang: Lang) -> dict[str, Any]:
    """Return the texts of a chart in a language.

    Raises:
        UnknownCodeError: The language is neither ``fr`` nor ``en``.
    """
    return messages("prai_match.charts", chart, lang)


def library() -> Any:  # noqa: ANN401 - a module, loaded late
    """Return Altair.

    Raises:
        PraiError: The extra ``viz`` is not installed.
    """
    try:
        import altair as vega  # noqa: ICN001, PLC0415 - an extra; ``alt`` names it in annotations
        import vl_convert  # noqa: F401, PLC0415 - what writes PNG and SVG
    except ImportError:
        raise missing_extra("to draw charts", "pour dessiner des graphiques", "viz") from None
    return vega


def shown(text: str) -> str:
    r"""Return a text as charts hold it: on one line, and without what a page would read as a tag.

    Altair writes a chart's data as it is into the script of a page; a word joiner, which has no width, keeps apart
    what would end that script.
    """
    return _TAG.sub("<\N{WORD JOINER}", plain(text))


def wrapped(text: str, width: float, size: float = TEXT, lines: int = 2) -> str:
    """Return a text cut into lines that fit a width in pixels; what doesn't fit is left out, with an ellipsis."""
    return "\n".join(_cut(text, _letters(width, size), lines))


def balanced(text: str, width: float, size: float = TEXT, lines: int = 2) -> str:
    r"""Return a text cut as `wrapped` does, but into lines of about the same length."""
    most = _cut(text, _letters(width, size), lines)
    longest = max(map(len, shown(text).split(" ")))
    narrower = (_cut(text, letters, lines) for letters in range(max(_FEWEST, longest), _letters(width, size)))
    same = (cut for cut in narrower if len(cut) == len(most) and not cut[-1].endswith("…"))
    return "\n".join(next(same, most) if len(most) > 1 else most)


def _letters(width: float, size: float) -> int:
    return max(_FEWEST, int(width / (size * _WIDTH)))


def _cut(text: str, letters: int, lines: int) -> list[str]:
    safe = tied(shown(text[: letters * (lines + 1)]))
    return textwrap.wrap(safe, letters, max_lines=lines, placeholder="…", break_on_hyphens=False)


def width_of(text: str, size: float = TEXT) -> float:
    """Return about how wide a text is drawn, in pixels; of several lines, the longest."""
    return max(map(len, text.split("\n"))) * size * _WIDTH


def colour(place: int) -> str:
    """Return the colour of the session at a place of the catalogue."""
    return PALETTE[place % len(PALETTE)]


def ink_on(fill: str) -> str:
    """Return the colour of letters that are read on a colour."""
    return INK if fill in _LIGHT else "#ffffff"


def letter(place: int) -> str:
    """Return the letter of the session at a place of the catalogue: it says what the colour says."""
    more, last = divmod(place, 26)
    return (letter(more - 1) if more else "") + chr(ord("A") + last)


def finished(chart: ChartT, title: str, subtitle: Sequence[str], lang: Lang) -> ChartT:
    """Give a chart its title, what is said under it, its description and the common look, and return it.

    Args:
        chart: The chart; it is changed in place, since Altair takes longer to copy one than to make it.
        title: What it shows.
        subtitle: When, of what and from what; a line each.
        lang: Language of its numbers.
    """
    vega = library()
    under: list[str] = [shown(line) for line in subtitle if line]
    heading = vega.TitleParams(
        text=shown(title),
        subtitle=under,
        anchor="start",
        frame="bounds",
        fontSize=TITLE,
        color=INK,
        subtitleFontSize=TEXT,
        subtitleColor=GREY,
        subtitlePadding=6,
        offset=14,
    )
    french = {"decimal": ",", "thousands": "\N{NARROW NO-BREAK SPACE}", "grouping": [3], "currency": ["", "\xa0€"]}
    english = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]}
    chart.title = heading
    chart.description = " ".join([shown(title) + ".", *under])
    chart.background = "white"
    chart.padding = 12
    chart.config = vega.Config(
        aria=False,  # its words are English only; the description stands for the whole
        font=FONT,
        locale=vega.Locale(number=vega.NumberLocale(**(french if lang == "fr" else english))),
        view=vega.ViewConfig(stroke=None),
        axis=vega.AxisConfig(
            labelColor=INK,
            labelFontSize=SMALL,
            titleColor=GREY,
            titleFontSize=TEXT,
            titleFontWeight="normal",
            gridColor=PALE,
            domainColor=RULE,
            tickColor=RULE,
        ),
    )
    return chart


def lines_of(texts: Iterable[str], width: float, size: float = TEXT) -> Iterator[str]:
    """Return texts each cut into as many lines as it takes, four at most."""
    for text in texts:
        yield from wrapped(text, width, size, lines=4).split("\n")
