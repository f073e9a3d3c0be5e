"""The page that documents a policy for the public."""

from __future__ import annotations

import re

import pytest

from made import POLICY
from markup import OURS, Markup
from prai_match import Policy, UnknownCodeError
from prai_match.text import Table

HOSTILE = "<script>alert(1)</script> | `x` **b** \"q\" 'q' \u202e\u2067 🎉 [l](javascript:x) &amp;\n# h"


def stated(sentence: str) -> str:
    """The sentence with the words of many: {people:person|people} is {people} people."""
    return re.sub(r"\{(\w+):[^|}]*\|([^|}]*)(\|[^}]*)?\}", r"{\1} \2", sentence)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_rule_is_there_with_its_sentence_its_weight_and_its_expression(lang: str) -> None:
    page = POLICY.describe(lang)  # type: ignore[arg-type]
    rows = {
        row[1]: row
        for section in page.sections
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
    }
    for rule in POLICY.requirements:
        row = rows[rule.id]
        assert row[0] == stated(rule.sentence.get(lang))  # type: ignore[arg-type]
        assert row[2] == rule.condition.sql
    for preference in (*POLICY.preferences, *POLICY.priorities):
        row = rows[preference.id]
        assert row[0] == stated(preference.sentence.get(lang))  # type: ignore[arg-type]
        assert row[2:4] == (preference.value.sql, f"{preference.weight:.0f}")
    required, limits = (
        {row[1] for block in page.sections[place].blocks if isinstance(block, Table) for row in block.rows}
        for place in (2, 3)
    )
    assert (required, limits) == tuple(
        {rule.id for rule in POLICY.requirements if rule.limit == limit} for limit in (False, True)
    )
    columns = {
        row[0]
        for section in page.sections[7:8]
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
    }
    assert columns >= POLICY.reads


def test_the_weightiest_preference_of_a_stage_comes_first_and_steps_are_numbered() -> None:
    page = POLICY.describe("en").markdown()
    for stage in ("session", "partner", "trainer"):
        weights = {rule.id: rule.weight for rule in POLICY.preferences if rule.stage == stage}
        shown = [name for name in re.findall(r"^\|.*?\| `(\w+)` \|", page, re.MULTILINE) if name in weights]
        assert shown == sorted(weights, key=lambda name: (-weights[name], name))
    assert re.findall(r"^(\d)\. ", page, re.MULTILINE)[:2] == ["1", "2"]


def test_what_unknown_means_is_said() -> None:
    text = POLICY.describe("en").text()
    rules = dict(re.findall(r"  Identifier: (\w+)\n(?:  .*\n)*?  If the value is unknown: (.*)", text))
    assert rules["within_budget"] == "the candidate is kept"
    assert rules["open_day"] == "the candidate is set aside"
    assert rules["past_rating"] == "counted for 50\N{NO-BREAK SPACE}%"


def test_weights_are_written_as_they_are_and_brought_to_points() -> None:
    policy = POLICY.with_weights(equity=12.5)
    row = next(line for line in policy.describe("fr").markdown().splitlines() if "`equity`" in line)
    assert "| 12,5 | 12,2 |" in row


def test_a_custom_policy_without_requirements_or_without_preferences() -> None:
    text = 'id = "mine"\nname = { fr = "Ma politique", en = "Mine" }\n[[rule]]\nid = "a"\nstage = "session"\nfr = "f"\nen = "e"\n'
    preferring = Policy.from_toml(text + 'prefer = "people / 10"\nweight = 1\n').describe("fr").markdown()
    requiring = Policy.from_toml(text + 'require = "population > 10000"\n').describe("en").markdown()
    assert "Cette politique n’exige aucune condition." in preferring
    assert "This policy has no preference: every score is 0." in requiring
    assert "| `population` | Inhabitants of the territory | inhabitants | no |" in requiring


@pytest.mark.french
def test_own_columns_are_described() -> None:
    policy = POLICY.with_column("appetite", "number", fr="Envie", unit="points").prefer(
        "appetite", id="appetite", stage="territory", weight=5
    )
    assert "| `appetite` | Envie | points | oui |" in policy.describe().markdown()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_html_is_well_formed_and_its_tables_are_accessible(lang: str) -> None:
    page = Markup(POLICY.describe(lang).html(1))  # type: ignore[arg-type]
    assert page.tags[:2] == ["article", "h1"]
    assert page.tags.count("h2") == 9
    assert page.tags.count("table") == page.tags.count("caption") == 12
    assert page.scopes == {"row", "col"}


def test_no_language_but_two() -> None:
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'; did you mean fr, en"):
        POLICY.describe("de")  # type: ignore[arg-type]


def test_hostile_sentences_stay_text() -> None:
    policy = POLICY.require("population > 0", id="hostile", fr=HOSTILE + "x" * 1_800, en=HOSTILE)
    page = policy.describe()
    parsed = Markup(page.html())
    assert {*parsed.tags} <= OURS
    assert any("<script>alert(1)</script>" in text for text in parsed.texts)
    (row,) = [line for line in page.markdown().splitlines() if "`hostile`" in line]
    assert "\\<script\\>alert(1)\\</script\\> \\| \\`x\\` \\*\\*b\\*\\*" in row
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    for written in (page.text(), page.markdown(), page.html()):
        assert "\u202e" not in written
        assert "\u2067" not in written
        assert "🎉" in written
        assert "\n# h" not in written
