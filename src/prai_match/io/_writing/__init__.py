"""Writing frames to files: CSV for French spreadsheets, Excel, OpenDocument, Parquet and JSON.

All tables that the library writes go through ``encoded``; no file is ever written in part.
"""

from prai_match.io._writing._formats import FORMATS, Format, encoded, write, write_csv

__all__ = ["FORMATS", "Format", "encoded", "write", "write_csv"]
