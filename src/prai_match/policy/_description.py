"""The page that documents a policy for the public: purpose, way of deciding, all rules, data that they read."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from prai_match.model import Lang
from prai_match.policy._rules import Preference, Requirement
from prai_match.policy._sentences import fields, general, weight
from prai_match.policy._vocabulary import PACKAGE, STAGES, TERRITORY
from prai_match.text import LANGUAGES, Code, Document, Items, Section, Table, messages, number

if TYPE_CHECKING:
    from prai_match.policy._policy import Policy


def describe(policy: "Policy", lang: Lang) -> Document:
    texts = messages("prai_match.policy", "describe", lang)
    told = {name: (texts[name], texts, lang) for name in ("requirements", "capacities", "preferences", "priorities")}
    sections: dict[str, Iterable[str | Items | Table]] = {
        "purpose": (texts["purpose"]["does"], texts["purpose"]["aid"]),
        "steps": (Items(_items(texts["steps"]), numbered=True),),
        "requirements": _rules([rule for rule in policy.requirements if not rule.limit], *told["requirements"]),
        "capacities": _rules([rule for rule in policy.requirements if rule.limit], *told["capacities"]),
        "preferences": _rules(by_weight(policy.preferences), *told["preferences"]),
        "score": tuple(text for name, text in texts["score"].items() if name != "title"),
        "priorities": _rules(by_weight(policy.priorities), *told["priorities"]),
        "columns": (_columns(policy, texts["columns"], lang), Items(tuple(messages(PACKAGE, "terms", lang).values()))),
        "limits": (Items(_items(texts["limits"])),),
    }
    return Document(
        lang,
        texts["title"].format(name=policy.name.get(lang)),
        (texts["law"],),
        tuple(Section(texts[name]["title"], tuple(blocks)) for name, blocks in sections.items()),
    )


def _items(texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(text for key, text in texts.items() if key != "title")


def _rules(
    rules: Sequence[Requirement | Preference], words: dict[str, Any], texts: dict[str, Any], lang: Lang
) -> Iterator[str | Table]:
    yield words["lead" if rules else "empty"]
    for stage in (TERRITORY, *STAGES):
        if rows := tuple(_cells(rule, words, lang) for rule in rules if rule.stage == stage):
            yield Table(words["title"] + texts["colon"] + texts["stages"][stage], tuple(words["header"]), rows)


def _cells(rule: Requirement | Preference, words: dict[str, Any], lang: Lang) -> tuple[str, ...]:
    sentence = general(rule.sentence.get(lang))
    if isinstance(rule, Requirement):
        return sentence, Code(rule.id), Code(rule.condition.sql), words[rule.unknown]
    unknown = words["unknown"].format(share=number(100 * rule.unknown, 0, lang))
    points = number(rule.points, 1, lang)
    return sentence, Code(rule.id), Code(rule.value.sql), weight(rule.weight, lang), points, unknown


def by_weight(rules: Iterable[Preference]) -> list[Preference]:
    return sorted(rules, key=lambda rule: (-rule.weight, rule.id))


def mentions(policy: "Policy") -> frozenset[str]:
    """Return the columns that rules read or sentences contain."""
    rules: tuple[Requirement | Preference, ...] = (*policy.requirements, *policy.preferences, *policy.priorities)
    return policy.reads.union(*(fields(rule.sentence.get(lang)) for rule in rules for lang in LANGUAGES))


def _columns(policy: "Policy", words: dict[str, Any], lang: Lang) -> Table:
    named, units, nullable = mentions(policy), words["units"], {True: words["yes"], False: words["no"]}
    rows = tuple(
        (
            *(Code(each.name), each.meaning(lang), units.get(each.unit, each.unit), nullable[each.nullable]),
            "" if each.formula is None else each.formula.get(lang),
        )
        for each in policy.vocabulary.all
        if each.name in named
    )
    return Table(words["caption"], tuple(words["header"]), rows)
