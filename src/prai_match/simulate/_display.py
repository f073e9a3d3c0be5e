"""Outcomes of simulations as notebooks show them."""

from __future__ import annotations

import polars as pl

from prai_match.model import Lang
from prai_match.simulate._entry import Sensitivity
from prai_match.simulate._folder import words
from prai_match.simulate._outcomes import Outcomes, assumptions, tables, title
from prai_match.simulate._replay import Replay
from prai_match.simulate._summary import measures
from prai_match.text import Frame, Items, counted, display, shown


@shown.register(Outcomes)
def outcomes(result: Outcomes, lang: Lang) -> str:
    texts = words(lang)
    count = f"{counted(result.replications, texts['replications'], lang)}. {texts['draws']} {texts['intervals']}"
    notes = assumptions(result, lang)
    return display(title(result, lang), count, *([Items(notes)] if notes else []), *tables(result, lang), lang=lang)


@shown.register(Sensitivity)
def sensitivity(result: Sensitivity, lang: Lang) -> str:
    texts, kinds = words(lang)["sensitivity"], words(lang)["given"]
    frame = result.frame.with_columns(pl.col("given").replace(kinds))
    name = texts["title"].format(measure=measures()[result.measure].meaning(lang))
    return display(name, Frame(name, frame, texts, 15, ".to_polars()", decimals={"low": 1, "high": 1}), lang=lang)


@shown.register(Replay)
def replay(result: Replay, lang: Lang) -> str:
    texts, frame = words(lang)["replay"], result.table(lang)
    table = Frame(texts["title"], frame, texts, frame.height)
    return display(table.caption, table, *tables(result.outcomes, lang), lang=lang)
