"""Pages made of headings, paragraphs, lists and tables, written as plain text, Markdown or HTML; displays in notebooks.

All texts are escaped in HTML and Markdown, and characters that would affect the line around them (line breaks, control
characters, marks of writing direction) are removed. Common parts of displays are here too: language, style, the script
that sorts tables, and the registration of types.
"""

import re
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, singledispatch
from hashlib import sha256
from importlib import import_module, resources, util

import polars as pl

from prai_match import _arguments as given
from prai_match.errors import Lang
from prai_match.text._language import messages

_TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROLS = rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_TURNS}\ud800-\udfff\ufeff]"
_BREAKS = r"[ \t\n\x0b\x0c\r\x85\u2028\u2029]+"
_MARKUP = r"([\\`*_\[\]<>#|~&!]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)])"
_NUMBER = r"[-+−]?€?\d[\d\u202f,.]*\s?[€%]?"
_TIES = r" (?=[:;!?%€»])|(?<=«) "
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


class Code(str):
    """A text shown literally: an expression, an identifier, a digest."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row identifies it."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its blocks; a block that is a text is a paragraph."""

    title: str
    blocks: tuple[str | Items | Table, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A page.

    Attributes:
        lang: Language of the page.
        title: Its heading.
        lead: Blocks before the first section.
        sections: Sections of the page.

    Example:
        >>> page = Document("en", "Rules & weights", (), (Section("Weights", (Items(("equity: 10",)),)),))
        >>> print(page.html())
        <article lang="en">
        <h2>Rules &amp; weights</h2>
        <section>
        <h3>Weights</h3>
        <ul>
        <li>equity: 10</li>
        </ul>
        </section>
        </article>
    """

    lang: Lang
    title: str
    lead: tuple[str | Items | Table, ...]
    sections: tuple[Section, ...]

    def text(self) -> str:
        """Return the page as plain text; each row of a table is an item."""
        parts = [_heading(self.title, "="), *(_text(block, self.lang) for block in self.lead)]
        for section in self.sections:
            parts += [_heading(section.title, "-"), *(_text(block, self.lang) for block in section.blocks)]
        return "\n\n".join(parts) + "\n"

    def markdown(self) -> str:
        """Return the page as Markdown, with the tables of GitHub."""
        parts = [f"# {_markup(self.title)}", *map(_markdown, self.lead)]
        for section in self.sections:
            parts += [f"## {_markup(section.title)}", *map(_markdown, section.blocks)]
        return "\n\n".join(parts) + "\n"

    def html(self, level: int = 2) -> str:
        """Return the page as a self-contained HTML fragment.

        Args:
            level: Level of its heading, 1 to 5, for embedding in other pages.

        Raises:
            ValueError: The level is out of range.
        """
        given.whole(level, "level", 1, 5)
        lines = [f'<article lang="{self.lang}">', f"<h{level}>{escaped(self.title)}</h{level}>"]
        lines += [line for block in self.lead for line in block_html(block)]
        for section in self.sections:
            blocks = (line for block in section.blocks for line in block_html(block))
            lines += ["<section>", f"<h{level + 1}>{escaped(section.title)}</h{level + 1}>", *blocks, "</section>"]
        return "\n".join([*lines, "</article>"])

    def page(self) -> str:
        """Return the page as a self-contained HTML file that loads nothing and prints on A4."""
        return page([self])

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return shell([self.html()], self.lang)


def plain(text: str) -> str:
    r"""Return a text on one line, without characters that affect the line around it."""
    return re.sub(_CONTROLS, "\N{REPLACEMENT CHARACTER}", re.sub(_BREAKS, " ", text))


def _heading(title: str, mark: str) -> str:
    title = plain(title)
    return f"{title}\n{mark * min(len(title), 100)}"


def _text(block: str | Items | Table, lang: Lang) -> str:
    match block:
        case Items(items, numbered):
            return _list(map(plain, items), numbered=numbered)
        case Table(caption, header, rows):
            colon = messages("prai_match.text", "display", lang)["words"]["plain_colon"]
            lines = [plain(caption)]
            for row in rows:
                first, *others = map(plain, row)
                lines.append(f"- {first}")
                cells = zip(map(plain, header[1:]), others, strict=True)
                lines += [f"  {name}{colon}{cell}" for name, cell in cells if cell]
            return "\n".join(lines)
        case _:
            return plain(block)


def _list(items: Iterable[str], *, numbered: bool) -> str:
    return "\n".join(f"{place}. {item}" if numbered else f"- {item}" for place, item in enumerate(items, 1))


def _markdown(block: str | Items | Table) -> str:
    match block:
        case Items(items, numbered):
            return _list(map(_markup, items), numbered=numbered)
        case Table(caption, header, rows):
            lines = [_row(map(_markup, header)), _row("---" for _ in header), *(_row(map(_cell, row)) for row in rows)]
            return "\n".join([f"**{_markup(caption)}**", "", *lines])
        case _:
            return _markup(block)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    markup = _markup(text)
    return markup.replace("|", "\\|") if isinstance(text, Code) else markup


def _markup(text: str) -> str:
    if not isinstance(text, Code):
        return re.sub(_MARKUP, r"\\\1", plain(text))
    inner = plain(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", inner)), default=0))
    return f"{fence} {inner} {fence}" if len(fence) > 1 else f"`{inner}`"


def block_html(block: str | Items | Table) -> Iterator[str]:
    match block:
        case Items(items, numbered):
            tag = "ol" if numbered else "ul"
            yield from (f"<{tag}>", *(f"<li>{escaped(item)}</li>" for item in items), f"</{tag}>")
        case Table(caption, header, rows):
            kinds = ["", *(_kind([row[place] for row in rows]) for place in range(1, len(header)))]
            cells = (zip(row, kinds, strict=True) for row in rows)
            yield from table_html(caption, zip(header, kinds, strict=True), cells)
        case _:
            yield f"<p>{escaped(block)}</p>"


def table_html(
    caption: str, heads: Iterable[tuple[str, str]], rows: Iterable[Iterable[tuple[str, str]]], own: str = ""
) -> Iterator[str]:
    """Yield a table with its ``own`` attributes, of texts with attributes; the first cell of a row identifies it."""
    columns = "".join(f'<th scope="col"{attributes}>{escaped(text)}</th>' for text, attributes in heads)
    yield f"<table{own}>\n<caption>{escaped(caption)}</caption>\n<thead><tr>{columns}</tr></thead>\n<tbody>"
    for (about, kind), *others in rows:
        cells = "".join(f"<td{attributes}>{escaped(text)}</td>" for text, attributes in others)
        yield f'<tr><th scope="row"{kind}>{escaped(about)}</th>{cells}</tr>'
    yield "</tbody>\n</table>"


def _kind(cells: Sequence[str]) -> str:
    return ' class="prai-n"' if cells and all(re.fullmatch(_NUMBER, cell) for cell in cells) else ""


def escaped(text: str) -> str:
    """Escape a text for HTML, without line breaks before colons; `Code` gets its own element."""
    written = (plain(text) if isinstance(text, Code) else tied(plain(text))).translate(_ESCAPES)
    return f"<code>{written}</code>" if isinstance(text, Code) else written


def tied(text: str) -> str:
    """Return a text whose double punctuation, quotation marks, per cent and euro signs stay with their word."""
    return re.sub(_TIES, "\N{NO-BREAK SPACE}", text)


SORTED = "prai-sort"  # class of the tables that the script sorts


def shell(lines: Iterable[str], lang: Lang) -> str:
    """Return lines of HTML in one element, styled for light and dark pages; nothing is loaded."""
    body = "\n".join(lines)
    script = f"\n<script data-prai>\n{_read('display.js')}</script>" if f'class="{SORTED}"' in body else ""
    return f'<div class="prai" lang="{lang}">\n<style>\n{_read("display.css")}</style>\n{body}{script}\n</div>'


def page(documents: Sequence[Document]) -> str:
    """Return documents of one language as an HTML file, each on a new sheet; nothing is loaded."""
    first, style = documents[0], _read("page.css")
    known = b64encode(sha256(style.encode()).digest()).decode()
    lines = (
        *("<!DOCTYPE html>", f'<html lang="{first.lang}">', '<head>\n<meta charset="utf-8">'),
        '<meta name="viewport" content="width=device-width">',
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{known}'\">",
        *(f"<title>{escaped(first.title)}</title>", f"<style>{style}</style>\n</head>\n<body>"),
        *(*(each.html(1) for each in documents), "</body>\n</html>"),
    )
    return "\n".join(lines) + "\n"


@cache
def _read(name: str) -> str:
    return resources.files("prai_match.text").joinpath("data", name).read_text("utf-8")


@singledispatch
def shown(thing: object, lang: Lang) -> str:
    """Return the notebook display of an object in ``lang``: each folder registers its types in its ``_display``."""
    for name, folder in [*sys.modules.items()]:
        if name.startswith("prai_match.") and hasattr(folder, "__path__") and util.find_spec(f"{name}._display"):
            import_module(f"{name}._display")
    if (way := shown.dispatch(type(thing))) is not shown.dispatch(object):
        return way(thing, lang)
    raise TypeError(f"nothing says how a {type(thing).__name__} is shown in {lang}")


class Tabular:
    """Base class of objects that libraries which read Arrow turn into a data frame."""

    __slots__ = ()

    def to_polars(self) -> pl.DataFrame:
        """Return the data frame of the object."""
        raise NotImplementedError

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.to_polars().__arrow_c_stream__(requested_schema)


class Written:
    """Base class of objects that can be written as a page."""

    __slots__ = ()

    @property
    def document(self) -> Document:
        """The page."""
        raise NotImplementedError

    def text(self) -> str:
        """Return the page as plain text."""
        return self.document.text()

    def html(self, level: int = 2) -> str:
        """Return the page as a self-contained HTML fragment with a heading of ``level``."""
        return self.document.html(level)

    def page(self) -> str:
        """Return the page as a self-contained HTML file that loads nothing and prints on A4."""
        return page([self.document])

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.document._repr_html_()


class Shown:
    """Base class of objects that notebooks display, in the way registered with `shown`."""

    __slots__ = ()

    def html(self, lang: Lang | None = None) -> str:
        """Return the notebook display as an HTML fragment.

        Args:
            lang: Language; None means the language in which the object was requested, if any, else the current one.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return shown(self, given.current_language(lang or getattr(self, "lang", None)))

    def _repr_html_(self) -> str:
        return self.html()
