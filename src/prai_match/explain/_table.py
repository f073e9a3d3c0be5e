"""The answers as data frames, filtered by conditions, as rows for JSON and in the form that pandas reads."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import make_dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match import _arguments as given
from prai_match.errors import ArgumentError, excerpt, missing_extra
from prai_match.explain._place import own_place
from prai_match.explain._why import main_facts, main_reasons, reason_sentence
from prai_match.model import Catalogue, Lang, kind_names
from prai_match.offers import Assessment
from prai_match.recommend import EQUIVALENT, Answers
from prai_match.text import masked, messages

if TYPE_CHECKING:
    import pandas as pd

_MONEY = pl.Decimal(12, 2)


def table(answers: Answers, lang: Lang, territory: str | None = None, *, public: bool = False) -> pl.DataFrame:
    told = partial(main_facts, answers, lang=lang, public=public)
    if territory is None:
        every = answers.territories.with_columns(priority=answers.priorities.totals)
        return table_of(every, answers.offers, answers.judgement, answers.reasons, lang, told)
    number = answers.number(territory)
    reasons = {number: answers.reasons[number]} if number in answers.reasons else {}
    here = answers.offers["t"] == number
    own = Assessment(answers.policy, answers.judgement.rows.take(here.to_numpy()))
    one = answers.territories.filter(t=number).with_columns(priority=answers.priorities.totals[answers.rows[number]])
    return table_of(one, answers.offers.filter(here), own, reasons, lang, told)


def table_of(  # noqa: PLR0913, PLR0917 - a table each, and how they are told
    territories: pl.DataFrame,
    offers: pl.DataFrame,
    judgement: Assessment,
    reasons: Mapping[int, str],
    lang: Lang,
    told: Callable[[Assessment], list[str]] | None = None,
) -> pl.DataFrame:
    """Return one row per territory of a part of the answers, the highest ``priority`` first.

    The judgement is that of their offers; reasons of territories without one are given by number. What an officer chose
    in place of an offer is in the same row. ``told`` gives main reasons; None takes the sentences of rules.
    """
    policy = judgement.policy
    replaced = judgement.rows.day.replacements.select("t", replacement="replaced_by", replacement_why="why")
    first = offers["rank"] == 1
    best = offers.filter(first)
    those = Assessment(policy, judgement.rows.take(first.to_numpy()))
    main = pl.Series(told(those) if told else main_reasons(those, lang), dtype=pl.String)
    sentences = pl.DataFrame(
        [(number, code, reason_sentence(code, policy, lang)) for number, code in reasons.items()],
        schema={"t": pl.UInt32, "reason": pl.String, "sentence": pl.String},
        orient="row",
    )
    fields = ("kind", "session", "axis", "host", "joins", "partner", "trainer", "score", "cost")
    close = (
        offers.filter(~first)
        .join(best.select("t", best="score"), on="t", maintain_order="left")
        .filter(pl.col("best") - pl.col("score") <= EQUIVALENT)
        .group_by("t", maintain_order=True)
        .agg(equivalent=pl.col("session").str.join(", "))
    )
    own = best.with_columns(pl.col("cost").cast(_MONEY)).select("t", *fields, "day")
    return (
        territories.select("t", "territory", pl.col("territory_name").alias("name"), "departement")
        .join(own, on="t", how="left", maintain_order="left")
        .join(sentences, on="t", how="left", maintain_order="left")
        .join(best.select("t", because=main), on="t", how="left", maintain_order="left")
        .join(replaced, on="t", how="left", maintain_order="left")
        .join(close, on="t", how="left", maintain_order="left")
        .join(territories.select("t", "priority"), on="t", how="left", maintain_order="left")
        .select(
            *("territory", "name", "departement", *fields, "day", "priority", "equivalent", "reason"),
            pl.coalesce("sentence", "because").alias("because"),
            *("replacement", "replacement_why"),
        )
        .sort("priority", descending=True, maintain_order=True)
    )


def ranking(offers: pl.DataFrame) -> pl.DataFrame:
    return offers.select(
        *("territory", "rank", "kind", "session", "axis", "host", "joins", "partner", "trainer", "score"),
        pl.col("cost").cast(_MONEY),
        "day",
    )


def decisions(table: pl.DataFrame, on: dt.date, event: str) -> pl.DataFrame:
    """Return an event on a day for all offers of a table, as rows of ``decisions``."""
    return table.filter(pl.col("session").is_not_null()).select(
        pl.lit(on).alias("date"),
        pl.lit(event).alias("event"),
        *("territory", "session", "host", "partner", "trainer", "day"),
    )


def rows_of(table: pl.DataFrame) -> list[dict[str, Any]]:
    return [{name: json_value(value) for name, value in row.items()} for row in table.iter_rows(named=True)]


def json_value(value: object) -> object:
    """Return a value in JSON form: a day or an amount as text, NaN as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, dt.date) else str(value) if isinstance(value, Decimal) else value


