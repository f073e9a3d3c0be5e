"""One answer for each text, from all that its words could stand for: accepted only where one alone remains."""

from __future__ import annotations

import polars as pl

# Tiers of what is not an exact name: the lowest that finds something decides, unless another name contests it.
NEAR, CUT, LONGER = 10.0, 20.0, 30.0
# A text that stops within a word of the name stands further behind.
WITHIN = 5.0

_SHOWN = 5


def decide(hits: pl.DataFrame) -> pl.DataFrame:
    """Judge the hits of each text (see `as_hits`), by ``id``.

    A row has the best hit's columns (null where no hit lies in the right place and is of the right kind), ``single``
    (its tier has one answer), ``contested`` (a name near to it has another answer), ``elsewhere`` (the exact name is
    borne in another département), ``here`` and ``fitting`` (some hit lies in the right place; and is of the right
    kind), ``candidates`` (code and kind, the likeliest first).
    """
    order: list[pl.Expr | str] = ["tier", "distance", ~pl.col("strict"), pl.col("form") != "official", "out"]
    ranks = hits.sort("id", ~pl.col("placed"), ~pl.col("fits"), *order)
    fitting = ranks.filter("placed", "fits")
    best = fitting.filter(pl.col("tier") == pl.col("tier").min().over("id"), pl.col("form") != "dissolved")
    answer = pl.struct("out", "out_kind")
    best_hits = fitting.unique("id", keep="first", maintain_order=True).drop("placed", "fits")
    answers = best.group_by("id").agg(single=answer.n_unique() == 1)
    first = answer.first().over("id")
    rivals = pl.col("tier").is_in([CUT, CUT + WITHIN]) | ((pl.col("tier") >= LONGER) & ~pl.col("weak"))
    rivals = (answer != first) & rivals & (pl.col("tier").first().over("id") < CUT)
    rival_answers = fitting.filter(rivals).select("id", contested=pl.lit(value=True)).unique()
    exact = fitting.filter(pl.col("tier") < NEAR).select("id").unique()
    elsewhere = (
        hits.join(exact, on="id", how="anti")
        .filter(~pl.col("placed"), pl.col("tier") < 1, pl.col("space") == "p", pl.col("form") != "other")
        .select("id", elsewhere=pl.lit(value=True))
        .unique()
    )
    proposals = (
        ranks.join(exact.with_columns(exact=pl.lit(value=True)), on="id", how="left")
        .filter(pl.col("exact").is_null() | (pl.col("placed") & pl.col("fits")))
        .with_columns(pl.coalesce("successors", pl.concat_list("out")).alias("code"), pl.col("out_kind").alias("kind"))
    )
    candidates = (
        proposals.explode("code")
        .unique(["id", "code", "kind"], keep="first", maintain_order=True)
        .group_by("id", maintain_order=True)
        .agg(
            pl.struct("code", "kind").head(_SHOWN).alias("candidates"),
            here=pl.col("placed").any(),
            fitting=(pl.col("placed") & pl.col("fits")).any(),
        )
    )
    for more in (best_hits, answers, rival_answers, elsewhere):
        candidates = candidates.join(more, on="id", how="left", maintain_order="left")
    return candidates.with_columns(pl.col("single", "contested", "elsewhere").fill_null(value=False))
