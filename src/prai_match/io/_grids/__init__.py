"""Any source of tables to grids: cells with their line, and nothing known of their meaning."""

from prai_match.io._grids._grid import Grid, Repair
from prai_match.io._grids._memory import MOST_MEMORY, Memory
from prai_match.io._grids._source import grids

__all__ = ["MOST_MEMORY", "Grid", "Memory", "Repair", "grids"]
