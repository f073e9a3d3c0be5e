"""A programme and a policy whose every text attacks whatever shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from made import POLICY, programme, small

if TYPE_CHECKING:
    from prai_match import Policy, Programme

ATTACK = (
    "<script>attacked()</script><img src=x onerror=attacked()><svg onload=attacked()>\"'`--></style></script></title>"
    "</textarea></td></table>{{7*7}}{%x%}${attacked()}javascript:attacked() [l](javascript:attacked())"
    "<a href=javascript:attacked()>x</a>&lt;b&gt;\u202e\u2067\u200f🎉👩‍👩‍👧 =cmd|' /C calc'!A0 "
)
"""Markup for every context; run, it calls ``attacked``. It keeps to one line and has no control character: those are
refused or neutralised before any page is made."""

LONGEST = 2_000
"""Characters of a text at most; longer ones are refused when a programme is made."""

_TEXTS = frozenset({"name", "core", "organisation", "role", "reason", "fr", "en"})


def _attacking(value: Any, field: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _attacking(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_attacking(item, field) for item in value]
    return f"{ATTACK}{value} ".ljust(LONGEST, "x") if isinstance(value, str) and field in _TEXTS else value


def hostile_programme() -> Programme:
    """The small programme with an attack in every text that people read, and in the text of a need."""
    data = _attacking(small())
    need = {
        "collectivity": "09001",
        "date": "2007-07-01",
        "text": f"refonte du site internet {ATTACK}".ljust(10_000, "x"),
        "people": 3,
    }
    return programme(**{**data, "needs": [*data["needs"], need]})


def hostile_policy() -> Policy:
    """The policy of the tests with a requirement and a preference whose sentences attack."""
    said = ATTACK.replace("{", "(").replace("}", ")")  # braces in a sentence name columns
    policy = POLICY.require("people >= 0", id="attacking_requirement", fr=said, en=said)
    return policy.prefer("people / 1000", id="attacking_preference", weight=1, fr=said, en=said)
