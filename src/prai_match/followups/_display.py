"""The follow-up graph as notebooks show it."""

import polars as pl

from prai_match.followups._graph import FollowUps
from prai_match.model import Lang
from prai_match.text import Frame, counted, display, messages, number, shown


@shown.register(FollowUps)
def follow_ups(subject: FollowUps, lang: Lang) -> str:
    texts = messages("prai_match.followups", "display", lang)
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
