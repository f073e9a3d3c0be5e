"""The answers as frames and as rows for JSON."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.explain._why import main_reasons, reason_sentence
from prai_match.text import messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.model import Lang
    from prai_match.policy import Policy
    from prai_match.recommend import Answers


def table(answers: Answers, lang: Lang, territory: str | None = None) -> pl.DataFrame:
    """Return one row a territory (see `Recommendations.to_polars`).

    Args:
        answers: The answers.
        lang: Language of the sentences.
        territory: The only one to give, by its identifier; None: all of them.
    """
    if territory is None:
        return table_of(answers.chosen, answers.first, answers.reasons, answers.policy, lang)
    number = answers.number(territory)
    reasons = {number: answers.reasons[number]} if number in answers.reasons else {}
    return table_of(answers.chosen.filter(t=number), answers.first.filter(t=number), reasons, answers.policy, lang)


def table_of(
    chosen: pl.DataFrame, best: pl.DataFrame, reasons: Mapping[int, str], policy: Policy, lang: Lang
) -> pl.DataFrame:
    """Return one row a territory of a part of the answers.

    Args:
        chosen: The territories.
        best: The best offer of each, with the columns that the rules read.
        reasons: Code of the reason of each without one, by number.
        policy: The policy.
        lang: Language of the sentences.
    """
    money = pl.Decimal(12, 2)
    because = best.select("t", because=pl.Series(main_reasons(best, policy, lang), dtype=pl.String)).filter(
        ~best["postponed"]
    )
    said = pl.DataFrame(
        [(number, code, reason_sentence(code, policy, lang)) for number, code in reasons.items()],
        schema={"t": pl.UInt32, "reason": pl.String, "sentence": pl.String},
        orient="row",
    )
    now = [
        pl.when(~pl.col("postponed")).then(name).alias(name)
        for name in ("kind", "session", "axis", "partner", "trainer", "score")
    ]
    offers = best.select(
        "t",
        *now,
        pl.when(~pl.col("postponed")).then(pl.col("cost").cast(money)).alias("cost"),
        pl.col("day").alias("earliest"),
    )
    return (
        chosen.select("t", "territory", pl.col("territory_name").alias("name"), "departement")
        .join(offers, on="t", how="left", maintain_order="left")
        .join(said, on="t", how="left", maintain_order="left")
        .join(because, on="t", how="left", maintain_order="left")
        .with_columns(because=pl.coalesce("sentence", "because"))
        .drop("t", "sentence")
    )


def ranking_of(offers: pl.DataFrame) -> pl.DataFrame:
    """Return one row a territory and rank, from offers with the columns that the rules read."""
    return offers.select(
        *("territory", "rank", "kind", "session", "axis", "partner", "trainer", "score"),
        pl.col("cost").cast(pl.Decimal(12, 2)),
        pl.col("day").alias("earliest"),
    )


def ranking(answers: Answers) -> pl.DataFrame:
    """Return one row a territory and rank (see `Recommendations.ranking`)."""
    return ranking_of(answers.offers)


def rows_of(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as a JSON file has them: days and amounts are texts."""
    return [{name: json_value(value) for name, value in row.items()} for row in table.iter_rows(named=True)]


def json_value(value: object) -> object:
    """Return a value as JSON has it: a day or an amount as a text, a number that is none as null."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case dt.date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def spreadsheet(table: pl.DataFrame, names: Mapping[str, str], lang: Lang) -> pl.DataFrame:
    """Return the table of the answers with names beside codes, under labels in ``lang``."""
    labels, kinds = (messages("prai_match", "display", lang)[part] for part in ("spreadsheet", "spreadsheet_kinds"))
    named = {f"{column}_name": pl.col(column).replace(names) for column in ("session", "partner", "trainer")}
    frame = table.with_columns(pl.col("kind").replace(kinds), pl.col("score").round(1), **named)
    return frame.select(pl.col(name).alias(label) for name, label in labels.items())
