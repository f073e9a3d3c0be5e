"""How notebooks display policies."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from prai_match.model import Lang
from prai_match.policy._description import by_weight
from prai_match.policy._difference import PolicyDifference, details, title
from prai_match.policy._policy import Policy
from prai_match.policy._sentences import general
from prai_match.text import Block, Code, Facts, Frame, Items, Table, display, messages, shown


@shown.register(Policy)
def display_policy(policy: Policy, lang: Lang) -> str:
    texts, page = messages("prai_match.policy", "display", lang), messages("prai_match.policy", "describe", lang)
    requirements = [
        (general(rule.sentence.get(lang)), page["stages"][rule.stage], page["requirements"][rule.unknown], rule.id)
        for rule in policy.requirements
    ]
    preferences, priorities = (
        [
            (general(rule.sentence.get(lang)), page["stages"][rule.stage], rule.weight, rule.points, rule.id)
            for rule in by_weight(rules)
        ]
        for rules in (policy.preferences, policy.priorities)
    )
    columns = ["sentence", "stage", "weight", "points", "id"]
    return display(
        policy.name.get(lang),
        Facts(((texts["identifier"], policy.id),)),
        *_rules(preferences, columns, page["preferences"], texts),
        *_rules(priorities, columns, page["priorities"], texts),
        *_rules(requirements, ["sentence", "stage", "unknown", "id"], page["requirements"], texts),
        lang=lang,
    )


def _rules(
    rows: list[tuple[Any, ...]], columns: list[str], words: Mapping[str, Any], texts: Mapping[str, str]
) -> tuple[Block, ...]:
    if not rows:
        return (words["empty"],)
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    is_whole = "weight" not in columns or all(weight.is_integer() for weight in frame["weight"])
    labels = {name: texts[name] for name in columns}
    return words["lead"], Frame(words["title"], frame, labels, frame.height, decimals={"weight": 0 if is_whole else 2})


@shown.register(PolicyDifference)
def display_difference(difference: PolicyDifference, lang: Lang) -> str:
    texts = messages("prai_match.policy", "difference", lang)
    rows = tuple((Code(row.id), *detail) for row in difference for detail in details(row, lang))
    return display(
        texts["heading"],
        title(difference, lang),
        *((Items(tuple(row.text(lang) for row in difference)),) if difference else ()),
        *((Table(texts["caption"], tuple(texts["header"]), rows),) if rows else ()),
        lang=lang,
    )
