"""Demonstration of the main use on a programme, at a terminal: ``python -m prai_match.demo``.

It loads a programme (by default, a bundled region), recommends the next session of every territory, prints what can be
held together and what becomes of each first-choice offer, and writes the recommendations and the season as CSV files
for French Excel.

Stability: provisional.
"""

from prai_match.demo._demo import ON as ON, competes_for as competes_for, run, summary as summary, table as table
from prai_match.demo._season import pistes as pistes, season as season

__all__ = ["run"]
