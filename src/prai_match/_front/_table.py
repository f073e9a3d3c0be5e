"""The answers as a frame, and the explanation of one of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import explain, recommend
from prai_match.io._writing import encoded
from prai_match.policy._reasons import STAGES
from prai_match.text import messages
from prai_match.text import number as written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.explain import Why
    from prai_match.model import Lang
    from prai_match.policy import Policy, Stage

_NOTHING = {"fr": "{territory} : {reason}", "en": "{territory}: {reason}"}

_TITLES = {
    "fr": "{territory} : {session} ; relais : {partner} ; intervenant : {trainer} ; au plus tôt le {day} ;"
    " {cost} (score : {score} sur 100)",
    "en": "{territory}: {session}; relay: {partner}; trainer: {trainer}; from {day}; {cost} (score: {score} of 100)",
}


_EUROS: dict[Lang, str] = {"fr": "{} €", "en": "€{}"}
_UNKNOWN: dict[Lang, str] = {"fr": "coût inconnu", "en": "cost unknown"}


def answers(
    chosen: pl.DataFrame, best: pl.DataFrame, reasons: Mapping[int, str], policy: Policy, lang: Lang
) -> pl.DataFrame:
    """Return one row a territory (see `Recommendations.to_polars`).

    Args:
        chosen: The territories.
        best: The best offer of each, with the columns that the rules read.
        reasons: Code of the reason of each without one, by number.
        policy: The policy.
        lang: Language of the sentences.
    """
    money = pl.Decimal(12, 2)
    because = best.select("t", because=pl.Series(explain.main_reasons(best, policy, lang), dtype=pl.String)).filter(
        ~best["postponed"]
    )
    said = pl.DataFrame(
        [(number, code, explain.reason_sentence(code, policy, lang)) for number, code in reasons.items()],
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


def ranking(offers: pl.DataFrame) -> pl.DataFrame:
    """Return one row a territory and rank (see `Recommendations.ranking`) from offers with the columns of the rules."""
    return offers.select(
        *("territory", "rank", "kind", "session", "axis", "partner", "trainer", "score"),
        pl.col("cost").cast(pl.Decimal(12, 2)),
        pl.col("day").alias("earliest"),
    )


def rows_of(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as a JSON file has them."""
    rows: list[dict[str, Any]] = json.loads(encoded(table, "json"))
    return rows


def why(  # noqa: PLR0913 - all that an explanation is made of
    snapshot: recommend.Snapshot,
    policy: Policy,
    number: int,
    *,
    offers: pl.DataFrame | None,
    reason: str | None,
    names: Mapping[str, str],
    lang: Lang,
) -> Why:
    """Explain the best offer of a territory, or what stops its sessions."""
    said = "" if reason is None else explain.reason_sentence(reason, policy, lang)
    if offers is None:
        name = snapshot.frames.territories["territory_name"][number]
        stopping = _stopping(snapshot, policy, number, reason=reason or "", names=names, lang=lang)
        return explain.Why(lang, _NOTHING[lang].format(territory=name, reason=said), (), stopping)
    row = offers.row(0, named=True)
    title = f"{said} {_title(row, names, lang)}".lstrip()
    details = explain.contributions(row, offers[0], policy, lang)
    return explain.Why(lang, title, details, explain.conditions(row, offers[0], policy, lang, STAGES))


def _stopping(  # noqa: PLR0913 - as above
    snapshot: recommend.Snapshot, policy: Policy, number: int, *, reason: str, names: Mapping[str, str], lang: Lang
) -> tuple[explain.Condition, ...]:
    """Return for each session of a territory the requirements that stop it, or the reason given further on."""
    frame = recommend.stopped(snapshot, pl.DataFrame({"t": [number]}, schema={"t": pl.UInt32}))
    colon = " : " if lang == "fr" else ": "
    found: list[explain.Condition] = []
    for index, row in enumerate(frame.iter_rows(named=True)):
        refused = [
            condition
            for condition in explain.conditions(row, frame[index], policy, lang, ("session",))
            if not condition.holds
        ]
        if not refused:
            stage: Stage = next((rule.stage for rule in policy.requirements if rule.reason == reason), "trainer")
            sentence = explain.reason_sentence(reason, policy, lang)
            refused = [explain.Condition(reason, stage, "refuted", holds=False, sentence=sentence)]
        name = names[row["session"]] + colon
        found += [replace(condition, sentence=name + condition.sentence) for condition in refused]
    return tuple(found)


def _title(row: Mapping[str, Any], names: Mapping[str, str], lang: Lang) -> str:
    """Say one offer in a sentence."""
    day = row["day"]
    return _TITLES[lang].format_map(
        {
            "territory": row["territory_name"],
            "session": names[row["session"]],
            "partner": names[row["partner"]],
            "trainer": names[row["trainer"]],
            "day": f"{day:%d/%m/%Y}" if lang == "fr" else day.isoformat(),
            "cost": _UNKNOWN[lang] if row["cost"] is None else _EUROS[lang].format(written(row["cost"], 2, lang)),
            "score": written(row["score"], 1, lang),
        }
    )


def spreadsheet(table: pl.DataFrame, names: Mapping[str, str], lang: Lang) -> pl.DataFrame:
    """Return the table of the answers with names beside codes, under labels in ``lang``."""
    labels, kinds = (messages("prai_match", "display", lang)[part] for part in ("spreadsheet", "spreadsheet_kinds"))
    named = {f"{column}_name": pl.col(column).replace(names) for column in ("session", "partner", "trainer")}
    frame = table.with_columns(pl.col("kind").replace(kinds), pl.col("score").round(1), **named)
    return frame.select(pl.col(name).alias(label) for name, label in labels.items())
