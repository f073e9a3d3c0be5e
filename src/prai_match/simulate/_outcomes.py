"""What simulations came to: every count of every replication, on disk; what is read out of it, in words and tables."""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from textwrap import wrap
from typing import Any, Generic, cast

import polars as pl

from prai_match import _arguments as given, _version, explain
from prai_match.errors import PraiError
from prai_match.files import draft
from prai_match.model import Lang, ProgrammeT_co
from prai_match.simulate import _calibration, _region, _run, _summary
from prai_match.simulate._folder import Provenance, files, words
from prai_match.simulate._scenario import PACKAGE, Behaviour, Scenario, parameters
from prai_match.text import Frame, Shown, Tabular, counted, current_language, day, euros, number, plain, signed

SHOWN = (  # measures shown, in order; all of them are in the frames
    *("buffets", "workshops", "called_off", "frozen", "served", "reached", "elected", "technicians", "elected_share"),
    *("rating", "after_buffet_share", "needs", "unmet", "spent", "cost_per_person"),
)

# Columns of `Outcomes.parameters`; and what both a history and a simulation count, decided and asked at once, or held.
_NUMBERS = pl.Schema(
    {"scenario": pl.String, "parameter": pl.String, "of": pl.String, "value": pl.Float64, "default": pl.Float64}
    | {"count": pl.Int64, "origin": pl.String}
)
_AT_ONCE, _HELD = ("decided", "needs"), ("buffets", "workshops", "served", "elected", "technicians", "elected_share")

Writer = Callable[[float, int, Lang], str]  # of a number with so many decimals
_LARGE = 1000  # from here on, tenths say nothing
_HEAD, _LABEL = 18, 36  # characters of a line at the head of a column, and in the column of measures


