"""What a policy prints can be pasted: how it differs from the default one or, where that can't be said, all of it."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from prai_match import Policy

if TYPE_CHECKING:
    from pathlib import Path

OWN = """
    id = "own"
    [name]
    fr = "À nous"
    en = "Ours"
    [[rule]]
    id = "large"
    stage = "session"
    kind = "buffet"
    require = "population > 5 AND departement <> '''x'"
    fr = 'Grands \\ territoires'
    en = "Large ones"
"""


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Policy.default(), "Policy.default()"),
        (Policy.default().with_weights(equity=20), "Policy.default().with_weights(equity=20.0)"),
        (
            Policy.default().with_column("mayor", "boolean").prefer("mayor", id="asked", stage="territory", weight=2),
            "Policy.default().with_column('mayor', 'boolean').prefer('mayor', id='asked', weight=2.0, stage='territory')",
        ),
        (
            Policy.default().without("equity").prefer("people / 9", id="full", kind="buffet", weight=2),
            "Policy.default().without('equity').prefer('people / 9', id='full', weight=2.0, kind='buffet')",
        ),
        (
            Policy.default().require("cost < 9", id="cheap", stage="trainer", unknown="accept", en="Cheap."),
            "Policy.default().require('cost < 9', id='cheap', stage='trainer', unknown='accept', en='Cheap.')",
        ),
    ],
)
def test_a_policy_is_told_by_what_it_changes(policy: Policy, said: str) -> None:
    assert repr(policy) == said


def test_a_policy_of_another_kind_is_told_as_toml() -> None:
    own = Policy.from_toml(dedent(OWN), source="own.toml")
    only = Policy.default().with_rules(Policy.default().rows.rule[:1])
    for policy in (own, only, Policy.default().with_rules(Policy.default().rows.rule[::-1]), _with(own)):
        assert repr(policy).startswith("Policy.")
        assert eval(repr(policy), {"Policy": Policy}) == policy  # noqa: S307 - our own code
    assert repr(own).startswith("Policy.from_toml(")


def _with(policy: Policy) -> Policy:
    return policy.with_column("mayor", "boolean").prefer("mayor", id="asked", stage="territory", weight=2)


def test_a_byte_order_mark_opens_a_policy(tmp_path: Path) -> None:
    path = tmp_path / "politique.toml"
    path.write_text(Policy.default().to_toml(), "utf-8-sig")
    assert Policy.load(path) == Policy.default() == Policy.from_toml("\ufeff" + Policy.default().to_toml())
