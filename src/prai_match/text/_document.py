"""Pages made of headings, paragraphs, lists and tables, written as plain text, Markdown or HTML.

Whatever a text holds, it stays text: it is escaped in HTML and Markdown, and characters that would change the line
around it (line breaks, control characters, marks that turn the direction of writing) never get through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from prai_match import _arguments as given
from prai_match.errors import Lang
from prai_match.text._display_shell import shell
from prai_match.text._language import messages

_TURNS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROLS = rf"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_TURNS}\ud800-\udfff\ufeff]"
_BREAKS = r"[ \t\n\x0b\x0c\r\x85\u2028\u2029]+"
_MARKUP = r"([\\`*_\[\]<>#|~&!]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)])"
_NUMBER = r"[-+−]?€?\d[\d\u202f,.]*\s?[€%]?"
_TIES = r" (?=[:;!?%€»])|(?<=«) "
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


class Code(str):
    """A text shown as it is typed: an expression, an identifier, a digest."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row says what the row is about."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what comes under it; a block that is a text is a paragraph."""

    title: str
    blocks: tuple[str | Items | Table, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A page.

    Attributes:
        lang: Its language.
        title: Its heading.
        lead: What comes before the first section.
        sections: The rest.

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
        """Return the page as an HTML fragment that needs nothing else.

        Args:
            level: Level of its heading, 1 to 5, for pages into which it is put.

        Raises:
            ValueError: The level is not one of them.
        """
        given.whole(level, "level", 1, 5)
        lines = [f'<article lang="{self.lang}">', f"<h{level}>{escaped(self.title)}</h{level}>"]
        lines += [line for block in self.lead for line in block_html(block)]
        for section in self.sections:
            lines += ["<section>", f"<h{level + 1}>{escaped(section.title)}</h{level + 1}>"]
            lines += [line for block in section.blocks for line in block_html(block)]
            lines.append("</section>")
        return "\n".join([*lines, "</article>"])

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return shell([self.html()], self.lang)


def plain(text: str) -> str:
    r"""Return a text on one line, without characters that act on the line around it."""
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
            yield f"<table>\n<caption>{escaped(caption)}</caption>"
            _, *kinds = (_kind([row[place] for row in rows]) for place in range(len(header)))
            first, *names = header
            columns = "".join(
                f'<th scope="col"{kind}>{escaped(name)}</th>' for name, kind in zip(names, kinds, strict=True)
            )
            yield f'<thead><tr><th scope="col">{escaped(first)}</th>{columns}</tr></thead>\n<tbody>'
            for about, *others in rows:
                cells = "".join(f"<td{kind}>{escaped(cell)}</td>" for cell, kind in zip(others, kinds, strict=True))
                yield f'<tr><th scope="row">{escaped(about)}</th>{cells}</tr>'
            yield "</tbody>\n</table>"
        case _:
            yield f"<p>{escaped(block)}</p>"


def _kind(cells: Sequence[str]) -> str:
    return ' class="prai-n"' if cells and all(re.fullmatch(_NUMBER, cell) for cell in cells) else ""


def escaped(text: str) -> str:
    """Write a text in HTML, where it stays text, and no line ends before a colon; `Code` in an element of its own."""
    written = (plain(text) if isinstance(text, Code) else tied(plain(text))).translate(_ESCAPES)
    return f"<code>{written}</code>" if isinstance(text, Code) else written


def tied(text: str) -> str:
    """Return a text whose double punctuation, quotation marks, per cents and euros stay on the line of their word."""
    return re.sub(_TIES, "\N{NO-BREAK SPACE}", text)