@dataclass(frozen=True, eq=False, repr=False)
class Outcomes(Shown, Tabular, Generic[ProgrammeT_co]):
    """What every replication of every scenario came to, month by month.

    Reads as a frame wherever Arrow is spoken: a row a count, with ``scenario``, ``replication``, ``month`` (its first
    day), ``measure`` (see `measures`), ``of`` (the département, the session or the territory, where a measure tells
    them apart; else null) and ``value``.

    Attributes:
        programme: The programme that was simulated.
        scenarios: In order; the first is the one that others are compared with.
        start: First day.
        end: Last day.
        replications: Of each scenario.
        seed: Of all draws.
        folder: Where the rows are, in Parquet files; where none was given, it goes with this object.
        extra: The columns that policies declare, where they were given.

    Example:
        >>> from prai_match import Programme
        >>> from prai_match.simulate import Scenario
        >>> now = Scenario(name="now")
        >>> outcomes = Programme.example().simulate([now], "2008-01-01", "2008-01-31", replications=2)
        >>> outcomes.summary().columns
        ['scenario', 'measure', 'of', 'mean', 'low', 'median', 'high', 'error']
        >>> outcomes.seeds["replication"].to_list()
        [0, 1]
    """

    programme: ProgrammeT_co
    scenarios: tuple[Scenario, ...]
    start: dt.date
    end: dt.date
    replications: int
    seed: int
    folder: Path
    _origin: Provenance | None = field(default=None, repr=False)
    extra: pl.DataFrame | None = field(default=None, repr=False)

    def scan(self) -> pl.LazyFrame:
        """Return the rows as a lazy frame over the files: they need not fit in memory.

        Raises:
            PraiError: The folder is gone, a part isn't there or is damaged, or is of another simulation.
        """
        origin, names = self._origin, [scenario.name for scenario in self.scenarios]
        owners = {name: None if origin is None else partial(origin.owner, name) for name in names}
        paths = [path for name in names for path in files(self.folder, name, self.replications, owners[name])]
        return pl.scan_parquet(paths, schema=_summary.SCHEMA).filter(pl.col("replication") < self.replications)

    def to_polars(self) -> pl.DataFrame:
        """Return all rows, sorted by scenario (in their order), replication, month, measure and ``of``."""
        return self.scan().sort(self._place(), "replication", "month", "measure", "of", nulls_last=False).collect()

    @property
    def seeds(self) -> pl.DataFrame:
        """The seed of each replication, the same in every scenario: ``replication`` and ``seed``."""
        numbers = range(self.replications)
        values = {"replication": list(numbers), "seed": [_region.seed_of(self.seed, number) for number in numbers]}
        return pl.DataFrame(values, schema={"replication": pl.UInt32, "seed": pl.UInt64})

    @property
    def measures(self) -> dict[str, _summary.Measure]:
        """What is counted, by name."""
        return _summary.measures()

    def totals(self) -> pl.DataFrame:
        """Return each measure over the whole period: ``scenario``, ``replication``, ``measure``, ``of``, ``value``.

        Counts are added up, states are those of the end, and ratios are of sums.
        """
        return _summary.totals(self.scan()).sort(self._place(), "replication", "measure", "of", nulls_last=False)

    @given.takes()
    def summary(self, level: float = 0.9) -> pl.DataFrame:
        """Return how each measure over the whole period is spread over replications.

        Args:
            level: Share of the replications between ``low`` and ``high``.

        Returns:
            ``scenario``, ``measure``, ``of``, ``mean``, ``low``, ``median``, ``high`` and ``error``: half the width of
            the interval of the mean at that level.

        Raises:
            ValueError: The level isn't between 0 and 1.
        """
        return _summary.spread(self.totals(), ["scenario", "measure", "of"], level).sort(self._place(), "measure", "of")

    @given.takes()
    def monthly(self, measure: str, level: float = 0.9) -> pl.DataFrame:
        """Return how a measure is spread over replications, month by month: as `summary`, by ``month``.

        Raises:
            UnknownCodeError: There is no such measure.
            ValueError: The level isn't between 0 and 1.
        """
        given.known_among("measure", measure, _summary.measures())
        return _summary.spread(
            _summary.by_month(self.scan(), _summary.measures()[measure]), ["scenario", "month", "of"], level
        ).sort(self._place(), "month", "of", nulls_last=False)

    @given.takes(baseline=given.optional(given.text))
    def differences(self, baseline: str | None = None, level: float = 0.9) -> pl.DataFrame:
        """Return how each scenario differs from the baseline, replication by replication, on the same draws.

        Args:
            baseline: Name of a scenario; None: the first.
            level: Of the intervals.

        Returns:
            As `summary`, of the differences, with ``baseline`` (its mean) and ``above``: the share of replications in
            which the scenario is above it.

        Raises:
            UnknownCodeError: There is no such scenario.
            ValueError: The level isn't between 0 and 1.
        """
        name = self.scenarios[0].name if baseline is None else baseline
        given.known_among("scenario", name, [scenario.name for scenario in self.scenarios])
        return _summary.differences(self.totals(), name, level).sort(self._place(), "measure", "of", nulls_last=False)

    @given.takes()
    def parameters(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return each number of `Behaviour` that was simulated with, and where it comes from.

        Returns:
            ``scenario``, ``parameter``, ``of`` (the relay, the channel or the workshop, where each has its number),
            ``value`` (null: it is no number), ``default``, ``count`` (observations of the history; null: none),
            ``origin`` (``scenario``, ``history`` or ``default``) and ``source``, which says it in ``lang``.
        """
        texts, known = words(lang := current_language(lang))["origins"], _calibration.told(self.programme, self.start)
        rows = [(each.name, *row) for each in self.scenarios for row in _calibration.origins(each, known)]
        said = {origin: text.format(day=day(self.start.replace(day=1), lang)) for origin, text in texts.items()}
        source = pl.col("parameter").replace_strict({name: each.source(lang) for name, each in parameters().items()})
        source = pl.col("origin").replace_strict(said, default=source)
        return pl.DataFrame(rows, _NUMBERS, orient="row").with_columns(source=source)

    @given.takes()
    def against_history(self, level: float = 0.9) -> pl.DataFrame:
        """Hold the first months of each scenario against the last open months of the history.

        Args:
            level: Share of the replications between ``low`` and ``high``.

        Returns:
            ``scenario``, ``month`` (the first open one; for what is held, the first that begins after the notice),
            ``measure``, ``low``, ``median`` and ``high``, ``history`` (in a month, on average), ``months`` (of how
            many, six at most) and ``within``: whether it lies between. Without such months there are no rows.

        Raises:
            ValueError: The level isn't between 0 and 1.
        """
        programme, behaviour = self.scenarios[0].programme(self.programme), self.scenarios[0].behaviour
        here = _region.region(programme, self.start, self.end, behaviour.quiet_months)
        months = [each.day for each in _calibration.open_months(here, behaviour)]
        later = [each for each in months if (each - self.start).days >= here.frames.notice_days]
        values = [
            _summary.totals(self.scan().filter(pl.col("month").is_in(some[:1]), pl.col("of").is_null()))
            .filter(pl.col("measure").is_in(measures))
            .with_columns(month=pl.lit(next(iter(some), None), pl.Date))
            for some, measures in ((months, _AT_ONCE), (later, _HELD))
        ]
        spread = _summary.spread(pl.concat(values), ["scenario", "month", "measure"], level).drop("mean", "error")
        found = spread.join(_calibration.last_months(self.programme, self.start), on="measure")
        found = found.with_columns(within=pl.col("history").is_between("low", "high"))
        return found.sort(self._place(), "month", "measure")

    @given.takes()
    def to_json(self, level: float = 0.9) -> dict[str, Any]:
        """Return `summary` and `differences` to the first scenario, as data that JSON can hold.

        It is as ``docs/reference/schemas/outcomes.json`` says; `save` writes all the rows.

        Args:
            level: Of the intervals.

        Raises:
            ValueError: The level isn't between 0 and 1.
        """
        return {
            "schema": _version.JSON_SCHEMA,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "replications": self.replications,
            "seed": self.seed,
            "level": level,
            "scenarios": [scenario.name for scenario in self.scenarios],
            "summary": explain.rows_of(self.summary(level)),
            "differences": explain.rows_of(self.differences(level=level)),
        }

    @given.takes(replication=given.at_least(0), scenario=given.optional(given.text))
    def again(self, replication: int, scenario: str | None = None) -> ProgrammeT_co:
        """Run one replication again, alone, and return the programme as it ended, with the history that it made.

        Args:
            replication: Its number.
            scenario: Name of the scenario; None: the first.

        Raises:
            UnknownCodeError: There is no such scenario.
            ValueError: There is no such replication.
        """
        names = {each.name: each for each in self.scenarios}
        name = given.known_among("scenario", self.scenarios[0].name if scenario is None else scenario, names)
        given.whole(replication, "replication", 0, self.replications - 1)
        trace = _run.run(
            self.programme, names[name], self.start, self.end, [_region.seed_of(self.seed, replication)], self.extra
        )
        # A copy of the programme given, with another history.
        return cast("ProgrammeT_co", trace.programme())

    @given.takes()
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all rows to one Parquet file, without having them in memory.

        Raises:
            PraiError: A part isn't there or is damaged, or there is no room on the disk.
            OSError: The file can't be written; what stood there is whole.
        """
        rows = self.scan()
        try:
            with draft(path) as beside:
                rows.sink_parquet(beside)
        except pl.exceptions.PolarsError as error:
            raise PraiError.of(PACKAGE, "not_written", path=path, message=error) from error

    def text(self, lang: Lang | None = None) -> str:
        """Return what each scenario comes to, and how it differs from the first, as lines of text."""
        texts = words(lang := current_language(lang))
        count = counted(self.replications, texts["replications"], lang)
        lines = [title(self, lang), f"{count}. {texts['draws']}", texts["intervals"], *assumptions(self, lang), ""]
        for place, table in enumerate(tables(self, lang)):
            lines += ["", table.caption, ""] if place else []
            lines += _align(table.frame, {**table.columns, "measure": ""})
        return "\n".join(lines)

    def __repr__(self) -> str:
        names = ", ".join(scenario.name for scenario in self.scenarios)
        return f"<Outcomes {self.start} to {self.end}: {self.replications} replications of {names}>"

    def _place(self) -> pl.Expr:
        order = {scenario.name: place for place, scenario in enumerate(self.scenarios)}
        return pl.col("scenario").replace_strict(order, return_dtype=pl.Int64)


def assumptions(outcomes: Outcomes, lang: Lang) -> tuple[str, ...]:
    """Tell what the history gives, and what is assumed of trainers and costs that aren't known."""
    texts, programme = words(lang)["assumed"], outcomes.programme
    fees = sum(trainer.fee is None for trainer in programme.trainers)
    months = sum(trainer.sessions_a_month is None for trainer in programme.trainers)
    unknown = "not_counted" if programme.budget is None else "not_held"
    fee, amount = (unknown, "") if programme.assume_fee is None else ("fee", euros(programme.assume_fee, lang))
    counts = {fee: fees, "month": months, "held": programme.sessions.to_polars()["cost"].null_count()}
    assumed = (counted(count, texts[name], lang) for name, count in counts.items() if count)
    told, line = _calibration.told(programme, outcomes.start), words(lang)["calibrated"]["line"]
    given = set.intersection(*({*each.behaviour.model_fields_set} for each in outcomes.scenarios))
    numbers = [
        text.format(value=number(value, 2, lang), default=number(getattr(Behaviour(), name), 2, lang), count=count)
        for name, text in words(lang)["calibrated"]["numbers"].items()
        if name in told and name not in given
        for value, count in [told[name][None]]
    ]
    calibrated = [line.format(day=day(outcomes.start.replace(day=1), lang), numbers=", ".join(numbers))]
    return (*calibrated[: len(numbers)], *(each.replace("{fee}", amount) for each in assumed))


def tables(outcomes: Outcomes, lang: Lang) -> Iterator[Frame]:
    texts, every = words(lang), titles(outcomes, lang)
    summary, differences, first = texts["summary"], texts["differences"], outcomes.scenarios[0]
    columns = {"measure": summary["measure"], **every}
    rows = _table(outcomes.summary(), list(every), number, lang)
    yield Frame(summary["caption"], rows, columns, len(SHOWN), ".summary()")
    if others := list(every)[1:]:
        caption = differences["caption" if first.label is None else "named"].format(baseline=first.title(lang))
        rows = _table(outcomes.differences(), others, signed, lang)
        columns = {"measure": differences["measure"], **{name: every[name] for name in others}}
        yield Frame(caption, rows, columns, len(SHOWN), ".differences()")


def titles(outcomes: Outcomes, lang: Lang) -> dict[str, str]:
    """Return what each scenario is called, by name; the first is the reference where it isn't called otherwise."""
    first, *others = outcomes.scenarios
    reference = words(lang)["reference"] if first.label is None else first.title(lang)
    return {first.name: reference, **{scenario.name: scenario.title(lang) for scenario in others}}


def _table(rows: pl.DataFrame, scenarios: Sequence[str], write: Writer, lang: Lang) -> pl.DataFrame:
    """Return a row a measure, with an interval in the column of each scenario."""
    cells = {
        (scenario, measure): values
        for scenario, measure, *values in rows.filter(pl.col("of").is_null())
        .select("scenario", "measure", "mean", "low", "high")
        .iter_rows()
    }
    names = [name for name in SHOWN if any((scenario, name) in cells for scenario in scenarios)]
    every = [_summary.measures()[name] for name in names]
    columns = {
        scenario: [interval(cells.get((scenario, each.name)), each.decimals, write, lang) for each in every]
        for scenario in scenarios
    }
    labels = [each.meaning(lang) + (f" ({each.unit})" if each.unit else "") for each in every]
    return pl.DataFrame({"measure": labels, **columns})


def interval(values: Sequence[float | None] | None, decimals: int, write: Writer, lang: Lang) -> str:
    """Write a mean and its interval; large numbers are round."""
    if values is None or None in values:
        return "–"
    numbers = [value for value in values if value is not None]
    digits = 0 if max(map(abs, numbers)) >= _LARGE else decimals
    mean, low, high = (write(round(value, digits) + 0.0, digits, lang) for value in numbers)
    return str(words(lang)["interval"].format(mean=mean, low=low, high=high))


def _align(frame: pl.DataFrame, labels: dict[str, str]) -> list[str]:
    """Return a table as lines of text: numbers at the right, intervals under their means."""
    heads = [wrap(plain(label), _HEAD) or [""] for label in labels.values()]
    depth = max(map(len, heads))
    blocks = [[[""] * (depth - len(head)) + head for head in heads]]
    for label, *cells in frame.iter_rows():
        lines = [wrap(label, _LABEL), *(cell.split(" ", 1) for cell in cells)]
        most = max(map(len, lines))
        blocks.append([cell + [""] * (most - len(cell)) for cell in lines])
    rows = [row for block in blocks for row in zip(*block, strict=True)]
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    return [
        "  ".join(
            [row[0].ljust(first), *(cell.rjust(width) for cell, width in zip(row[1:], others, strict=True))]
        ).rstrip()
        for row in rows
    ]


def title(outcomes: Outcomes, lang: Lang) -> str:
    return str(words(lang)["title"].format(start=day(outcomes.start, lang), end=day(outcomes.end, lang)))
