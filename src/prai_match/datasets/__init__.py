"""Recommendations from and to Parquet datasets, for histories larger than a machine's memory.

Needs and attendances are scanned from files, and are never all in memory. What depends on the whole programme is
counted département by département and summed; then each département is ranked, with the data that it needs of others.

Stability: stable.
"""

from prai_match.datasets._entry import recommend_dataset as recommend_dataset
from prai_match.datasets._folders import RecommendationDataset as RecommendationDataset

__all__: list[str] = []