def spreadsheet(table: pl.DataFrame, names: Mapping[str, str], catalogue: Catalogue, lang: Lang) -> pl.DataFrame:
    texts = messages("prai_match", "display", lang)
    labels, kinds = texts["spreadsheet"], kind_names(catalogue, texts["kinds"], lang)
    beside = {
        f"{column}_name": pl.col(column).replace(names)
        for column in ("session", "host", "partner", "trainer", "replacement")
    }
    at_home = pl.col("host") == pl.col("territory")
    nobody = pl.when(pl.col("joins").is_not_null()).then(pl.lit(texts["booking"]["nobody"]))
    for name in ("partner_name", "trainer_name"):
        beside[name] = pl.coalesce(beside[name], nobody)
    beside["host_name"] = pl.when(at_home).then(pl.lit(own_place(lang))).otherwise(beside["host_name"])
    equivalent = pl.col("equivalent").str.split(", ").list.eval(pl.element().replace(names)).list.join(", ")
    numbers = pl.col("score", "priority").round(1)
    frame = table.with_columns(equivalent, pl.col("kind").replace(kinds), numbers, **beside)
    own = ("name", "kind", "equivalent", "because", "replacement_why", *beside)
    frame = frame.with_columns(masked(frame[name], lang) for name in own)
    return frame.select(pl.col(name).alias(label) for name, label in labels.items())


def to_pandas(table: pl.DataFrame) -> pd.DataFrame:
    try:
        import pandas as pd  # noqa: PLC0415 - few need it

        return pd.DataFrame.from_arrow(table)
    except ImportError:
        raise missing_extra("pandas", "pandas") from None


def rows_in_array(table: pl.DataFrame) -> NDArray[np.object_]:
    """Return an array of objects, one per row, each a dataclass with the columns as fields.

    ``pandas.DataFrame`` builds the table from such an array; it reads no other form of an iterable object.
    """
    row = make_dataclass("Row", table.columns, frozen=True)
    rows = np.empty(table.height, dtype=object)
    rows[:] = [row(*values) for values in table.iter_rows()]
    return rows


_PACKAGE = "prai_match.explain"
_HOLDS = "holds"
_NUMBERS = (int, float, Decimal)
# For each type of column: the name of its values, their Python types, and the type used to compare them.
_KINDS: Mapping[type[pl.DataType], tuple[str, tuple[type, ...], type[pl.DataType]]] = {
    pl.String: ("texts", (str,), pl.String),
    pl.Float64: ("numbers", _NUMBERS, pl.Float64),
    pl.Decimal: ("amounts", _NUMBERS, pl.Float64),
    pl.Date: ("days", (dt.date,), pl.Date),
}


def where(table: pl.DataFrame, conditions: Iterable[object], columns: Mapping[str, object]) -> pl.DataFrame:
    filters = [
        *(_condition(table, condition) for condition in conditions),
        *(_one_of(table, name, value) for name, value in columns.items()),
    ]
    return table.filter(*filters) if filters else table


def _condition(table: pl.DataFrame, condition: object) -> pl.Expr:
    if not isinstance(condition, pl.Expr):
        raise ArgumentError.of(_PACKAGE, "no_expression", found=excerpt(condition))
    given.all_known("column", condition.meta.root_names(), table.columns)
    try:
        holds = table.with_columns(condition.alias(_HOLDS)).get_column(_HOLDS)
    except pl.exceptions.PolarsError as error:
        why = str(error).splitlines()[0]
        raise ArgumentError.of(_PACKAGE, "not_evaluated", condition=condition, why=why) from error
    if holds.dtype != pl.Boolean:
        raise ArgumentError.of(_PACKAGE, "no_condition", condition=condition)
    return condition


def _one_of(table: pl.DataFrame, name: str, value: object) -> pl.Expr:
    given.known_among("column", name, table.columns)
    kind, types, dtype = _KINDS[table.schema[name].base_type()]
    several = value if isinstance(value, (list, tuple, set, frozenset)) else (value,)
    for each in several:
        if each is not None and (not isinstance(each, types) or isinstance(each, bool)):
            raise ArgumentError.of(_PACKAGE, f"column_{kind}", name=name, found=excerpt(each))
    values = pl.Series([_plain(each) for each in several], dtype=dtype)
    return pl.col(name).cast(dtype).is_in(values.implode(), nulls_equal=True)


def _plain(value: object) -> object:
    return value.date() if isinstance(value, dt.datetime) else float(value) if isinstance(value, Decimal) else value
