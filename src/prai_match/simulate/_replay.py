"""The model case replayed: does the simulation reproduce the published figures, and what would have been possible?"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Unpack

import polars as pl

from prai_match import _arguments as given, _words
from prai_match.model import Lang, ProgrammeData, ProgrammeT
from prai_match.simulate import _entry, _folder, _outcomes, _summary
from prai_match.simulate._scenario import PACKAGE, Scenario
from prai_match.text import Shown, Tabular, current_language, month, number

_data = partial(_words.catalogue, PACKAGE, "replay")
START, END = dt.date(2006, 9, 1), dt.date(2008, 12, 31)


def replayed() -> Scenario:
    """Return the scenario of the model case: decisions by requests, and an unforeseen freeze."""
    return Scenario.of(**_data()["scenario"])


def counterfactuals() -> tuple[Scenario, ...]:
    """Return scenarios with the same money: with a plan, with the freeze foreseen, with both."""
    return tuple(replayed().with_(**fields) for fields in _data()["other"])


def beginning(programme: ProgrammeT) -> ProgrammeT:
    """Return a programme at its beginning: without a history."""
    history = ("needs", "sessions", "attendances", "registrations", "decisions")
    return programme.model_copy(update={name: getattr(programme, name)[:0] for name in history})


@dataclass(frozen=True, eq=False)
class Replay(Shown, Tabular):
    """The model case replayed.

    Attributes:
        outcomes: Outcomes of the replay and of the counterfactual scenarios.
        figures: One row per published figure: ``figure``, ``status`` (``given`` to the model, ``fitted``, or ``itself``
            for a result of the model), ``published`` (a number, or null; a month is counted from the year 0), ``least``
            (if only a text was published), ``low``, ``median``, ``high`` (nine replications in ten), ``within``.

    Example:
        >>> import polars as pl
        >>> from prai_match import Programme
        >>> from prai_match.simulate import Scenario
        >>> now, day = Scenario(name="now"), "2008-01-01"
        >>> outcomes = Programme.example().simulate([now], day, "2008-01-31", replications=2)
        >>> Replay(outcomes, pl.DataFrame({"figure": ["frozen"], "median": [0.0]})).to_polars().height
        1
    """

    outcomes: _outcomes.Outcomes
    figures: pl.DataFrame

    def to_polars(self) -> pl.DataFrame:
        """Return the figures."""
        return self.figures

    def table(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return the figures for people: ``figure``, ``published``, ``simulated``, ``within`` and ``status``."""
        texts, specs = _folder.words(lang := current_language(lang)), _data()["figures"]
        met = {True: texts["met"]["true"], False: texts["met"]["false"]}
        cells = [
            (spec[lang], *_figure(row, spec, lang), met[row["within"]], texts["status"][row["status"]])
            for row in self.figures.iter_rows(named=True)
            for spec in [specs[row["figure"]]]
        ]
        return pl.DataFrame(cells, schema=["figure", "published", "simulated", "within", "status"], orient="row")


@given.takes(others=given.optional(given.each(given.a(Scenario))))
def replay(
    programme: ProgrammeData, *, others: Iterable[Scenario] | None = None, **options: Unpack[_entry.SimulationOptions]
) -> Replay:
    """Replay the model case from its register and the report's parameters, and compare it with the published figures.

    Args:
        programme: The bundled region, ``Programme.example("midi_pyrenees")``; its invented history isn't used.
        others: Scenarios that it is compared with; None means `counterfactuals`.
        **options: As for `simulate`; ``replications`` apply to the replay and to each other scenario.

    Raises:
        UnknownCodeError: The programme isn't that of the model case.

    Example:
        >>> from prai_match import Programme
        >>> found = replay(Programme.example(), others=(), replications=2)
        >>> found.table("en")["published"][0]
        'November 2006'
    """
    scenarios = (replayed(), *(counterfactuals() if others is None else others))
    outcomes = _entry.simulate(beginning(programme), scenarios, START, END, **options)
    specs = _data()["figures"]
    rows = [_row(name, spec, values) for (name, spec), values in zip(specs.items(), _values(outcomes), strict=True)]
    return Replay(outcomes, pl.DataFrame(rows))


