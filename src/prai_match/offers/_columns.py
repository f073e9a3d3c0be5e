"""The session's columns on a day: one row a territory and session, each value computed once where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Set as AbstractSet
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match._words import hint
from prai_match.errors import Problem, ProgrammeError, nearest
from prai_match.offers._day import Day, events, somewhere
from prai_match.offers._outcomes import declined
from prai_match.policy import DTYPES, Policy, Vocabulary

if TYPE_CHECKING:
    from prai_match.offers._frames import Frames


_AXES = 2**16
_SCORES = 2**42
_OPEN = 2**60
_ALWAYS = frozenset({"t", "s", "d", "z", "w", "core", "kind", "form", "session_cost"})
_DEFAULTS: dict[str, float | bool | str] = {
    "declined": "no",
    **dict.fromkeys(("attended", "attended_before", "refresher", "follows"), False),
    **dict.fromkeys(("need_score", "need_to_confirm", "needs", "follow_probability"), 0.0),
    **dict.fromkeys(("leads_to_need", "leads_to_confirm", "leads_to_new"), 0.0),
}
"""What it means that nothing is recorded, where that isn't "unknown"."""


def complete(snapshot: Day, names: AbstractSet[str] | None) -> pl.DataFrame:
    """Compute the columns ``names`` (None: all of them) of every territory × session."""
    frames = snapshot.frames

    def reads(*columns: str) -> bool:
        return names is None or not names.isdisjoint(columns)

    facts = [_needs(snapshot)]
    if reads("attended", "attended_before", "refresher"):
        facts.append(_attended(snapshot))
    if reads("declined"):
        facts.append(declined(snapshot))
    if reads("follows", "follow_probability", "days_since_source"):
        facts.append(_follows(snapshot))
    if reads("leads_to_need", "leads_to_new", "need_served", "need_to_confirm"):
        facts += [_leads_to_need(snapshot), _leads_to_new(snapshot)]
    cores = frames.axes.filter(pl.col("axis").is_null()).select("s", core="x")
    territories, sessions = (
        table.lazy().select(name for name in table.columns if reads(name) or name in _ALWAYS)
        for table in (
            _territories(snapshot, reads),
            frames.sessions.drop("refresh_after")
            .with_columns(own_days(snapshot, "sessions"))
            .join(cores, on="s", how="left", maintain_order="left"),
        )
    )
    grid = (
        territories.join(sessions, how="cross", maintain_order="left_right")
        .with_columns(frames.pair, **programme_columns(snapshot))
        .collect(engine="in-memory")
    )
    tables = pl.collect_all(facts, engine="in-memory")
    grid = grid.with_columns(column for table in tables for column in _on_grid(table, grid.height))
    if reads("session_rating"):
        grid = grid.join(snapshot.whole.ratings, on=["w", "s"], how="left", maintain_order="left")
    if reads("need_served", "need_to_confirm"):
        leads = pl.when(form="buffet")
        grid = grid.with_columns(
            need_served=leads.then("leads_to_need").otherwise("need_score"),
            need_to_confirm=leads.then("leads_to_confirm").otherwise("need_to_confirm"),
        )
    if reads("people"):
        grid = grid.with_columns(_people(snapshot, grid))
    return grid.with_columns(pl.col("x").fill_null(pl.col("core"))).drop(
        "core", "z", "w", "leads_to_confirm", strict=False
    )


def _on_grid(fact: pl.DataFrame, size: int) -> list[pl.Series]:
    """Put each value of ``fact`` at its row ``k`` of the complete grid: its row number replaces a join."""
    rows = fact["k"]
    return [
        pl.repeat(_DEFAULTS.get(column.name), size, dtype=column.dtype, eager=True)
        .scatter(rows, column)
        .alias(column.name)
        for column in fact.drop("k")
    ]


def days_since(snapshot: Day, column: str) -> pl.Expr:
    return (pl.lit(snapshot.on) - pl.col(column)).dt.total_days().cast(pl.Float64).alias(column)


