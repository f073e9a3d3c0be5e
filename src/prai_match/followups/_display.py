"""How notebooks display the follow-up graph and forecasts."""

import polars as pl

from prai_match.followups._forecast import Forecast
from prai_match.followups._graph import FollowUps
from prai_match.model import Lang
from prai_match.text import Frame, counted, display, messages, number, shown

_TEXTS = "prai_match.followups", "display"
_RATIOS = ("expected", "ratio", "low", "high")


@shown.register(FollowUps)
def follow_ups(subject: FollowUps, lang: Lang) -> str:
    texts = messages(*_TEXTS, lang)
    shares = ("probability", "low", "high", "prior")
    names = {session: data[f"name_{lang}"] for session, data in subject.sessions.items()}
    frame = (
        subject.edges()
        .sort("source", "probability", "target", descending=[False, True, False])
        .with_columns(pl.col("source", "target").replace(names), pl.col(shares) * 100)
    )
    caption = texts["caption"].format(days=number(subject.horizon_days, 0, lang))
    counts = {"sessions": len(names), "edges": frame.height}
    return display(
        texts["title"].format_map({name: counted(count, texts[name], lang) for name, count in counts.items()}),
        Frame(caption, frame, texts["columns"], 30, ".edges()", decimals=dict.fromkeys(shares, 0)),
        lang=lang,
    )


@shown.register(Forecast)
def forecast(subject: Forecast, lang: Lang) -> str:
    every = messages(*_TEXTS, lang)
    texts, names = every["forecast"], {code: name.get(lang) for code, name in subject.names.items()}
    frame = (
        subject.arrows()
        .filter(pl.col("observed") > 0, pl.col("ratio") > 1)
        .sort("ratio", "source", "target", descending=[True, False, False])
        .with_columns(pl.col("source", "target").replace(names))
    )
    sessions, decimals = counted(len(subject.sessions), every["sessions"], lang), dict.fromkeys(_RATIOS, 1)
    return display(
        texts["title"].format(sessions=sessions, days=number(subject.horizon_days, 0, lang)),
        Frame(texts[subject.reading], frame, texts["columns"], 30, ".arrows()", decimals=decimals),
        lang=lang,
    )
