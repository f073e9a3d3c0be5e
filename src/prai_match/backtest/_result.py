"""The result of a backtest: frames of measures with intervals, and their text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from prai_match.backtest import _exposure, _history, _measures, _settings
from prai_match.model import Lang, Text
from prai_match.text import (
    Document,
    Items,
    Section,
    Shown,
    Table,
    Tabular,
    counted,
    current_language,
    day,
    messages,
    number,
)

_SPREAD = ("coverage", "catalogue", "equity_offers", "equity_hits")
_SHOWN_RANKS = 5
_SHARES = frozenset({"hit_1", "hit_3", "coverage", "catalogue"})  # measures written in per cent
_OTHERS = {"log_loss": (1, 3), "calibration_error": (100, 1)}  # factor and decimals with which others are written


@dataclass(frozen=True, eq=False, repr=False)
class Backtest(Shown, Tabular):
    """How well policies and baselines ranked what territories attended next.

    Libraries that read Arrow make a data frame of the measures. Intervals are those of the cluster bootstrap over
    territories; there are none if the backtest is `descriptive`.

    Attributes:
        programme: Name of the programme.
        policies: Names of the policies, in the order given.
        stand_ins: The rules that were left out because they read a relay partner (``partners``) or a trainer
            (``trainers``) and the programme has none: offers were ranked as if one were always free for every session.
        asked: The request.
        strength: Strength of the smoothing of the follow-up graph.
        splits: One row per split: ``split``, ``territories`` answered for, attendances ``known`` on the day, ``cases``
            (territories that afterwards attended what they could be offered), ``without`` (those that didn't, which
            don't count), ``truths`` (what they attended), how many were already ``booked`` on the day, and ``repeated``
            (attended afterwards, but already attended since the renewal or booked: not judged).
        territories: Number of territories with a case on a split.
        measures: One row per ranker and measure: ``ranker``, ``kind`` (``policy``, ``baseline`` or ``graph``),
            ``measure``, ``value``, ``low``, ``high`` and ``count`` (how many values the measure is the mean of).
        differences: One row per policy, other ranker and measure: ``ranker``, ``other``, ``measure``, ``difference``,
            ``low``, ``high``, and ``best`` (whether no baseline is better than ``other``). For the log-loss, the
            learned graph is compared with the declared one and with the single share; lower is better.
        calibration: One row per bin of the learned graph's probabilities that has pairs: its bounds ``low`` and
            ``high`` (``high`` is excluded, except 1), ``pairs``, the mean probability ``predicted``, the ``observed``
            share that followed, and its interval.
        by_rank: One row per ranker and rank: ``rank``, ``offers``, the share of them ``attended`` within the horizon
            and its interval. If ranks are meaningful, the share decreases.
        equity: One row per ranker and group of territories: ``by`` (``departement``, or ``service``: number of sessions
            attended by the split since the renewal), ``group``, ``asked`` and ``offered`` (territories × splits),
            ``cases`` and ``hit_1``.
        events: One row per kind of events, ranker and measure: ``events`` (``new``: what could be offered on the split,
            as in `measures`; ``repeat``: what was attended since the renewal; ``all``: every session), ``ranker``
            (those of `measures`, and ``recency``, ``frequency`` and ``forecast``: what the territory attended last, or
            most often, and `Programme.forecast`), ``measure``, ``value``, ``low``, ``high`` (with enough territories),
            ``territories`` and ``cases``. What a policy doesn't offer has no rank.
        exposure: One row per split and session, counting territories that could be offered it (``candidates``): those
            with an unanswered offer (``standing``), first ``offers`` made within the horizon, how many of these were
            ``taken`` or ``untaken`` within the horizon after the offer, or ``censored`` (like `pairs`); those that
            ``attended`` within the horizon, and how many of these ``followed`` an offer or attended ``without`` one.
        interest: One row per session, then one (``session`` null) for all offered sessions, over all splits:
            ``candidates``, ``territories`` with an offer whose end is known, ``taken`` and ``untaken`` offers; the
            ``plain`` share of candidates that attended, with its interval (``plain_low``, ``plain_high``); the share
            ``corrected`` for exposure, with its interval, and the share of offers whose weight was ``clipped``. With
            too few offers these are null, and ``lack`` says what is missing: ``territories``, ``taken`` or ``untaken``.
        cases: One row per ranker, split and territory: number of ``candidates`` and ``truths``, ``booked``,
            ``offered``, ``first`` (the best rank of a truth, null if none is ranked), ``hit_1``, ``hit_3``, ``mrr`` and
            ``ndcg``. For ``random`` these are expectations.
        pairs: One row per split, follow-up and territory: ``split``, ``source``, ``target``, ``territory``,
            ``followed`` and ``censored``.
        sessions: Names of the catalogue's sessions.

    The measures, besides those of `cases`:

    - ``coverage``: the share of territories × splits with an offer; ``catalogue``: the share of the catalogue that is
      ranked first at least once.
    - ``equity_offers`` and ``equity_hits``: the Gini index over départements of offers relative to territories, and of
      hits at 1 relative to cases (0 if each département has the same share of offers, or of hits).
    - ``log_loss``, in nats, of the follow-up graph (``follow_ups``: learned until the split; ``declared``; ``pooled``:
      a single share for all follow-ups).
    - ``calibration_error``: the mean gap between probability and observed share over bins, weighted by pairs (expected
      calibration error, Naeini, Cooper and Hauskrecht, AAAI 2015).

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
        """Whether too few territories have a case to draw conclusions: figures then have no intervals."""
        return self.territories < self.asked.needed

    def names(self, lang: Lang | None = None) -> dict[str, str]:
        """Return the names of the rankers for display.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        words = Words(current_language(lang), self.policies)
        return {name: words.ranker(name) for name in self.measures["ranker"].unique(maintain_order=True)}

    def text(self, lang: Lang | None = None) -> str:
        """Return the measures, their data and the conclusions that they allow, as plain text.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return document(self, current_language(lang)).text()

    def __repr__(self) -> str:
        cases = int(self.splits["cases"].sum())
        return f"<Backtest: {len(self.asked.splits)} splits, {cases} cases of {self.territories} territories>"


@dataclass(frozen=True, slots=True)
class Words:
    lang: Lang  # the language
    policies: tuple[str, ...]  # names of the policies

    @property
    def texts(self) -> dict[str, Any]:
        return messages(_settings.PACKAGE, "backtest", self.lang)

    def ranker(self, name: str) -> str:
        if name in self.policies:
            return str(self.texts["policy"]).format(name=name)
        return str(self.texts["rankers"][name])

    def of_ranker(self, name: str, what: str) -> str:
        return str(self.texts["named"].format(ranker=self.ranker(name), what=what))

    def share(self, value: float) -> str:
        return str(self.texts["percent"]).format(value=number(100 * value, 0, self.lang))

    def plain(self, value: float) -> str:
        """Write a number with only the decimals that it has."""
        return number(value, 0 if value == round(value) else 1, self.lang)

    def measure_of(self, measure: str, row: Mapping[str, Any]) -> str:
        """Write a measure, ``value``, with the ends of its interval, ``low`` and ``high``, if any."""
        times, decimals = (100, 1) if measure in _SHARES else _OTHERS.get(measure, (1, 2))
        names = [name for name in ("value", "low", "high") if row[name] is not None]
        values = {name: number(times * row[name], decimals, self.lang) for name in names}
        return self._within(values, "percent" if measure in _SHARES else "alone")

    def share_of(self, name: str, row: Mapping[str, Any]) -> str:
        """Write a share, given its name, with the ends of its interval."""
        return self.measure_of("hit_1", {"value": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"]})

    def difference(self, measure: str, row: Mapping[str, Any]) -> str:
        """Write a difference with its interval, in points for shares, always with a sign."""
        shares = measure in _SHARES
        values = {
            name: "+−"[value < 0] + number(abs(value) * (100 if shares else 1), 1 if shares else 3, self.lang)
            for name, value in {"value": row["difference"], "low": row["low"], "high": row["high"]}.items()
            if value is not None
        }
        return self._within(values, "points" if shares else "alone")

    def _within(self, values: Mapping[str, str], unit: str) -> str:
        """Write a value with unit and interval; empty if unknown."""
        value = str(self.texts[unit]).format_map(values) if values else ""
        return value if "low" not in values else str(self.texts["range"]).format_map({**values, "value": value})


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
    """Return one row per ranker, one column per measure; missing values are empty."""
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
    rows = result.differences.filter(pl.col("ranker") != _exposure.LEARNED, pl.col("best") | policy)
    return Section(texts["title"], (_comparison(rows.sort(policy, *places), words, texts["caption"]),))


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
    """Return which is better, if the interval excludes 0; for the log-loss, the lower one."""
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
    asked = {"horizon": result.asked.horizon_days, "needed": result.asked.needed}
    bounds = {"least": _exposure.LEAST, "most": _exposure.MOST}
    figures = sums.drop("session").sum().row(0, named=True) | asked | bounds
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
