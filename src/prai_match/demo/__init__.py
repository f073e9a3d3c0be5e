"""The main job on a programme, for people at a terminal: ``python -m prai_match.demo``.

It loads a programme (a bundled region where none is given), recommends the next session of every territory, prints
what can be held together and what becomes of each first offer, and writes the recommendations and the season as CSV
that French Excel opens.

Stability: provisional.
"""

from prai_match.demo._demo import ON as ON, competes_for as competes_for, run, summary as summary, table as table
from prai_match.demo._season import pistes as pistes, season as season

__all__ = ["run"]
