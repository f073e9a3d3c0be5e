"""A policy that builds on the default one: its own rules, rules left out, other weights; and what it changes."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from made import ON, POLICY, programme, small
from prai_match import Policy, PolicyError, Programme
from prai_match.errors import ArgumentError
from thorough import examples

if TYPE_CHECKING:
    from goldens import Golden
    from prai_match.model import Lang

DEFAULT = Policy.default()
RULES = {row.id: row.model_dump(exclude_none=True) for row in DEFAULT.rows.rule}
HEAD: dict[str, Any] = {"id": "ours", "extends": "default", "name": {"fr": "À nous", "en": "Ours"}}
SMALL: dict[str, Any] = {
    "id": "small",
    "stage": "session",
    "require": "population <= 20000",
    "fr": "Petits territoires.",
    "en": "Small territories.",
}
ASKED: dict[str, Any] = {
    "id": "asked",
    "stage": "territory",
    "prefer": "mayor",
    "weight": 5.0,
    "fr": "Demandé.",
    "en": "Asked for.",
}
MAYOR = {"name": "mayor", "type": "boolean", "fr": "Le maire le demande", "en": "The mayor asks for it"}
PEOPLE: dict[str, Any] = {**RULES["enough_people"], "require": "people >= 8", "unknown": "accept"}
TEXT = """\
id = "ours"
extends = "default"
without = ["full_room", "trainer_near"]
name = { fr = "À nous", en = "Ours" }

[weights]
equity = 20
asked = 7

[[column]]
name = "mayor"
type = "boolean"
fr = "Le maire le demande"
en = "The mayor asks for it"

[[rule]]
id = "asked"
stage = "territory"
prefer = "mayor"
weight = 5
fr = "Demandé."
en = "Asked for."

[[rule]]
id = "enough_people"
stage = "session"
kind = "workshop"
require = "people >= 8"
unknown = "accept"
reason = "too_few_people"
fr = "Huit personnes au moins."
en = "Eight people at least."
"""


def ours(**more: Any) -> Policy:
    return Policy.of({**HEAD, **more}, programme())


def by_id(policy: Policy) -> dict[str, dict[str, Any]]:
    return {row.id: row.model_dump(exclude_none=True) for row in policy.rows.rule}


@st.composite
def extensions(draw: st.DrawFn) -> dict[str, Any]:
    """A policy as data that extends the default one: any part may be missing."""
    without = draw(st.lists(st.sampled_from([*RULES]), max_size=3, unique=True))
    rules = draw(st.lists(st.sampled_from([SMALL, ASKED, PEOPLE]), unique_by=lambda row: str(row["id"])))
    left = {name: row for name, row in RULES.items() if name not in without} | {row["id"]: row for row in rules}
    weighed = [name for name, row in left.items() if "prefer" in row]
    weights = draw(st.dictionaries(st.sampled_from(weighed), st.integers(0, 40).map(float), max_size=3))
    parts = {"without": without, "weights": weights, "rule": rules, "column": [MAYOR] if ASKED in rules else []}
    return {**HEAD, **{name: part for name, part in parts.items() if part}}


def meant(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rules that an extension is meant to come to, in plain Python."""
    rules = {name: row for name, row in RULES.items() if name not in data.get("without", ())}
    rules |= {row["id"]: row for row in data.get("rule", ())}
    return {
        name: {**row, "weight": data["weights"][name]} if name in data.get("weights", {}) else row
        for name, row in rules.items()
    }


def test_what_extends_the_default_and_says_nothing_else_has_its_rules() -> None:
    alone = ours()
    assert (alone.rows.rule, alone.rows.column) == (DEFAULT.rows.rule, DEFAULT.rows.column)
    assert (alone.requirements, alone.preferences) == (DEFAULT.requirements, DEFAULT.preferences)
    assert (alone.id, alone.name.get("fr")) == ("ours", "À nous")
    recs, others = (programme().recommend(ON, policy=policy) for policy in (alone, DEFAULT))
    assert recs.to_polars().equals(others.to_polars())


