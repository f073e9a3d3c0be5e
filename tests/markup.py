"""What a fragment of HTML is made of."""

from __future__ import annotations

from html.parser import HTMLParser

OURS = {
    *("div", "style", "script", "p", "ul", "ol", "li", "dl", "dt", "dd", "details", "summary", "section", "article"),
    *("h2", "h3", "table", "caption", "thead", "tbody", "tr", "th", "td", "code"),
}
"""Elements of displays and pages."""

OWN = {"class", "lang", "scope", "role", "tabindex", "aria-label", "data-sort", "data-prai"}
"""Their attributes."""


class Markup(HTMLParser):
    """Elements, attributes and texts; every element is closed in its turn.

    Attributes:
        tags: Elements, in order.
        attributes: Names of attributes.
        scopes: What header cells are about.
        sorts: For each cell, what it is sorted by where that isn't its text.
        cells: The texts of each row of tables.
        texts: Texts outside style and script.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.scopes: set[str | None] = set()
        self.sorts: list[str | None] = []
        self.cells: list[list[str]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "th":
            self.scopes.add(dict(attrs).get("scope"))
        if tag == "tr":
            self.cells.append([])
        if tag in {"th", "td"}:
            self.cells[-1].append("")
            self.sorts.append(dict(attrs).get("data-sort"))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        data = data.replace("\N{NO-BREAK SPACE}", " ")  # where lines may break is shown apart
        if not {"style", "script"} & {*self._open}:
            self.texts.append(data)
            if {"th", "td"} & {*self._open}:
                self.cells[-1][-1] += data

    @property
    def text(self) -> str:
        """Its texts together."""
        return "".join(self.texts)
