"""Recommendations from and to Parquet datasets, for histories larger than a machine's memory.

The needs and the attendances are files that are scanned; nobody holds all of them. What depends on the whole programme
is counted département by département and summed; then each département is ranked, with what it needs of the others.

Stability: stable.
"""

from prai_match.datasets._entry import recommend_dataset as recommend_dataset
from prai_match.datasets._folders import RecommendationDataset as RecommendationDataset

__all__: list[str] = []
