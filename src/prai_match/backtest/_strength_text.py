"""How well each strength of smoothing predicts, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prai_match.backtest._words import Words
from prai_match.text import Document, Table, counted, number

if TYPE_CHECKING:
    from prai_match.backtest._strength import Strengths
    from prai_match.model import Lang


def document(found: Strengths, lang: Lang) -> Document:
    """Return what was chosen, out of how much, and the loss of each strength."""
    words = Words(lang, ())
    said: dict[str, Any] = words.of("strengths")
    counts = words.of("count")
    lead = (
        said["chosen"].format(chosen=words.plain(found.chosen), best=words.plain(found.best)),
        said["pairs"].format(
            pairs=counted(found.pairs, counts["pairs"], lang),
            territories=counted(found.territories, counts["territories"], lang),
            censored=number(found.censored, 0, lang),
        ),
    )
    rows = tuple(
        (
            words.plain(row["strength"]),
            words.measured("log_loss", {**row, "value": row["log_loss"]}),
            number(row["above"], 4, lang),
            number(row["error"], 4, lang),
        )
        for row in found.losses.iter_rows(named=True)
    )
    header = (said["strength"], said["log_loss"], said["above"], said["error"])
    title = said["title"].format(programme=found.programme.get(lang))
    return Document(lang, title, (*lead, Table(said["caption"], header, rows)), ())