def test_a_file_adds_replaces_drops_and_weighs() -> None:
    policy = Policy.from_toml(TEXT)
    assert {"asked", "enough_people"} < {*by_id(policy)}
    assert {*by_id(DEFAULT)} - {*by_id(policy)} == {"full_room", "trainer_near"}
    assert (policy.preference("equity").weight, policy.preference("asked").weight) == (20, 7)
    assert policy.requirement("enough_people").unknown == "accept"
    assert [column.name for column in policy.extra] == ["mayor"]
    assert sum(rule.points for rule in policy.preferences if rule.kind != "workshop") == 100
    assert sum(rule.points for rule in policy.priorities) == 100


@examples(40)
@given(extensions())
def test_an_extension_comes_to_the_rules_that_it_says_and_differs_in_them_alone(data: dict[str, Any]) -> None:
    policy = Policy.of(data, programme())
    rules = {
        name: {**row, "unknown": row.get("unknown", "refuse" if "require" in row else 0.0)}
        for name, row in meant(data).items()
    }
    assert by_id(policy) == rules
    difference = DEFAULT.diff(policy)
    other = {name for name in {**RULES, **rules} if RULES.get(name) != rules.get(name)}
    assert {row.id for row in difference.rules} == other
    assert {row.id for row in difference.columns} == {row["name"] for row in data.get("column", ())}
    for row in difference.rules:
        was, is_ = RULES.get(row.id), rules.get(row.id)
        assert (row.change == "added", row.change == "removed") == (was is None, is_ is None)
        if was and is_:
            assert row.fields == {
                name: (was.get(name), is_.get(name)) for name in {**was, **is_} if was.get(name) != is_.get(name)
            }
    assert difference.weights == {
        name: (RULES[name]["weight"], rules[name]["weight"])
        for name in other & {*RULES} & {*rules}
        if "weight" in RULES[name]
    }


@examples(20)
@given(extensions(), st.randoms(use_true_random=False))
def test_the_order_of_rules_changes_nothing(data: dict[str, Any], dice: Any) -> None:
    policy = Policy.of(data, programme())
    shuffled = {name: dice.sample(part, len(part)) if isinstance(part, list) else part for name, part in data.items()}
    other = Policy.of(shuffled, programme())
    assert (other.requirements, other.preferences) == (policy.requirements, policy.preferences)
    assert not policy.diff(other)
    assert not policy.diff(policy.with_rules(dice.sample(policy.rows.rule, len(policy.rows.rule))))


@examples(20)
@given(extensions(), extensions())
def test_what_one_policy_changes_the_other_changes_back(one: dict[str, Any], other: dict[str, Any]) -> None:
    before, after = (Policy.of(data, programme()) for data in (one, other))
    there, back = before.diff(after), after.diff(before)
    opposite = {"added": "removed", "removed": "added"}
    assert [(row.id, opposite.get(row.change, row.change)) for row in there] == [(row.id, row.change) for row in back]
    assert [row.before for row in there] == [row.after for row in back]
    assert bool(there) == (by_id(before) != by_id(after) or before.rows.column != after.rows.column)


@examples(20)
@given(extensions())
def test_a_policy_is_kept_as_it_was_written_and_comes_back_from_anywhere(data: dict[str, Any]) -> None:
    made = programme().with_policy(data)
    policy = made.policy
    assert made.policy_rows is not None
    assert made.policy_rows.extends == "default"
    assert made.policy_rows == policy.data
    assert made.with_policy(policy) == made
    assert Policy.from_toml(policy.to_toml()) == policy
    assert 'extends = "default"' not in policy.to_toml()
    assert pickle.loads(pickle.dumps(policy)) == policy  # noqa: S301 - our own
    assert eval(repr(policy), {"Policy": Policy}) == policy  # noqa: S307 - our own code
    copies = [Programme.model_validate(json.loads(made.model_dump_json()))]
    copies.append(pickle.loads(pickle.dumps(made)))  # noqa: S301 - our own
    with TemporaryDirectory() as folder:
        made.save(folder)
        copies.append(Programme.load(folder))
        assert 'extends = "default"' in Path(folder, "policy.toml").read_text("utf-8")
    for copy in copies:
        assert (copy, hash(copy), copy.policy_rows) == (made, hash(made), made.policy_rows)
        assert copy.policy == policy


