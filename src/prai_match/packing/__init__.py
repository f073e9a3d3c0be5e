"""Sets of offers that can be carried out together: what they may not exceed, and how they are made; no solver.

Stability: provisional.
"""

from prai_match.packing._pace import PaceCount as PaceCount

__all__: list[str] = []
