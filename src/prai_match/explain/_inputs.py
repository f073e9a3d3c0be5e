"""The differences between the inputs of two answers: the policy, the programme's settings and its actors."""

from collections import defaultdict
from collections.abc import Iterator

from prai_match.explain._sides import Cause, fact, sentence
from prai_match.model import Budget, Lang
from prai_match.recommend import Answers
from prai_match.text import both, euros, number

_SETTINGS = (
    ("travel_km", 0),
    ("notice_days", 0),
    ("join_notice_days", 0),
    ("offer_horizon_days", 0),
    ("strong_need", 1),
    ("trainer_wait_limit", 0),
    ("trainer_load_limit", 2),
    ("needs_lapse_months", 0),
    ("euros_per_km", 2),
)


def policy_facts(before: Answers, after: Answers) -> Iterator[Cause]:
    if before.policy.id != after.policy.id:
        yield fact("policy", None, before=before.policy.id, after=after.policy.id)
    for row in before.policy.diff(after.policy):
        code = row.change if row.change == "weight" else f"{row.table}_{row.change}"
        numbers = (getattr(row.before, "weight", None), getattr(row.after, "weight", None))
        yield Cause("fact", code, row.id, *numbers, row.text("fr"), row.text("en"))


def settings_facts(before: Answers, after: Answers) -> Iterator[Cause]:
    old, new = before.programme, after.programme
    for name, decimals in _SETTINGS:
        one, other = float(getattr(old, name)), float(getattr(new, name))
        if one != other:
            texts = {"before": both(number, one, decimals), "after": both(number, other, decimals)}
            yield fact(name, None, numbers=(one, other), **texts)
    if old.budget != new.budget:
        yield fact("budget", None, before=_money(old.budget), after=_money(new.budget))
    for name in ("calendar", "catalogue", "territories", "reader"):
        if getattr(old, name) != getattr(new, name):
            yield fact(name, None)
    if _extra(before) != _extra(after):
        yield fact("extra", None)


def _money(budget: Budget | None) -> dict[Lang, str]:
    return both(euros, budget.total - budget.other_spending) if budget else both(sentence, "inside", "unlimited")


def _extra(side: Answers) -> dict[str, list[object]] | None:
    extra = side.snapshot.own_columns
    return None if extra is None else extra.sort("territory").to_dict(as_series=False)


def actor_facts(before: Answers, after: Answers) -> dict[str, list[Cause]]:
    """Return the partners and trainers that were added, removed or changed, by identifier."""
    facts: dict[str, list[Cause]] = defaultdict(list)
    for kind in ("partner", "trainer"):
        old, new = ({actor.id: actor for actor in getattr(side.programme, f"{kind}s")} for side in (before, after))
        for code in sorted(old.keys() | new.keys()):
            one, other = old.get(code), new.get(code)
            if one != other:
                change = "added" if one is None else "removed" if other is None else "changed"
                names = (before if other is None else after).names
                facts[code].append(
                    fact(f"{kind}_{change}", code, name={lang: own[code] for lang, own in names.items()})
                )
    return facts
