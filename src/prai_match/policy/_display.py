"""Policies as notebooks show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.policy._description import if_unknown
from prai_match.policy._policy import Policy
from prai_match.policy._sentences import general
from prai_match.text import Facts, Frame, display, messages, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import Lang
    from prai_match.text import Block

_REQUIRED = ("sentence", "stage", "unknown", "id")
_PREFERRED = ("sentence", "stage", "weight", "points", "id")
_NUMBERS = ("weight", "points")


@shown.register(Policy)
def policy(found: Policy, lang: Lang) -> str:
    """Show the rules with their sentences, and the weights of the preferences, the greatest first."""
    said, page = messages("prai_match.policy", "display", lang), messages("prai_match.policy", "describe", lang)
    required, preferred = page["requirements"], page["preferences"]
    requirements = [
        (general(rule.sentence.get(lang)), page["stages"][rule.stage], if_unknown(rule, required), rule.id)
        for rule in found.requirements
    ]
    preferences = [
        (general(rule.sentence.get(lang)), page["stages"][rule.stage], rule.weight, rule.points, rule.id)
        for rule in sorted(found.preferences, key=lambda rule: (-rule.weight, rule.id))
    ]
    return display(
        found.name.get(lang),
        Facts(((said["identifier"], found.id),)),
        *_rules(preferences, _PREFERRED, preferred, said),
        *_rules(requirements, _REQUIRED, required, said),
        lang=lang,
    )


def _rules(
    rows: list[tuple[Any, ...]], columns: tuple[str, ...], page: Mapping[str, Any], said: Mapping[str, str]
) -> tuple[Block, ...]:
    if not rows:
        return (page["empty"],)
    schema = {name: pl.Float64 if name in _NUMBERS else pl.String for name in columns}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    whole = all(weight.is_integer() for weight in frame["weight"]) if "weight" in columns else True
    labels = {name: said[name] for name in columns}
    return page["lead"], Frame(page["title"], frame, labels, frame.height, decimals={"weight": 0 if whole else 2})
