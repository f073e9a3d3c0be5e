"""What differs between the two inputs as a whole: the day, the policy, the settings, the actors."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from prai_match.explain._difference._cause import dated, fact, numbered, priced, sentence_of, text_of
from prai_match.policy import unfilled
from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.explain._difference._cause import Cause
    from prai_match.model import Budget, Lang
    from prai_match.recommend import Answers

_SETTINGS = (("travel_km", 0), ("notice_days", 0), ("euros_per_km", 2))
_WHOLE = ("calendar", "catalogue", "territories")


def input_facts(before: Answers, after: Answers) -> tuple[Cause, ...]:
    """Return what differs between the inputs, apart from the history."""
    actors = actor_facts(before, after)
    return (
        *_day(before, after),
        *_policy(before, after),
        *_settings(before, after),
        *(cause for code in sorted(actors) for cause in actors[code]),
    )


def _day(before: Answers, after: Answers) -> Iterator[Cause]:
    if before.on != after.on:
        yield fact("day", None, sentence_of("day", before=dated(before.on), after=dated(after.on)))


def _policy(before: Answers, after: Answers) -> Iterator[Cause]:
    if before.policy.id != after.policy.id:
        yield fact("policy", None, sentence_of("policy", before=before.policy.id, after=after.policy.id))
    old, new = ({row.id: row for row in side.policy.rows.rule} for side in (before, after))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield _rule(name, old.get(name), new.get(name))


def _rule(name: str, old: Any, new: Any) -> Cause:  # noqa: ANN401 - either sort of rule, or None
    before, after = getattr(old, "weight", None), getattr(new, "weight", None)
    if before is not None and after is not None and old.model_copy(update={"weight": after}) == new:
        sentence = sentence_of("weight", name=name, before=numbered(before, 1), after=numbered(after, 1))
        return fact("weight", name, sentence, before, after)
    code = "rule_added" if old is None else "rule_removed" if new is None else "rule_changed"
    row = old if new is None else new
    sentence = sentence_of(code, name=name, sentence={lang: unfilled(getattr(row, lang)) for lang in LANGUAGES})
    return fact(code, name, sentence, before, after)


def _settings(before: Answers, after: Answers) -> Iterator[Cause]:
    old, new = before.programme, after.programme
    for name, decimals in _SETTINGS:
        one, other = float(getattr(old, name)), float(getattr(new, name))
        if one != other:
            said_ = sentence_of(name, before=numbered(one, decimals), after=numbered(other, decimals))
            yield fact(name, None, said_, one, other)
    if old.budget != new.budget:
        yield fact("budget", None, sentence_of("budget", before=_money(old.budget), after=_money(new.budget)))
    for name in _WHOLE:
        if getattr(old, name) != getattr(new, name):
            yield fact(name, None, sentence_of(name))
    extras = [_extra(side) for side in (before, after)]
    if extras[0] != extras[1]:
        yield fact("extra", None, sentence_of("extra"))


def _money(budget: Budget | None) -> dict[Lang, str]:
    if budget is None:
        return text_of("inside", "unlimited")
    return priced(budget.total - budget.other_spending)


def _extra(side: Answers) -> dict[str, list[object]] | None:
    """Return the joined columns as data that can be compared, by territory."""
    extra = side.snapshot.joined
    return None if extra is None else extra.sort("territory").to_dict(as_series=False)


def actor_facts(before: Answers, after: Answers) -> dict[str, list[Cause]]:
    """Return the partners and trainers who came, went or changed, by identifier."""
    found: dict[str, list[Cause]] = defaultdict(list)
    for kind in ("partner", "trainer"):
        old, new = (_by_id(side, kind) for side in (before, after))
        for code in sorted(old.keys() | new.keys()):
            one, other = old.get(code), new.get(code)
            if one != other:
                what = f"{kind}_{'added' if one is None else 'removed' if other is None else 'changed'}"
                names = (before if other is None else after).names
                name = {lang: names[lang][code] for lang in LANGUAGES}
                found[code].append(fact(what, code, sentence_of(what, name=name)))
    return found


def _by_id(side: Answers, kind: str) -> dict[str, object]:
    return {actor.id: actor for actor in getattr(side.programme, f"{kind}s")}
