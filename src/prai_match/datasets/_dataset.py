"""The recommendations of a dataset: where they are, and what was done to have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from prai_match.datasets._folder import RANKING, RECOMMENDATIONS
from prai_match.errors import PraiError
from prai_match.text import Shown

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from prai_match.explain import Fingerprint


@dataclass(frozen=True, eq=False)
class RecommendationDataset(Shown):
    """Recommendations in Parquet files, one a département, that any tool reads as a dataset.

    Attributes:
        folder: Where they are: ``recommendations/09.parquet`` has the columns of `Recommendations.to_polars`,
            ``ranking/09.parquet`` those of `Recommendations.ranking`, with the alternatives.
        on: The day.
        fingerprint: What they were computed from.
        computed: The départements that this call computed.
        kept: Those that an earlier call, which was stopped, had computed.

    Example:
        >>> import datetime as dt, tempfile
        >>> from pathlib import Path
        >>> from prai_match import Programme
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Path(folder, "recommendations").mkdir()
        ...     recs.to_polars().write_parquet(f"{folder}/recommendations/76.parquet")
        ...     answers = RecommendationDataset(Path(folder), recs.on, recs.fingerprint, computed=("76",), kept=())
        ...     answers.scan().collect().height, answers.without()
        (101, {'no_trainer': 5, 'all_attended': 1, 'no_relay': 1})
    """

    folder: Path
    on: dt.date
    fingerprint: Fingerprint
    computed: tuple[str, ...]
    kept: tuple[str, ...]

    def scan(self) -> pl.LazyFrame:
        """Return one row a territory, département by département (see `Recommendations.to_polars`).

        Raises:
            PraiError: The answers of a département are gone.
        """
        return self._scan(RECOMMENDATIONS)

    def ranking(self) -> pl.LazyFrame:
        """Return one row a territory and rank (see `Recommendations.ranking`).

        Raises:
            PraiError: The ranking of a département is gone.
        """
        return self._scan(RANKING)

    def without(self) -> dict[str, int]:
        """Return the number of territories without an offer, by reason, the most frequent first."""
        reasons = self.scan().drop_nulls("reason").group_by("reason").len()
        counts = reasons.sort(pl.col("len"), "reason", descending=[True, False]).collect(engine="streaming")
        return dict(counts.iter_rows())

    def _scan(self, place: str) -> pl.LazyFrame:
        paths = [self.folder / place / f"{code}.parquet" for code in sorted({*self.computed, *self.kept})]
        for path in paths:
            if not path.is_file():
                raise PraiError.of("prai_match.datasets", "gone", path=path)
        return pl.scan_parquet(paths)
