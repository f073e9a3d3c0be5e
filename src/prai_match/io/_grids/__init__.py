"""Conversion of any source of tables to grids: cells with their line, without interpretation."""

from prai_match.io._grids._grid import MOST_MEMORY, Grid, Memory, Repair
from prai_match.io._grids._source import SUFFIXES, grids

__all__ = ["MOST_MEMORY", "SUFFIXES", "Grid", "Memory", "Repair", "grids"]
