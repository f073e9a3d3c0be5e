"""Displays of objects in notebooks.

A display consists of blocks: paragraphs, lists, facts, tables, and foldable parts. It is a self-contained HTML
fragment, readable in light and dark pages, in which all texts are escaped.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

import polars as pl
from polars import selectors

from prai_match._arguments import current_language
from prai_match.errors import Lang
from prai_match.text._document import SORTED, Code, Items, Section, Table, block_html, escaped, shell, table_html
from prai_match.text._language import counted, messages, number

_LONGEST = 300  # characters of a cell; the rest is in the frame
_WIDE = 60  # characters from which a text asks for a wider column
_UNBROKEN = r"\S{30}"  # characters that no line would break on its own
_DECIMALS = {int: 0, float: 1}  # by type of number; amounts have two


@dataclass(frozen=True, eq=False)
class Frame:
    """A frame shown as a table; the first column identifies the row, columns without values are left out."""

    caption: str  # it also names the table for screen readers
    frame: pl.DataFrame
    columns: Mapping[str, str]  # labels in order, by the name of the column; those of what isn't in the frame are left
    shown: int = 10  # rows at most
    rest: str = ""  # how to have all of them, as code: ``recs.to_polars()``; empty: it isn't said
    rows: int | None = None  # how many there are, where the frame has only the first
    decimals: Mapping[str, int] = field(default_factory=dict)  # where not one (floats) or two (amounts), by name

    def html(self, lang: Lang) -> str:
        """Return the table as HTML that scrolls, raw values in ``data-sort``, and how many more rows there are."""
        first, *others = (name for name in self.columns if name in self.frame.columns)
        names = [first, *(name for name in others if _has_values(self.frame[name]))]
        table = self.frame.head(self.shown).select(names).with_columns(selectors.float().fill_nan(None))
        kinds = [f' class="{kind}"' if (kind := _class(column)) else "" for column in table]
        rows = (
            [
                (_text(value, self.decimals.get(name), lang), kind + _sort(value))
                for name, kind, value in zip(names, kinds, row, strict=True)
            ]
            for row in table.iter_rows()
        )
        heads = zip((self.columns[name] for name in names), kinds, strict=True)
        own = f' class="{SORTED}"' if table.height > 1 else ""
        lines = [*_scrolling(self.caption, table_html(self.caption, heads, rows, own))]
        if (count := (self.frame.height if self.rows is None else self.rows) - table.height) > 0:
            texts = messages("prai_match.text", "display", lang)
            rest = f"{texts['words']['colon']}{escaped(Code(self.rest))}" if self.rest else ""
            lines.append(f"<p>{counted(count, texts['more'], lang)}{rest}</p>")
        return "\n".join(lines)


def _has_values(column: pl.Series) -> bool:
    has_value = column.is_not_null() if column.dtype != pl.String else column.fill_null("") != ""
    return column.is_empty() or has_value.any()


def _class(column: pl.Series) -> str:
    if column.dtype.is_numeric():
        return "prai-n"
    if column.dtype.is_temporal():
        return "prai-d"
    if column.dtype != pl.String:
        return ""
    if column.str.contains(_UNBROKEN).any():
        return "prai-w"
    return "prai-t" if (column.str.len_chars() > _WIDE).any() else ""


def _text(value: Any, decimals: int | None, lang: Lang) -> str:  # noqa: ANN401 - any value of a frame
    match value:
        case None:
            return ""
        case bool():
            return str(messages("prai_match.text", "display", lang)["words"]["yes" if value else "no"])
        case int() | float() | Decimal():
            digits = _DECIMALS.get(type(value), 2) if decimals is None else decimals
            return number(value if round(value, digits) else 0, digits, lang)  # never minus zero
        case dt.date():
            return short_day(value, lang)
        case list():
            return _cut(", ".join(_text(item, decimals, lang) for item in value))
        case _:
            return _cut(str(value))


def _sort(value: Any) -> str:  # noqa: ANN401 - any value of a frame
    """Return the sort value of a cell as an attribute, if it isn't its text."""
    if isinstance(value, dt.date):
        return f' data-sort="{value.isoformat()}"'
    raw = int(value) if isinstance(value, bool) else value
    return f' data-sort="{raw}"' if isinstance(raw, int | float | Decimal) else ""


def short_day(date: dt.date, lang: Lang) -> str:
    """Write a day in digits, as in tables."""
    return f"{date:%d/%m/%Y}" if lang == "fr" else f"{date:%Y-%m-%d}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


class Facts(NamedTuple):
    """Facts about an object: names and values; empty ones are left out."""

    pairs: tuple[tuple[str, str], ...]


class Details(NamedTuple):
    """Blocks that open on demand under a summary."""

    summary: str
    blocks: tuple["Block", ...]


# A part of a display; a text is a paragraph.
Block: TypeAlias = "str | Items | Table | Section | Frame | Facts | Details"


def display(title: str, *blocks: Block, lang: Lang) -> str:
    """Return the display of an object: its title, unless the blocks contain it, and its blocks."""
    current_language(lang)
    heading = [f'<p class="prai-title">{escaped(title)}</p>'] if title else []
    return shell([*heading, *_lines(blocks, lang)], lang)


def _lines(blocks: Iterable[Block], lang: Lang) -> Iterator[str]:
    for block in blocks:
        match block:
            case Frame():
                yield block.html(lang)
            case Facts(pairs):
                facts = (f"<dt>{escaped(name)}</dt><dd>{escaped(text)}</dd>" for name, text in pairs if text)
                yield from ("<dl>", *facts, "</dl>")
            case Details(summary, parts):
                yield from (f"<details>\n<summary>{escaped(summary)}</summary>", *_lines(parts, lang), "</details>")
            case Section(title, parts):
                heading = f'<section>\n<p class="prai-title">{escaped(title)}</p>'
                yield from (heading, *_lines(parts, lang), "</section>")
            case Table(caption):
                yield from _scrolling(caption, block_html(block))
            case _:
                yield from block_html(block)


def _scrolling(caption: str, table: Iterable[str]) -> Iterator[str]:
    yield f'<div class="prai-scroll" role="group" tabindex="0" aria-label="{escaped(str(caption))}">'
    yield from (*table, "</div>")
