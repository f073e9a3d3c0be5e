"""Why not, for every session of every territory at once: the same columns and rules, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match import offers
from prai_match.explain._why import reason_sentence, sentence_of
from prai_match.explain._why_not._why_not import AROUND, CANDIDATE, NUMBERS
from prai_match.policy import STAGE_REASONS, STAGES, fill
from prai_match.text import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.model import Lang
    from prai_match.policy import Policy, Preference, Requirement


def losers(
    snapshot: offers.Snapshot, policy: Policy, furthest: pl.DataFrame, winners: pl.DataFrame, lang: Lang | None
) -> pl.DataFrame:
    """Return one row a territory and session that is not recommended (see `Recommendations.why_not`).

    The winners are what is recommended, or comes next, by territory (``t``, ``s``, ``postponed``); no language, no
    sentences.
    """
    # Rows of all frames here go side by side, apart from the user's columns, which can have any name.
    names = policy.reads | {"reach_km"} if lang is None else None
    wide = offers.with_columns(snapshot, furthest.select(NUMBERS), names)
    gaps = _gaps(policy, wide, furthest["stage"], winners)
    rule = wide.select(rule=_stopping(policy, furthest["stage"])).select(pl.col("rule").fill_null(gaps["rule"]))["rule"]
    possible = pl.when("postponed").then(pl.lit("postponed")).otherwise(pl.lit("outscored"))
    rows = furthest.select(
        *snapshot.frames.codes(furthest),
        verdict=pl.when(pl.col("stage").is_null()).then(possible).otherwise(pl.lit("refused")),
        stage="stage",
        rule=rule,
        reason=_reason(policy, rule),
        found=_values(policy, rule, wide),
        score="score",
        gap=gaps["gap"],
    )
    first = winners.filter(~pl.col("postponed")).select("t", "s", won=pl.lit(value=True))
    loses = furthest.select("t", "s").join(first, on=["t", "s"], how="left", maintain_order="left")["won"].is_null()
    rows = rows.filter(loses)
    if lang is None:
        return rows
    return rows.with_columns(sentence=pl.Series(_sentences(policy, rows, wide.filter(loses), lang), dtype=pl.String))


def _stopping(policy: Policy, stages: pl.Series) -> pl.Expr:
    """Return the identifier of the first condition that stops a candidate, or makes it wait."""
    by_stage = [
        pl.when(pl.lit(stages) == stage).then(
            pl.coalesce(
                pl.when(pl.col(key).is_null()).then(pl.lit(CANDIDATE)),
                *(pl.when(~rule.holds).then(pl.lit(rule.id)) for rule in offers.in_order(policy, stage)),
                pl.lit(AROUND),
            )
        )
        for stage, key in zip(STAGES, ("s", "p", "r"), strict=True)
    ]
    waits = (pl.when(~rule.holds).then(pl.lit(rule.id)) for rule in policy.requirements if rule.postpones)
    return pl.coalesce(*by_stage, *waits, pl.lit(None, pl.String))


def _gaps(policy: Policy, wide: pl.DataFrame, stages: pl.Series, winners: pl.DataFrame) -> pl.DataFrame:
    """Return how far the winner is ahead of each row (``gap``) and the preference that makes most of it (``rule``)."""
    rules = {str(place): rule for place, rule in enumerate(policy.preferences)}
    passing = stages.is_null().arg_true()
    points = wide[passing].select("t", "s", **{name: rule.contribution for name, rule in rules.items()})
    best = points.join(winners.select("t", "s"), on=["t", "s"], how="semi", maintain_order="left")
    # Every territory with a passing row has a winner, in the same order: its place among them is its place in `best`.
    place = points["t"].rank("dense") - 1
    ahead = pl.DataFrame([best[name].gather(place) - points[name] for name in rules])
    greatest = pl.max_horizontal(*rules, pl.lit(None, pl.Float64))
    made_by = (pl.when(pl.col(name) == greatest).then(pl.lit(rule.id)) for name, rule in rules.items())
    gaps = ahead.select(
        row=pl.lit(passing),
        gap=pl.sum_horizontal(*rules, pl.lit(0.0)),
        rule=pl.coalesce(*made_by, pl.lit(None, pl.String)),
    )
    places = pl.DataFrame({"row": pl.int_range(stages.len(), dtype=pl.UInt32, eager=True)})
    return places.join(gaps, on="row", how="left", maintain_order="left")


def _reason(policy: Policy, rule: pl.Series) -> pl.Expr:
    """Return the code of the reason of each requirement; the engine's own have that of their stage."""
    own = pl.col("stage").replace_strict(STAGE_REASONS, default=None, return_dtype=pl.String)
    reasons = {each.id: each.reason for each in policy.requirements}
    of_rule = pl.lit(rule).replace_strict(reasons, default=None, return_dtype=pl.String)
    return pl.when(pl.lit(rule).is_in([CANDIDATE, AROUND])).then(own).otherwise(of_rule)


def _values(policy: Policy, rule: pl.Series, wide: pl.DataFrame) -> pl.Series:
    """Return the values of the columns that the rule of each row reads, as JSON."""
    reads = {each.id: each.condition.columns for each in policy.requirements}
    reads |= {each.id: each.value.columns for each in policy.preferences}
    reads |= {AROUND: ("distance_km", "reach_km"), CANDIDATE: ()}
    parts = [pl.DataFrame(schema={"row": pl.UInt32, "found": pl.String})]
    for name in rule.unique().drop_nulls():
        rows = (rule == name).arg_true()
        values = pl.struct(reads[name]).struct.json_encode() if reads[name] else pl.lit("{}")
        parts.append(wide.select(*(reads[name] or "t"))[rows].select(row=rows, found=values))
    places = pl.DataFrame({"row": pl.int_range(rule.len(), dtype=pl.UInt32, eager=True)})
    return places.join(pl.concat(parts), on="row", how="left", maintain_order="left")["found"]


def _sentences(policy: Policy, rows: pl.DataFrame, wide: pl.DataFrame, lang: Lang) -> Iterator[str]:
    rules: dict[str, Requirement | Preference] = {rule.id: rule for rule in policy.requirements}
    rules |= {rule.id: rule for rule in policy.preferences}
    around = messages("prai_match.explain", "why_not", lang)["engine"]["around"]
    for rule, reason, row in zip(rows["rule"], rows["reason"], wide.iter_rows(named=True), strict=True):
        if rule is None:
            yield ""
        elif rule == CANDIDATE:
            yield reason_sentence(reason, policy, lang)
        elif rule == AROUND:
            yield fill(around, row, policy.columns["trainer"], lang)
        else:
            yield sentence_of(rules[rule], row, policy, lang)
