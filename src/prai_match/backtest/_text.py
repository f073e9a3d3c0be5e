"""A backtest as people read it: one document, as text or as what a notebook shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.backtest._cases import RANKED
from prai_match.backtest._pairs import LEARNED
from prai_match.backtest._words import Words
from prai_match.text import Document, Items, Section, Table, counted, day, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prai_match.backtest._result import Backtest
    from prai_match.model import Lang

_SPREAD = ("coverage", "catalogue", "equity_offers", "equity_hits")
_SHOWN_RANKS = 5


def names(found: Backtest, lang: Lang) -> dict[str, str]:
    """Return the names of the rankers."""
    words = Words(lang, found.policies)
    return {name: words.ranker(name) for name in found.measures["ranker"].unique(maintain_order=True)}


def document(found: Backtest, lang: Lang) -> Document:
    """Return what a backtest says."""
    words = Words(lang, found.policies)
    sections = [_ranking(found, words), _differences(found, words), _spread(found, words), _graph(found, words)]
    limits = words.of("limits")
    sections.append(Section(limits["title"], (Items((limits["fitted"], limits["undated"], limits["best"])),)))
    title = words.said["title"].format(programme=found.programme.get(lang))
    return Document(lang, title, tuple(_lead(found, words)), tuple(sections))


def _lead(found: Backtest, words: Words) -> Iterator[str]:
    said, asked, total = words.said, found.asked, found.splits.sum().row(0, named=True)
    lang, counts = words.lang, words.of("count")
    yield said["asked"].format(
        splits=counted(len(asked.splits), counts["splits"], lang),
        first=day(asked.splits[0], lang),
        last=day(asked.splits[-1], lang),
        horizon=number(asked.horizon_days, 0, lang),
        until=day(asked.until, lang),
    )
    yield said["cases"].format(
        cases=counted(total["cases"], counts["cases"], lang),
        territories=counted(found.territories, counts["territories"], lang),
        needed=number(asked.needed, 0, lang),
        precision=number(100 * asked.precision, 0, lang),
        without=counted(total["without"], counts["without"], lang),
    )
    yield said["truths"].format(
        truths=counted(total["truths"], counts["truths"], lang),
        booked=number(total["booked"], 0, lang),
        repeated=counted(total["repeated"], counts["truths"], lang),
    )
    yield said["intervals"].format(
        level=number(100 * asked.level, 0, lang), replications=number(asked.replications, 0, lang), seed=asked.seed
    )


def _ranking(found: Backtest, words: Words) -> Section:
    said = words.of("ranking")
    return Section(said["title"], (said["how"], _measures(found, words, said["caption"], RANKED)))


def _measures(found: Backtest, words: Words, caption: str, measures: tuple[str, ...]) -> Table:
    """Return one row a ranker, one column a measure; what a ranker doesn't have is empty."""
    names = words.of("measures")
    rows: dict[str, dict[str, str]] = {}
    for row in found.measures.filter(pl.col("measure").is_in(measures)).iter_rows(named=True):
        rows.setdefault(row["ranker"], {})[row["measure"]] = words.measured(row["measure"], row)
    return Table(
        caption,
        (names["ranker"], *(names[name] for name in measures)),
        tuple((words.ranker(ranker), *(cells.get(name, "") for name in measures)) for ranker, cells in rows.items()),
    )


def _differences(found: Backtest, words: Words) -> Section:
    said = words.of("differences")
    policy = pl.col("other").is_in(found.policies)
    order = {name: place for place, name in enumerate([*found.policies, *RANKED])}
    places = (pl.col(name).replace_strict(order, return_dtype=pl.Int64) for name in ("ranker", "measure"))
    told = found.differences.filter(pl.col("ranker") != LEARNED, pl.col("best") | policy).sort(policy, *places)
    return Section(said["title"], (_compared(told, words, said["caption"]),))


def _compared(differences: pl.DataFrame, words: Words, caption: str) -> Table:
    """Return one row a difference, and what it allows to say."""
    said, names = words.of("differences"), words.of("measures")
    rows = tuple(
        (
            words.said["named"].format(ranker=words.ranker(row["ranker"]), what=names[row["measure"]]),
            words.ranker(row["other"]),
            words.difference(row["measure"], row),
            said[_verdict(row)],
        )
        for row in differences.iter_rows(named=True)
    )
    return Table(caption, (said["what"], said["other"], said["difference"], said["verdict"]), rows)


def _verdict(row: Mapping[str, Any]) -> str:
    """Tell which is better, where the interval leaves out 0; of the log-loss, the lower."""
    if row["low"] is None or row["low"] <= 0 <= row["high"]:
        return "unsure"
    return "better" if (row["difference"] > 0) != (row["measure"] == "log_loss") else "worse"


def _spread(found: Backtest, words: Words) -> Section:
    said, names = words.of("spread"), words.of("measures")
    by = found.equity.filter(pl.col("by") == "service", pl.col("ranker").is_in(found.policies))
    groups = tuple(
        (
            words.said["named"].format(ranker=words.ranker(row["ranker"]), what=words.of("service")[row["group"]]),
            number(row["asked"], 0, words.lang),
            words.share(row["offered"] / row["asked"]),
            number(row["cases"], 0, words.lang),
            "" if row["hit_1"] is None else words.share(row["hit_1"]),
        )
        for row in by.iter_rows(named=True)
    )
    ranks = tuple(
        (
            words.said["named"].format(ranker=words.ranker(row["ranker"]), what=said["place"].format(rank=row["rank"])),
            number(row["offers"], 0, words.lang),
            words.measured("hit_1", {**row, "value": row["attended"]}),
        )
        for row in found.by_rank.filter(
            pl.col("ranker").is_in(found.policies), pl.col("rank") <= _SHOWN_RANKS
        ).iter_rows(named=True)
    )
    header = (said["group"], said["asked"], said["offered"], said["cases"], names["hit_1"])
    return Section(
        said["title"],
        (
            said["how"],
            _measures(found, words, said["caption"], _SPREAD),
            Table(said["by"], header, groups),
            Table(said["ranks"], (said["rank"], said["offers"], said["attended"]), ranks),
        ),
    )


def _graph(found: Backtest, words: Words) -> Section:
    said, lang = words.of("graph"), words.lang
    censored = int(found.pairs["censored"].sum())
    known = found.pairs.height - censored
    if not known:
        return Section(said["title"], (words.said["none"],))
    about = said["pairs"].format(
        pairs=counted(known, words.of("count")["pairs"], lang),
        censored=number(censored, 0, lang),
        strength=words.plain(found.strength),
    )
    error = found.measures.row(by_predicate=pl.col("measure") == "calibration_error", named=True)
    gap = said["error"].format(error=words.points(error))
    bins = tuple(
        (
            said["between"].format(low=number(100 * row["low"], 0, lang), high=number(100 * row["high"], 0, lang)),
            number(row["pairs"], 0, lang),
            words.share(row["predicted"]),
            words.measured(
                "hit_1", {"value": row["observed"], "low": row["observed_low"], "high": row["observed_high"]}
            ),
        )
        for row in found.calibration.iter_rows(named=True)
    )
    return Section(
        said["title"],
        (
            about,
            _measures(found, words, said["caption"], ("log_loss",)),
            _compared(found.differences.filter(ranker=LEARNED), words, said["compared"]),
            gap,
            Table(said["bins"], (said["bin"], said["count"], said["predicted"], said["observed"]), bins),
        ),
    )
