"""What the site does to pages: one that only names a file of the project shows it; cells of a table have its titles."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROOT = Path(__file__).parents[1]
_FILE = re.compile(r"This page is the file `([A-Z]+\.md)` of the project\.")


class _Whole(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        """Put the file in the place of a page that only names it; its links lead from ``docs``."""
        named = _FILE.fullmatch("\n".join(lines).strip())
        return (_ROOT / named[1]).read_text("utf-8").replace("](docs/", "](").split("\n") if named else lines


class _Titled(Treeprocessor):
    def run(self, root: Element) -> None:
        """Write into each cell the title of its column, which a phone shows beside it where columns are many."""
        for table in root.iter("table"):
            titles = ["".join(cell.itertext()) for cell in table.iter("th")]
            for row in table.iterfind("tbody/tr"):
                for title, cell in zip(titles, row, strict=False):
                    cell.set("data-title", title)


class Pages(Extension):
    """The extension of Python-Markdown that ``zensical.toml`` names."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's own name
        """Read files before all else, and tables after all else."""
        md.preprocessors.register(_Whole(md), "whole", 100)
        md.treeprocessors.register(_Titled(md), "titled", 1)


def makeExtension(**options: Any) -> Pages:  # noqa: ANN401, N802 - Markdown's own name and arguments
    """Return the extension, as Markdown asks for it."""
    return Pages(**options)
