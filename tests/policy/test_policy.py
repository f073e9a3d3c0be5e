"""What a policy says and how it is changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st

from prai_match import Policy, UnknownCodeError, testing
from prai_match.policy import GRID, Vocabulary, columns_of, fill, reasons
from prai_match.text import LANGUAGES, messages

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT = Policy.default()
HEAD = 'id = "mine"\nname = { fr = "Ma politique", en = "My policy" }\n'


def evaluated(condition: str, **values: object) -> object:
    """The value of a preference's expression on one row."""
    policy = Policy.from_toml(
        HEAD + f'[[rule]]\nid="a"\nstage="session"\nprefer="{condition}"\nweight=1\nfr="f"\nen="e"\n'
    )
    frame = pl.DataFrame(
        {name: [value] for name, value in values.items()}, schema_overrides=dict.fromkeys(values, pl.Float64)
    )
    return policy.preference("a").value.evaluate(columns_of(frame)).series("a").item()


@given(st.dictionaries(st.sampled_from([rule.id for rule in DEFAULT.preferences]), st.floats(0, 1e6), min_size=1))
def test_points_are_always_brought_to_100(weights: dict[str, float]) -> None:
    policy = DEFAULT.with_weights(**weights)
    totals = [
        sum(rule.points for rule in policy.preferences if rule.kind in {None, kind}) for kind in ("buffet", "workshop")
    ]
    assert max(totals) == 100 or not any(rule.weight for rule in policy.preferences)
    assert sum(rule.points for rule in policy.priorities) == 100
    assert all(rule.points >= 0 for rule in policy.preferences)


def test_without_any_weight_the_score_is_0() -> None:
    policy = DEFAULT.with_weights(**{rule.id: 0 for rule in DEFAULT.preferences})
    assert {rule.points for rule in policy.preferences} == {0}


def test_numbers_are_64_bit_floats_not_decimals() -> None:
    # polars alone reads 730.0 as a decimal and 1 / 730.0 as 0.00137, to six digits.
    assert evaluated("need_age_days / 730.0", need_age_days=1) == 1 / 730.0
    assert evaluated("1 / 730.0 * need_age_days", need_age_days=1) == 1 / 730.0
    assert evaluated("need_age_days * 0.1", need_age_days=3) == 3 * 0.1
    assert evaluated("CASE WHEN people > 1 THEN 0.123456789 ELSE 0.3 END", people=2) == 0.123456789


def test_unknown_stays_unknown() -> None:
    assert evaluated("need_age_days / 730.0 + people", need_age_days=None, people=2) is None
    assert evaluated("COALESCE(need_age_days, 0) + people", need_age_days=None, people=2) == 2


def test_what_an_unknown_means_is_said_by_the_rule() -> None:
    columns = columns_of(pl.DataFrame({"days_since_renewal": [None]}, schema={"days_since_renewal": pl.Float64}))
    for unknown, holds in (("refuse", False), ("accept", True)):
        policy = DEFAULT.require("days_since_renewal > 9", id="late", unknown=unknown, reason="too_early")  # type: ignore[arg-type]
        rule = policy.requirement("late")
        assert rule.state(columns).series("state").to_list() == [None]
        assert rule.holds(columns).tolist() == [holds]
    half = sum(rule.weight for rule in DEFAULT.priorities)  # of all points
    late = DEFAULT.prefer("days_since_renewal / 9", id="late", stage="territory", weight=half, unknown=0.5)
    preferred = late.preference("late")
    assert preferred.is_known(columns).tolist() == [False]
    assert preferred.units(columns).tolist() == [25 * GRID]


def test_shares_are_brought_between_0_and_1() -> None:
    rule = DEFAULT.prefer("people / 10", id="more", weight=100).preference("more")
    frame = pl.DataFrame({"people": [-5.0, 0.0, 5.0, 50.0, float("inf"), float("nan")]})
    units = rule.units(columns_of(frame)).tolist()
    assert units == [round(share * rule.points * GRID) for share in (0, 0, 0.5, 1, 0, 0)]


def test_own_rules_are_one_line() -> None:
    policy = DEFAULT.with_column("mayor_asked", "boolean").prefer(
        "mayor_asked", id="mayor_asked", stage="territory", weight=10
    )
    assert [column.name for column in policy.extra] == ["mayor_asked"]
    assert policy.preference("mayor_asked").sentence.fr == "mayor_asked"
    assert "mayor_asked" in policy.reads
    assert DEFAULT.extra == ()


def test_a_policy_does_not_change_in_place() -> None:
    before = {rule.id: rule.weight for rule in DEFAULT.preferences}
    DEFAULT.with_weights(equity=50).without("past_rating")
    assert {rule.id: rule.weight for rule in DEFAULT.preferences} == before


@given(testing.policies())
def test_a_policy_is_written_and_read_back(policy: Policy) -> None:
    assert Policy.from_toml(policy.to_toml()) == policy
    assert Policy.from_toml(policy.to_toml("en"), source="mine.toml") == policy


