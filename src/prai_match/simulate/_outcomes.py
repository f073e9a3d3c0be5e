"""Outcomes of simulations: all counts of all replications, on disk, and summaries as text and tables."""

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

SHOWN = (  # measures shown, in order; the frames have all measures
    *("buffets", "workshops", "called_off", "frozen", "served", "reached", "elected", "technicians", "elected_share"),
    *("rating", "after_buffet_share", "needs", "unmet", "spent", "cost_per_person"),
)

# Columns of `Outcomes.parameters`; and counts of both a history and a simulation: decided and asked, or held.
_NUMBERS = pl.Schema(
    {"scenario": pl.String, "parameter": pl.String, "of": pl.String, "value": pl.Float64, "default": pl.Float64}
    | {"count": pl.Int64, "origin": pl.String}
)
_AT_ONCE, _HELD = ("decided", "needs"), ("buffets", "workshops", "served", "elected", "technicians", "elected_share")

Writer = Callable[[float, int, Lang], str]  # writes a number with so many decimals
_LARGE = 1000  # from here on, tenths aren't shown
_HEAD, _LABEL = 18, 36  # characters of a line in a column heading, and in the column of measures


@dataclass(frozen=True, eq=False, repr=False)
class Outcomes(Shown, Tabular, Generic[ProgrammeT_co]):
    """The outcomes of all replications of all scenarios, month by month.

    Libraries that read Arrow make a data frame of it, one row per count: ``scenario``, ``replication``, ``month`` (its
    first day), ``measure`` (see `measures`), ``of`` (the département, session or territory, if the measure
    distinguishes them; otherwise null) and ``value``.

    Attributes:
        programme: The programme that was simulated.
        scenarios: The scenarios, in order; the others are compared with the first.
        start: First day.
        end: Last day.
        replications: Number of replications of each scenario.
        seed: Seed of all random draws.
        folder: Folder with the rows, in Parquet files; if none was given, it is deleted with this object.
        extra: The columns that policies declare, if given.

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
        """Return the rows as a lazy frame over the files, so that they needn't fit in memory.

        Raises:
            PraiError: The folder is gone, or a part is missing, damaged or of another simulation.
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
        """The measures that are counted, by name."""
        return _summary.measures()

    def totals(self) -> pl.DataFrame:
        """Return each measure over the whole period: ``scenario``, ``replication``, ``measure``, ``of``, ``value``.

        Counts are added up, states are those at the end, and ratios are ratios of sums.
        """
        return _summary.totals(self.scan()).sort(self._place(), "replication", "measure", "of", nulls_last=False)

    @given.takes()
    def summary(self, level: float = 0.9) -> pl.DataFrame:
        """Return the distribution of each measure over the whole period, over replications.

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
        """Return the distribution of a measure over replications, month by month: as `summary`, by ``month``.

        Raises:
            UnknownCodeError: The measure doesn't exist.
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
            baseline: Name of a scenario; None means the first.
            level: Confidence level of the intervals.

        Returns:
            As `summary`, for the differences, with ``baseline`` (its mean) and ``above``: the share of replications in
            which the scenario is above the baseline.

        Raises:
            UnknownCodeError: The scenario doesn't exist.
            ValueError: The level isn't between 0 and 1.
        """
        name = self.scenarios[0].name if baseline is None else baseline
        given.known_among("scenario", name, [scenario.name for scenario in self.scenarios])
        return _summary.differences(self.totals(), name, level).sort(self._place(), "measure", "of", nulls_last=False)

    @given.takes()
    def parameters(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return each number of `Behaviour` used in the simulation, and its source.

        Returns:
            ``scenario``, ``parameter``, ``of`` (the relay, the channel or the workshop, if each has its own number),
            ``value`` (null if it isn't a number), ``default``, ``count`` (observations of the history; null if none),
            ``origin`` (``scenario``, ``history`` or ``default``) and ``source``, a text in ``lang``.
        """
        texts, known = words(lang := current_language(lang))["origins"], _calibration.told(self.programme, self.start)
        rows = [(each.name, *row) for each in self.scenarios for row in _calibration.origins(each, known)]
        said = {origin: text.format(day=day(self.start.replace(day=1), lang)) for origin, text in texts.items()}
        source = pl.col("parameter").replace_strict({name: each.source(lang) for name, each in parameters().items()})
        source = pl.col("origin").replace_strict(said, default=source)
        return pl.DataFrame(rows, _NUMBERS, orient="row").with_columns(source=source)

    @given.takes()
    def against_history(self, level: float = 0.9) -> pl.DataFrame:
        """Compare the first months of each scenario with the last open months of the history.

        Args:
            level: Share of the replications between ``low`` and ``high``.

        Returns:
            ``scenario``, ``month`` (the first open one; for sessions held, the first that begins after the notice
            period), ``measure``, ``low``, ``median`` and ``high``, ``history`` (monthly mean), ``months`` (how many, at
            most six) and ``within``: whether ``history`` lies between ``low`` and ``high``. Empty without open months.

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

        The format is in ``docs/reference/schemas/outcomes.json``; `save` writes all rows.

        Args:
            level: Confidence level of the intervals.

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
        """Run one replication again, alone, and return the programme at its end, with the simulated history.

        Args:
            replication: Number of the replication.
            scenario: Name of the scenario; None means the first.

        Raises:
            UnknownCodeError: The scenario doesn't exist.
            ValueError: The replication doesn't exist.
        """
        names = {each.name: each for each in self.scenarios}
        name = given.known_among("scenario", self.scenarios[0].name if scenario is None else scenario, names)
        given.whole(replication, "replication", 0, self.replications - 1)
        trace = _run.run(
            self.programme, names[name], self.start, self.end, [_region.seed_of(self.seed, replication)], self.extra
        )
        # A copy of the given programme, with another history.
        return cast("ProgrammeT_co", trace.programme())

    @given.takes()
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all rows to one Parquet file, without loading them all in memory.

        Raises:
            PraiError: A part is missing or damaged, or the disk is full.
            OSError: The file can't be written; an existing file is unchanged.
        """
        rows = self.scan()
        try:
            with draft(path) as beside:
                rows.sink_parquet(beside)
        except pl.exceptions.PolarsError as error:
            raise PraiError.of(PACKAGE, "not_written", path=path, message=error) from error

    def text(self, lang: Lang | None = None) -> str:
        """Return the main measures of each scenario, and how it differs from the first, as lines of text."""
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
    """Describe what is estimated from the history, and what is assumed about unknown trainers and costs."""
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
    """Return the title of each scenario, by name; the first is "the reference" unless it has another title."""
    first, *others = outcomes.scenarios
    reference = words(lang)["reference"] if first.label is None else first.title(lang)
    return {first.name: reference, **{scenario.name: scenario.title(lang) for scenario in others}}


def _table(rows: pl.DataFrame, scenarios: Sequence[str], write: Writer, lang: Lang) -> pl.DataFrame:
    """Return one row per measure, with an interval in the column of each scenario."""
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
    """Write a mean and its interval; large numbers are rounded."""
    if values is None or None in values:
        return "–"
    numbers = [value for value in values if value is not None]
    digits = 0 if max(map(abs, numbers)) >= _LARGE else decimals
    mean, low, high = (write(round(value, digits) + 0.0, digits, lang) for value in numbers)
    return str(words(lang)["interval"].format(mean=mean, low=low, high=high))


def _align(frame: pl.DataFrame, labels: dict[str, str]) -> list[str]:
    """Return a table as lines of text: numbers aligned to the right, intervals under their means."""
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
