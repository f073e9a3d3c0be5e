"""Outcomes of simulations as notebooks show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.simulate._counters import measures
from prai_match.simulate._outcomes import Outcomes
from prai_match.simulate._replay import Replay
from prai_match.simulate._sensitivity import Sensitivity
from prai_match.simulate._text import assumed, tables, title, words
from prai_match.text import Frame, Items, counted, display, shown

if TYPE_CHECKING:
    from prai_match.model import Lang


@shown.register(Outcomes)
def outcomes(found: Outcomes, lang: Lang) -> str:
    """Show the same as tables."""
    said = words(lang)
    count = f"{counted(found.replications, said['replications'], lang)}. {said['draws']} {said['intervals']}"
    told = assumed(found, lang)
    return display(title(found, lang), count, *([Items(told)] if told else []), *tables(found, lang), lang=lang)


@shown.register(Sensitivity)
def sensitivity(found: Sensitivity, lang: Lang) -> str:
    """Show which parameters matter most."""
    said = words(lang)
    said_of = said["sensitivity"]
    columns = {name: said_of[name] for name in ("parameter", "low_value", "high_value", "low", "high", "given")}
    frame = found.frame.with_columns(pl.col("given").replace(said["given"]))
    heading = said_of["title"].format(measure=measures()[found.measure].meaning(lang))
    return display(
        heading, Frame(heading, frame, columns, 15, ".to_polars()", decimals={"low": 1, "high": 1}), lang=lang
    )


@shown.register(Replay)
def replay(found: Replay, lang: Lang) -> str:
    """Show the published figures beside those simulated."""
    said_of = words(lang)["replay"]
    frame = found.table(lang)
    columns = {name: said_of[name] for name in frame.columns}
    heading = said_of["title"]
    return display(heading, Frame(heading, frame, columns, frame.height), *tables(found.outcomes, lang), lang=lang)
