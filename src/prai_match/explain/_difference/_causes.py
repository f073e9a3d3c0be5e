"""Why a territory's answer moved: requirements that hold now or no longer, points that moved, facts that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.explain._difference._cause import Cause
from prai_match.explain._difference._frames import IDENTITY, judged
from prai_match.explain._difference._history import territory_facts
from prai_match.explain._difference._inputs import actor_facts
from prai_match.explain._difference._words import headed, quoted
from prai_match.policy import fill
from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prai_match.explain._difference._frames import Judged
    from prai_match.model import Lang
    from prai_match.policy import Preference, Requirement
    from prai_match.recommend import Answers


def causes(before: Answers, after: Answers, changed: pl.DataFrame) -> dict[str, tuple[Cause, ...]]:
    """Return the causes of each territory that differs, the first one first.

    What was recommended before (``old``) and what is after (``new``) are each judged by the rules of both sides.
    """
    offers = pl.concat(
        changed.select(
            "territory", *(pl.col(f"{name}_{side}").alias(name) for name in IDENTITY), which=pl.lit(which)
        ).drop_nulls("session")
        for which, side in (("old", "before"), ("new", "after"))
    )
    then, now = judged(before, offers), judged(after, offers)
    actors, known = actor_facts(before, after), territory_facts(before, after)
    found: dict[str, tuple[Cause, ...]] = {}
    for row in changed.iter_rows(named=True):
        territory = row["territory"]
        old = row["session_before"], then.get((territory, "old")), now.get((territory, "old"))
        new = row["session_after"], then.get((territory, "new")), now.get((territory, "new"))
        same = all(row[f"{name}_before"] == row[f"{name}_after"] for name in IDENTITY)
        concerned = dict.fromkeys(
            row[f"{name}_{side}"] for name in ("partner", "trainer") for side in ("before", "after")
        )
        found[territory] = (
            *_requirements(before, after, old, new),
            *(cause for code in concerned for cause in actors.get(code, ())),
            *(_points(before, after, old[1], new[2]) if same else _lead(before, after, old, new)),
            *known.get(territory, ()),
        )
    return found


_Offer = tuple[str, "Judged | None", "Judged | None"]
"""Session, as judged before and as judged after."""


def _requirements(before: Answers, after: Answers, old: _Offer, new: _Offer) -> Iterator[Cause]:
    """Give what newly stops the offer of before, then what no longer stops that of after."""
    session, then, now = old
    if then and now:
        for rule in after.policy.requirements:
            if rule.id in now.refused and rule.id not in then.refused:
                yield _requirement("refuted", rule, session, after, now)
    session, then, now = new
    if then and now:
        for rule in before.policy.requirements:
            if rule.id in then.refused and rule.id not in now.refused:
                # With the values of after, where the rule is still there.
                kept = next((kept for kept in after.policy.requirements if kept.id == rule.id), None)
                side, judgement = (before, then) if kept is None else (after, now)
                yield _requirement("satisfied", kept or rule, session, side, judgement)


def _requirement(kind: str, rule: Requirement, session: str, side: Answers, judgement: Judged) -> Cause:
    sentences = {
        lang: headed(quoted(side.names[lang][session], lang), _filled(rule, judgement, side, lang), lang)
        for lang in LANGUAGES
    }
    return Cause(kind, rule.id, session, None, None, **sentences)  # type: ignore[arg-type]


def _points(before: Answers, after: Answers, then: Judged | None, now: Judged | None) -> list[Cause]:
    """Return how the points of one offer moved; together they are the difference of the scores."""
    if then is None or now is None:
        return []
    return _sorted(before, after, then.points, now.points, (then, now))


def _lead(before: Answers, after: Answers, old: _Offer, new: _Offer) -> list[Cause]:
    """Return how the lead of the new offer over the old one moved, rule by rule."""
    _, old_then, old_now = old
    _, new_then, new_now = new
    if old_then is None or old_now is None or new_then is None or new_now is None:
        return []
    every = {rule.id for side in (before, after) for rule in side.policy.preferences}
    # A partner or a trainer who isn't there has no points to compare.
    missing = {
        rule.id
        for side, judgements in ((before, (old_then, new_then)), (after, (old_now, new_now)))
        for rule in side.policy.preferences
        if any(rule.id not in judgement.points for judgement in judgements)
    }
    whole = every - missing

    def lead(first: Judged, second: Judged) -> dict[str, float]:
        return {rule: first.points.get(rule, 0.0) - second.points.get(rule, 0.0) for rule in whole}

    return _sorted(before, after, lead(new_then, old_then), lead(new_now, old_now), (new_then, new_now))


def _sorted(
    before: Answers,
    after: Answers,
    old: Mapping[str, float],
    new: Mapping[str, float],
    judgements: tuple[Judged, Judged],
) -> list[Cause]:
    """Return the points that moved, those that moved most first."""
    rules = {
        rule.id: (rule, side, judgement)
        for side, judgement in zip((before, after), judgements, strict=True)
        for rule in side.policy.preferences
    }
    moved = [name for name in old.keys() | new.keys() if old.get(name, 0.0) != new.get(name, 0.0)]
    moved.sort(key=lambda name: (-abs(new.get(name, 0.0) - old.get(name, 0.0)), name))
    found = []
    for name in moved:
        rule, side, judgement = rules[name]
        fr, en = (_filled(rule, judgement, side, lang) for lang in LANGUAGES)
        found.append(Cause("points", name, judgement.row["session"], old.get(name), new.get(name), fr, en))
    return found


def _filled(rule: Requirement | Preference, judgement: Judged, side: Answers, lang: Lang) -> str:
    return fill(rule.sentence.get(lang), judgement.row, side.policy.columns[rule.stage], lang)
