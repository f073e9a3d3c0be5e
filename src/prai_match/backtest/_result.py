"""A backtest: frames of measures with their intervals, and the same as people read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from prai_match.backtest import _exposure, _history, _measures, _settings
from prai_match.backtest._words import Words
from prai_match.model import Lang, Text
from prai_match.text import Document, Items, Section, Shown, Table, Tabular, counted, current_language, day, number

_SPREAD = ("coverage", "catalogue", "equity_offers", "equity_hits")
_SHOWN_RANKS = 5


@dataclass(frozen=True, eq=False, repr=False)
class Backtest(Shown, Tabular):
    """How well policies and baselines ranked what territories attended next.

    Reads as the frame of measures wherever Arrow is spoken. Intervals are those of the cluster bootstrap over
    territories; where it is `descriptive`, there are none.

    Attributes:
        programme: Name of the programme.
        policies: Names of the policies, in the order given.
        stand_ins: The rules that read a relay partner (``partners``) or a trainer (``trainers``) and were left out,
            where the programme has none: offers were then ranked as if one were always free, for every session.
        asked: What was asked for.
        strength: Of the smoothing of the follow-up graph.
        splits: One row a split: ``split``, ``territories`` asked for, attendances ``known`` on the day, ``cases``
            (territories that attended afterwards what they could be offered), ``without`` (those that didn't, which
            don't count), ``truths`` (what they attended), of which ``booked`` by the day already, and ``repeated``
            (attended afterwards though attended since the renewal, or booked for it: not judged).
        territories: Territories with a case on a split.
        measures: One row a ranker and measure: ``ranker``, ``kind`` (``policy``, ``baseline`` or ``graph``),
            ``measure``, ``value``, ``low``, ``high`` and ``count`` (of what the measure is a mean).
        differences: One row a policy, another ranker and a measure: ``ranker``, ``other``, ``measure``,
            ``difference``, ``low``, ``high``, and ``best`` where no baseline does better than ``other``. For the
            log-loss, the graph learned beside the one declared and the single share; lower is better.
        calibration: One row a bin of the learned graph's probabilities that has pairs: its bounds ``low`` and ``high``
            (left out, but for 1), ``pairs``, the mean probability ``predicted``, the share ``observed`` to follow and
            its interval.
        by_rank: One row a ranker and rank: ``rank``, ``offers``, the share of them ``attended`` within the horizon and
            its interval. Where ranks mean something, the share falls.
        equity: One row a ranker and group of territories: ``by`` (``departement``, or ``service``: sessions attended by
            the split since the renewal), ``group``, ``asked`` and ``offered`` (territories × splits), ``cases`` and
            ``hit_1``.
        events: One row a kind of events, ranker and measure: ``events`` (``new``: what could be offered on the split,
            as in `measures`; ``repeat``: what was attended since the renewal; ``all``: every session), ``ranker``
            (those of `measures`, and ``recency``, ``frequency`` and ``forecast``: what the territory attended last, or
            most often, and `Programme.forecast`), ``measure``, ``value``, ``low``, ``high`` (of enough territories),
            ``territories`` and ``cases``. What a policy doesn't offer has no rank.
        exposure: One row a split and session, of the territories that could be offered it (``candidates``): those that
            had an offer without an answer (``standing``), ``offers`` that came within the horizon (the first to each),
            of which ``taken`` and ``untaken`` within the horizon after the offer, and ``censored`` (as `pairs` are);
            those that ``attended`` within the horizon, of which ``followed`` an offer, and came ``without``.
        interest: One row a session, then one (``session`` null) for all that were offered, over all splits:
            ``candidates``, ``territories`` that had an offer whose end is known, ``taken`` and ``untaken`` offers; the
            ``plain`` share of candidates who attended, with its interval (``plain_low``, ``plain_high``); the share
            ``corrected`` for exposure with its own, and the share of offers whose weight was ``clipped``. Where there
            are too few offers these are null, and ``lack`` says of what: ``territories``, ``taken`` or ``untaken``.
        cases: One row a ranker, split and territory: ``candidates`` and ``truths`` (how many), ``booked``,
            ``offered``, ``first`` (the best rank of a truth, null where none is ranked), ``hit_1``, ``hit_3``, ``mrr``
            and ``ndcg``. For ``random``, expectations.
        pairs: One row a split, follow-up and territory: ``split``, ``source``, ``target``, ``territory``,
            ``followed`` and ``censored``.
        sessions: Names of the catalogue's sessions.

    The measures, besides those of `cases`:

    - ``coverage``: the share of territories × splits to which something is offered; ``catalogue``: the share of the
      catalogue put first somewhere.
    - ``equity_offers`` and ``equity_hits``: the Gini index over départements of the offers against the territories, and
      of hits at 1 against the cases (0: each département has the same share of offers, or of hits).
    - ``log_loss``, in nats, of the follow-up graph (``follow_ups``: learned until the split; ``declared``; ``pooled``:
      one share for all follow-ups).
    - ``calibration_error``: the mean gap between the probability and the share observed, over the bins by their pairs
      (expected calibration error, Naeini, Cooper and Hauskrecht, AAAI 2015).

    Example:
        >>> from prai_match import Programme
        >>> found = Programme.example().backtest(["2007-05-02", "2007-09-03"], replications=100)
        >>> found.measures.columns
        ['ranker', 'kind', 'measure', 'value', 'low', 'high', 'count']
        >>> found.names("en")["popularity"], found.territories
        ('Popularity', 71)
    """

    programme: Text
    policies: tuple[str, ...]
    stand_ins: Mapping[str, tuple[str, ...]]
    asked: _settings.BacktestRequest
    strength: float
    splits: pl.DataFrame
    territories: int
    measures: pl.DataFrame
    differences: pl.DataFrame
    calibration: pl.DataFrame
    by_rank: pl.DataFrame
    equity: pl.DataFrame
    events: pl.DataFrame
    exposure: pl.DataFrame
    interest: pl.DataFrame
    cases: pl.DataFrame
    pairs: pl.DataFrame
    sessions: Mapping[str, Text]

    def to_polars(self) -> pl.DataFrame:
        """Return the measures."""
        return self.measures

    @property
    def descriptive(self) -> bool:
        """Whether too few territories have a case to conclude: figures have no intervals then."""
        return self.territories < self.asked.needed

    def names(self, lang: Lang | None = None) -> dict[str, str]:
        """Return the names of the rankers as people read them.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        words = Words(current_language(lang), self.policies)
        return {name: words.ranker(name) for name in self.measures["ranker"].unique(maintain_order=True)}

    def text(self, lang: Lang | None = None) -> str:
        """Return the measures, what they were computed from and what they allow to say, as plain text.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return document(self, current_language(lang)).text()

    def __repr__(self) -> str:
        cases = int(self.splits["cases"].sum())
        return f"<Backtest: {len(self.asked.splits)} splits, {cases} cases of {self.territories} territories>"


def document(result: Backtest, lang: Lang) -> Document:
    words = Words(lang, result.policies)
    limits = words.texts["limits"]
    sections = (
        *(part(result, words) for part in (_ranking, _differences, _events, _spread, _offers, _graph)),
        Section(limits["title"], (Items((limits["fitted"], limits["undated"], limits["best"])),)),
    )
    title = words.texts["title"].format(programme=result.programme.get(lang))
    return Document(lang, title, tuple(_lead(result, words)), sections)


def _lead(result: Backtest, words: Words) -> Iterator[str]:
    request, lang, total = result.asked, words.lang, result.splits.sum().row(0, named=True)
    total |= {"splits": len(request.splits), "territories": result.territories}
    forms = words.texts["count"] | {"repeated": words.texts["count"]["truths"]}
    told = {name: counted(count, forms[name], lang) for name, count in total.items() if name in forms}
    numbers = {"horizon": request.horizon_days, "needed": request.needed, "replications": request.replications}
    told |= {name: number(value, 0, lang) for name, value in numbers.items()}
    told |= {name: number(100 * getattr(request, name), 0, lang) for name in ("precision", "level")}
    told |= {"first": day(request.splits[0], lang), "last": day(request.splits[-1], lang)}
    told |= {"until": day(request.until, lang), "booked": number(total["booked"], 0, lang), "seed": str(request.seed)}
    shown = ("asked", "cases", "truths", "descriptive" if result.descriptive else "intervals")
    yield from (words.texts[name].format_map(told) for name in shown)
    for lacking, rules in result.stand_ins.items():
        texts = words.texts["stand_ins"][lacking]
        yield " ".join((texts["none"], texts["left" if rules else "unread"].format(rules=", ".join(rules))))


def _ranking(result: Backtest, words: Words) -> Section:
    texts = words.texts["ranking"]
    return Section(
        texts["title"], (texts["how"], _by_ranker(result.measures, words, texts["caption"], _measures.RANKED))
    )


def _by_ranker(table: pl.DataFrame, words: Words, caption: str, measures: tuple[str, ...]) -> Table:
    """Return one row a ranker, one column a measure; what a ranker doesn't have is empty."""
    names = words.texts["measures"]
    rows: dict[str, dict[str, str]] = {}
    for row in table.filter(pl.col("measure").is_in(measures)).iter_rows(named=True):
        rows.setdefault(row["ranker"], {})[row["measure"]] = words.measure_of(row["measure"], row)
    return Table(
        caption,
        (names["ranker"], *(names[name] for name in measures)),
        tuple((words.ranker(ranker), *(cells.get(name, "") for name in measures)) for ranker, cells in rows.items()),
    )


def _differences(result: Backtest, words: Words) -> Section:
    texts, policy = words.texts["differences"], pl.col("other").is_in(result.policies)
    places = _history.place("ranker", result.policies), _history.place("measure", _measures.RANKED)
    rows = result.differences.filter(pl.col("ranker") != _exposure.LEARNED, pl.col("best") | policy).sort(
        policy, *places
    )
    return Section(texts["title"], (_comparison(rows, words, texts["caption"]),))


def _comparison(differences: pl.DataFrame, words: Words, caption: str) -> Table:
    texts, names = words.texts["differences"], words.texts["measures"]
    rows = tuple(
        (
            words.of_ranker(row["ranker"], names[row["measure"]]),
            words.ranker(row["other"]),
            words.difference(row["measure"], row),
            texts[_verdict(row)],
        )
        for row in differences.iter_rows(named=True)
    )
    return Table(caption, (texts["what"], texts["other"], texts["difference"], texts["verdict"]), rows)


def _verdict(row: Mapping[str, Any]) -> str:
    """Tell which is better, where the interval leaves out 0; of the log-loss, the lower."""
    if row["low"] is None or row["low"] <= 0 <= row["high"]:
        return "unsure"
    return "better" if (row["difference"] > 0) != (row["measure"] == "log_loss") else "worse"


def _events(result: Backtest, words: Words) -> Section:
    texts, shown, tables = words.texts["events"], ("hit_1", "hit_3", "mrr"), []
    for (kind,), rows in result.events.group_by("events", maintain_order=True):
        numbers = rows.select("cases", "territories").row(0, named=True)
        forms = words.texts["count"]
        caption = texts[kind].format_map({name: counted(n, forms[name], words.lang) for name, n in numbers.items()})
        if numbers["territories"] < result.asked.needed:
            caption += texts["few"].format(needed=number(result.asked.needed, 0, words.lang))
        tables.append(_by_ranker(rows, words, caption, shown))
    return Section(texts["title"], (texts["how"], *tables))


def _spread(result: Backtest, words: Words) -> Section:
    texts, names = words.texts["spread"], words.texts["measures"]
    by = result.equity.filter(pl.col("by") == "service", pl.col("ranker").is_in(result.policies))
    groups = tuple(
        (
            words.of_ranker(row["ranker"], words.texts["service"][row["group"]]),
            number(row["asked"], 0, words.lang),
            words.share(row["offered"] / row["asked"]),
            number(row["cases"], 0, words.lang),
            "" if row["hit_1"] is None else words.share(row["hit_1"]),
        )
        for row in by.iter_rows(named=True)
    )
    ranks = tuple(
        (
            words.of_ranker(row["ranker"], texts["place"].format(rank=row["rank"])),
            number(row["offers"], 0, words.lang),
            words.measure_of("hit_1", {**row, "value": row["attended"]}),
        )
        for row in result.by_rank.filter(
            pl.col("ranker").is_in(result.policies), pl.col("rank") <= _SHOWN_RANKS
        ).iter_rows(named=True)
    )
    header = (texts["group"], texts["asked"], texts["offered"], texts["cases"], names["hit_1"])
    return Section(
        texts["title"],
        (
            texts["how"],
            _by_ranker(result.measures, words, texts["caption"], _SPREAD),
            Table(texts["by"], header, groups),
            Table(texts["ranks"], (texts["rank"], texts["offers"], texts["attended"]), ranks),
        ),
    )


def _offers(result: Backtest, words: Words) -> Section:
    texts, lang, order = words.texts["exposure"], words.lang, _history.place("session", result.sessions)
    sums = result.exposure.group_by("session").agg(pl.col(pl.Int64).sum())
    asked = {
        "horizon": result.asked.horizon_days,
        "needed": result.asked.needed,
        "least": _exposure.LEAST,
        "most": _exposure.MOST,
    }
    figures = sums.drop("session").sum().row(0, named=True) | asked
    told = {name: number(value, 0, lang) for name, value in figures.items()}
    if not figures["offers"]:
        return Section(texts["title"], (texts["none"].format_map(told),))
    names = {code: name.get(lang) for code, name in result.sessions.items()} | {None: texts["every"]}
    counts = tuple(
        (names[row["session"]], *(number(row[name], 0, lang) for name in _exposure.OUTCOMES))
        for row in sums.sort(order).iter_rows(named=True)
    )
    interest = tuple(
        (
            names[row["session"]],
            number(row["territories"], 0, lang),
            words.share(row["taken"] / ends) if (ends := row["taken"] + row["untaken"]) else "",
            words.share_of("plain", row),
            texts["lacks"][row["lack"]].format_map(told) if row["lack"] else words.share_of("corrected", row),
            "" if row["lack"] else words.share(row["clipped"]),
        )
        for row in result.interest.sort(order, nulls_last=True).iter_rows(named=True)
    )
    blocks = (
        *(texts[name].format_map(told) for name in ("how", "offers", "attended")),
        Table(texts["counts"], tuple(texts["of_counts"]), counts),
        *(texts[name].format_map(told) for name in ("plain", "corrected", "enough")),
        Table(texts["interest"], tuple(texts["of_interest"]), interest),
    )
    return Section(texts["title"], blocks)


def _graph(result: Backtest, words: Words) -> Section:
    texts, lang, censored = words.texts["graph"], words.lang, int(result.pairs["censored"].sum())
    if not (pairs := result.pairs.height - censored):
        return Section(texts["title"], (words.texts["none"],))
    error = result.measures.row(by_predicate=pl.col("measure") == "calibration_error", named=True)
    bins = tuple(
        (
            texts["between"].format(low=number(100 * row["low"], 0, lang), high=number(100 * row["high"], 0, lang)),
            number(row["pairs"], 0, lang),
            words.share(row["predicted"]),
            words.share_of("observed", row),
        )
        for row in result.calibration.iter_rows(named=True)
    )
    return Section(
        texts["title"],
        (
            texts["pairs"].format(
                pairs=counted(pairs, words.texts["count"]["pairs"], lang),
                censored=number(censored, 0, lang),
                strength=words.plain(result.strength),
            ),
            _by_ranker(result.measures, words, texts["caption"], ("log_loss",)),
            _comparison(result.differences.filter(ranker=_exposure.LEARNED), words, texts["compared"]),
            texts["error"].format(error=words.measure_of("calibration_error", error)),
            Table(texts["bins"], (texts["bin"], texts["count"], texts["predicted"], texts["observed"]), bins),
        ),
    )