def test_any_text_of_a_policy_is_read_back() -> None:
    for text in ('"quoted" \\\\ \x7f\x01', "deux\nlignes '''", "\u2028 é €"):
        policy = DEFAULT.with_column("asked", "boolean", fr=text, en=text).prefer(
            "asked", id="asked", stage="territory", weight=1e-7, fr=text
        )
        assert Policy.from_toml(policy.to_toml()) == policy


def test_a_policy_to_begin_with_is_a_file_that_tells_its_fields(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    for lang, told in (("fr", "# Une règle « require » doit être vraie"), ("en", '# A "require" rule must hold')):
        path.write_text(DEFAULT.to_toml(lang), "utf-8")  # type: ignore[arg-type]
        assert path.read_text("utf-8").startswith(told)
        assert Policy.load(path) == DEFAULT
    with pytest.raises(UnknownCodeError):
        DEFAULT.to_toml("de")  # type: ignore[arg-type]


def test_reasons_are_in_the_order_of_the_sieve() -> None:
    library = [
        "all_attended", "no_need_and_no_buffet", "declined", "booked", "lag", "no_open_day", "too_few_people",
        "no_host", "no_relay", "no_trainer", "over_budget",
    ]  # fmt: skip
    assert [reason for reason in DEFAULT.reasons if reason in reasons("en")] == library
    for lang in LANGUAGES:
        assert ", ".join(library) in messages("prai_match.policy", "terms", lang)["reason"]
    own = DEFAULT.require("population <= 5000", id="small")
    assert own.reasons.index("small") == own.reasons.index("too_few_people") - 1


@pytest.mark.parametrize("reason", sorted(reasons("en")))
def test_a_reason_is_a_sentence_in_both_languages(reason: str) -> None:
    for sentence in (reasons("fr")[reason], reasons("en")[reason]):
        assert re.fullmatch(r"[A-Z].*[a-z]\.", sentence)


def test_a_column_of_one_s_own_can_be_below_0() -> None:
    column = '[[column]]\nname = "altitude"\ntype = "number"\nfr = "f"\nen = "e"\n'
    below = '[[rule]]\nid = "below"\nstage = "session"\nrequire = "altitude < 0"\nfr = "f"\nen = "e"\n'
    assert Policy.from_toml(HEAD + column + below).requirement("below").condition.columns == ("altitude",)


def test_a_policy_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        HEAD + '[[rule]]\nid="small"\nstage="session"\nrequire="population < 10"\nfr="f"\nen="e"\n', "utf-8"
    )
    policy = Policy.load(path)
    assert (policy.id, policy.name.fr, policy.requirement("small").reason) == (
        "mine",
        "Ma politique",
        "no_need_and_no_buffet",
    )
    with pytest.raises(UnknownCodeError, match="unknown rule: 'smal'; did you mean small"):
        policy.requirement("smal")
    with pytest.raises(UnknownCodeError, match="unknown column: 'peopel'; did you mean people"):
        Vocabulary.standard().column("peopel")


def test_the_default_policy_is_said_in_french_and_english() -> None:
    sentences = [rule.sentence for rule in DEFAULT.requirements] + [rule.sentence for rule in DEFAULT.preferences]
    for sentence in sentences:
        for text in (sentence.fr, sentence.en):
            assert text[0].isupper()
            assert text.endswith(".")
        assert sentence.fr != sentence.en


def test_every_column_of_the_vocabulary_is_documented_in_both_languages() -> None:
    names = [column.name for column in Vocabulary.standard().all]
    assert len(names) == len(set(names))
    for column in Vocabulary.standard().all:
        assert column.meaning("fr")
        assert column.meaning("en")
        assert column.meaning("fr") != column.meaning("en")
        assert column.type != "number" or column.unit or column.high or column.decimals


def test_a_condition_on_too_many_columns_to_try_is_given_the_benefit_of_the_doubt() -> None:
    columns = ["people", "needs", "population", "need_score", "days_since_renewal", "sessions_attended"]
    condition = " AND ".join(f"{name} > 3 AND {name} < 90" for name in columns) + " AND people < 2"
    assert DEFAULT.require(condition, id="doubtful").requirement("doubtful")


def test_sentences_show_each_type_of_value() -> None:
    columns = {
        name: Vocabulary.standard().column(name) for name in ("attended", "departement", "people", "service_gap")
    }
    sentence = "{attended} {departement} {people} {service_gap}"
    values = {"attended": True, "departement": "09", "people": 12345.0, "service_gap": None}
    assert fill(sentence, values, columns, "fr") == "oui 09 12\u202f345 inconnu"
    assert fill(sentence, {**values, "attended": False}, columns, "en") == "no 09 12,345 unknown"
    assert fill(sentence, {**values, "departement": "{people}"}, columns, "en") == "yes {people} 12,345 unknown"


@pytest.mark.parametrize(
    "condition",
    ["population / 1000 BETWEEN 20 AND 50", "people * 2 BETWEEN 25 AND 29", "need_age_days / 30 BETWEEN 13 AND 18"],
)
def test_a_condition_that_computes_is_given_the_benefit_of_the_doubt(condition: str) -> None:
    assert DEFAULT.require(condition, id="computed").requirement("computed")
