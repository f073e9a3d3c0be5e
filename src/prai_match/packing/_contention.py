"""Contention: first-choice offers that need the same resources, which can't serve all of them."""

import polars as pl

from prai_match.model import Lang
from prai_match.packing._candidates import record, room
from prai_match.recommend import Answers
from prai_match.text import day, messages, number, plain

_KEYS = ("resource", "code", "day")
_COLUMNS = {"code": pl.String, "day": pl.Date, "what": pl.Int64, "left": pl.Int64}


def contention(answers: Answers, lang: Lang | None = None) -> pl.DataFrame:
    """Return what the first-choice offers compete for (see `Recommendations.contention`)."""
    rows = (
        pl.concat(_wants(answers))
        .with_columns(wanted=pl.col("what").n_unique().over(_KEYS).cast(pl.Int64))
        # There is no competition for a resource that nobody else needs, even if none is left.
        .filter(pl.col("wanted") > pl.col("left").clip(1))
        .join(answers.territories.select("t", "territory"), on="t")
        .select("territory", "resource", "code", "day", "wanted", pl.col("left").clip(0))
        .sort("territory", "resource")
    )
    if lang is None:
        return rows
    each = rows.unique(_KEYS)
    sentences = pl.Series("sentence", _sentences(each, answers, lang), pl.String)
    return rows.join(each.select(*_KEYS, sentences), on=_KEYS, nulls_equal=True, maintain_order="left")


def _wants(answers: Answers) -> list[pl.DataFrame]:
    """Return what each first-choice offer needs: ``t``, ``resource``, ``code``, ``day``, ``what``, ``left``."""
    frames, known = answers.snapshot.frames, record(answers.programme, answers.snapshot)
    session = pl.col("s").cast(pl.Int64) * frames.territories.height + pl.col("h")
    own = answers.best.filter(pl.col("b") < 0).with_columns(what=session)
    joined = answers.best.filter(pl.col("b") >= 0).select("t", "b", what="t")
    held = frames.held.with_row_index("b").select(pl.col("b").cast(pl.Int64), code="id", day="date", left="room")
    relays = room(answers.snapshot, known, own["day"].unique().sort()).join(
        frames.partners.select("p", code="partner"), on="p"
    )
    most = pl.lit(answers.programme.pace.team.per_day, pl.Int64)
    busy = known.group_by(day="date").agg(sessions=pl.len().cast(pl.Int64))
    wants = {
        "relay": own.drop("day").join(relays, on="p"),
        "seats": joined.join(held, on="b"),
        "team": own.join(busy, on="day", how="left").with_columns(left=most - pl.col("sessions").fill_null(0)),
        "trainer": own.join(frames.trainers.select("r", code="trainer", left=1), on="r"),
    }
    return [
        pl.concat([each, pl.DataFrame(schema=_COLUMNS)], how="diagonal_relaxed")
        .drop_nulls("left")
        .select("t", pl.lit(name).alias("resource"), *_COLUMNS)
        for name, each in wants.items()
    ]


def _sentences(rows: pl.DataFrame, answers: Answers, lang: Lang) -> list[str]:
    words, names = messages("prai_match.packing", "contention", lang)["sentence"], answers.names[lang]
    held = answers.programme.sessions.to_polars().select("session", "host", code="id")
    rows = rows.join(held, on="code", how="left", maintain_order="left")
    return [
        words[row["resource"]].format(
            name=plain(names.get(row["code"], "")),
            **{name: plain(names.get(row[name], "")) for name in ("session", "host")},
            **{name: number(row[name], 0, lang) for name in ("wanted", "left")},
            day="" if row["day"] is None else day(row["day"], lang),
        )
        for row in rows.iter_rows(named=True)
    ]
