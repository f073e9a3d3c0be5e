"""Frames to files: CSV that a French spreadsheet opens, Excel, OpenDocument, Parquet and JSON.

Everything that the library writes as a table goes through ``encoded``; a file appears whole or not at all.
"""

from prai_match.io._writing._formats import FORMATS, Format, encoded, write, write_csv

__all__ = ["FORMATS", "Format", "encoded", "write", "write_csv"]
