"""The main job on a programme, for people at a terminal: ``python -m prai_match.demo``.

It loads a programme (a bundled region where none is given), recommends the next session of every territory, prints
the table with the main reasons, and writes it as a CSV that French Excel opens.

Stability: provisional.
"""

from prai_match.demo._demo import run, summary as summary, table as table

__all__ = ["run"]
