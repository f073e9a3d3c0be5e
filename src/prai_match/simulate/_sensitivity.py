"""Which assumptions matter: each behaviour parameter at the low and the high end of its range, on the same draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

import polars as pl

from prai_match import _arguments as given
from prai_match.model import ProgrammeData
from prai_match.simulate._behaviour import parameters
from prai_match.simulate._entry import simulate
from prai_match.simulate._scenario import Scenario, check_names
from prai_match.simulate._summary import measures
from prai_match.text import Shown

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from prai_match.simulate._entry import SimulationOptions

_REPLICATIONS = 40


@dataclass(frozen=True, eq=False)
class Sensitivity(Shown):
    """How a measure changes with each parameter, the one that matters most first.

    Attributes:
        measure: The measure.
        frame: A row a parameter: ``parameter``, ``low_value``, ``high_value`` (the ends of its range), ``base`` (the
            mean of the measure where nothing is changed), ``low`` and ``high`` (mean differences to it), ``low_error``
            and ``high_error`` (half the width of their intervals at 90 %) and ``given`` (see `Parameter`).

    Example:
        >>> import polars as pl
        >>> frame = pl.DataFrame({"parameter": ["comes"], "low": [-2.0], "high": [1.0]})
        >>> Sensitivity("served", frame).to_polars()["parameter"].to_list()
        ['comes']
    """

    measure: str
    frame: pl.DataFrame

    def to_polars(self) -> pl.DataFrame:
        """Return the frame."""
        return self.frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the frame over as an Arrow stream."""
        return self.frame.__arrow_c_stream__(requested_schema)


@given.takes(
    programme=given.a(ProgrammeData), scenario=given.a(Scenario), measure=given.text, only=given.optional(given.keys)
)
def sensitivity(  # noqa: PLR0913 - what `simulate` takes, by keyword
    programme: ProgrammeData,
    scenario: Scenario,
    start: dt.date,
    end: dt.date,
    *,
    measure: str = "served",
    only: Iterable[str] | None = None,
    **options: Unpack[SimulationOptions],
) -> Sensitivity:
    """Simulate with each behaviour parameter at both ends of its range, and tell how a measure changes.

    Args:
        programme: The programme.
        scenario: What is simulated but for one parameter.
        start: First day.
        end: Last day.
        measure: Of the whole period.
        only: Names of the parameters; None: all that have a range.
        **options: As for `simulate`; ``replications``, for each parameter and end, are 40 where nothing is said.

    Raises:
        UnknownCodeError: There is no such measure, or no such parameter with a range.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> from prai_match.simulate import Scenario
        >>> found = sensitivity(
        ...     Programme.example(), Scenario(name="now"), dt.date(2008, 1, 1), dt.date(2008, 1, 31),
        ...     measure="needs", only=["asks_a_year"], replications=2,
        ... )
        >>> found.frame["parameter"].to_list()
        ['asks_a_year']
    """
    check_names("measure", [measure], measures())
    ranges = {
        name: (each.low, each.high)
        for name, each in parameters().items()
        if each.low is not None and each.high is not None
    }
    names = list(ranges) if only is None else list(only)
    check_names("parameter", names, ranges)
    cases = [
        scenario.with_(f"{name}-{end_name}", **{name: value})
        for name in names
        for end_name, value in zip(("low", "high"), ranges[name], strict=True)
    ]
    options.setdefault("replications", _REPLICATIONS)
    outcomes = simulate(programme, [scenario.with_("base"), *cases], start, end, **options)
    differences = outcomes.differences().filter(pl.col("measure") == measure, pl.col("of").is_null())
    means = {row["scenario"]: row for row in differences.iter_rows(named=True)}
    rows = [
        {
            "parameter": name,
            "low_value": float(ranges[name][0]),
            "high_value": float(ranges[name][1]),
            "base": means[f"{name}-low"]["baseline"],
            "low": means[f"{name}-low"]["mean"],
            "high": means[f"{name}-high"]["mean"],
            "low_error": means[f"{name}-low"]["error"],
            "high_error": means[f"{name}-high"]["error"],
            "given": parameters()[name].given,
        }
        for name in names
    ]
    swing = (pl.col("high") - pl.col("low")).abs()
    return Sensitivity(measure, pl.DataFrame(rows).sort(-swing, "parameter", nulls_last=True))