def own_days(snapshot: Day, table: str) -> list[pl.Expr]:
    """Return the dates among the programme's own attributes of a table, as the days since them."""
    frame: pl.DataFrame = getattr(snapshot.frames, table)
    return [days_since(snapshot, name) for name in snapshot.frames.attributes[table] if frame.schema[name] == pl.Date]


def programme_columns(snapshot: Day) -> dict[str, pl.Expr]:
    """Return the columns that depend on nothing but the programme and the day; rows have their world ``w``."""
    calendar, on = snapshot.frames.calendar, snapshot.on
    renewal = calendar.renewed_before(on)
    return {
        "in_blackout": pl.lit(any(blackout.start <= on <= blackout.end for blackout in calendar.blackouts)),
        "budget_left": snapshot.whole.total("budget_left"),
        "days_since_renewal": pl.lit(None if renewal is None else float((on - renewal).days), pl.Float64),
    }


def _territories(snapshot: Day, reads: Callable[..., bool]) -> pl.DataFrame:
    """Return the territories in the order of ``t``, with what depends on them alone."""
    whole = snapshot.whole
    table = snapshot.frames.territories.lazy().select(
        *("t", "d", "z", "w", "territory", "departement", "population"), *snapshot.frames.attributes["territories"]
    )
    table = table.with_columns(own_days(snapshot, "territories"))
    came = events(snapshot)
    if reads("service_gap"):
        count = pl.col("served").fill_null(0).cast(pl.Float64)
        share = pl.col("population") / whole.total("people") * whole.total("served")
        gap = pl.when(share.fill_nan(0.0) > 0).then((1 - count / share).clip(0, 1)).otherwise(0.0)
        table = table.join(came.group_by("t").agg(served=pl.len()), on="t", how="left", maintain_order="left")
        table = table.with_columns(service_gap=gap).drop("served")
    if reads("sessions_attended", "elected_and_technician"):
        recent = (
            came.filter(pl.col("date") > snapshot.renewal)
            .group_by("t")
            .agg(
                sessions_attended=pl.len().cast(pl.Float64),
                elected_and_technician=somewhere(pl.col("together").any(), pl.col("together")),
            )
        )
        table = table.join(recent, on="t", how="left", maintain_order="left").with_columns(
            pl.col("sessions_attended").fill_null(0.0)
        )
    if snapshot.extra is not None:
        table = table.join(snapshot.extra.lazy(), on="t", how="left", maintain_order="left")
    return table.collect(engine="in-memory")


def _needs(snapshot: Day) -> pl.LazyFrame:
    """Return the strongest need of each pair, the age of the latest, how many, and the axis that they ask for."""
    day = pl.col("start").dt.epoch("d").cast(pl.Int64) + 1_000_000
    # An open need's axis, then that of the strongest, then of the latest, then the first axis: in one number.
    rank = pl.when(state="open").then(_OPEN).otherwise(0) + (pl.col("score") * 1000).round().cast(pl.Int64) * _SCORES
    choice = rank + day * _AXES + (_AXES - 1 - pl.col("x").cast(pl.Int64))
    return (
        snapshot.needs.lazy()
        .filter(pl.col("state").is_in(["open", "to_confirm"]))
        .select(snapshot.frames.pair, "state", "score", "start", choice=choice)
        .group_by("k")
        .agg(
            need_score=_counted("need_score", "score").max().fill_null(0.0),
            need_to_confirm=_counted("need_to_confirm", "score").max().fill_null(0.0),
            need_age_days=_counted("need_age_days", "start").max(),
            needs=_counted("needs", "score").len().cast(pl.Float64),
            x=(_AXES - 1 - pl.col("choice").max() % _AXES).cast(pl.UInt32),
        )
        .with_columns(days_since(snapshot, "need_age_days"))
    )


def _counted(column: str, values: str) -> pl.Expr:
    """Return the values of the needs in the states that a column of the vocabulary counts."""
    return pl.col(values).filter(pl.col("state").is_in(Vocabulary.standard().column(column).states))


