"""Programmes and tables, in and out.

`template` writes a folder to begin with. `load` takes what offices have: a folder of CSV, Excel, OpenDocument, Parquet
or JSON tables as they were typed, and tells what became of every row. `save` and `write` give tables that a French
spreadsheet opens.

Stability: stable.
"""

from prai_match.io import _display  # noqa: F401 - it registers what notebooks show
from prai_match.io._fingerprint import fingerprint as fingerprint
from prai_match.io._fingerprint import fingerprint_of as fingerprint_of
from prai_match.io._grids import MOST_MEMORY as MOST_MEMORY
from prai_match.io._grids import Grid as Grid
from prai_match.io._grids import Memory as Memory
from prai_match.io._grids import grids as grids
from prai_match.io._kinds import full_years as full_years
from prai_match.io._kinds import loose_date as loose_date
from prai_match.io._labels import key as key
from prai_match.io._labels import matched as matched
from prai_match.io._load import LOAD_OPTIONS as LOAD_OPTIONS
from prai_match.io._load import TABLE_OPTIONS as TABLE_OPTIONS
from prai_match.io._load import Loaded as Loaded
from prai_match.io._load import LoadOptions as LoadOptions
from prai_match.io._load import TableOptions as TableOptions
from prai_match.io._load import load as load
from prai_match.io._load import load_tables as load_tables
from prai_match.io._load import read_folder as read_folder
from prai_match.io._report import LoadReport
from prai_match.io._report import report_of as report_of
from prai_match.io._report_text import interrupted as interrupted
from prai_match.io._schema import FIELDS as FIELDS
from prai_match.io._schema import TABLES as TABLES
from prai_match.io._write import frames as frames
from prai_match.io._write import save as save
from prai_match.io._write import template
from prai_match.io._writing import FORMATS as FORMATS
from prai_match.io._writing import Format as Format
from prai_match.io._writing import encoded as encoded
from prai_match.io._writing import write, write_csv
from prai_match.io._writing._formats import restored as restored
from prai_match.io._writing._seals import seal as seal
from prai_match.io._writing._seals import sealed as sealed
from prai_match.io._writing._sheet import plain as plain
from prai_match.io._writing._sheet import spelt as spelt
from prai_match.io._writing._xlsx import xlsx_bytes as xlsx_bytes

__all__ = ["LoadReport", "template", "write", "write_csv"]
