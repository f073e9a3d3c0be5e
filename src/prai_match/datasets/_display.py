"""What notebooks show of the recommendations of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.datasets._dataset import RecommendationDataset
from prai_match.text import Facts, counted, day, display, messages, shown

if TYPE_CHECKING:
    from prai_match.model import Lang


@shown.register(RecommendationDataset)
def recommendations(dataset: RecommendationDataset, lang: Lang) -> str:
    texts = messages("prai_match.datasets", "display", lang)
    territories = int(dataset.scan().select(pl.len()).collect().item())
    counts = counted(territories, texts["all"], lang), counted(sum(dataset.without().values()), texts["without"], lang)
    facts = {
        "folder": dataset.folder.name,
        "computed": ", ".join(dataset.computed),
        "kept": ", ".join(dataset.kept),
        "fingerprint": dataset.fingerprint.short,
    }
    return display(
        texts["title"].format(day=day(dataset.on, lang)),
        f"{', '.join(counts)}.",
        Facts(tuple((texts[name], text) for name, text in facts.items())),
        lang=lang,
    )
