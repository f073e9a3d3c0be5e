"""Pages: plain text, Markdown and HTML of the same blocks."""

from __future__ import annotations

import re

import pytest

from markup import OURS, OWN, Markup
from prai_match.text import Code, Document, Items, Section, Table, plain

HOSTILE = "<script>alert(1)</script> | `x` **b** \"q\" 'q' \u202e\u2067 🎉 [l](javascript:x) &amp;\n# h"
TABLE = Table("Caption", ("A", "B"), (("1. one", Code("a | `b`")), ("- two", "")))
PAGE = Document(
    "en",
    "Title_1",
    ("- no list", "12) no list"),
    (Section("S", (Items(("x", "y")), Items(("x",), numbered=True), TABLE)),),
)


def test_as_markdown() -> None:
    assert PAGE.markdown() == (
        "# Title\\_1\n\n\\- no list\n\n12\\) no list\n\n## S\n\n- x\n- y\n\n1. x\n\n**Caption**\n\n"
        "| A | B |\n| --- | --- |\n| 1\\. one | `` a \\| `b` `` |\n| \\- two |  |\n"
    )


def test_as_text() -> None:
    assert str(PAGE) == PAGE.text()
    assert PAGE.text().endswith("Caption\n- 1. one\n  B: a | `b`\n- - two\n")


def test_as_html_its_headings_follow_the_level() -> None:
    assert Markup(PAGE.html()).tags[:2] == ["article", "h2"]
    assert Markup(PAGE.html(1)).tags.count("h2") == 1
    with pytest.raises(ValueError, match="level: 6 is not valid"):
        PAGE.html(6)


def test_a_notebook_shows_the_same_with_a_style() -> None:
    shown = PAGE._repr_html_()
    assert PAGE.html() in shown
    assert shown.startswith('<div class="prai" lang="en">\n<style>')
    assert "<script" not in shown


def test_hostile_texts_stay_texts() -> None:
    page = Document(
        "fr",
        HOSTILE,
        (HOSTILE, Items((HOSTILE, Code(HOSTILE)))),
        (Section(HOSTILE, (Table(HOSTILE, (HOSTILE, HOSTILE), ((HOSTILE, Code(HOSTILE)),)),)),),
    )
    parsed = Markup(page._repr_html_())
    assert {*parsed.tags} <= OURS - {"script"}
    assert parsed.attributes <= OWN
    assert parsed.texts.count(plain(HOSTILE)) == 10
    (row,) = [line for line in page.markdown().splitlines() if line.startswith("|") and "alert" in line][1:]
    assert len(re.findall(r"(?<!\\)\|", row)) == 3
    for written in (page.text(), page.markdown(), page.html()):
        assert not {"\u202e", "\u2067"} & {*written}
        assert "🎉" in written
        assert "\n# h" not in written


def test_no_line_ends_before_the_punctuation_of_french() -> None:
    page = Document("fr", "Coût : 3 %", ("« oui » ; non ?", Items((Code("a : b"),))), ())
    html = page.html()
    assert "Coût\u00a0: 3\u00a0%" in html
    assert "«\u00a0oui\u00a0»\u00a0; non\u00a0?" in html
    assert "<code>a : b</code>" in html
    assert "Coût : 3 %" in page.text()
