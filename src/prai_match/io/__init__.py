"""A programme as a folder: ``programme.toml`` and one CSV table for each kind of row; results as CSV.

The tables are UTF-8, separated by ``;`` with decimal commas, as a French spreadsheet opens them.
"""

from prai_match.io._export import write_csv
from prai_match.io._read import load
from prai_match.io._write import save

__all__ = ["load", "save", "write_csv"]