def _row(name: str, spec: dict[str, Any], values: pl.Series) -> dict[str, Any]:
    low, median, high = (round(float(values.quantile(q, "linear") or 0.0), 6) for q in (0.05, 0.5, 0.95))
    published, least = (_number(spec[name]) if name in spec else None for name in ("published", "least"))
    return {
        "figure": name,
        "status": spec["status"],
        "published": published,
        "least": least,
        "low": low,
        "median": median,
        "high": high,
        "within": low <= published <= high if published is not None else least is None or low >= least,
    }


def _number(value: float | str) -> float:
    """Return a published figure as a number; a month is counted from the year 0."""
    if isinstance(value, str):
        year, _, month = value.partition("-")
        return float(int(year) * 12 + int(month) - 1)
    return float(value)


def _values(outcomes: _outcomes.Outcomes) -> list[pl.Series]:
    """Return the values of each figure, by replication, in the order of the data."""
    rows = outcomes.scan().filter(scenario=outcomes.scenarios[0].name).collect()
    totals, is_whole = _summary.totals(rows.lazy()), pl.col("of").is_null()

    def values(frame: pl.DataFrame, measures: list[str], value: pl.Expr, *where: pl.Expr) -> pl.Series:
        some = frame.filter(pl.col("measure").is_in(measures), *where)
        return some.group_by("replication").agg(value=value).sort("replication")["value"]

    def first(*measures: str) -> pl.Series:
        """Return the first month with a session, counted from the year 0."""
        month = pl.col("month").filter(pl.col("value") > 0).min()
        months = values(rows, [*measures], month, is_whole).drop_nulls()
        return months.dt.year().cast(pl.Float64) * 12 + months.dt.month() - 1

    def held(when: pl.Expr | bool) -> pl.Series:  # noqa: FBT001 - all of them, or those of some months
        value = pl.when(when).then("value").otherwise(0.0).sum()
        return values(rows, ["buffets", "workshops"], value, is_whole)

    def part(measure: str, *of: str) -> pl.Series:
        """Return the share of some sessions or départements in a measure that distinguishes them."""
        share = pl.col("value").filter(pl.col("of").is_in(of)).sum() / pl.col("value").sum()
        return values(totals, [measure], share, ~is_whole)

    def total(measure: str) -> pl.Series:
        return values(totals, [measure], pl.col("value").first(), is_whole)

    def unmet(month: dt.date) -> pl.Series:
        return values(rows, ["unmet"], pl.col("value").first(), is_whole, pl.col("month") == month)

    by_name = {
        "first_session": first("buffets", "workshops"),
        "first_workshop": first("workshops"),
        "strong_year": held(pl.col("month").dt.year() == 2007) / held(when=True),  # noqa: PLR2004
        "frozen_months": held(pl.col("month").is_between(dt.date(2008, 2, 1), dt.date(2008, 5, 1))),
        "website": part("workshops", "site_internet"),
        "paperless": part("workshops", "dematerialisation"),
        "four": part("sessions", "09", "31", "46", "81"),
        "by_phone": total("needs_by_phone"),
        "unmet_growth": unmet(dt.date(2008, 12, 1)) - unmet(dt.date(2008, 6, 1)),
    }
    return [by_name[one] if one in by_name else total(one) for one in _data()["figures"]]


def _figure(row: Mapping[str, Any], spec: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    texts, spread = _folder.words(lang), [row["median"], row["low"], row["high"]]
    if isinstance(spec.get("published"), str):
        text, *months = (_month_text(value, lang) for value in [row["published"], *spread])
        return text, str(texts["interval"].format(mean=months[0], low=months[1], high=months[2]))
    said, digits = "published" if row["published"] is not None else "least", spec["decimals"]
    text = number(row[said], digits, lang)
    return texts[said].format(least=text) if said == "least" else text, _outcomes.interval(spread, digits, number, lang)


def _month_text(count: float, lang: Lang) -> str:
    year, number = divmod(round(count), 12)
    return month(dt.date(year, number + 1, 1), lang)
