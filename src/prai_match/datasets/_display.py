"""What notebooks show of the recommendations of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from prai_match.datasets._dataset import RecommendationDataset
from prai_match.text import Facts, counted, day, display, messages, shown

if TYPE_CHECKING:
    from prai_match.model import Lang


@shown.register(RecommendationDataset)
def answered(found: RecommendationDataset, lang: Lang) -> str:
    """Show how many territories there are, where, and what was computed when."""
    said = messages("prai_match.datasets", "display", lang)
    territories = int(found.scan().select(pl.len()).collect().item())
    facts = {
        "folder": found.folder.name,
        "computed": ", ".join(found.computed),
        "kept": ", ".join(found.kept),
        "fingerprint": found.fingerprint.short,
    }
    return display(
        said["title"].format(day=day(found.on, lang)),
        f"{counted(territories, said['all'], lang)}, {counted(sum(found.without().values()), said['without'], lang)}.",
        Facts(tuple((said[name], text) for name, text in facts.items())),
        lang=lang,
    )
