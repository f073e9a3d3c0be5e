"""The one way in which objects show themselves in notebooks.

A display is made of blocks: paragraphs, lists, facts, tables, and parts that open. It is an HTML fragment that needs
nothing else, reads in light and dark pages, and in which every text stays text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from prai_match.text._display_frame import Frame
from prai_match.text._display_shell import shell
from prai_match.text._document import Section, Table, block_html, escaped
from prai_match.text._language import current_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.errors import Lang
    from prai_match.text._document import Items


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of something: names and what each is; those that are empty are left out."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Details:
    """Blocks that open on demand under a summary."""

    summary: str
    blocks: tuple[Block, ...]


Block: TypeAlias = "str | Items | Table | Section | Frame | Facts | Details"
"""A part of a display; a text is a paragraph."""


def display(title: str, *blocks: Block, lang: Lang) -> str:
    """Return what a notebook shows of an object: what it is, unless the blocks say it, and what there is to know."""
    current_language(lang)
    heading = [f'<p class="prai-title">{escaped(title)}</p>'] if title else []
    return shell([*heading, *(line for block in blocks for line in _lines(block, lang))], lang)


def _lines(block: Block, lang: Lang) -> Iterator[str]:
    match block:
        case Frame():
            yield block.html(lang)
        case Facts(pairs):
            yield "<dl>"
            yield from (f"<dt>{escaped(name)}</dt><dd>{escaped(text)}</dd>" for name, text in pairs if text)
            yield "</dl>"
        case Details(summary, blocks):
            yield f"<details>\n<summary>{escaped(summary)}</summary>"
            yield from (line for inner in blocks for line in _lines(inner, lang))
            yield "</details>"
        case Section(title, blocks):
            yield f'<section>\n<p class="prai-title">{escaped(title)}</p>'
            yield from (line for inner in blocks for line in _lines(inner, lang))
            yield "</section>"
        case Table(caption):
            yield f'<div class="prai-scroll" role="group" tabindex="0" aria-label="{escaped(str(caption))}">'
            yield from block_html(block)
            yield "</div>"
        case _:
            yield from block_html(block)