def _attended(snapshot: Day) -> pl.LazyFrame:
    """Return whether each pair was attended since the renewal, and before; whether it is time to attend it again."""
    date, since = pl.col("date"), snapshot.renewal
    last = (
        snapshot.attendances.lazy()
        .group_by("t", "s")
        .agg(attended=date.max() > since, attended_before=date.min() <= since, last=date.max())
    )
    after = snapshot.frames.sessions.lazy().select("s", "refresh_after")
    due = pl.col("last").dt.offset_by(pl.format("{}mo", pl.col("refresh_after"))) <= snapshot.on
    return last.join(after, on="s").select(
        snapshot.frames.pair, "attended", "attended_before", refresher=due.fill_null(value=False)
    )


def _follows(snapshot: Day) -> pl.LazyFrame:
    """Return how probably each session follows what the territory attended, and since when it can."""
    return (
        snapshot.recent.lazy()
        .group_by("t", "s")
        .agg(pl.col("date").max())
        .with_columns(w=pl.lit(snapshot.frames.territories["w"]).gather(pl.col("t")))
        .join(snapshot.whole.edges.lazy(), on=["w", "s"])
        .select("t", pl.col("s_next").alias("s"), "date", "probability")
        .group_by(snapshot.frames.pair)
        .agg(follow_probability=pl.col("probability").max(), days_since_source=pl.col("date").max())
        .with_columns(days_since(snapshot, "days_since_source"), follows=pl.lit(value=True))
    )


def _one_step_back(snapshot: Day, frame: pl.LazyFrame) -> pl.LazyFrame:
    back = snapshot.edges.lazy().select(pl.col("s").alias("s_before"), pl.col("s_next").alias("s"))
    return frame.join(back, on="s").drop("s").rename({"s_before": "s"})


def _leads_to_need(snapshot: Day) -> pl.LazyFrame:
    """Return the strongest need, open and to confirm, for what each session leads to and wasn't attended."""
    past = snapshot.recent.lazy().select("t", "s").unique()
    needs = snapshot.needs.lazy().select("t", "s", "score", "state").join(past, on=["t", "s"], how="anti")
    return (
        _one_step_back(snapshot, needs)
        .group_by(snapshot.frames.pair)
        .agg(
            leads_to_need=_counted("leads_to_need", "score").max().fill_null(0.0),
            leads_to_confirm=_counted("need_to_confirm", "score").max().fill_null(0.0),
        )
    )


def _leads_to_new(snapshot: Day) -> pl.LazyFrame:
    """Return how many of the sessions that each leads to the territory hasn't attended."""
    leading = snapshot.edges.lazy().group_by("s").agg(leads_to_new=pl.len().cast(pl.Float64))
    past = snapshot.recent.lazy().select("t", "s").unique()
    behind = _one_step_back(snapshot, past).group_by(snapshot.frames.pair).agg(done=pl.len().cast(pl.Float64))
    return (
        snapshot.frames.territories.lazy()
        .select("t")
        .join(leading, how="cross")
        .select(snapshot.frames.pair, "leads_to_new")
        .join(behind, on="k", how="left")
        .select("k", pl.col("leads_to_new") - pl.col("done").fill_null(0.0))
    )


def _people(snapshot: Day, grid: pl.DataFrame) -> pl.Series:
    """Return how many people within travel distance are interested in each session."""
    frames = snapshot.frames
    width = frames.sessions.height
    # Every square is near itself.
    squares = frames.near["z_near"].n_unique()
    cells = snapshot.interest.select(cell=pl.col("z") * width + pl.col("s"), people=pl.col("people").cast(pl.Float64))
    here = pl.repeat(0.0, squares * width, eager=True).scatter(cells["cell"], cells["people"])
    first = frames.near["z_near"] * width
    around = (
        frames.near.select("z", *(here.gather(first + number).alias(str(number)) for number in range(width)))
        .group_by("z", maintain_order=True)
        .agg(pl.all().sum())
        .drop("z")
        .select(pl.concat_list(pl.all()).explode())
        .to_series()
    )
    return around.gather(grid["z"] * width + grid["s"]).alias("people")


_SUBJECT = "extra columns"
_PACKAGE = "prai_match.offers"


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
            problems.append(Problem.of(_PACKAGE, "type", where, message=message, type=column.type))
    if problems:
        raise ProgrammeError(_SUBJECT, problems)
    return frame.join(territories, on="territory").drop("territory")
