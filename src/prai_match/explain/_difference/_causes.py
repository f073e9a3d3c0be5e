"""Why a territory's answer moved: requirements that hold now or no longer, points that moved, facts that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.explain._difference._cause import Cause, in_quotes, under
from prai_match.explain._difference._facts import actor_facts, territory_facts
from prai_match.explain._difference._frames import IDENTITY, SIDES, rulings
from prai_match.explain._why import sentence_of
from prai_match.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prai_match.explain._difference._frames import Ruling
    from prai_match.recommend import Answers


def causes(before: Answers, after: Answers, rows: pl.DataFrame) -> dict[str, tuple[Cause, ...]]:
    """Return the causes of each territory that differs (see `differences`), the first one first.

    What was recommended before and what is after are each judged by the rules of both sides.
    """
    offers = pl.concat(
        rows.select(
            "territory", *(pl.col(f"{name}_{side}").alias(name) for name in IDENTITY), which=pl.lit(side)
        ).drop_nulls("session")
        for side in SIDES
    )
    then, now = rulings(before, offers), rulings(after, offers)
    of_actors, of_history = actor_facts(before, after), territory_facts(before, after)
    by_territory: dict[str, tuple[Cause, ...]] = {}
    for row in rows.iter_rows(named=True):
        territory = row["territory"]
        old, new = ((row[f"session_{side}"], then.get((territory, side)), now.get((territory, side))) for side in SIDES)
        same = all(row[f"{name}_before"] == row[f"{name}_after"] for name in IDENTITY)
        actors = dict.fromkeys(row[f"{name}_{side}"] for name in ("partner", "trainer") for side in SIDES)
        by_territory[territory] = (
            *_requirements(before, after, old, new),
            *(cause for code in actors for cause in of_actors.get(code, ())),
            *(_points(before, after, old[1], new[2]) if same else _lead(before, after, old, new)),
            *of_history.get(territory, ()),
        )
    return by_territory


_Offer = tuple[str, "Ruling | None", "Ruling | None"]
"""Session, as judged before and as judged after."""


def _requirements(before: Answers, after: Answers, old: _Offer, new: _Offer) -> Iterator[Cause]:
    """Give what newly stops the offer of before, then what no longer stops that of after."""
    still = {rule.id: rule for rule in after.policy.requirements}
    for kind, (session, then, now), policy in (("refuted", old, after.policy), ("satisfied", new, before.policy)):
        if not (then and now):
            continue
        was, is_ = (then, now) if kind == "refuted" else (now, then)
        for rule in policy.requirements:
            if rule.id in is_.refuting and rule.id not in was.refuting:
                # With the values of after, where the rule is still there.
                own, side, ruling = (still[rule.id], after, now) if rule.id in still else (rule, before, then)
                texts = {
                    lang: under(
                        in_quotes(side.names[lang][session], lang),
                        sentence_of(own, ruling.row, side.policy, lang),
                        lang,
                    )
                    for lang in LANGUAGES
                }
                yield Cause(kind, rule.id, session, None, None, **texts)  # type: ignore[arg-type]


def _points(before: Answers, after: Answers, then: Ruling | None, now: Ruling | None) -> Iterator[Cause]:
    """Give how the points of one offer moved; together they are the difference of the scores."""
    if then and now:
        yield from _moves(((before, then), (after, now)), then.points, now.points)


def _lead(before: Answers, after: Answers, old: _Offer, new: _Offer) -> Iterator[Cause]:
    """Give how the lead of the new offer over the old one moved, rule by rule."""
    _, old_then, old_now = old
    _, new_then, new_now = new
    if not (old_then and old_now and new_then and new_now):
        return
    sides = ((before, old_then, new_then), (after, old_now, new_now))
    every = {rule.id for side, *_ in sides for rule in side.policy.preferences}
    # A partner or a trainer who isn't there has no points to compare.
    whole = every - {
        rule.id
        for side, *both in sides
        for rule in side.policy.preferences
        if any(rule.id not in ruling.points for ruling in both)
    }
    then, now = (
        {rule: second.points.get(rule, 0.0) - first.points.get(rule, 0.0) for rule in whole}
        for _, first, second in sides
    )
    yield from _moves(((before, new_then), (after, new_now)), then, now)


def _moves(
    sides: Iterable[tuple[Answers, Ruling]], then: Mapping[str, float], now: Mapping[str, float]
) -> Iterator[Cause]:
    """Give the points that moved, those that moved most first."""
    rules = {rule.id: (rule, ruling.row, side.policy) for side, ruling in sides for rule in side.policy.preferences}
    moves = {rule: now.get(rule, 0.0) - then.get(rule, 0.0) for rule in then.keys() | now.keys()}
    for rule in sorted(filter(moves.get, moves), key=lambda rule: (-abs(moves[rule]), rule)):
        fr, en = (sentence_of(*rules[rule], lang) for lang in LANGUAGES)
        yield Cause("points", rule, rules[rule][1]["session"], then.get(rule), now.get(rule), fr, en)
