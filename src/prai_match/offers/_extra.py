"""The user's own columns, by territory."""

from typing import Any

import polars as pl

from prai_match._words import catalogue, hint
from prai_match.errors import Problem, ProgrammeError, nearest
from prai_match.offers._frames import Frames
from prai_match.policy import DTYPES, Policy

_SUBJECT, _PACKAGE = "extra columns", "prai_match.offers"


def renumbered(extra: pl.DataFrame | None, territories: pl.Series) -> pl.DataFrame | None:
    """Return the user's columns of some territories, numbered anew by their places."""
    places = territories.to_frame("t").with_row_index("t'")  # their columns can have any name but this one
    return None if extra is None else places.join(extra, on="t").drop("t").rename({"t'": "t"})


def extra_columns(extra: Any, policy: Policy, frames: Frames) -> pl.DataFrame | None:  # noqa: ANN401 - whatever speaks Arrow
    """Return the columns that ``policy`` declares, by territory number, unknown where not given."""
    if not policy.extra:
        return None
    names = [column.name for column in policy.extra]
    if extra is None:
        raise ProgrammeError(_SUBJECT, [Problem.of(_PACKAGE, "extra", "extra", names=", ".join(names))])
    frame = pl.DataFrame(extra)
    columns = ", ".join(frame.columns)
    problems = [
        Problem.of(_PACKAGE, "column", "extra", columns=columns, name=name, near=hint(nearest(name, frame.columns)))
        for name in ("territory", *names)
        if name not in frame.columns
    ]
    if problems:
        raise ProgrammeError(_SUBJECT, problems)
    frame = frame.select(pl.col("territory").cast(pl.String), *names)
    territories = frames.territories.select("territory", "t")
    codes = territories["territory"].to_list()
    problems = [
        Problem.of(_PACKAGE, "territory", f"extra, territory {code!r}", near=hint(nearest(code, codes)))
        for code in frame.join(territories, on="territory", how="anti")["territory"].unique().sort()
    ]
    problems += [
        Problem.of(_PACKAGE, "rows", f"extra, territory {code!r}")
        for code in frame.filter(pl.col("territory").is_duplicated())["territory"].unique().sort()
    ]
    for column in policy.extra:
        try:
            frame = frame.with_columns(pl.col(column.name).cast(DTYPES[column.type]))
            if column.type == "number":
                finite = pl.col(column.name).is_finite()
                frame = frame.with_columns(pl.when(finite).then(pl.col(column.name)).alias(column.name))
        except pl.exceptions.PolarsError as error:
            message, where = str(error).splitlines()[0], f"extra, column {column.name!r}"
            values = catalogue(_PACKAGE, "errors")["types"][column.type]
            problems.append(Problem.of(_PACKAGE, "type", where, message=message, values=values))
    if problems:
        raise ProgrammeError(_SUBJECT, problems)
    return frame.join(territories, on="territory").drop("territory")
