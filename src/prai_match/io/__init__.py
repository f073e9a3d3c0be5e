"""Programmes and tables, in and out.

`template` writes a folder to begin with. `load` takes what offices have: a folder of CSV, Excel, OpenDocument, Parquet
or JSON tables as they were typed, and tells what became of every row. `save` and `write` give tables that a French
spreadsheet opens.

Stability: stable.
"""

from prai_match.io import _display  # noqa: F401 - it registers what notebooks show
from prai_match.io._load import Loaded, load, load_tables
from prai_match.io._report import LoadReport
from prai_match.io._report import report_of as report_of
from prai_match.io._template import template
from prai_match.io._write import save
from prai_match.io._writing import write, write_csv

__all__ = ["LoadReport", "Loaded", "load", "load_tables", "save", "template", "write", "write_csv"]
