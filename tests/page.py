"""A page of HTML as what it is made of."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

_VOID = {"meta", "input", "br", "hr", "img", "link", "rect", "path", "line", "circle"}


class Page(HTMLParser):
    """Elements with their attributes, headings, the text of each element by its ``id``, style and script.

    Attributes:
        elements: Each element with its attributes, in order.
        headings: Level and text of each heading.
        content: Texts of each element that has an ``id``.
        hidden: Texts of style and script.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[int, str]] = []
        self.content: dict[str, str] = {}
        self.hidden: dict[str, str] = {"style": "", "script": ""}
        self._open: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self._open.append((tag, dict(attrs).get("id")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        inner = self._open[-1][0] if self._open else ""
        if inner in self.hidden:
            self.hidden[inner] += data
            return
        if any(re.fullmatch("h[1-6]", tag) for tag, _ in self._open):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)
        for _, own in self._open:
            if own is not None:
                self.content[own] = self.content.get(own, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> Counter[str]:
        """How many elements have each ``id``."""
        return Counter(own for _, attributes in self.elements if (own := attributes.get("id")))

    def lines(self, own: str) -> list[str]:
        """The text of the element of an ``id`` as lines without spaces around."""
        return [line.strip() for line in self.content[own].splitlines() if line.strip()]