def test_a_file_that_was_read_is_saved_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(TEXT, "utf-8")
    policy = Policy.load(tmp_path / "ours.toml", programme())
    assert policy.data.extends == "default"
    assert policy.data == Policy.from_toml(TEXT).data
    changed = policy.with_weights(equity=3)
    assert changed.data == changed.rows, "what is changed since has all of its rules"
    assert changed.data.extends is None


LIMITS = (
    "host_near", "lag_over", "not_booked", "open_day", "partner_has_room", "partner_present", "trainer_free",
    "trainer_not_overloaded", "trainer_present", "within_budget",
)  # fmt: skip
"""The conditions that every policy has, whatever it says."""


def test_every_policy_has_the_limits_and_none_has_them_among_its_rows() -> None:
    alone = Policy.of({"id": "alone", "name": HEAD["name"], "rule": [SMALL]}, programme())
    extended = ours(rule=[SMALL], without=["equity"])
    for policy in (alone, extended, DEFAULT, POLICY):
        assert tuple(rule.id for rule in policy.requirements if rule.limit) == LIMITS
        assert by_id(policy).keys().isdisjoint(LIMITS)
        assert not any(name in policy.to_toml() for name in LIMITS)
    assert [rule.id for rule in alone.requirements if not rule.limit] == ["small"]
    assert not {row.id for row in alone.diff(DEFAULT)} & {*LIMITS}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_neither_left_out_nor_weighed_nor_written_anew(name: str) -> None:
    with pytest.raises(PolicyError, match=f"found unknown rule '{name}', expected a rule"):
        DEFAULT.without(name)
    with pytest.raises(PolicyError, match=f"found a weight for '{name}', expected a preference"):
        DEFAULT.with_weights(**{name: 1})
    again = f"rule '{name}' again, expected an identifier used only once"
    with pytest.raises(PolicyError, match=again):
        DEFAULT.require("population <= 20000", id=name)
    with pytest.raises(PolicyError, match=again):
        DEFAULT.prefer("population / 20000", id=name, stage="territory", weight=1)


def test_what_a_limit_reads_can_be_preferred() -> None:
    own = DEFAULT.prefer("trainer_load / 9", id="busy", weight=3, stage="trainer").prefer(
        "partner_room / 9", id="room", weight=2, stage="partner"
    )
    assert Policy.from_toml(own.to_toml()) == own
    assert own.preference("busy").value.columns == ("trainer_load",)


def test_who_comes_or_leaves_changes_no_policy() -> None:
    partners = [{**row, "since": "2007-01-01"} for row in small()["partners"]]
    made, before = (
        given.with_policy({**HEAD, "rule": [SMALL]}) for given in (programme(partners=partners), programme())
    )
    assert by_id(made.policy) == by_id(before.policy)
    assert made.policy.data == made.policy_rows
    assert made.with_policy(made.policy) == made
    assert eval(repr(made.policy), {"Policy": Policy}) == made.policy  # noqa: S307 - our own code


