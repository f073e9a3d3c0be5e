"""How notebooks display outcomes of simulations."""

import polars as pl

from prai_match.model import Lang
from prai_match.simulate import _entry, _folder, _outcomes, _replay, _summary
from prai_match.text import Frame, Items, counted, display, shown


@shown.register(_outcomes.Outcomes)
def outcomes(result: _outcomes.Outcomes, lang: Lang) -> str:
    texts = _folder.words(lang)
    count = f"{counted(result.replications, texts['replications'], lang)}. {texts['draws']} {texts['intervals']}"
    notes = _outcomes.assumptions(result, lang)
    return display(
        _outcomes.title(result, lang),
        count,
        *([Items(notes)] if notes else []),
        *_outcomes.tables(result, lang),
        lang=lang,
    )


@shown.register(_entry.Sensitivity)
def sensitivity(result: _entry.Sensitivity, lang: Lang) -> str:
    texts, kinds = _folder.words(lang)["sensitivity"], _folder.words(lang)["given"]
    frame = result.frame.with_columns(pl.col("given").replace(kinds))
    name = texts["title"].format(measure=_summary.measures()[result.measure].meaning(lang))
    return display(name, Frame(name, frame, texts, 15, ".to_polars()", decimals={"low": 1, "high": 1}), lang=lang)


@shown.register(_replay.Replay)
def replay(result: _replay.Replay, lang: Lang) -> str:
    texts, frame = _folder.words(lang)["replay"], result.table(lang)
    table = Frame(texts["title"], frame, texts, frame.height)
    return display(table.caption, table, *_outcomes.tables(result.outcomes, lang), lang=lang)
