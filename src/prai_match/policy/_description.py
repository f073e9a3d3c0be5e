"""The page that documents a policy for the public: what it is for, how it decides, every rule, what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prai_match.policy._reasons import STAGES
from prai_match.policy._sentences import fields, general
from prai_match.text import Code, Document, Items, Section, Table, messages, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.model import Lang
    from prai_match.policy._policy import Policy
    from prai_match.policy._rules import Preference, Requirement


def describe(policy: Policy, lang: Lang) -> Document:
    """Write the page of ``policy`` (see `Policy.describe`)."""
    said = messages("prai_match.policy", "describe", lang)
    return Document(
        lang,
        said["title"].format(name=policy.name.get(lang)),
        (said["law"],),
        (
            Section(said["purpose"]["title"], (said["purpose"]["does"], said["purpose"]["aid"])),
            Section(said["steps"]["title"], (Items(_texts(said["steps"]), numbered=True),)),
            Section(said["requirements"]["title"], tuple(_requirements(policy, said, lang))),
            Section(said["preferences"]["title"], tuple(_preferences(policy, said, lang))),
            Section(said["score"]["title"], (said["score"]["text"],)),
            Section(said["columns"]["title"], (_columns(policy, said["columns"], lang),)),
            Section(said["limits"]["title"], (Items(_texts(said["limits"])),)),
        ),
    )


def _texts(said: dict[str, str]) -> tuple[str, ...]:
    return tuple(text for key, text in said.items() if key != "title")


def _requirements(policy: Policy, said: dict[str, Any], lang: Lang) -> Iterator[str | Table]:
    words = said["requirements"]
    yield words["lead" if policy.requirements else "empty"]
    for stage in STAGES:
        rows = tuple(
            (general(rule.sentence.get(lang)), Code(rule.id), Code(rule.condition.sql), if_unknown(rule, words))
            for rule in policy.requirements
            if rule.stage == stage
        )
        if rows:
            yield Table(words["title"] + said["colon"] + said["stages"][stage], tuple(words["header"]), rows)


def if_unknown(rule: Requirement, words: dict[str, str]) -> str:
    """Say what becomes of a candidate of which the value is unknown."""
    said = words[rule.unknown]
    return words["postpones"].format(unknown=said) if rule.postpones else said


def _preferences(policy: Policy, said: dict[str, Any], lang: Lang) -> Iterator[str | Table]:
    words = said["preferences"]
    yield words["lead" if policy.preferences else "empty"]
    for stage in STAGES:
        rules = sorted((r for r in policy.preferences if r.stage == stage), key=lambda rule: (-rule.weight, rule.id))
        if rules:
            rows = tuple(_preference(rule, words, lang) for rule in rules)
            yield Table(words["title"] + said["colon"] + said["stages"][stage], tuple(words["header"]), rows)


def _preference(rule: Preference, words: dict[str, str], lang: Lang) -> tuple[str, ...]:
    return (
        general(rule.sentence.get(lang)),
        Code(rule.id),
        Code(rule.value.sql),
        weight(rule.weight, lang),
        number(rule.points, 1, lang),
        words["unknown"].format(share=number(100 * rule.unknown, 0, lang)),
    )


def weight(value: float, lang: Lang) -> str:
    """Write a weight: whole where it is, with the decimals that it has where it isn't."""
    decimals = next((count for count in range(6) if round(value, count) == value), 6)
    return number(value, decimals, lang)


def _columns(policy: Policy, words: dict[str, Any], lang: Lang) -> Table:
    rules: tuple[Requirement | Preference, ...] = (*policy.requirements, *policy.preferences)
    named = policy.reads.union(*(fields(rule.sentence.get(lang)) for rule in rules))
    return Table(
        words["caption"],
        tuple(words["header"]),
        tuple(
            (
                Code(column.name),
                column.meaning(lang),
                words["units"].get(column.unit, column.unit),
                words["yes" if column.nullable else "no"],
            )
            for column in policy.vocabulary.all
            if column.name in named
        ),
    )