FAULTS = [
    ({"extends": "defaut"}, "policy.extends: found 'defaut', expected 'default'"),
    ({"without": ["equite"]}, "policy, without 1: found unknown rule 'equite', expected a rule of this policy; did you mean equity?"),
    ({"without": ["equity", "equite"]}, "policy, without 2: found unknown rule 'equite', expected a rule of this policy; did you mean equity?"),
    ({"without": ["equity", 3]}, "policy, without 2.without[2]: 3 is not text"),
    ({"without": ["small"], "rule": [SMALL]}, "policy, without 1: found unknown rule 'small', expected a rule"),
    ({"weights": {"equity": 2, "equty": 1}}, "policy, weights 2: found a weight for 'equty', expected a preference of this policy; did you mean equity?"),
    ({"weights": {"not_attended": 1}}, "policy, weights 1: found a weight for 'not_attended', expected a preference"),
    ({"without": ["equity", "trainer_free"]}, "policy, without 2: found unknown rule 'trainer_free', expected a rule of this policy; did you mean"),
    ({"weights": {"within_budget": 1}}, "policy, weights 1: found a weight for 'within_budget', expected a preference"),
    ({"rule": [SMALL, {**SMALL, "id": "lag_over"}]}, "policy, rule 2: found rule 'lag_over' again"),
    ({"weights": {"full_room": 1}, "without": ["full_room"]}, "policy, weights 1: found a weight for 'full_room'"),
    ({"weights": {"equity": -1}}, "policy, weights 1.weights.equity: found -1, expected a value of at least 0"),
    ({"weights": {"equity": float("nan")}}, "policy, weights 1.weights.equity: found nan"),
    ({"weights": {1.5: 2}}, "policy, weights 1.weights.1.5.[key]: 1.5 is not text"),
    ({"weights": {3: 2}}, "policy, weights 1.weights.3.[key]: 3 is not text"),
    ({"weights": 3}, "policy, weights 1.weights: 3 is not a set of fields"),
    ({"without": [*RULES]}, "policy: found no rule, expected at least one [[rule]]"),
    ({"rule": [SMALL, SMALL]}, "policy, rule 2: found rule 'small' again"),
    ({"rule": [{**SMALL, "id": f"small{n}"} for n in range(90)]}, f"found {len(RULES) + 90} [[rule]], expected at most 100"),
    ({"rule": [SMALL, {**SMALL, "id": "large", "require": "population > 30000"}]}, "found small (population <= 20000) and large (population > 30000)"),
    ({"rule": [{**SMALL, "require": "popul < 3"}]}, "policy, rule 1 (small): found unknown column 'popul'"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "said"), FAULTS)
def test_each_fault_is_named_with_its_place(more: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        ours(**more)
    assert said in caught.value.text("en")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"trainer_near"]',
            '"trainer_nar"]',
            "ours.toml:3: found unknown rule 'trainer_nar', expected a rule of this policy",
        ),
        (
            "asked = 7",
            "askd = 7",
            "ours.toml:8: found a weight for 'askd', expected a preference of this policy; did you",
        ),
        ("equity = 20", "equity = -20", "ours.toml:7.weights.equity: found -20"),
        ("people >= 8", "peopl >= 8", "ours.toml:24 (enough_people): found unknown column 'peopl'"),
        (
            "[weights]\nequity = 20\nasked = 7\n",
            "weights.equity = 'a'\n",
            "ours.toml:4.weights.equity: 'a' is not a number",
        ),
        ('extends = "default"\n', "", "ours.toml:2: found without, expected `extends"),
    ],
)
def test_a_fault_of_a_file_has_its_line(old: str, new: str, said: str) -> None:
    name = 'name = { fr = "À nous", en = "Ours" }\n'
    text = TEXT.replace(old, new)
    if "weights." in new:
        text = text.replace(new, "").replace(name, new + name)
    with pytest.raises(PolicyError) as caught:
        Policy.from_toml(text, source="ours.toml")
    assert said in caught.value.text("en")


def changed(policy: Policy) -> Policy:
    """Another policy, with a change of each sort."""
    rules = [
        row.model_copy(update={"require": "people >= 8", "unknown": "accept"}) if row.id == "enough_people" else row
        for row in policy.rows.rule
    ]
    other = policy.with_rules(rules).with_weights(equity=12.5).without("mayors_association")
    other = other.with_column("mayor", "boolean", fr="Le maire le demande", en="The mayor asks for it")
    return other.prefer("mayor", id="asked", stage="territory", weight=5, fr="Demandé.", en="Asked for.")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_difference_is_said_in_both_languages(lang: Lang, golden: Golden) -> None:
    golden(f"difference_{lang}.txt", POLICY.diff(changed(POLICY)).text(lang) + "\n")


def test_a_difference_is_of_two_policies() -> None:
    with pytest.raises(ArgumentError, match="other"):
        DEFAULT.diff("default")  # type: ignore[arg-type]
    assert not DEFAULT.diff(ours())
    assert DEFAULT.diff(DEFAULT).text("fr").endswith("(prai) : aucune différence.")
    assert str(DEFAULT.diff(changed(DEFAULT))) == DEFAULT.diff(changed(DEFAULT)).text()
