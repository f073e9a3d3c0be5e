"""The page that documents a policy for the public."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from prai_match import Policy
from prai_match.policy import Document, Items, Section, Table
from prai_match.policy._document import Code

DEFAULT = Policy.default()
HOSTILE = "<script>alert(1)</script> | `x` **b** \"q\" 'q' \u202e\u2067 🎉 [l](javascript:x) &amp;\n# h"


class Page(HTMLParser):
    """Counts elements, keeps texts and what is wrong with tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.scopes: list[str | None] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_rule_is_there_with_its_sentence_its_weight_and_its_expression(lang: str) -> None:
    page = DEFAULT.describe(lang)  # type: ignore[arg-type]
    rows = {
        row[1]: row
        for section in page.sections
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
    }
    for rule in DEFAULT.requirements:
        row = rows[rule.id]
        assert row[0] == rule.sentence.get(lang)  # type: ignore[arg-type]
        assert row[2] == rule.condition.sql
    for preference in DEFAULT.preferences:
        row = rows[preference.id]
        assert row[0] == preference.sentence.get(lang)  # type: ignore[arg-type]
        assert row[2:4] == (preference.value.sql, f"{preference.weight:.0f}")
    columns = {
        row[0]
        for section in page.sections[5:6]
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
    }
    assert columns >= DEFAULT.reads


def test_what_unknown_means_is_said() -> None:
    text = DEFAULT.describe("en").text()
    rules = dict(re.findall(r"  Identifier: (\w+)\n(?:  .*\n)*?  If the value is unknown: (.*)", text))
    assert rules["within_budget"] == "the candidate is kept"
    assert rules["no_blackout"] == "the candidate is set aside; the condition only postpones the session"
    assert rules["trainer_rating"] == "counted for 50 %"


def test_weights_are_written_as_they_are_and_brought_to_points() -> None:
    policy = DEFAULT.with_weights(equity=12.5)
    row = next(line for line in policy.describe("fr").markdown().splitlines() if "`equity`" in line)
    assert "| 12,5 | 12,2 |" in row


def test_a_custom_policy_without_requirements_or_without_preferences() -> None:
    text = 'id = "mine"\nname = { fr = "Ma politique", en = "Mine" }\n[[rule]]\nid = "a"\nstage = "session"\nfr = "f"\nen = "e"\n'
    preferring = Policy.from_toml(text + 'prefer = "population / 10000"\nweight = 1\n').describe("fr").markdown()
    requiring = Policy.from_toml(text + 'require = "population > 10000"\n').describe("en").markdown()
    assert "Cette politique n'exige aucune condition." in preferring
    assert "This policy has no preference: every score is 0." in requiring
    assert "| `population` | Inhabitants of the territory | inhabitants | no |" in requiring


def test_own_columns_are_described() -> None:
    policy = DEFAULT.with_column("appetite", "number", fr="Envie", unit="points").prefer(
        "appetite", id="appetite", weight=5
    )
    assert "| `appetite` | Envie | points | oui |" in policy.describe().markdown()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_html_is_well_formed_and_its_tables_are_accessible(lang: str) -> None:
    page = Page(DEFAULT.describe(lang).html(1))  # type: ignore[arg-type]
    assert page.tags[:2] == ["article", "h1"]
    assert page.tags.count("h2") == 7
    assert page.tags.count("table") == page.tags.count("caption") == 7
    assert set(page.scopes) == {"row", "col"}


def test_no_language_but_two_and_no_level_but_five() -> None:
    with pytest.raises(ValueError, match="lang must be 'fr' or 'en', not 'de'"):
        DEFAULT.describe("de")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="level must be from 1 to 5, not 6"):
        DEFAULT.describe().html(6)


def test_hostile_sentences_stay_text() -> None:
    policy = DEFAULT.require("population > 0", id="hostile", fr=HOSTILE + "x" * 1_800, en=HOSTILE)
    page = policy.describe()
    parsed = Page(page.html())
    assert set(parsed.tags) <= {
        "article",
        "section",
        "h2",
        "h3",
        "p",
        "ul",
        "ol",
        "li",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
    }
    assert any("<script>alert(1)</script>" in text for text in parsed.texts)
    (row,) = [line for line in page.markdown().splitlines() if "`hostile`" in line]
    assert "\\<script\\>alert(1)\\</script\\> \\| \\`x\\` \\*\\*b\\*\\*" in row
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    for written in (page.text(), page.markdown(), page.html()):
        assert "\u202e" not in written
        assert "\u2067" not in written
        assert "🎉" in written
        assert "\n# h" not in written


def test_a_document_as_markdown() -> None:
    table = Table("Caption", ("A", "B"), (("1. one", Code("a | `b`")), ("- two", "")))
    page = Document(
        "en",
        "Title_1",
        ("- no list", "12) no list"),
        (Section("S", (Items(("x", "y")), Items(("x",), numbered=True), table)),),
    )
    assert page.markdown() == (
        "# Title\\_1\n\n\\- no list\n\n12\\) no list\n\n## S\n\n- x\n- y\n\n1. x\n\n**Caption**\n\n"
        "| A | B |\n| --- | --- |\n| 1\\. one | `` a \\| `b` `` |\n| \\- two |  |\n"
    )
    assert str(page) == page.text()
    assert page.text().endswith("Caption\n- 1. one\n  B: a | `b`\n- - two\n")
    assert page._repr_html_() == page.html()
