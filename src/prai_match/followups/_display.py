"""The follow-up graph as notebooks show it."""

import polars as pl

from prai_match.followups._graph import FollowUps
from prai_match.model import Lang
from prai_match.text import Frame, counted, display, messages, shown


@shown.register(FollowUps)
def follow_ups(subject: FollowUps, lang: Lang) -> str:
    texts = messages("prai_match.followups", "display", lang)
    names = {session: data[f"name_{lang}"] for session, data in subject.sessions.items()}
    frame = (
        subject.edges()
        .sort("source", "probability", "target", descending=[False, True, False])
        .with_columns(pl.col("source", "target").replace(names), pl.col("probability", "prior") * 100)
    )
    counts = {"sessions": len(names), "edges": frame.height}
    return display(
        texts["title"].format_map({name: counted(count, texts[name], lang) for name, count in counts.items()}),
        Frame(texts["caption"], frame, texts["columns"], 30, ".edges()", decimals={"probability": 0, "prior": 0}),
        lang=lang,
    )
