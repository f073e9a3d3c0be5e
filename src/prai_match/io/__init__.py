"""Reading and writing of programmes and tables.

`template` writes a folder to start from. `load` reads what offices have: a folder of CSV, Excel, OpenDocument, Parquet
or JSON tables as they were typed, and reports what became of every row. `save` and `write` produce tables that a French
spreadsheet opens.

Stability: stable.
"""

from prai_match.io._fingerprint import fingerprint as fingerprint, fingerprint_of as fingerprint_of
from prai_match.io._grids import MOST_MEMORY as MOST_MEMORY, Grid as Grid, Memory as Memory, grids as grids
from prai_match.io._kinds import full_years as full_years, loose_date as loose_date
from prai_match.io._labelling import Stated as Stated, save_labels as save_labels
from prai_match.io._labels import key as key, matched as matched
from prai_match.io._load import (
    Loaded as Loaded,
    LoadOptions as LoadOptions,
    TableOptions as TableOptions,
    load as load,
    load_tables as load_tables,
    read_folder as read_folder,
)
from prai_match.io._report import LoadReport, interrupted as interrupted, report_of as report_of
from prai_match.io._schema import FIELDS as FIELDS, TABLES as TABLES
from prai_match.io._write import frames as frames, save as save, template
from prai_match.io._writing import FORMATS as FORMATS, Format as Format, encoded as encoded, write, write_csv
from prai_match.io._writing._formats import restored as restored, seal as seal, sealed as sealed
from prai_match.io._writing._workbooks import plain as plain, spelt as spelt, xlsx_bytes as xlsx_bytes

__all__ = ["LoadReport", "template", "write", "write_csv"]
