"""Which rules of a policy change a ranking: as the recommender itself answers without them."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import CATALOGUE, ON, POLICY, SMALL, data, programme
from markup import OURS, OWN, Markup
from prai_match import Policy, Programme, UnknownCodeError, recommend, testing
from prai_match.text import LANGUAGES
from thorough import examples

if TYPE_CHECKING:
    from goldens import Golden
    from prai_match.backtest import PolicyCheck

DAYS = (ON, dt.date(2007, 6, 4), dt.date(2007, 12, 3))
# One that is there twice, one that can't decide anything for each reason there is, and those of territories alone.
MORE = (
    POLICY.require("people >= min_seats", id="seats_taken", kind="workshop")
    .require("people >= 0", id="any_people")
    .require("needs >= 1", id="asked", kind="buffet")
    .prefer("follow_probability", id="weightless", weight=0)
    .prefer("partner_kind = 'syndicat'", id="syndicates", stage="partner", weight=3)
    .prefer("service_gap", id="served_less", stage="territory", weight=5)
    .prefer("needs_waiting >= 0", id="any_needs", stage="territory", weight=5)
)


@pytest.fixture(scope="module")
def check() -> PolicyCheck:
    return programme().check_policy(policy=MORE, days=DAYS)


def without(policy: Policy, *left_out: str) -> Policy:
    """The policy with the points that its other rules have."""
    requirements = tuple(rule for rule in policy.requirements if rule.id not in left_out)
    return replace(
        policy,
        requirements=requirements,
        preferences=tuple(rule for rule in policy.preferences if rule.id not in left_out),
    )


def ranking(made: Programme, on: dt.date, policy: Policy, extra: pl.DataFrame | None = None) -> dict[str, list[Any]]:
    ranked = made.recommend(on, policy=policy, top=99, extra=extra).ranking().drop("score").sort("territory", "rank")
    return {each.id: [] for each in made.territories} | ranked.rows_by_key("territory")


def changed(made: Programme, policy: Policy, other: Policy, days: tuple[dt.date, ...]) -> tuple[int, int]:
    """On how many days, and for how many territories, two policies rank otherwise."""
    whose = [
        {territory for territory, rows in ranking(made, on, other).items() if rows != whole[territory]}
        for on in days
        if (whole := ranking(made, on, policy))
    ]
    return sum(map(bool, whose)), len(set().union(*whose))


def verdicts(check: pl.DataFrame, rule: str) -> list[tuple[str, str | None, str | None]]:
    return check.filter(rule=rule)["verdict", "why", "other"].rows()


def test_counts_are_those_of_recommending_without_the_rule() -> None:
    made, days = Programme.example(), (ON,)
    check = made.check_policy(policy=MORE, days=days).rules
    assert check["rule"].unique(maintain_order=True).to_list() == [row.id for row in MORE.rows.rule]
    alone = check.filter(pl.col("other").is_null())
    seen = {row["rule"]: (row["days"], row["territories"]) for row in alone.iter_rows(named=True)}
    assert seen == {rule: changed(made, MORE, without(MORE, rule), days) for rule in seen}
    assert 10 < sum(map(any, seen.values())) < len(seen)
    for rule, other, *counts in check.drop_nulls("other")["rule", "other", "days", "territories"].rows():
        assert tuple(counts) == changed(made, MORE, without(MORE, rule, other), days) > (0, 0)


def test_a_requirement_is_left_out_as_the_policy_itself_does() -> None:
    made = programme()
    row = made.check_policy(policy=POLICY, days=DAYS).rules.filter(rule="buffet_or_need_first")
    assert row["days", "territories"].row(0) == changed(made, POLICY, POLICY.without("buffet_or_need_first"), DAYS)
    assert row["of_days", "of_territories"].row(0) == (3, 3)


def test_two_rules_that_stand_for_each_other_are_told_of_both(check: PolicyCheck) -> None:
    assert verdicts(check.rules, "enough_people") == [("redundant_with", None, "seats_taken")]
    assert verdicts(check.rules, "seats_taken") == [("redundant_with", None, "enough_people")]
    assert verdicts(programme().check_policy(policy=POLICY, days=[ON]).rules, "enough_people") == [
        ("changes", None, None)
    ]
    assert check.text("en").count("seats_taken") == 1


@pytest.mark.parametrize(
    ("rule", "why"),
    [("any_people", "always"), ("weightless", "weight"), ("syndicates", "kind"), ("any_needs", "always")],
)
def test_what_cant_change_a_ranking_is_told_with_its_reason(check: PolicyCheck, rule: str, why: str) -> None:
    assert verdicts(check.rules, rule) == [("can_not", why, None)]


def test_a_rule_for_a_kind_of_session_that_nobody_offers_cant_change_anything(check: PolicyCheck) -> None:
    trainer = {**SMALL["trainers"][0], "expertise": [{"session": "sig"}]}
    catalogue = {**CATALOGUE, "buffets": [], "follow_ups": []}
    made = programme(catalogue=catalogue, trainers=[trainer], sessions=[], attendances=[])
    assert verdicts(check.rules, "asked") == [("changes", None, None)]
    assert verdicts(made.check_policy(policy=MORE, days=[ON]).rules, "asked") == [("can_not", "kind", None)]


def test_a_rule_of_territories_orders_them_and_is_not_left_out(check: PolicyCheck) -> None:
    assert verdicts(check.rules, "served_less") == [("orders_territories", None, None)]
    rows = programme().check_policy(policy=Policy.default(), days=[ON]).rules
    own = {rule.id for rule in Policy.default().priorities}
    assert {*rows.filter(verdict="orders_territories")["rule"]} == own
    assert rows.filter(pl.col("rule").is_in(own))["days"].sum() == 0


def test_limits_are_never_left_out(check: PolicyCheck) -> None:
    limits = {rule.id for rule in MORE.requirements if rule.limit}
    assert len(limits) > 5
    assert limits.isdisjoint(check.rules["rule"])


def test_pairs_are_tried_of_rules_alone_that_changed_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rank = Mock(wraps=recommend.rank)
    monkeypatch.setattr(recommend, "rank", rank)
    rows = programme().check_policy(policy=MORE, days=DAYS[:2]).rules.unique("rule")
    count = dict(rows.group_by("verdict").len().iter_rows())
    still = count["did_not"] + count["redundant_with"]
    assert still > 2
    pairs = len([*combinations(range(still), 2)])
    assert rank.call_count == 2 * (1 + count["changes"] + still) + 2 * (1 + pairs)


def test_days_are_those_of_the_history_one_a_month() -> None:
    assert programme().check_policy().days == (dt.date(2007, 3, 1), *(dt.date(2007, month, 1) for month in (4, 5, 6)))
    short = programme(needs=[], sessions=[], attendances=[{**programme().attendances[0].model_dump(), "held": None}])
    assert short.check_policy().days == (dt.date(2007, 3, 1),)
    later = [{**each.model_dump(), "date": "2007-05-02"} for each in programme().needs]
    assert programme(needs=later, sessions=[], attendances=[]).check_policy().days == (dt.date(2007, 5, 2),)
    assert programme(needs=[], sessions=[], attendances=[]).check_policy().days == (dt.date(2006, 9, 1),)


def test_days_are_compared_once_each_in_their_order_and_there_must_be_one() -> None:
    check = programme().check_policy(days=[DAYS[2], "2007-09-03", ON])  # type: ignore[list-item]
    assert check.days == (ON, DAYS[2])
    assert set(check.rules["of_days"]) == {2}
    with pytest.raises(ValueError, match="days: give at least one day"):
        programme().check_policy(days=[])


def test_the_executor_changes_nothing(check: PolicyCheck) -> None:
    with ThreadPoolExecutor(2) as executor:
        beside = programme().check_policy(policy=MORE, days=DAYS, executor=executor)
    assert beside.rules.equals(check.rules)


def test_columns_of_ones_own_are_read() -> None:
    own = POLICY.with_column("visited", "boolean").require("NOT visited", id="not_visited")
    extra = pl.DataFrame({"territory": ["T1", "T2", "T3"], "visited": [True, False, False]})
    check = programme().check_policy(policy=own, days=DAYS, extra=extra).rules
    assert check.filter(rule="not_visited")["verdict", "territories"].row(0) == (
        "changes",
        2,
    )  # fewer may come to the others' sessions


@given(st.data())
@examples(12)
def test_what_is_said_of_a_rule_is_what_recommending_without_it_says(drawn: st.DataObject) -> None:
    made = Programme.model_validate(drawn.draw(data()))
    policy = drawn.draw(testing.policies())
    extra = drawn.draw(testing.joined_columns(policy, made))
    on = drawn.draw(testing.days(dt.date(2007, 1, 1), dt.date(2008, 12, 1)))
    check = made.check_policy(policy=policy, days=[on], extra=extra).rules
    whole = ranking(made, on, policy, extra)
    rule = drawn.draw(st.sampled_from(check["rule"].unique(maintain_order=True).to_list()))
    others = [
        (rule,),
        *check.filter(pl.col("rule") == rule, pl.col("other").is_not_null())["rule", "other"].rows(),
    ]
    for group in others:
        other = ranking(made, on, without(policy, *group), extra)
        row = check.filter(pl.col("rule") == rule, pl.col("other").eq_missing(group[1] if len(group) > 1 else None))
        counts = row["territories"].item() if row.height else 0
        assert counts == sum(rows != whole[territory] for territory, rows in other.items())


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_text_is_as_it_was_read(check: PolicyCheck, golden: Golden, lang: Any) -> None:
    golden(f"check_{lang}.txt", check.text(lang))


def test_it_is_shown_and_read_as_its_table(check: PolicyCheck) -> None:
    for lang in LANGUAGES:
        parsed = Markup(check.html(lang))
        assert {*parsed.tags} <= OURS
        assert parsed.attributes <= OWN
        assert "None" not in parsed.text
        assert "{" not in parsed.text
    assert re.fullmatch(r"<PolicyCheck: 3 days; rules: \d+ can_not, .*>", repr(check))
    assert pl.DataFrame(check).equals(check.to_polars())
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'"):
        check.text("de")  # type: ignore[arg-type]
