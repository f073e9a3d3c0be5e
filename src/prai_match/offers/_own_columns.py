"""The user's own columns, joined by territory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match._words import hint
from prai_match.errors import PraiError, Problem, ProgrammeError, nearest
from prai_match.policy import DTYPES

if TYPE_CHECKING:
    from prai_match.offers._frames import Frames
    from prai_match.policy import Policy

_SUBJECT = "extra columns"
_PACKAGE = "prai_match.offers"


def joined(extra: Any, policy: Policy, frames: Frames) -> pl.DataFrame | None:  # noqa: ANN401 - whatever speaks Arrow
    """Return the columns that ``policy`` declares, by territory number; None where it declares none.

    Args:
        extra: A frame (polars, pandas, Arrow or a mapping of columns) with ``territory`` and the declared columns. A
            territory that it doesn't name has unknown values.
        policy: Whose ``extra`` columns are wanted.
        frames: Whose territories are known.
    """
    wanted = policy.extra
    if not wanted:
        return None
    if extra is None:
        names = ", ".join(column.name for column in wanted)
        raise ProgrammeError(_SUBJECT, [Problem.of(_PACKAGE, "extra", "extra", names=names)])
    frame = pl.DataFrame(extra)
    missing = [name for name in ("territory", *(column.name for column in wanted)) if name not in frame.columns]
    if missing:
        raise ProgrammeError(_SUBJECT, [_missing(name, frame.columns) for name in missing])
    frame = frame.select(pl.col("territory").cast(pl.String), *(column.name for column in wanted))
    known = frames.territories.select("territory", "t")
    codes = known["territory"].to_list()
    problems = [
        Problem.of(_PACKAGE, "territory", f"extra, territory {code!r}", near=hint(nearest(code, codes)))
        for code in frame.join(known, on="territory", how="anti")["territory"].unique().sort()
    ]
    problems += [
        Problem.of(_PACKAGE, "rows", f"extra, territory {code!r}")
        for code in frame.filter(pl.col("territory").is_duplicated())["territory"].unique().sort()
    ]
    for column in wanted:
        try:
            frame = frame.with_columns(pl.col(column.name).cast(DTYPES[column.type]))
            if column.type == "number":
                finite = pl.col(column.name).is_finite()
                frame = frame.with_columns(pl.when(finite).then(pl.col(column.name)).alias(column.name))
        except pl.exceptions.PolarsError as error:
            message, where = str(error).splitlines()[0], f"extra, column {column.name!r}"
            problems.append(Problem.of(_PACKAGE, "type", where, message=message, type=column.type))
    if problems:
        raise ProgrammeError(_SUBJECT, problems)
    return frame.join(known, on="territory").drop("territory")


def without_columns(policy: Policy) -> Policy:
    """Return the policy, for what can't be given columns of one's own."""
    if not policy.extra:
        return policy
    names = ", ".join(column.name for column in policy.extra)
    raise PraiError.of(_PACKAGE, "own_columns", names=names)


def _missing(name: str, columns: list[str]) -> Problem:
    near = hint(nearest(name, columns))
    return Problem.of(_PACKAGE, "column", "extra", columns=", ".join(columns), name=name, near=near)
